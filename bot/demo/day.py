"""What the sandbox's people did this morning, by the same rules as everybody: tasks taken, one on hold, one flagged."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor, as_actor
from bot.flags.reporting import Problem, report
from bot.people import person_named
from bot.reviews.checklists import CHECKLISTS
from bot.reviews.claims import claim
from bot.reviews.work import complete, hold, start
from storage.tables import ReviewTask, Workspace
from storage.words import ErrorType, HoldReason, RootReason, TaskState, TaskType

FIRST_SPECIALIST, SECOND_SPECIALIST = "U0NOOR001", "U0TOMAS01"
LOOKED_AGAIN_AFTER = timedelta(days=2)


def play_morning(session: Session, workspace: Workspace, now: datetime) -> None:
    """Let the two specialists work for a while before anybody looks."""
    noor, tomas = (_actor(session, workspace, user_id) for user_id in (FIRST_SPECIALIST, SECOND_SPECIALIST))
    done, flagged, active, waiting = _ordinary_tasks(session, workspace, 4)
    for reference in (done, flagged):
        _finish(session, noor, now - timedelta(hours=1), reference)
    claim(session, tomas, now - timedelta(minutes=50), active)
    start(session, tomas, now - timedelta(minutes=45), active)
    claim(session, tomas, now - timedelta(minutes=40), waiting)
    hold(
        session, tomas, now - timedelta(minutes=30), waiting, [HoldReason.UNSIGNED_NOTE], (now + LOOKED_AGAIN_AFTER).date()
    )
    report(session, tomas, now - timedelta(minutes=20), flagged, Problem(ErrorType.INSURANCE, RootReason.DOCUMENTATION_MISSED))


def _actor(session: Session, workspace: Workspace, user_id: str) -> Actor:
    return as_actor(person_named(session, workspace.id, user_id), workspace)


def _ordinary_tasks(session: Session, workspace: Workspace, count: int) -> list[str]:
    """Tasks nobody would miss from the top of the queue, and whose end asks for no codes."""
    return list(
        session.scalars(
            sa.select(ReviewTask.reference)
            .where(
                ReviewTask.workspace_id == workspace.id,
                ReviewTask.state == TaskState.AVAILABLE,
                ReviewTask.type == TaskType.INSURANCE_VERIFICATION,
                ReviewTask.restricted.is_(False),
            )
            .order_by(ReviewTask.urgency.desc(), ReviewTask.id)
            .limit(count)
        )
    )


def _finish(session: Session, actor: Actor, at: datetime, reference: str) -> None:
    claim(session, actor, at, reference)
    start(session, actor, at + timedelta(minutes=5), reference)
    checks = {item: answers[0] for item, answers in CHECKLISTS[TaskType.INSURANCE_VERIFICATION].items()}
    complete(session, actor, at + timedelta(minutes=30), reference, checks=checks)
