"""Which notices about a task are still true at the moment they are sent or shown again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.reviews.states import ACTIVE, OWNED
from storage.tables import Notice, PhysicianQuery, ReviewTask, TaskOffer
from storage.words import NoticeKind, OfferState, QueryState, TaskState


def still_true(session: Session, notice: Notice, task: ReviewTask) -> bool:
    """Whether what the notice says still holds for its reader. What only tells what happened stays true."""
    mine = task.owner_id == notice.recipient_id
    by_state = {
        NoticeKind.TASK_ASSIGNED: mine and task.state in OWNED,
        NoticeKind.TASK_TAKEN_BACK: not mine,
        NoticeKind.TASK_IDLE: mine and task.state in ACTIVE and task.nudged_at is not None,
        NoticeKind.HOLD_WAKES: mine and task.state is TaskState.ON_HOLD,
        NoticeKind.URGENT_WORK: task.state is TaskState.AVAILABLE,
        NoticeKind.TASK_RETURNED_TWICE: task.state is TaskState.AVAILABLE,
    }
    match notice.kind:
        case NoticeKind.TASK_OFFERED:
            return _offer_stands(session, notice)
        case NoticeKind.QUERY_OVERDUE:
            return _query_waits(session, notice)
        case _:
            return by_state.get(notice.kind, True)


def _offer_stands(session: Session, notice: Notice) -> bool:
    state = session.scalar(
        sa.select(TaskOffer.state).where(
            TaskOffer.workspace_id == notice.workspace_id, TaskOffer.id == notice.facts.get("offer")
        )
    )
    return state is OfferState.OPEN


def _query_waits(session: Session, notice: Notice) -> bool:
    state = session.scalar(
        sa.select(PhysicianQuery.state).where(
            PhysicianQuery.workspace_id == notice.workspace_id, PhysicianQuery.id == notice.facts.get("query")
        )
    )
    return state is QueryState.OPEN
