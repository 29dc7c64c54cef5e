"""Notices: what is to be said to whom, and when. The outbox that senders drain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, Facts, SlackId, Slug, UtcDateTime, Word
from storage.words import NoticeKind, NoticeState, Subject

_WAITING = "state IN ('pending', 'sending', 'ambiguous')"


class Notice(Base):
    """One message to one person. Its ``dedupe_key`` is unique, so the same thing is never said twice.

    A sender leases the row, calls Slack outside any transaction, and then marks it. A row found still leased after its lease is ambiguous:
    Slack may or may not have taken it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "dedupe_key"),
        sa.Index(
            "ix_notices_waiting",
            "not_before",
            "id",
            postgresql_where=sa.text(_WAITING),
            sqlite_where=sa.text(_WAITING),
        ),
        sa.Index("ix_notices_subject", "workspace_id", "subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    kind: Mapped[NoticeKind] = mapped_column(Word(NoticeKind))
    subject: Mapped[Subject] = mapped_column(Word(Subject))
    subject_id: Mapped[int] = mapped_column(BigId)
    facts: Mapped[dict[str, Any]] = mapped_column(Facts, default=dict)
    dedupe_key: Mapped[str] = mapped_column(Slug)
    breaks_through: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState), default=NoticeState.PENDING)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_by: Mapped[str | None] = mapped_column(Slug)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    first_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channel: Mapped[str | None] = mapped_column(SlackId)
    message_ts: Mapped[str | None] = mapped_column(SlackId)
    error: Mapped[str | None] = mapped_column(Slug)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
