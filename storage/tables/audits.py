"""Audits of coding: the samples drawn, their cases, and the codes a reviewer would have assigned."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, CleanText, GuardedText, Slug, UtcDateTime, Word
from storage.indexes import partial_index
from storage.words import CaseState, RootReason, SampleBasis, TaskSetting

_OPEN = "state = 'open'"
_FINISHED = "state <> 'open'"


class AuditSample(Base):
    """Cases chosen for audit. A random one can be drawn again: ``seed`` and the tasks' references decide (see ``bot.audits.chance``).

    ``number`` is what people call it, counted by workspace. ``starts_on`` and ``ends_on`` (both included) are the days the coding was completed on, in the
    workspace's legal zone. Of ``per_coder`` (cases) and ``percent`` a random sample has one, a targeted one neither. ``population`` is how many cases could
    have been drawn. ``code`` is what a targeted sample was chosen by, such as ``A41.*``; ``cancel_note`` why the audit was ended early.
    """

    __tablename__ = "audit_samples"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    basis: Mapped[SampleBasis] = mapped_column(Word(SampleBasis))
    seed: Mapped[str | None] = mapped_column(Slug)
    per_coder: Mapped[int | None] = mapped_column(sa.Integer)
    percent: Mapped[int | None] = mapped_column(sa.Integer)
    starts_on: Mapped[date] = mapped_column(sa.Date)
    ends_on: Mapped[date] = mapped_column(sa.Date)
    setting: Mapped[TaskSetting | None] = mapped_column(Word(TaskSetting))
    facility: Mapped[str | None] = mapped_column(Slug)
    code: Mapped[str | None] = mapped_column(Slug)
    population: Mapped[int] = mapped_column(sa.Integer)
    drawn_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_note: Mapped[CleanText | None] = mapped_column(GuardedText)


class AuditCase(Base):
    """One coded task that somebody else than its coder looks at: of a sample (``sample_id``), or in the second-level review ``review_id``; one of the two.

    Once it is finished it carries the comparison (see ``bot.audits.comparison``): of ``reviewer_codes`` the coder had ``agreed`` in their place, ``moved`` in
    the wrong place and lacked ``added``; ``removed`` of the coder's are not the reviewer's.
    """

    __tablename__ = "audit_cases"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "sample_id", "task_id"),
        sa.UniqueConstraint("review_id"),
        sa.CheckConstraint("(sample_id IS NULL) <> (review_id IS NULL)", name="of_a_sample_or_a_review"),
        sa.CheckConstraint("auditor_id IS NULL OR auditor_id <> coder_id", name="never_own_work"),
        partial_index("ix_audit_cases_open", _OPEN, "workspace_id", "auditor_id", "id"),
        partial_index("ix_audit_cases_finished", _FINISHED, "workspace_id", "finished_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    sample_id: Mapped[int | None] = mapped_column(sa.ForeignKey("audit_samples.id"))
    review_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_tasks.id"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("review_tasks.id"))
    coder_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    auditor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    state: Mapped[CaseState] = mapped_column(Word(CaseState))
    reviewer_codes: Mapped[int | None] = mapped_column(sa.Integer)
    agreed: Mapped[int | None] = mapped_column(sa.Integer)
    moved: Mapped[int | None] = mapped_column(sa.Integer)
    added: Mapped[int | None] = mapped_column(sa.Integer)
    removed: Mapped[int | None] = mapped_column(sa.Integer)
    root_reason: Mapped[RootReason | None] = mapped_column(Word(RootReason))
    note: Mapped[CleanText | None] = mapped_column(GuardedText)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditCode(Base):
    """A code the reviewer would have assigned to an edited case, in order; the first is the principal one."""

    __tablename__ = "audit_codes"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "case_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_cases.id"))
    system: Mapped[str] = mapped_column(Slug)
    code: Mapped[str] = mapped_column(Slug)
    position: Mapped[int] = mapped_column(sa.Integer)
