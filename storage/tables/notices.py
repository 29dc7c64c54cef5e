"""Notices: what is to be said to whom, and when. The outbox that senders drain."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, Facts, SlackId, Slug, UtcDateTime, Word
from storage.indexes import partial_index
from storage.words import NoticeKind, NoticeState, Subject

_WAITING = "state IN ('pending', 'sending', 'ambiguous')"
#: Notices a sender may have to take up, as a literal condition: a bound parameter would keep PostgreSQL from using the partial indexes.
WAITING = sa.text(_WAITING)


class Notice(Base):
    """One thing to be said to one person. Its ``dedupe_key`` is unique, so the same thing is never said twice.

    A sender leases the row, calls Slack outside any transaction, and then marks it. A row found still leased after its lease is ambiguous:
    Slack may or may not have taken it. What leaves inside another notice's message is ``carried`` and names that one in ``carried_by_id``.
    ``pushed_on`` is the reader's day on which it took one of their places for messages; ``place_at`` a moment reserved in their conversation.
    ``thread_ts`` names the message it replies to, decided before its first try.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "dedupe_key"),
        partial_index("ix_notices_waiting", _WAITING, "not_before", "id"),
        partial_index("ix_notices_turn", _WAITING, "workspace_id", "not_before", "id"),
        partial_index("ix_notices_recipient", _WAITING, "workspace_id", "recipient_id", "kind"),
        partial_index("ix_notices_carried", "carried_by_id IS NOT NULL", "carried_by_id"),
        partial_index("ix_notices_pushed", "pushed_on IS NOT NULL", "recipient_id", "pushed_on"),
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
    carried_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("notices.id"))
    pushed_on: Mapped[date | None] = mapped_column(sa.Date)
    place_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    first_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channel: Mapped[str | None] = mapped_column(SlackId)
    message_ts: Mapped[str | None] = mapped_column(SlackId)
    thread_ts: Mapped[str | None] = mapped_column(SlackId)
    error: Mapped[str | None] = mapped_column(Slug)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SlackPause(Base):
    """Until when Slack does not want to hear one method from one workspace (429 with Retry-After). Every sender of every process looks here."""

    __tablename__ = "slack_pauses"

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    method: Mapped[str] = mapped_column(Slug, primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class StaleCard(Base):
    """A thing whose cards in Slack show how it was. One row however often it changed: ``version`` counts, ``not_before`` is when the cards may be updated."""

    __tablename__ = "stale_cards"
    __table_args__ = (sa.Index("ix_stale_cards_due", "not_before"),)

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    subject: Mapped[Subject] = mapped_column(Word(Subject), primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
