"""Draining the outbox: which notices leave now, under whose lease, and what became of each.

A sender leases rows in one short transaction, speaks with Slack outside any transaction, and marks each row in another.
A row whose lease ran out while it was being sent is ambiguous: Slack may have taken the message. It is settled by looking
for the message before it is tried again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from storage.tables import Notice
from storage.words import NoticeState

#: Longer than one notice can take: three calls to Slack, each with a time-out of three seconds. It begins anew with each notice of a batch.
LEASE = timedelta(seconds=45)
#: An ambiguous message is looked for only after Slack had time to show it.
SETTLE_AFTER = timedelta(seconds=30)
BATCH = 10
#: After this many definite failures a notice is given up and counted.
MOST_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Leased:
    """A notice in a sender's hands. ``ambiguous``: an earlier attempt may have arrived."""

    id: int
    workspace_id: int
    ambiguous: bool
    attempts: int
    first_try_at: datetime
    channel: str | None


def lease(session: Session, sender: str, now: datetime, limit: int = BATCH) -> list[Leased]:
    """Take up to ``limit`` notices that are due, oldest first; what another sender holds is left to it until its lease ends."""
    row = aliased(Notice)
    due = (
        sa.select(row.id)
        .where(sa.text("state IN ('pending', 'sending', 'ambiguous')"), row.not_before <= now)
        .order_by(row.not_before, row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(due.execution_options(all_workspaces=True)).all()
    if not ids:
        return []
    before = _states(session, ids)
    session.execute(
        sa.update(Notice)
        .where(Notice.id.in_(ids))
        .values(
            state=NoticeState.SENDING,
            lease_by=sender,
            lease_until=now + LEASE,
            not_before=now + LEASE,
            first_try_at=sa.func.coalesce(Notice.first_try_at, sa.literal(now, Notice.first_try_at.type)),
        )
        .execution_options(all_workspaces=True, synchronize_session=False)
    )
    return [
        Leased(
            id=key,
            workspace_id=before[key].workspace_id,
            ambiguous=before[key].state is not NoticeState.PENDING,
            attempts=before[key].attempts,
            first_try_at=before[key].first_try_at or now,
            channel=before[key].channel,
        )
        for key in ids
    ]


def still_ours(session: Session, notice: Leased, sender: str, now: datetime) -> bool:
    """Begin the lease anew, right before a notice is sent. False when it ran out and another sender has the notice."""
    return _mark(session, notice, sender, lease_by=sender, lease_until=now + LEASE, not_before=now + LEASE)


def sent(session: Session, notice: Leased, sender: str, now: datetime, channel: str, ts: str) -> bool:
    """Mark a notice as said. False when the lease was lost meanwhile."""
    return _mark(
        session, notice, sender, state=NoticeState.SENT, channel=channel, message_ts=ts, sent_at=now, error=None
    )


def cancelled(session: Session, notice: Leased, sender: str) -> bool:
    """Mark a notice as no longer true."""
    return _mark(session, notice, sender, state=NoticeState.CANCELLED)


def postponed(session: Session, notice: Leased, sender: str, until: datetime) -> bool:
    """Slack asked to wait (429), or the person is not on shift: surely not sent, and not an attempt."""
    state = NoticeState.AMBIGUOUS if notice.ambiguous else NoticeState.PENDING
    return _mark(session, notice, sender, state=state, not_before=until)


def doubtful(session: Session, notice: Leased, sender: str, now: datetime, error: str) -> bool:
    """The answer was lost: the message may have arrived. Look for it before the next try."""
    return _mark(
        session, notice, sender,
        state=NoticeState.AMBIGUOUS, not_before=now + SETTLE_AFTER, attempts=notice.attempts + 1, error=error,
    )  # fmt: skip


def refused(session: Session, notice: Leased, sender: str, now: datetime, error: str) -> bool:
    """Slack refused: surely not sent. Tried again later and later, and given up at last."""
    attempts = notice.attempts + 1
    again = NoticeState.AMBIGUOUS if notice.ambiguous else NoticeState.PENDING
    state = NoticeState.FAILED if attempts >= MOST_ATTEMPTS else again
    wait = timedelta(seconds=15 * 2 ** min(attempts, 8))
    return _mark(session, notice, sender, state=state, not_before=now + wait, attempts=attempts, error=error)


def unreachable(session: Session, notice: Leased, sender: str, error: str) -> bool:
    """The person cannot be reached at all: given up at once."""
    return _mark(session, notice, sender, state=NoticeState.FAILED, attempts=notice.attempts + 1, error=error)


def _states(session: Session, ids: Sequence[int]) -> dict[int, Notice]:
    rows = session.scalars(sa.select(Notice).where(Notice.id.in_(ids)).execution_options(all_workspaces=True))
    found = {}
    for row in rows:
        session.expunge(row)
        found[row.id] = row
    return found


def _mark(session: Session, notice: Leased, sender: str, **values: Any) -> bool:  # noqa: ANN401 - column values
    finished = session.execute(
        sa.update(Notice)
        .where(
            Notice.workspace_id == notice.workspace_id,
            Notice.id == notice.id,
            Notice.lease_by == sender,
            Notice.state == NoticeState.SENDING,
        )
        .values({"lease_by": None, "lease_until": None, **values})
        .execution_options(synchronize_session=False)
        .returning(Notice.id)
    )
    return finished.first() is not None
