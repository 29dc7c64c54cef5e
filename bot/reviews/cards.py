"""A review task as one reader sees it, with all that stands around it: holds, flags, an offer, a physician query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import WORKERS, Actor
from bot.errors import NotAllowed
from bot.moments import local_day
from bot.people import names
from bot.reviews.priority import Urgency, urgency, why
from bot.reviews.states import ENDED, Step
from bot.reviews.tasks import RUNNING_QUERIES, SETTLED_FLAGS, find_task, pressure, steps_for
from storage.columns import FAR_FUTURE
from storage.tables import AccuracyFlag, Person, PhysicianQuery, Record, ReviewTask, TaskHold, TaskOffer
from storage.words import (
    HoldReason,
    OfferState,
    PayerClass,
    Priority,
    QueryCategory,
    QueryState,
    Role,
    TaskSetting,
    TaskState,
    TaskType,
)


class Restricted(NotAllowed):
    """This task is on a restricted record. A supervisor names who works on it."""


@dataclass(frozen=True, slots=True)
class TaskCard:
    """One task as one reader sees it: ``may`` holds the steps this reader can take now. ``on_worksheet``: it ends on a worksheet about somebody's codes."""

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
    overdue: bool = False
    offered_to: str | None = None
    offered_to_reader: bool = False
    query: QueryState | None = None
    query_about: QueryCategory | None = None
    query_since: datetime | None = None
    on_worksheet: bool = False


@dataclass(frozen=True, slots=True)
class OpenThings:
    """What a card shows beside its task's own row: the reference of the record, the owner's Slack id, open holds, the number of open flags, the Slack id of
    whom it is offered to, and the physician query that runs.
    """

    record: str
    owner: str | None = None
    holds: tuple[HoldReason, ...] = ()
    flags: int = 0
    offered_to: str | None = None
    query: PhysicianQuery | None = None


def open_card(session: Session, reader: Actor, now: datetime, reference: str) -> TaskCard:
    """The card of the task with this reference.

    :raises NotAllowed: without a role that works on tasks.
    :raises Restricted: for a restricted record, to somebody who may not see it.
    :raises NoSuchTask: when there is none.
    """
    return card(session, reader, now, visible_task(session, reader, reference))


def visible_task(session: Session, reader: Actor, reference: str) -> ReviewTask:
    """The task with this reference, for somebody who may see it.

    :raises NotAllowed: without a role that works on tasks.
    :raises Restricted: for a restricted record that is neither in their hands nor offered to them, to somebody who is not cleared.
    :raises NoSuchTask: when there is none.
    """
    reader.require(*WORKERS, Role.PRIVACY_OFFICER)
    task = find_task(session, reader.workspace_id, reference)
    if task.restricted and not reader.sees_restricted and reader.person_id not in {task.owner_id, _asked(session, task)}:
        raise Restricted
    return task


def card(session: Session, reader: Actor, now: datetime, task: ReviewTask) -> TaskCard:
    """One task for one reader."""
    return cards(session, reader, now, [task])[0]


def cards(session: Session, reader: Actor, now: datetime, tasks: Sequence[ReviewTask]) -> list[TaskCard]:
    """Several tasks for one reader, with a fixed number of queries whatever theirs."""
    owners = {
        key: person.slack_user_id
        for key, person in names(session, reader.workspace_id, (task.owner_id for task in tasks)).items()
    }
    records = _records(session, reader.workspace_id, tasks)
    holds = _open_holds(session, reader.workspace_id, tasks)
    flags = _open_flags(session, reader.workspace_id, tasks)
    owned = [task.id for task in tasks if task.owner_id is not None]
    offers = _open_offers(session, reader.workspace_id, owned)
    queries = _running_queries(session, reader.workspace_id, [task.id for task in tasks])
    return [
        card_of(
            reader,
            now,
            task,
            OpenThings(
                records[task.record_id].reference,
                owners.get(task.owner_id or 0),
                holds.get(task.id, ()),
                flags.get(task.record_id, 0),
                offers.get(task.id),
                queries.get(task.id),
            ),
        )
        for task in tasks
    ]


def card_of(reader: Actor, now: datetime, task: ReviewTask, things: OpenThings) -> TaskCard:
    """The card of a task whose surroundings are known already."""
    age_days = max((local_day(now, reader.legal_zone) - task.aged_from).days, 0)
    level, _ = urgency(pressure(reader, task), now)
    return TaskCard(
        reference=task.reference,
        record=things.record,
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
        owner=things.owner,
        owner_is_reader=task.owner_id is not None and task.owner_id == reader.person_id,
        since=task.claimed_at,
        holds=things.holds,
        wake_at=task.wake_at,
        open_flags=things.flags,
        legal_zone=reader.legal_zone,
        why=why(level, task.priority, age_days),
        may=steps_for(reader, task),
        overdue=task.due_at < now and task.state not in ENDED,
        offered_to=things.offered_to,
        offered_to_reader=things.offered_to is not None and things.offered_to == reader.slack_user_id,
        query=things.query.state if things.query else None,
        query_about=things.query.category if things.query else None,
        query_since=(things.query.opened_at or things.query.created_at) if things.query else None,
        on_worksheet=task.reviewed_id is not None,
    )


def _records(session: Session, workspace_id: int, tasks: Iterable[ReviewTask]) -> dict[int, Record]:
    ids = {task.record_id for task in tasks}
    rows = session.scalars(sa.select(Record).where(Record.workspace_id == workspace_id, Record.id.in_(ids)))
    return {record.id: record for record in rows}


def _open_holds(session: Session, workspace_id: int, tasks: Iterable[ReviewTask]) -> dict[int, tuple[HoldReason, ...]]:
    ids = [task.id for task in tasks if task.owner_id is not None]
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


def _open_offers(session: Session, workspace_id: int, tasks: Sequence[int]) -> dict[int, str]:
    if not tasks:
        return {}
    rows = session.execute(
        sa.select(TaskOffer.task_id, Person.slack_user_id)
        .join(Person, Person.id == TaskOffer.taker_id)
        .where(
            TaskOffer.workspace_id == workspace_id, TaskOffer.task_id.in_(tasks), TaskOffer.state == OfferState.OPEN
        )
    )
    return dict(rows.all())


def _asked(session: Session, task: ReviewTask) -> int | None:
    """Whom the task is offered to."""
    return session.scalars(
        sa.select(TaskOffer.taker_id).where(
            TaskOffer.workspace_id == task.workspace_id, TaskOffer.task_id == task.id, TaskOffer.state == OfferState.OPEN
        )
    ).first()


def _running_queries(session: Session, workspace_id: int, tasks: Sequence[int]) -> dict[int, PhysicianQuery]:
    rows = session.scalars(
        sa.select(PhysicianQuery).where(
            PhysicianQuery.workspace_id == workspace_id,
            PhysicianQuery.task_id.in_(tasks),
            PhysicianQuery.state.in_(RUNNING_QUERIES),
        )
    )
    return {query.task_id: query for query in rows}


def _open_flags(session: Session, workspace_id: int, tasks: Iterable[ReviewTask]) -> dict[int, int]:
    rows = session.execute(
        sa.select(AccuracyFlag.record_id, sa.func.count())
        .where(
            AccuracyFlag.workspace_id == workspace_id,
            AccuracyFlag.record_id.in_({task.record_id for task in tasks}),
            AccuracyFlag.state.not_in(SETTLED_FLAGS),
        )
        .group_by(AccuracyFlag.record_id)
    )
    return dict(rows.all())
