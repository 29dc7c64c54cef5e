"""New review tasks on new records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.references import Prefix, free_references
from bot.reviews.priority import PRIORITY_RANKS
from bot.reviews.tasks import RESTRICTED, settle_urgency, write_history
from storage.columns import FAR_FUTURE
from storage.tables import Record, ReviewTask
from storage.words import (
    PayerClass,
    Priority,
    Role,
    Sensitive,
    Subject,
    TaskEvent,
    TaskSetting,
    TaskState,
    TaskType,
)


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is known of a new task. ``aged_from`` is the day it became work (the discharge, for coding)."""

    type: TaskType
    aged_from: date
    setting: TaskSetting | None = None
    priority: Priority = Priority.NORMAL
    facility: str | None = None
    payer_class: PayerClass | None = None
    working_drg: str | None = None
    charges_usd: int | None = None
    bill_hold_until: date | None = None
    due_at: datetime = FAR_FUTURE
    skill: str | None = None
    second_review: bool = False
    sensitive: tuple[Sensitive, ...] = field(default=())


def create_tasks(session: Session, actor: Actor, now: datetime, facts: Sequence[TaskFacts]) -> list[ReviewTask]:
    """Create one record and one task for each of ``facts``, in the queue.

    :raises NotAllowed: unless a supervisor (or the command line) does it.
    """
    actor.require(Role.SUPERVISOR)
    records = _new_records(session, actor, now, facts)
    references = free_references(session, ReviewTask.reference, actor.workspace_id, Prefix.TASK, len(facts))
    tasks = [
        new_task(actor, now, one, record, reference)
        for one, record, reference in zip(facts, records, references, strict=True)
    ]
    session.add_all(tasks)
    session.flush()
    for task in tasks:
        write_history(session, actor, now, task, TaskEvent.CREATED, None)
    audit.record(session, actor, now, "tasks_created", Subject.WORKSPACE, str(actor.workspace_id), count=len(tasks))
    return tasks


def new_task(actor: Actor, now: datetime, facts: TaskFacts, record: Record, reference: str) -> ReviewTask:
    """A task in the queue, its place in line settled."""
    task = ReviewTask(
        workspace_id=actor.workspace_id,
        reference=reference,
        record_id=record.id,
        type=facts.type,
        setting=facts.setting,
        state=TaskState.AVAILABLE,
        priority=facts.priority,
        priority_rank=PRIORITY_RANKS[facts.priority],
        restricted=not RESTRICTED.isdisjoint(facts.sensitive),
        facility=facts.facility,
        skill=facts.skill,
        payer_class=facts.payer_class,
        working_drg=facts.working_drg,
        charges_usd=facts.charges_usd,
        second_review=facts.second_review,
        aged_from=facts.aged_from,
        bill_hold_until=facts.bill_hold_until,
        due_at=facts.due_at,
        created_at=now,
    )
    settle_urgency(actor, task, now)
    return task


def _new_records(session: Session, actor: Actor, now: datetime, facts: Sequence[TaskFacts]) -> list[Record]:
    references = free_references(session, Record.reference, actor.workspace_id, Prefix.RECORD, len(facts))
    records = [
        Record(
            workspace_id=actor.workspace_id,
            reference=reference,
            facility=one.facility,
            sensitive=one.sensitive,
            created_at=now,
        )
        for one, reference in zip(facts, references, strict=True)
    ]
    session.add_all(records)
    session.flush()
    return records
