"""Review tasks on their way out: references, words, numbers and days. Neither keys of the EHR, nor sensitive categories, nor notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.people import names
from bot.reviews.states import ENDED
from storage.columns import FAR_FUTURE
from storage.tables import Record, ReviewTask, TaskHold
from storage.words import HoldReason, PayerClass, Priority, Role, Subject, TaskSetting, TaskState, TaskType

#: Tasks read at once.
PAGE = 1_000


class ExportFormat(StrEnum):
    """The forms a list of tasks can have."""

    CSV = "csv"
    FHIR = "fhir"
    NDJSON = "ndjson"


@dataclass(frozen=True, slots=True)
class ExportedTask:
    """A task as it leaves: days are days in the facility's legal zone, ``owner`` is a staff code, or who has none Slack's id."""

    id: int
    reference: str
    record: str
    type: TaskType
    setting: TaskSetting | None
    state: TaskState
    priority: Priority
    facility: str | None
    skill: str | None
    payer_class: PayerClass | None
    working_drg: str | None
    charges_usd: int | None
    second_review: bool
    age_days: int
    bill_hold_until: date | None
    due_on: date | None
    hold: HoldReason | None
    owner: str | None


def tasks_after(
    session: Session, actor: Actor, now: datetime, after: int, *, ended: bool = False
) -> list[ExportedTask]:
    """The next tasks behind a key, open ones only unless ``ended`` ones are wanted too; none at the end.

    :raises NotAllowed: unless a supervisor (or the command line) asks.
    """
    actor.require(Role.SUPERVISOR)
    which = () if ended else (ReviewTask.state.not_in(ENDED),)
    rows = session.execute(
        sa.select(ReviewTask, Record.reference)
        .join(Record, sa.and_(Record.id == ReviewTask.record_id, Record.workspace_id == ReviewTask.workspace_id))
        .where(ReviewTask.workspace_id == actor.workspace_id, ReviewTask.id > after, *which)
        .order_by(ReviewTask.id)
        .limit(PAGE)
    ).all()
    tasks = [row.ReviewTask for row in rows]
    owners = names(session, actor.workspace_id, {task.owner_id for task in tasks})
    codes = {key: person.staff_code or person.slack_user_id for key, person in owners.items()}
    holds = _holds(session, actor, [task.id for task in tasks if task.state is TaskState.ON_HOLD])
    zone = ZoneInfo(actor.legal_zone)
    return [_exported(row.ReviewTask, row.reference, codes, holds, zone, now) for row in rows]


def may_export(_session: Session, actor: Actor, _now: datetime) -> None:
    """Refuse before anything is gathered.

    :raises NotAllowed: unless a supervisor asks.
    """
    actor.require(Role.SUPERVISOR)


def note_export(session: Session, actor: Actor, now: datetime, form: ExportFormat, count: int) -> None:
    """Write down that tasks left the desk: how many and in which form.

    :raises NotAllowed: unless a supervisor (or the command line) takes them.
    """
    actor.require(Role.SUPERVISOR)
    audit.record(session, actor, now, "tasks_exported", Subject.WORKSPACE, "export:tasks", form=str(form), tasks=count)


def _holds(session: Session, actor: Actor, tasks: Sequence[int]) -> dict[int, HoldReason]:
    rows = session.execute(
        sa.select(TaskHold.task_id, TaskHold.reason)
        .where(TaskHold.workspace_id == actor.workspace_id, TaskHold.task_id.in_(tasks), TaskHold.closed_at.is_(None))
        .order_by(TaskHold.id.desc())
    )
    return {row.task_id: row.reason for row in rows}


def _exported(
    task: ReviewTask, record: str, owners: dict[int, str], holds: dict[int, HoldReason], zone: ZoneInfo, now: datetime
) -> ExportedTask:
    return ExportedTask(
        id=task.id,
        reference=task.reference,
        record=record,
        type=task.type,
        setting=task.setting,
        state=task.state,
        priority=task.priority,
        facility=task.facility,
        skill=task.skill,
        payer_class=task.payer_class,
        working_drg=task.working_drg,
        charges_usd=task.charges_usd,
        second_review=task.second_review,
        age_days=max((now.astimezone(zone).date() - task.aged_from).days, 0),
        bill_hold_until=task.bill_hold_until,
        due_on=None if task.due_at >= FAR_FUTURE else task.due_at.astimezone(zone).date(),
        hold=holds.get(task.id),
        owner=owners.get(task.owner_id or 0),
    )


def last_key(tasks: Iterable[ExportedTask]) -> int:
    """The key to go on behind."""
    return max(task.id for task in tasks)
