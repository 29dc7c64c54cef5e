"""Threads: what is said to one person about one thing, one message under the other. The first message shows the thing; later notices reply below it.

Somebody may delete that message in Slack. Then the next thing that is said begins a new thread, with the thing as it is now; words written under the old one
are still understood.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from bot.actors import Actor
from storage.tables import Notice
from storage.words import NoticeKind, NoticeState, Subject

#: Kinds that begin a thread where there is none, and reply in it where there is one.
THREADED = frozenset({NoticeKind.FLAG_RAISED, NoticeKind.FLAG_MOVED, NoticeKind.FLAG_COMMENTED})
#: How long a reply waits for the message above it to arrive.
A_MOMENT = timedelta(seconds=5)
#: What a message is marked with that Slack no longer has.
GONE = "gone"
_ON_THE_WAY = (NoticeState.SENDING, NoticeState.AMBIGUOUS, NoticeState.PENDING)


def thread_for(session: Session, notice: Notice) -> str | None:
    """The time stamp of the message this notice replies to; None for one that stands by itself."""
    if notice.kind not in THREADED:
        return None
    return session.scalar(
        _firsts(notice.workspace_id, notice.subject, notice.recipient_id)
        .where(Notice.subject_id == notice.subject_id, Notice.id < notice.id, Notice.error.is_distinct_from(GONE))
        .with_only_columns(Notice.message_ts)
    )


def after_earlier(session: Session, notice: Notice, now: datetime) -> datetime | None:
    """When to try again, while an earlier notice of the same thread has not left: this one comes after it. None when nothing is in the way."""
    if notice.kind not in THREADED:
        return None
    earlier = session.execute(
        sa.select(Notice.state, Notice.not_before)
        .where(
            Notice.workspace_id == notice.workspace_id,
            Notice.recipient_id == notice.recipient_id,
            Notice.subject == notice.subject,
            Notice.subject_id == notice.subject_id,
            Notice.kind.in_(THREADED),
            Notice.id < notice.id,
            Notice.state.in_(_ON_THE_WAY),
        )
        .order_by(Notice.id)
        .limit(1)
    ).first()
    if earlier is None:
        return None
    soon = now + A_MOMENT
    return max(soon, earlier.not_before) if earlier.state is NoticeState.PENDING else soon


def subject_under(session: Session, reader: Actor, subject: Subject, channel: str, thread_ts: str) -> int | None:
    """The key of the thing whose first message to this reader has that time stamp; None when no thread runs there."""
    return session.scalar(
        _firsts(reader.workspace_id, subject, reader.id)
        .where(Notice.channel == channel, Notice.message_ts == thread_ts)
        .with_only_columns(Notice.subject_id)
    )


def forget(session: Session, workspace_id: int, recipient_id: int, ts: str) -> None:
    """Note that a message to somebody that began a thread is no longer in Slack, so that nothing more is said below it."""
    session.execute(
        sa.update(Notice)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.recipient_id == recipient_id,
            Notice.message_ts == ts,
            Notice.state == NoticeState.SENT,
        )
        .values(error=GONE)
        .execution_options(synchronize_session=False)
    )


def _firsts(workspace_id: int, subject: Subject, recipient_id: int) -> sa.Select[Notice]:
    """Messages to one person that began a thread, oldest first: no replies, and no lists of several things."""
    inside = aliased(Notice)
    lists = sa.exists().where(
        inside.workspace_id == workspace_id,
        inside.carried_by_id == Notice.id,
        inside.state == NoticeState.SENT,
        inside.subject_id != Notice.subject_id,
    )
    return (
        sa.select(Notice)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.recipient_id == recipient_id,
            Notice.subject == subject,
            Notice.kind.in_(THREADED),
            Notice.state == NoticeState.SENT,
            Notice.message_ts.is_not(None),
            Notice.thread_ts.is_(None),
            Notice.carried_by_id.is_(None),
            ~lists,
        )
        .order_by(Notice.id)
        .limit(1)
    )
