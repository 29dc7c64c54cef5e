"""Accuracy flags: a reported problem on a record, and what became of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, CleanText, GuardedText, Reference, Slug, UtcDateTime, Word
from storage.indexes import partial_index
from storage.words import ErrorType, FlagEvent, FlagOutcome, FlagState, RootReason, Severity

_STANDS = "outcome = 'stands'"
_LOOKED_AT = "remind_at IS NOT NULL"


class AccuracyFlag(Base):
    """One reported accuracy problem. Error type and root reason are two axes and are never merged.

    ``flagged_id`` is the person whose work it is about, empty when that is nobody's; ``corrected_by_id`` who put it right and so cannot verify it.
    ``reported_by_id`` reported it first; who reported the same later is a :class:`FlagReporter`.
    ``citation`` is a section number of a guideline, never its text.
    ``outcome`` and ``decided_at`` say whether it stands and since when, until it is reopened; every state with its time is in :class:`FlagHistory`.
    ``quiet_since`` is the last sign of life from those who are to act, ``remind_at`` when the clock looks at it again; both empty once it is settled.
    """

    __tablename__ = "accuracy_flags"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "reference"),
        sa.Index("ix_accuracy_flags_record", "workspace_id", "record_id", "state"),
        sa.Index("ix_accuracy_flags_person", "workspace_id", "flagged_id", "state"),
        partial_index("ix_accuracy_flags_decided", _STANDS, "workspace_id", "flagged_id", "decided_at"),
        partial_index("ix_accuracy_flags_look", _LOOKED_AT, "workspace_id", "remind_at"),
        sa.Index("ix_accuracy_flags_created", "workspace_id", "created_at", "root_reason", "error_type", "outcome"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    reference: Mapped[str] = mapped_column(Reference)
    record_id: Mapped[int] = mapped_column(sa.ForeignKey("records.id"))
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_tasks.id"))
    request_id: Mapped[int | None] = mapped_column(sa.ForeignKey("roi_requests.id"))
    error_type: Mapped[ErrorType] = mapped_column(Word(ErrorType))
    root_reason: Mapped[RootReason | None] = mapped_column(Word(RootReason))
    severity: Mapped[Severity] = mapped_column(Word(Severity))
    state: Mapped[FlagState] = mapped_column(Word(FlagState))
    code_before: Mapped[str | None] = mapped_column(Slug)
    code_after: Mapped[str | None] = mapped_column(Slug)
    citation: Mapped[str | None] = mapped_column(Slug)
    note: Mapped[CleanText | None] = mapped_column(GuardedText)
    reported_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    flagged_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    corrected_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[FlagOutcome | None] = mapped_column(Word(FlagOutcome))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiet_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FlagReporter(Base):
    """Somebody who reported a problem that was flagged already."""

    __tablename__ = "flag_reporters"

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    flag_id: Mapped[int] = mapped_column(sa.ForeignKey("accuracy_flags.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class FlagHistory(Base):
    """One entry in the history of a flag: its report, a step, a comment, or somebody who joined. Only a step has two different states."""

    __tablename__ = "flag_history"
    __table_args__ = (
        sa.Index("ix_flag_history_flag", "workspace_id", "flag_id", "id"),
        sa.Index("ix_flag_history_at", "workspace_id", "at", "to_state", "from_state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    flag_id: Mapped[int] = mapped_column(sa.ForeignKey("accuracy_flags.id"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    event: Mapped[FlagEvent] = mapped_column(Word(FlagEvent))
    from_state: Mapped[FlagState | None] = mapped_column(Word(FlagState))
    to_state: Mapped[FlagState] = mapped_column(Word(FlagState))
    note: Mapped[CleanText | None] = mapped_column(GuardedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EducationNote(Base):
    """That somebody was privately pointed to the instructions of a code, because errors came from the same root reason again.

    ``flags`` is how many flags it was about, ``error_type`` their most frequent kind; ``code`` the one whose instructions were shown, where the flags name one.
    """

    __tablename__ = "education_notes"
    __table_args__ = (
        sa.Index("ix_education_notes_person", "workspace_id", "person_id", "at"),
        sa.Index("ix_education_notes_time", "workspace_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    error_type: Mapped[ErrorType] = mapped_column(Word(ErrorType))
    root_reason: Mapped[RootReason] = mapped_column(Word(RootReason))
    flags: Mapped[int] = mapped_column(sa.Integer)
    code: Mapped[str | None] = mapped_column(Slug)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
