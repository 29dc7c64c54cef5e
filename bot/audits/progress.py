"""How far samples are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.audits.cases import PAGE
from bot.audits.samples import AUDITORS, find_sample
from storage.columns import CleanText
from storage.tables import AuditCase, AuditSample
from storage.words import CaseState, SampleBasis


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sample is. ``unassigned``: open cases nobody has."""

    number: int
    basis: SampleBasis
    seed: str | None
    starts_on: date
    ends_on: date
    population: int
    cases: int
    agreed: int
    edited: int
    withdrawn: int
    unassigned: int
    code: str | None = None
    cancelled_at: datetime | None = None
    cancel_note: CleanText | None = None

    @property
    def open(self) -> int:
        """How many cases are still to be audited."""
        return self.cases - self.agreed - self.edited - self.withdrawn


def samples_progress(session: Session, reader: Actor, _now: datetime, most: int = PAGE) -> tuple[Progress, ...]:
    """The newest samples and how far each is.

    :raises NotAllowed: unless an auditor or a supervisor asks.
    """
    reader.require(*AUDITORS)
    return tuple(_progress(session, reader, sa.true(), most))


def progress_by_key(session: Session, reader: Actor, sample_id: int) -> Progress:
    """How far the sample with this key is, for a notice about it."""
    [found] = _progress(session, reader, AuditSample.id == sample_id, 1)
    return found


def sample_progress(session: Session, reader: Actor, _now: datetime, number: int) -> Progress:
    """How far one sample is.

    :raises NotAllowed: unless an auditor or a supervisor asks.
    :raises NoSuchSample: when there is none of that number.
    """
    reader.require(*AUDITORS)
    sample = find_sample(session, reader, number)
    [found] = _progress(session, reader, AuditSample.id == sample.id, 1)
    return found


def _progress(session: Session, reader: Actor, which: sa.ColumnElement[bool], most: int) -> list[Progress]:
    def counted(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((sa.and_(*conditions), 1)))

    rows = session.execute(
        sa.select(
            AuditSample.number, AuditSample.basis, AuditSample.seed, AuditSample.starts_on, AuditSample.ends_on,
            AuditSample.population, AuditSample.code, AuditSample.cancelled_at, AuditSample.cancel_note,
            sa.func.count(AuditCase.id).label("cases"),
            counted(AuditCase.state == CaseState.AGREED).label("agreed"),
            counted(AuditCase.state == CaseState.EDITED).label("edited"),
            counted(AuditCase.state == CaseState.WITHDRAWN).label("withdrawn"),
            counted(AuditCase.state == CaseState.OPEN, AuditCase.auditor_id.is_(None)).label("unassigned"),
        )
        .outerjoin(AuditCase, sa.and_(AuditCase.workspace_id == AuditSample.workspace_id, AuditCase.sample_id == AuditSample.id))
        .where(AuditSample.workspace_id == reader.workspace_id, which)
        .group_by(AuditSample.id)
        .order_by(AuditSample.number.desc())
        .limit(most)
    )  # fmt: skip
    return [Progress(**row._mapping) for row in rows]
