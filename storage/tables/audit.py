"""The audit trail and the PHI guard's own counts. Neither holds any content."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, Digest, Facts, Slug, UtcDateTime, Word
from storage.words import Subject, Surface


class AuditEntry(Base):
    """Who did what to which reference, when, from where, with what result.

    Append-only and hash-chained. Each actor has a chain of their own (``chain`` is the person's id, 0 for the clock and the command line), so that two people
    never wait for each other to write; ``seq`` counts it without gaps and cannot fork, because the three are the key.

    The trail stands by itself: it has no foreign keys. Its chain names the person and its hashes prove it, and an entry on a workspace or a person would lock
    a row that others wait for.
    """

    __tablename__ = "audit_entries"

    workspace_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    chain: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigId)
    action: Mapped[str] = mapped_column(Slug)
    subject: Mapped[Subject] = mapped_column(Word(Subject))
    reference: Mapped[str] = mapped_column(Slug)
    source: Mapped[str] = mapped_column(Slug)
    facts: Mapped[dict[str, Any]] = mapped_column(Facts, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous_hash: Mapped[str] = mapped_column(Digest)
    hash: Mapped[str] = mapped_column(Digest)


class GuardEvent(Base):
    """That the PHI guard stopped or questioned a text: kinds and counts, never the text, its place or a hash of it."""

    __tablename__ = "guard_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    surface: Mapped[Surface] = mapped_column(Word(Surface))
    labels: Mapped[dict[str, Any]] = mapped_column(Facts, default=dict)
    action: Mapped[str] = mapped_column(Slug)
    confirm_reason: Mapped[str | None] = mapped_column(Slug)
    length_bucket: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
