"""Reporting an accuracy problem: one flag per problem, the people it concerns are told, and a critical one freezes the releases of its record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.codes.address import bare_code
from bot.errors import BadInput, NotFound
from bot.flags.cards import FlagCard, card
from bot.flags.catalogue import is_worse, kind_of
from bot.flags.states import SETTLED
from bot.flags.telling import tell_critical, tell_raised
from bot.references import Prefix, free_references, read_reference
from storage.columns import CleanText
from storage.tables import AccuracyFlag, CodeConcept, CodeEdition, FlagHistory, Record, ReviewTask, TaskHistory
from storage.words import ErrorType, FlagState, Role, RootReason, Severity, Subject

#: Everybody who works on records may report; who has no role yet may not.
REPORTERS = tuple(role for role in Role if role is not Role.ADMIN)
_MENTION = re.compile(r"\b(?:RV|RR)-[0-9A-Z]{5}\b", re.IGNORECASE)


class NothingToFlag(NotFound):
    """No record or task here has that reference. Check it, or look in /tasks."""


class CriticalStays(BadInput):
    """Patient identity and wrong recipient are always critical. Leave the severity empty, or choose critical."""


class CodeNotFound(BadInput):
    """This code is not in the code set. Choose it from the list."""


@dataclass(frozen=True, slots=True)
class About:
    """What a flag is about: the record, the task on it if one is meant, and whose work it is (a person's key)."""

    record: Record
    task: ReviewTask | None
    worker_id: int | None


def may_report(session: Session, actor: Actor, _now: datetime, about: str = "") -> str:
    """Whether this person may report a problem about this reference (none yet: at all); returns it as it is written.

    :raises NotAllowed: for somebody without a role.
    :raises NothingToFlag: when nothing here has the reference.
    """
    actor.require(*REPORTERS)
    if not about:
        return ""
    found = _resolve(session, actor, about)
    return found.task.reference if found.task and _is_task(about) else found.record.reference


def mentioned(text: str) -> str:
    """The first reference of a task or a record in a text, as it is written; empty when there is none."""
    found = _MENTION.search(text)
    return found[0].upper() if found else ""


def report(  # noqa: PLR0913, PLR0917 - the answers of one form
    session: Session,
    actor: Actor,
    now: datetime,
    about: str,
    error_type: ErrorType,
    root_reason: RootReason | None = None,
    severity: Severity | None = None,
    code_before: str | None = None,
    code_after: str | None = None,
    note: CleanText | None = None,
) -> FlagCard:
    """Report an accuracy problem of a record. The same problem already open is joined, not doubled: the card says so.

    :param about: the reference of a review task or of a record.
    :param severity: None for the usual one of the error type.
    :raises NothingToFlag: when nothing here has the reference.
    :raises CriticalStays: when a critical type is to be made less.
    :raises CodeNotFound: when a code is in no code set of the desk.
    :raises NotAllowed: for somebody without a role.
    """
    actor.require(*REPORTERS)
    settled = _severity(error_type, severity)
    code_before, code_after = (bare_code(code) if code else None for code in (code_before, code_after))
    _require_codes(session, code_before=code_before, code_after=code_after)
    found = _resolve(session, actor, about, lock=True)
    flag = _same_problem(session, found.record, error_type, code_before, code_after)
    if flag is not None:
        return _join(session, actor, now, flag, settled, note)
    flag = AccuracyFlag(
        workspace_id=actor.workspace_id,
        reference=free_references(session, AccuracyFlag.reference, actor.workspace_id, Prefix.FLAG)[0],
        record_id=found.record.id,
        task_id=found.task.id if found.task else None,
        error_type=error_type,
        root_reason=root_reason,
        severity=settled,
        state=FlagState.OPEN,
        code_before=code_before,
        code_after=code_after,
        note=note,
        reported_by_id=actor.id,
        flagged_id=found.worker_id,
        created_at=now,
        changed_at=now,
    )
    session.add(flag)
    session.flush()
    _write_down(session, actor, now, flag, "flag_reported", None, None)
    tell_raised(session, actor, now, flag)
    if settled is Severity.CRITICAL:
        tell_critical(session, actor, now, flag)
    return card(session, actor, now, flag)


def _join(
    session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, severity: Severity, note: CleanText | None
) -> FlagCard:
    """Add a second report to the flag: its note goes to the history, and the worse severity holds."""
    worse = is_worse(severity, flag.severity)
    if worse:
        flag.severity, flag.changed_at = severity, now
    _write_down(session, actor, now, flag, "flag_joined", flag.state, note)
    if worse and severity is Severity.CRITICAL:
        tell_critical(session, actor, now, flag)
    return card(session, actor, now, flag, joined=True)


def _write_down(
    session: Session,
    actor: Actor,
    now: datetime,
    flag: AccuracyFlag,
    action: str,
    from_state: FlagState | None,
    note: CleanText | None,
) -> None:
    session.add(
        FlagHistory(
            workspace_id=flag.workspace_id,
            flag_id=flag.id,
            actor_id=actor.person_id,
            from_state=from_state,
            to_state=flag.state,
            note=note,
            at=now,
        )
    )
    audit.record(
        session, actor, now, action, Subject.FLAG, flag.reference,
        error_type=flag.error_type.value, severity=flag.severity.value,
    )  # fmt: skip


def _severity(error_type: ErrorType, asked: Severity | None) -> Severity:
    preset = kind_of(error_type).preset
    if preset is Severity.CRITICAL and asked not in {None, Severity.CRITICAL}:
        raise CriticalStays(field="severity")
    return asked or preset


def _require_codes(session: Session, **codes: str | None) -> None:
    """Codes come from a list; what is typed past it must not become stored text."""
    editions = sa.select(CodeEdition.id)
    for field, code in codes.items():
        known = sa.exists().where(CodeConcept.edition_id.in_(editions), CodeConcept.code == code)
        if code is not None and not session.scalar(sa.select(known)):
            raise CodeNotFound(field=field)


def _is_task(about: str) -> bool:
    return read_reference(about, Prefix.TASK, Prefix.RECORD).startswith(Prefix.TASK)


def _resolve(session: Session, actor: Actor, about: str, *, lock: bool = False) -> About:
    """The record meant. Its lock keeps two reports of one problem, and a delivery and a freeze, from passing each other."""
    try:
        reference = read_reference(about, Prefix.TASK, Prefix.RECORD)
    except BadInput as wrong:
        raise BadInput(wrong.sentence, field="record") from wrong
    task = _task(session, actor.workspace_id, ReviewTask.reference == reference)
    which = Record.id == task.record_id if task else Record.reference == reference
    query = sa.select(Record).where(Record.workspace_id == actor.workspace_id, which)
    record = session.scalars(query.with_for_update(key_share=True) if lock else query).first()
    if record is None:
        raise NothingToFlag(f"Nothing here is called {reference}. Check it, or look in /tasks.", field="record")
    task = task or _only_worked_task(session, record)
    return About(record, task, _worker(session, actor, task) if task else None)


def _task(session: Session, workspace_id: int, which: sa.ColumnElement[bool]) -> ReviewTask | None:
    return session.scalars(sa.select(ReviewTask).where(ReviewTask.workspace_id == workspace_id, which)).first()


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
    candidates = (task.worked_by_id, task.owner_id, last)
    return next((key for key in candidates if key is not None and key != actor.person_id), None)


def _same_problem(
    session: Session, record: Record, error_type: ErrorType, before: str | None, after: str | None
) -> AccuracyFlag | None:
    return session.scalars(
        sa.select(AccuracyFlag)
        .where(
            AccuracyFlag.workspace_id == record.workspace_id,
            AccuracyFlag.record_id == record.id,
            AccuracyFlag.error_type == error_type,
            AccuracyFlag.code_before.is_(None) if before is None else AccuracyFlag.code_before == before,
            AccuracyFlag.code_after.is_(None) if after is None else AccuracyFlag.code_after == after,
            AccuracyFlag.state.not_in(SETTLED),
        )
        .order_by(AccuracyFlag.id)
        .with_for_update(key_share=True)
    ).first()
