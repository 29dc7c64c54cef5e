"""Why things went wrong: the root reasons of flags and of audit findings, the kinds of error behind them, and what auditors noted to learn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.flags.catalogue import kind_of
from bot.reports.periods import Weeks, last_weeks
from storage.columns import CleanText
from storage.tables import AccuracyFlag, AuditCase
from storage.words import ErrorType, FlagOutcome, Role, RootReason

#: How many kinds of error, and how many notes of each reason, a report names.
TOP, NOTES = 5, 5
_EDITED: sa.ColumnElement[bool] = sa.literal_column("audit_cases.state = 'edited'")


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One root reason: how many flags (overturned ones not counted) and audit findings have it, and the newest notes from audits."""

    reason: RootReason
    flags: int
    findings: int
    notes: tuple[CleanText, ...]


@dataclass(frozen=True, slots=True)
class ReasonReport:
    """Why things went wrong over some weeks, most frequent first. ``unexplained``: flags nobody gave a reason for."""

    weeks: Weeks
    reasons: tuple[ReasonLine, ...]
    unexplained: int
    types: tuple[tuple[str, int], ...]


def root_reasons(session: Session, reader: Actor, now: datetime, weeks: int = 12) -> ReasonReport:
    """Root reasons and kinds of error of the team; no person is named.

    :raises NotAllowed: unless a supervisor or an auditor asks.
    :raises WeeksOutOfRange: for a number of weeks that cannot be.
    """
    reader.require(Role.SUPERVISOR, Role.AUDITOR)
    span = last_weeks(reader, now, weeks)
    flags, types = _flags(session, reader, span)
    top = sorted(types.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]
    return ReasonReport(
        weeks=span,
        reasons=_lines(flags, _findings(session, reader, span), _notes(session, reader, span)),
        unexplained=flags.get(None, 0),
        types=tuple((kind_of(error_type).label, count) for error_type, count in top),
    )


def reasons_between(session: Session, reader: Actor, weeks: Weeks) -> tuple[ReasonLine, ...]:
    """The root reasons of some weeks, most frequent first, without notes. Who may see them is for the caller to check."""
    return _lines(_flags(session, reader, weeks)[0], _findings(session, reader, weeks), {})


def _lines(
    flags: Mapping[RootReason | None, int], findings: Mapping[RootReason, int], notes: Mapping[RootReason, tuple[CleanText, ...]]
) -> tuple[ReasonLine, ...]:
    lines = [
        ReasonLine(reason, flags.get(reason, 0), findings.get(reason, 0), notes.get(reason, ()))
        for reason in RootReason
        if flags.get(reason) or findings.get(reason)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.flags - line.findings, line.reason)))


def _flags(
    session: Session, reader: Actor, weeks: Weeks
) -> tuple[dict[RootReason | None, int], dict[ErrorType, int]]:
    rows = session.execute(
        sa.select(AccuracyFlag.root_reason, AccuracyFlag.error_type, sa.func.count())
        .where(
            AccuracyFlag.workspace_id == reader.workspace_id,
            AccuracyFlag.created_at >= weeks.begins,
            AccuracyFlag.created_at < weeks.ends,
            AccuracyFlag.outcome.is_distinct_from(FlagOutcome.FELL),
        )
        .group_by(AccuracyFlag.root_reason, AccuracyFlag.error_type)
    )
    reasons: dict[RootReason | None, int] = defaultdict(int)
    types: dict[ErrorType, int] = defaultdict(int)
    for reason, error_type, count in rows:
        reasons[reason] += count
        types[error_type] += count
    return reasons, types


def _found_in(reader: Actor, weeks: Weeks) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        AuditCase.workspace_id == reader.workspace_id,
        _EDITED,
        AuditCase.finished_at >= weeks.begins,
        AuditCase.finished_at < weeks.ends,
    )


def _findings(session: Session, reader: Actor, weeks: Weeks) -> dict[RootReason, int]:
    rows = session.execute(
        sa.select(AuditCase.root_reason, sa.func.count()).where(*_found_in(reader, weeks)).group_by(AuditCase.root_reason)
    )
    return {reason: count for reason, count in rows if reason is not None}


def _notes(session: Session, reader: Actor, weeks: Weeks) -> dict[RootReason, tuple[CleanText, ...]]:
    """The newest notes of each reason, each text once."""
    last = sa.func.max(AuditCase.finished_at)
    rank = sa.func.row_number().over(partition_by=AuditCase.root_reason, order_by=(last.desc(), AuditCase.note))
    newest = (
        sa.select(AuditCase.root_reason, AuditCase.note, rank.label("rank"))
        .where(*_found_in(reader, weeks), AuditCase.note.is_not(None))
        .group_by(AuditCase.root_reason, AuditCase.note)
        .subquery()
    )
    found: dict[RootReason, tuple[CleanText, ...]] = defaultdict(tuple)
    for reason, note in session.execute(
        sa.select(newest.c.root_reason, newest.c.note).where(newest.c.rank <= NOTES).order_by(newest.c.rank)
    ):
        found[reason] += (note,)
    return found
