"""Accuracy flags: a reported problem on a record, and what became of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, CleanText, GuardedText, Reference, Slug, UtcDateTime, Word
from storage.words import ErrorType, FlagState, RootReason, Severity


class AccuracyFlag(Base):
    """One reported accuracy problem. Error type and root reason are two axes and are never merged.

    ``flagged_id`` is the person whose work it is about, empty when that is nobody's; ``corrected_by_id`` who put it right and so cannot verify it.
    """

    __tablename__ = "accuracy_flags"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "reference"),
        sa.Index("ix_accuracy_flags_record", "workspace_id", "record_id", "state"),
        sa.Index("ix_accuracy_flags_person", "workspace_id", "flagged_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    reference: Mapped[str] = mapped_column(Reference)
    record_id: Mapped[int] = mapped_column(sa.ForeignKey("records.id"))
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_tasks.id"))
    error_type: Mapped[ErrorType] = mapped_column(Word(ErrorType))
    root_reason: Mapped[RootReason | None] = mapped_column(Word(RootReason))
    severity: Mapped[Severity] = mapped_column(Word(Severity))
    state: Mapped[FlagState] = mapped_column(Word(FlagState))
    code_before: Mapped[str | None] = mapped_column(Slug)
    code_after: Mapped[str | None] = mapped_column(Slug)
    note: Mapped[CleanText | None] = mapped_column(GuardedText)
    reported_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    flagged_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    corrected_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FlagHistory(Base):
    """One step of a flag."""

    __tablename__ = "flag_history"
    __table_args__ = (sa.Index("ix_flag_history_flag", "workspace_id", "flag_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    flag_id: Mapped[int] = mapped_column(sa.ForeignKey("accuracy_flags.id"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    from_state: Mapped[FlagState | None] = mapped_column(Word(FlagState))
    to_state: Mapped[FlagState] = mapped_column(Word(FlagState))
    note: Mapped[CleanText | None] = mapped_column(GuardedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
