"""What a flag is about: a record, the task or the release on it that is meant, and whose work that is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import BadInput, NotFound, Refusal
from bot.references import Prefix, read_reference
from storage.tables import Record, ReviewTask, RoiRequest, TaskHistory
from storage.words import ErrorGroup, Role, TaskState

#: Everybody who works on records may report; who has no role yet may not.
REPORTERS = tuple(role for role in Role if role is not Role.ADMIN)
#: How many references of one message a form offers.
MOST_OFFERED = 10
#: What the desk of registration or a release did is not laid to whoever coded the record.
ELSEWHERE = (ErrorGroup.REGISTRATION, ErrorGroup.RELEASE)
_MENTION = re.compile(r"\b(?:RV|RR|ROI)-[0-9A-Z]{5}\b", re.IGNORECASE)


class NothingToFlag(NotFound):
    """No record, task or release here has that reference. Check it, or look in /tasks."""


class TaskCancelled(Refusal):
    """This task was cancelled, so nobody works on it. Flag its record instead."""


class NoRecordYet(Refusal):
    """This release names no record yet, so there is nothing to flag. Flag the record by its own reference, such as RR-2F7KQ."""


@dataclass(frozen=True, slots=True)
class About:
    """What a flag is about; ``worker_id`` is the key of the person whose work it is, None for nobody."""

    record: Record
    task: ReviewTask | None = None
    request: RoiRequest | None = None
    worker_id: int | None = None


def may_report(session: Session, actor: Actor, _now: datetime, about: str = "") -> str:
    """Whether this person may report a problem about this reference (none yet: at all); returns it as it is written.

    :raises NotAllowed: for somebody without a role.
    :raises NothingToFlag, TaskCancelled, NoRecordYet: when there is nothing to flag.
    """
    actor.require(*REPORTERS)
    if not about:
        return ""
    found = resolve(session, actor, about)
    match _read(about).partition("-")[0]:
        case Prefix.TASK if found.task:
            return found.task.reference
        case Prefix.REQUEST if found.request:
            return found.request.reference
        case _:
            return found.record.reference


def what_to_flag(session: Session, actor: Actor, now: datetime, references: Iterable[str]) -> tuple[str, ...]:
    """Those of some references that can be flagged here, as they are written; tasks and releases before records.

    :raises NotAllowed: for somebody without a role.
    """
    actor.require(*REPORTERS)
    found = []
    for reference in list(references)[:MOST_OFFERED]:
        try:
            found.append(may_report(session, actor, now, reference))
        except Refusal:
            continue
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.startswith(Prefix.RECORD)))


def mentioned(text: str) -> tuple[str, ...]:
    """The references of tasks, records and releases in a text, in their order, each once."""
    return tuple(dict.fromkeys(found[0].upper() for found in _MENTION.finditer(text)))


def mentioned_in_message(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The same of a message, its blocks and attachments included: a card says its reference there."""
    parts = [str(message.get("text") or ""), json.dumps([message.get("blocks"), message.get("attachments")])]
    return mentioned(" ".join(parts))


def resolve(
    session: Session, actor: Actor, about: str, group: ErrorGroup | None = None, *, lock: bool = False
) -> About:
    """What is meant. With ``lock`` the record is locked: it keeps two reports of one problem, and a delivery and a freeze, from passing each other.

    :raises NothingToFlag, TaskCancelled, NoRecordYet: when there is nothing to flag, under the field ``record``.
    """
    reference = _read(about)
    task = _task(session, actor.workspace_id, reference)
    request = _request(session, actor.workspace_id, reference)
    record_id = task.record_id if task else request.record_id if request else None
    which = Record.id == record_id if record_id else Record.reference == reference
    query = sa.select(Record).where(Record.workspace_id == actor.workspace_id, which)
    record = session.scalars(query.with_for_update(key_share=True) if lock else query).first()
    if record is None:
        raise NothingToFlag(f"Nothing here is called {reference}. Check it, or look in /tasks.", field="record")
    if task and task.state is TaskState.CANCELLED:
        raise TaskCancelled(f"{reference} was cancelled. Flag its record {record.reference} instead.", field="record")
    if request:
        return About(record, None, request, _not_the(actor, request.prepared_by_id, request.owner_id))
    task = task or (_only_worked_task(session, record) if group not in ELSEWHERE else None)
    return About(record, task, None, _worker(session, actor, task) if task else None)


def _read(about: str) -> str:
    try:
        return read_reference(about, Prefix.TASK, Prefix.RECORD, Prefix.REQUEST)
    except BadInput as wrong:
        raise BadInput(wrong.sentence, field="record") from wrong


def _task(session: Session, workspace_id: int, reference: str) -> ReviewTask | None:
    return session.scalars(
        sa.select(ReviewTask).where(ReviewTask.workspace_id == workspace_id, ReviewTask.reference == reference)
    ).first()


def _request(session: Session, workspace_id: int, reference: str) -> RoiRequest | None:
    """The release of this reference.

    :raises NoRecordYet: when it has no record.
    """
    found = session.scalars(
        sa.select(RoiRequest).where(RoiRequest.workspace_id == workspace_id, RoiRequest.reference == reference)
    ).first()
    if found is not None and found.record_id is None:
        raise NoRecordYet(field="record")
    return found


def _only_worked_task(session: Session, record: Record) -> ReviewTask | None:
    """The task a record's problem came from, when only one was ever in somebody's hands."""
    worked = session.scalars(
        sa.select(ReviewTask)
        .where(
            ReviewTask.workspace_id == record.workspace_id,
            ReviewTask.record_id == record.id,
            ReviewTask.owner_id.is_not(None),
        )
        .limit(2)
    ).all()
    return worked[0] if len(worked) == 1 else None


def _worker(session: Session, actor: Actor, task: ReviewTask) -> int | None:
    """Whose work it is: the person reviewed, else who has the task, else who had it last. Nobody flags themselves."""
    last = session.scalar(
        sa.select(TaskHistory.owner_id)
        .where(
            TaskHistory.workspace_id == task.workspace_id,
            TaskHistory.task_id == task.id,
            TaskHistory.owner_id.is_not(None),
            TaskHistory.owner_id != actor.id,
        )
        .order_by(TaskHistory.id.desc())
        .limit(1)
    )
    return _not_the(actor, task.worked_by_id, task.owner_id, last)


def _not_the(actor: Actor, *candidates: int | None) -> int | None:
    return next((key for key in candidates if key is not None and key != actor.person_id), None)
