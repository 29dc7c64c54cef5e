"""The row of a review task: found, moved on with its history, and what is possible with it. How people see it is in :mod:`bot.reviews.cards`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import WORKERS, Actor
from bot.errors import NotFound
from bot.references import Prefix, read_reference
from bot.reviews.priority import Pressure, urgency
from bot.reviews.states import ACTIVE, OWNER_STEPS, SOONEST_NUDGE_HOURS, SUPERVISOR_STEPS, Step, steps_from
from bot.stale import note_stale
from storage.columns import CleanText
from storage.tables import AccuracyFlag, PhysicianQuery, ReviewTask, TaskHistory
from storage.words import (
    CancelReason,
    FlagState,
    QueryState,
    ReturnReason,
    Role,
    Sensitive,
    Subject,
    TaskEvent,
    TaskState,
)


class NoSuchTask(NotFound):
    """No review task here has that reference. Check it, or look in /tasks."""


def find_task(session: Session, workspace_id: int, text: str, *, lock: bool = False) -> ReviewTask:
    """The task with this reference, in any spelling.

    :raises NoSuchTask: when this workspace has none.
    """
    reference = read_reference(text, Prefix.TASK)
    query = sa.select(ReviewTask).where(ReviewTask.workspace_id == workspace_id, ReviewTask.reference == reference)
    task = session.scalars(query.with_for_update(key_share=True) if lock else query).first()
    if task is None:
        raise NoSuchTask(f"No review task here is called {reference}. Check it, or look in /tasks.")
    return task


def pressure(actor: Actor, task: ReviewTask) -> Pressure:
    """What presses on a stored task."""
    return Pressure(task.type, task.setting, task.due_at, task.bill_hold_until, actor.legal_zone, actor.legal_state)


def settle_urgency(actor: Actor, task: ReviewTask, now: datetime) -> None:
    """Store how urgent the task is now, so that the queue's index is in order."""
    task.urgency, task.urgency_until = urgency(pressure(actor, task), now)


def write_history(
    session: Session,
    actor: Actor,
    now: datetime,
    task: ReviewTask,
    event: TaskEvent,
    from_state: TaskState | None,
    *,
    reason: ReturnReason | CancelReason | None = None,
    note: CleanText | None = None,
) -> None:
    """Add one row to the history of a task, after its state was changed. Its lease begins anew, and its cards in Slack are noted as stale."""
    if event not in _NOT_WORK | _BIRTH:
        _begin_lease(task, now)
    if event not in _BIRTH:
        note_stale(session, task.workspace_id, Subject.TASK, task.id, now)
    session.add(
        TaskHistory(
            workspace_id=task.workspace_id,
            task_id=task.id,
            event=event,
            actor_id=actor.person_id,
            owner_id=task.owner_id,
            from_state=from_state,
            to_state=task.state,
            reason=reason,
            note=note,
            at=now,
        )
    )


def _begin_lease(task: ReviewTask, now: datetime) -> None:
    """Any step counts as activity. An hour of work cannot pass in less than an hour, so nobody needs to look before."""
    task.active_at, task.nudged_at = now, None
    task.look_at = now + timedelta(hours=SOONEST_NUDGE_HOURS) if task.state in ACTIVE else None


def steps_for(reader: Actor, task: ReviewTask) -> frozenset[Step]:
    """What this reader may do with this task now."""
    owns = task.owner_id is not None and task.owner_id == reader.person_id
    may_claim = (reader.works_restricted or not task.restricted) and reader.has(*WORKERS) and task.worked_by_id != reader.person_id
    return _steps(task.state, owns, reader.has(Role.SUPERVISOR), may_claim)


@cache
def _steps(state: TaskState, owns: bool, supervises: bool, may_claim: bool) -> frozenset[Step]:
    """Every card asks, and there are few answers."""
    mine = {*(OWNER_STEPS if owns else ()), *(SUPERVISOR_STEPS if supervises else ()), *((Step.CLAIM,) if may_claim else ())}
    return steps_from(state) & mine


def literals(words: Iterable[StrEnum]) -> list[sa.ColumnElement[Any]]:
    """Words written into a statement as they are: it is built once then, and PostgreSQL can use a partial index over them."""
    return [sa.literal_column(f"'{word.value}'") for word in words]


def runs_query(workspace: sa.ColumnElement[int], task_id: sa.ColumnElement[int]) -> sa.Exists:
    """Whether a physician query runs on a task, as a part of another statement."""
    return sa.exists().where(
        PhysicianQuery.workspace_id == workspace,
        PhysicianQuery.task_id == task_id,
        PhysicianQuery.state.in_(literals(RUNNING_QUERIES)),
    )


def open_flags_of(record_id: sa.ColumnElement[int], workspace: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """How many flags are open on a record, as a part of another statement."""
    return (
        sa.select(sa.func.count())
        .where(
            AccuracyFlag.workspace_id == workspace,
            AccuracyFlag.record_id == record_id,
            AccuracyFlag.state.not_in(literals(SETTLED_FLAGS)),
        )
        .scalar_subquery()
    )


#: Flags nobody has to look at any more.
SETTLED_FLAGS = (FlagState.OVERTURNED, FlagState.VERIFIED, FlagState.CLOSED)
RUNNING_QUERIES = (QueryState.DRAFT, QueryState.OPEN, QueryState.ANSWERED)
#: What others do with a task is no work of its owner's.
_NOT_WORK = frozenset({TaskEvent.OFFER_DECLINED, TaskEvent.OFFER_EXPIRED})
#: A new task is shown nowhere yet.
_BIRTH = frozenset({TaskEvent.CREATED, TaskEvent.IMPORTED})
#: Records that never come from the queue by themselves: somebody must be named for them.
RESTRICTED = frozenset({Sensitive.VIP, Sensitive.EMPLOYEE})
