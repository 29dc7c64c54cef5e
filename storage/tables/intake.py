"""Imports: how far each is, and what somebody said the headers of files mean. Neither holds anything of a file."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, Digest, Slug, UtcDateTime, Word
from storage.indexes import partial_index
from storage.words import ImportState

_RUNNING = "state = 'running'"


class ColumnMapping(Base):
    """What a header means in files of one kind, as a supervisor said. The header itself is kept only as a keyed hash: it may be anything.

    ``field`` is a column of ours, empty when nothing of ours is in that column.
    """

    __tablename__ = "column_mappings"

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Slug, primary_key=True)
    header: Mapped[str] = mapped_column(Digest, primary_key=True)
    field: Mapped[str] = mapped_column(Slug)
    mapped_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportRun(Base):
    """One import: how many lines of how many are taken over, in which state it is, and when it last moved.

    It moves in the transaction of each part, so after the death of a process it tells exactly what was stored.
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        partial_index("ix_import_runs_running", _RUNNING, "moved_at"),
        sa.Index("ix_import_runs_person", "workspace_id", "started_by_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(Slug)
    digest: Mapped[str] = mapped_column(Digest)
    state: Mapped[ImportState] = mapped_column(Word(ImportState))
    total: Mapped[int] = mapped_column(sa.Integer)
    done: Mapped[int] = mapped_column(sa.Integer, default=0)
    new: Mapped[int] = mapped_column(sa.Integer, default=0)
    updated: Mapped[int] = mapped_column(sa.Integer, default=0)
    unchanged: Mapped[int] = mapped_column(sa.Integer, default=0)
    rejected: Mapped[int] = mapped_column(sa.Integer, default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
