"""What ends when a task goes elsewhere: its reasons to wait and an offer of it. A physician query goes along with the task, and ends only with it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.reviews.tasks import RUNNING_QUERIES
from storage.tables import PhysicianQuery, ReviewTask, TaskHold, TaskOffer
from storage.words import HoldReason, OfferState, QueryState


def close_holds(session: Session, task: ReviewTask, now: datetime, *reasons: HoldReason) -> None:
    """Close the open reasons of a task: those named, or all of them when it goes on or goes elsewhere."""
    named = [TaskHold.reason.in_(reasons)] if reasons else []
    session.execute(
        sa.update(TaskHold)
        .where(
            TaskHold.workspace_id == task.workspace_id,
            TaskHold.task_id == task.id,
            TaskHold.closed_at.is_(None),
            *named,
        )
        .values(closed_at=now)
    )
    if not reasons:
        task.wake_at = None


def end_offer(session: Session, task: ReviewTask, now: datetime, state: OfferState = OfferState.CANCELLED) -> bool:
    """End the open offer of a task; False when it has none."""
    ended = session.execute(
        sa.update(TaskOffer)
        .where(
            TaskOffer.workspace_id == task.workspace_id,
            TaskOffer.task_id == task.id,
            TaskOffer.state == OfferState.OPEN,
        )
        .values(state=state, ended_at=now)
        .returning(TaskOffer.id)
    )
    return ended.first() is not None


def end_query(session: Session, task: ReviewTask, now: datetime) -> None:
    """End the physician query of a task that nobody will work on any more."""
    session.execute(
        sa.update(PhysicianQuery)
        .where(
            PhysicianQuery.workspace_id == task.workspace_id,
            PhysicianQuery.task_id == task.id,
            PhysicianQuery.state.in_(RUNNING_QUERIES),
        )
        .values(state=QueryState.CANCELLED, ended_at=now)
    )
