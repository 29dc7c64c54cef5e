"""Physician queries: that one runs, what it is about as a class, since when. Never its text, never money."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import Actor
from bot.errors import BadInput, Stale
from bot.people import coworkers
from bot.reviews.cards import TaskCard, card
from bot.reviews.leaving import close_holds
from bot.reviews.states import OWNED
from bot.reviews.tasks import RUNNING_QUERIES, find_task, write_history
from bot.reviews.work import NotYours
from bot.spoken import spoken
from storage.tables import PhysicianQuery, ReviewTask, Workspace
from storage.words import HoldReason, NoticeKind, QueryCategory, QueryOutcome, QueryState, Role, Subject, TaskEvent

BATCH = 100


class QueryStep(StrEnum):
    """What can happen to a physician query."""

    DRAFTED = "drafted"
    SENT = "sent"
    ANSWERED = "answered"
    AGREE = "agree"
    DISAGREE = "disagree"
    NO_OPINION = "no_opinion"
    NO_RESPONSE = "no_response"
    CANCELLED = "cancelled"


#: From which state (None: there is none yet) each step leads where.
QUERY_STEPS: dict[QueryStep, tuple[tuple[QueryState | None, ...], QueryState, QueryOutcome | None]] = {
    QueryStep.DRAFTED: ((None,), QueryState.DRAFT, None),
    QueryStep.SENT: ((None, QueryState.DRAFT), QueryState.OPEN, None),
    QueryStep.ANSWERED: ((QueryState.OPEN,), QueryState.ANSWERED, None),
    QueryStep.AGREE: ((QueryState.ANSWERED,), QueryState.CLOSED, QueryOutcome.AGREE),
    QueryStep.DISAGREE: ((QueryState.ANSWERED,), QueryState.CLOSED, QueryOutcome.DISAGREE),
    QueryStep.NO_OPINION: ((QueryState.ANSWERED,), QueryState.CLOSED, QueryOutcome.NO_OPINION),
    QueryStep.NO_RESPONSE: ((QueryState.OPEN,), QueryState.CLOSED, QueryOutcome.NO_RESPONSE),
    QueryStep.CANCELLED: ((QueryState.DRAFT, QueryState.OPEN), QueryState.CANCELLED, None),
}


class CategoryNeeded(BadInput):
    """Choose what the query is about, so that the supervisor sees what waits."""


def query_steps(state: QueryState | None) -> tuple[QueryStep, ...]:
    """What can happen next to a query in this state, or to a task that has none running."""
    return tuple(step for step, (sources, _, _) in QUERY_STEPS.items() if state in sources)


def running_query(session: Session, task: ReviewTask) -> PhysicianQuery | None:
    """The query of a task that has not come to an end."""
    return session.scalars(
        sa.select(PhysicianQuery).where(
            PhysicianQuery.workspace_id == task.workspace_id,
            PhysicianQuery.task_id == task.id,
            PhysicianQuery.state.in_(RUNNING_QUERIES),
        )
    ).first()


def move_query(
    session: Session, actor: Actor, now: datetime, reference: str, step: QueryStep, category: QueryCategory | None = None
) -> TaskCard:
    """Write down what happened to the physician query of a task of yours; the first step begins one.

    :param category: what it is about, needed when it begins.
    :raises CategoryNeeded: when it begins without one.
    :raises NotYours: when the task is somebody else's.
    :raises Stale: when the query does not stand where this step begins.
    """
    task = find_task(session, actor.workspace_id, reference, lock=True)
    _require_owner(actor, task)
    query = running_query(session, task)
    sources, target, outcome = QUERY_STEPS[step]
    if (query.state if query else None) not in sources:
        raise Stale(f"The physician query of {task.reference} stands elsewhere by now. Open it again to see where.")
    if query is None:
        query = _begin(session, actor, now, task, category)
    query.state, query.outcome = target, outcome
    if target is QueryState.OPEN:
        query.opened_at, query.escalate_at = now, now + _patience(session, task)
    if target not in RUNNING_QUERIES:
        query.ended_at = now
        close_holds(session, task, now, HoldReason.PHYSICIAN_QUERY_OPEN)
    session.flush()
    write_history(session, actor, now, task, TaskEvent.WAITS_CHANGED, task.state)
    audit.record(session, actor, now, f"query_{step}", Subject.TASK, task.reference, category=query.category.value)
    session.flush()
    return card(session, actor, now, task)


def escalate_queries(session: Session, clock: Actor, now: datetime) -> int:
    """Tell the supervisors of a batch of queries open for too long, once each; returns how many."""
    due = session.scalars(
        sa.select(PhysicianQuery)
        .where(
            PhysicianQuery.workspace_id == clock.workspace_id,
            sa.literal_column("physician_queries.state = 'open'", sa.Boolean),
            PhysicianQuery.escalate_at <= now,
            PhysicianQuery.escalated_at.is_(None),
        )
        .order_by(PhysicianQuery.escalate_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    supervisors = coworkers(session, clock.workspace_id, Role.SUPERVISOR) if due else []
    for query in due:
        query.escalated_at = now
        for supervisor in supervisors:
            notices.tell(
                session, supervisor, now, NoticeKind.QUERY_OVERDUE, Subject.TASK, query.task_id,
                key=f"query_overdue:{query.id}:{supervisor.id}", query=query.id,
            )  # fmt: skip
    session.flush()
    return len(due)


def _patience(session: Session, task: ReviewTask) -> timedelta:
    """After how long an open query nobody answered goes to the supervisors: a setting; practice says 48 to 72 hours."""
    hours = session.scalar(sa.select(Workspace.query_hours).where(Workspace.id == task.workspace_id))
    return timedelta(hours=hours or 48)


def _require_owner(actor: Actor, task: ReviewTask) -> None:
    if task.owner_id is None or task.owner_id != actor.person_id:
        raise NotYours(f"{task.reference} is not in your hands. /tasks shows yours.")
    if task.state not in OWNED:
        raise Stale(f"{task.reference} is {spoken(task.state)} now, so that is not possible.")


def _begin(
    session: Session, actor: Actor, now: datetime, task: ReviewTask, category: QueryCategory | None
) -> PhysicianQuery:
    if category is None:
        raise CategoryNeeded(field="category")
    query = PhysicianQuery(
        workspace_id=task.workspace_id,
        task_id=task.id,
        asked_by_id=actor.id,
        category=category,
        state=QueryState.DRAFT,
        created_at=now,
    )
    session.add(query)
    return query
