"""One audit on a page of its own: how far it is, what it found so far, what can be learned, and its cases."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.audits.cases import PAGE, Worksheet, sheets_of
from bot.audits.progress import Progress, sample_progress
from bot.audits.samples import find_sample
from bot.csv_file import Cell, csv_bytes
from bot.people import names
from bot.reports.accuracy import Accuracy, sample_accuracy
from storage.columns import CleanText
from storage.tables import AuditCase, AuditSample
from storage.words import CaseState, Role, RootReason, Subject

#: How many education notes of each root reason the page shows.
NOTES = 3
#: In the order people look for them: what is to be done, what is to be learned, the rest.
_ORDER = (CaseState.OPEN, CaseState.EDITED, CaseState.AGREED, CaseState.WITHDRAWN)
_COLUMNS = (
    "audit", "sample", "task", "record", "setting", "facility", "state", "coder", "auditor", "codes_assigned", "codes_of_the_auditor",
    "code_over_code_correct", "code_over_code_of", "case_right", "root_reason", "finished_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A sample and one page (from 0) of its cases, open ones first. ``lessons``: findings and newest notes of each root reason, most frequent first."""

    progress: Progress
    found: Accuracy | None
    lessons: tuple[tuple[RootReason, int, tuple[CleanText, ...]], ...]
    sheets: tuple[Worksheet, ...]
    page: int
    pages: int
    supervises: bool

    @property
    def runs(self) -> bool:
        """Whether something is still to be audited."""
        return self.progress.open > 0


def sample_page(session: Session, reader: Actor, now: datetime, number: int, page: int = 0) -> SamplePage:
    """One audit as an auditor or a supervisor looks at it.

    :raises NotAllowed: for anybody else.
    :raises NoSuchSample: when there is none of that number.
    """
    progress = sample_progress(session, reader, now, number)
    sample = find_sample(session, reader, number)
    pages = max(1, -(-progress.cases // PAGE))
    shown = min(max(page, 0), pages - 1)
    place = sa.case({state.value: at for at, state in enumerate(_ORDER)}, value=AuditCase.state)
    rows = session.scalars(_cases(sample).order_by(place, AuditCase.id).limit(PAGE).offset(shown * PAGE)).all()
    return SamplePage(
        progress=progress,
        found=sample_accuracy(session, reader, sample.id),
        lessons=_lessons(session, sample),
        sheets=tuple(sheets_of(session, reader, rows)),
        page=shown,
        pages=pages,
        supervises=reader.has(Role.SUPERVISOR),
    )


def sample_file(session: Session, actor: Actor, now: datetime, number: int) -> bytes:
    """Every case of an audit as CSV, with both measures, and written down that it left the desk. Notes stay out of files.

    :raises NotAllowed: unless a supervisor asks; people stand in it by name.
    :raises NoSuchSample: when there is none of that number.
    """
    actor.require(Role.SUPERVISOR)
    sample = find_sample(session, actor, number)
    cases = session.scalars(_cases(sample).order_by(AuditCase.id)).all()
    people = names(session, actor.workspace_id, [key for case in cases for key in (case.coder_id, case.auditor_id)])
    called = {person.slack_user_id: person.name for person in people.values()}
    rows = [_row(sample, sheet, called) for sheet in sheets_of(session, actor, cases)]
    audit.record(session, actor, now, "sample_exported", Subject.SAMPLE, str(number), lines=len(rows))
    return csv_bytes(_COLUMNS, rows)


def _cases(sample: AuditSample) -> sa.Select[AuditCase]:
    return sa.select(AuditCase).where(AuditCase.workspace_id == sample.workspace_id, AuditCase.sample_id == sample.id)


def _lessons(session: Session, sample: AuditSample) -> tuple[tuple[RootReason, int, tuple[CleanText, ...]], ...]:
    rows = session.execute(
        _cases(sample)
        .with_only_columns(AuditCase.root_reason, AuditCase.note)
        .where(AuditCase.state == CaseState.EDITED)
        .order_by(AuditCase.finished_at.desc(), AuditCase.id.desc())
    )
    counts: dict[RootReason, int] = defaultdict(int)
    notes: dict[RootReason, list[CleanText]] = defaultdict(list)
    for reason, note in rows:
        if reason is not None:
            counts[reason] += 1
            notes[reason] += [note] if note and note not in notes[reason] else []
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((reason, count, tuple(notes[reason][:NOTES])) for reason, count in ordered)


def _row(sample: AuditSample, sheet: Worksheet, called: dict[str, str]) -> tuple[Cell, ...]:
    finished = sheet.finished_at is not None
    found = sheet.comparison
    measured: tuple[Cell, ...] = (None, None, None)
    if finished:
        measured = (len(found.agreed), found.reviewer_codes, "yes" if found.case_right else "no")
    return (
        sample.number, sample.basis, sheet.task, sheet.record, sheet.setting, sheet.facility, sheet.state,
        called.get(sheet.coder or ""), called.get(sheet.auditor or ""),
        " ".join(code.code for code in sheet.codes), " ".join(code.code for code in sheet.reviewer) if finished else None,
        *measured, sheet.root_reason, sheet.finished_at.date().isoformat() if sheet.finished_at else None,
    )  # fmt: skip
