"""A review task as people see it, and the row behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import WORKERS, Actor
from bot.errors import NotFound
from bot.people import names
from bot.references import Prefix, read_reference
from bot.reviews.priority import Pressure, Urgency, urgency, why
from bot.reviews.states import OWNER_STEPS, SUPERVISOR_STEPS, Step, steps_from
from storage.columns import FAR_FUTURE, CleanText
from storage.tables import AccuracyFlag, Person, Record, ReviewTask, TaskHistory, TaskHold
from storage.words import (
    FlagState,
    HoldReason,
    PayerClass,
    Priority,
    ReturnReason,
    Role,
    Sensitive,
    TaskEvent,
    TaskSetting,
    TaskState,
    TaskType,
)


class NoSuchTask(NotFound):
    """No review task here has that reference. Check it, or look in /tasks."""


@dataclass(frozen=True, slots=True)
class TaskCard:
    """One task as one reader sees it: ``may`` holds the steps this reader can take now."""

    reference: str
    record: str
    type: TaskType
    setting: TaskSetting | None
    state: TaskState
    priority: Priority
    urgency: Urgency
    facility: str | None
    payer_class: PayerClass | None
    working_drg: str | None
    age_days: int
    due_at: datetime | None
    bill_hold_until: date | None
    owner: str | None
    owner_is_reader: bool
    since: datetime | None
    holds: tuple[HoldReason, ...]
    wake_at: datetime | None
    open_flags: int
    legal_zone: str
    why: str
    may: frozenset[Step]


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


def open_card(session: Session, reader: Actor, now: datetime, reference: str) -> TaskCard:
    """The card of the task with this reference.

    :raises NotAllowed: without a role that works on tasks.
    :raises NoSuchTask: when there is none.
    """
    reader.require(*WORKERS, Role.PRIVACY_OFFICER)
    return card(session, reader, now, find_task(session, reader.workspace_id, reference))


def card(session: Session, reader: Actor, now: datetime, task: ReviewTask) -> TaskCard:
    """One task for one reader."""
    return cards(session, reader, now, [task])[0]


def cards(session: Session, reader: Actor, now: datetime, tasks: Sequence[ReviewTask]) -> list[TaskCard]:
    """Several tasks for one reader, with three queries whatever their number."""
    owners = names(session, reader.workspace_id, (task.owner_id for task in tasks))
    records = _records(session, reader.workspace_id, tasks)
    holds = _open_holds(session, reader.workspace_id, tasks)
    flags = _open_flags(session, reader.workspace_id, tasks)
    return [
        _card(reader, now, task, records[task.record_id], owners, holds.get(task.id, ()), flags.get(task.record_id, 0))
        for task in tasks
    ]


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
    reason: ReturnReason | None = None,
    note: CleanText | None = None,
) -> None:
    """Add one row to the history of a task, after its state was changed."""
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


def steps_for(reader: Actor, task: ReviewTask) -> frozenset[Step]:
    """What this reader may do with this task now."""
    possible = steps_from(task.state)
    mine: set[Step] = set()
    if task.owner_id is not None and task.owner_id == reader.person_id:
        mine |= set(OWNER_STEPS)
    if reader.has(Role.SUPERVISOR):
        mine |= set(SUPERVISOR_STEPS)
    if not task.restricted and reader.has(*WORKERS) and task.worked_by_id != reader.person_id:
        mine.add(Step.CLAIM)
    return possible & mine


def _card(
    reader: Actor,
    now: datetime,
    task: ReviewTask,
    record: Record,
    owners: dict[int, Person],
    holds: tuple[HoldReason, ...],
    open_flags: int,
) -> TaskCard:
    age_days = max((now.astimezone(ZoneInfo(reader.legal_zone)).date() - task.aged_from).days, 0)
    level, _ = urgency(pressure(reader, task), now)
    owner = owners.get(task.owner_id) if task.owner_id else None
    return TaskCard(
        reference=task.reference,
        record=record.reference,
        type=task.type,
        setting=task.setting,
        state=task.state,
        priority=task.priority,
        urgency=level,
        facility=task.facility,
        payer_class=task.payer_class,
        working_drg=task.working_drg,
        age_days=age_days,
        due_at=None if task.due_at >= FAR_FUTURE else task.due_at,
        bill_hold_until=task.bill_hold_until,
        owner=owner.slack_user_id if owner else None,
        owner_is_reader=task.owner_id is not None and task.owner_id == reader.person_id,
        since=task.claimed_at,
        holds=holds,
        wake_at=task.wake_at,
        open_flags=open_flags,
        legal_zone=reader.legal_zone,
        why=why(level, task.priority, age_days),
        may=steps_for(reader, task),
    )


def _records(session: Session, workspace_id: int, tasks: Iterable[ReviewTask]) -> dict[int, Record]:
    ids = {task.record_id for task in tasks}
    rows = session.scalars(sa.select(Record).where(Record.workspace_id == workspace_id, Record.id.in_(ids)))
    return {record.id: record for record in rows}


def _open_holds(session: Session, workspace_id: int, tasks: Iterable[ReviewTask]) -> dict[int, tuple[HoldReason, ...]]:
    ids = [task.id for task in tasks if task.state is TaskState.ON_HOLD]
    if not ids:
        return {}
    rows = session.execute(
        sa.select(TaskHold.task_id, TaskHold.reason)
        .where(TaskHold.workspace_id == workspace_id, TaskHold.task_id.in_(ids), TaskHold.closed_at.is_(None))
        .order_by(TaskHold.id)
    )
    found: dict[int, tuple[HoldReason, ...]] = {}
    for task_id, reason in rows:
        found[task_id] = (*found.get(task_id, ()), reason)
    return found


def _open_flags(session: Session, workspace_id: int, tasks: Iterable[ReviewTask]) -> dict[int, int]:
    closed = (FlagState.OVERTURNED, FlagState.VERIFIED, FlagState.CLOSED)
    rows = session.execute(
        sa.select(AccuracyFlag.record_id, sa.func.count())
        .where(
            AccuracyFlag.workspace_id == workspace_id,
            AccuracyFlag.record_id.in_({task.record_id for task in tasks}),
            AccuracyFlag.state.not_in(closed),
        )
        .group_by(AccuracyFlag.record_id)
    )
    return dict(rows.all())


#: Records that never come from the queue by themselves: somebody must be named for them.
RESTRICTED = frozenset({Sensitive.VIP, Sensitive.EMPLOYEE})
