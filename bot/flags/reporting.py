"""Reporting an accuracy problem: one flag per problem, the people it concerns are told, and a critical one freezes the releases of its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.errors import BadInput
from bot.flags.about import REPORTERS, About, resolve
from bot.flags.cards import FlagCard, card
from bot.flags.catalogue import is_worse, kind_of
from bot.flags.citations import read_citation
from bot.flags.duplicates import add_reporter, same_problem
from bot.flags.history import write_history
from bot.flags.involved_codes import InvolvedCodes, checked_codes
from bot.flags.telling import tell_critical, tell_joined, tell_raised
from bot.moments import local_day
from bot.references import Prefix, free_references
from bot.stale import note_stale
from storage.columns import CleanText
from storage.tables import AccuracyFlag
from storage.words import ErrorType, FlagEvent, FlagState, RootReason, Severity, Subject


class CriticalStays(BadInput):
    """Patient identity and wrong recipient are always critical. Leave the severity empty, or choose critical."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, as its reporter says it. ``severity`` None means the usual one of the type; ``citation`` is as it was typed."""

    error_type: ErrorType
    root_reason: RootReason | None = None
    severity: Severity | None = None
    code_before: str | None = None
    code_after: str | None = None
    note: CleanText | None = None
    citation: str | None = None


def report(session: Session, actor: Actor, now: datetime, about: str, problem: Problem) -> FlagCard:
    """Report an accuracy problem of a record. The same problem already open is joined, not doubled: the card says so.

    :param about: the reference of a review task, of a release or of a record.
    :raises NothingToFlag, TaskCancelled, NoRecordYet: when there is nothing to flag.
    :raises CriticalStays: when a critical type is to be made less.
    :raises CodeNotFound, CodeUnfit, SameCode: when a code is unknown, could not be assigned on that day, or is there twice.
    :raises CitationUnclear: when it is no section number.
    :raises NotAllowed: for somebody without a role.
    """
    actor.require(*REPORTERS)
    severity = _severity(problem)
    citation = read_citation(problem.citation) if problem.citation else None
    found = resolve(session, actor, about, kind_of(problem.error_type).group, lock=True)
    on = found.task.aged_from if found.task else None
    codes = checked_codes(session, InvolvedCodes(problem.code_before, problem.code_after), on, local_day(now, actor.legal_zone))
    known = same_problem(session, found, problem.error_type, codes)
    if known is not None:
        return _join(session, actor, now, known, severity, problem)
    flag = _new_flag(session, actor, now, found, problem)
    flag.severity, flag.citation = severity, citation
    flag.code_before, flag.code_after = codes.before, codes.after
    session.add(flag)
    session.flush()
    _write_down(session, actor, now, flag, FlagEvent.REPORTED, None)
    tell_raised(session, actor, now, flag)
    if severity is Severity.CRITICAL:
        tell_critical(session, actor, now, flag)
    return card(session, actor, now, flag)


def _new_flag(session: Session, actor: Actor, now: datetime, found: About, problem: Problem) -> AccuracyFlag:
    return AccuracyFlag(
        workspace_id=actor.workspace_id,
        reference=free_references(session, AccuracyFlag.reference, actor.workspace_id, Prefix.FLAG)[0],
        record_id=found.record.id,
        task_id=found.task.id if found.task else None,
        request_id=found.request.id if found.request else None,
        error_type=problem.error_type,
        root_reason=problem.root_reason,
        state=FlagState.OPEN,
        note=problem.note,
        reported_by_id=actor.id,
        flagged_id=found.worker_id,
        created_at=now,
        changed_at=now,
        quiet_since=now,
        remind_at=now,
    )


def _join(
    session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, severity: Severity, problem: Problem
) -> FlagCard:
    """Add a second report to the flag: its note goes to the history, what the first left open is filled in, and the worse severity holds."""
    worse = is_worse(severity, flag.severity)
    if worse:
        flag.severity, flag.changed_at = severity, now
    flag.root_reason = flag.root_reason or problem.root_reason
    new = add_reporter(session, actor, now, flag)
    note_stale(session, flag.workspace_id, Subject.FLAG, flag.id, now)
    if new or worse or problem.note is not None:
        entry = _write_down(session, actor, now, flag, FlagEvent.JOINED, problem.note)
        tell_joined(session, actor, now, flag, entry)
    if worse and severity is Severity.CRITICAL:
        tell_critical(session, actor, now, flag)
    return card(session, actor, now, flag, joined=True)


def _write_down(
    session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, event: FlagEvent, note: CleanText | None
) -> int:
    before = None if event is FlagEvent.REPORTED else flag.state
    entry = write_history(session, actor, now, flag, event, before, note)
    audit.record(
        session, actor, now, f"flag_{event}", Subject.FLAG, flag.reference,
        error_type=flag.error_type.value, severity=flag.severity.value,
    )  # fmt: skip
    return entry


def _severity(problem: Problem) -> Severity:
    preset = kind_of(problem.error_type).preset
    if preset is Severity.CRITICAL and problem.severity not in {None, Severity.CRITICAL}:
        raise CriticalStays(field="severity")
    return problem.severity or preset
