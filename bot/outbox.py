"""Draining the outbox: which notices leave now, under whose lease, and what became of each.

A sender leases rows in one short transaction, speaks with Slack outside any transaction, and marks each row in another.
A row whose lease ran out while it was being sent is ambiguous: Slack may have taken the message. It is settled by looking
for the message before it is tried again.

What is of one kind and due for one person at the same time leaves in one message: one notice leads, the others are carried by it. A lead that
goes back to the outbox lets them go, unless its message may be out; so nothing hangs on a lead that is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.gathering import gathered
from storage.tables import Notice, Person, SlackPause, Workspace
from storage.tables.notices import WAITING
from storage.words import NoticeState

POST = "chat.postMessage"
#: After this many definite failures a notice is given up and counted.
MOST_ATTEMPTS = 8
#: A lost answer is looked into later and later, at most this much later.
LONGEST_DOUBT = timedelta(minutes=15)
#: How long what cannot be put into words waits for the next try.
SET_APART = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a sender takes and waits. ``timeout`` is for one call to Slack, ``margin`` for the database around one notice.

    :raises ValueError: when another sender could take over a notice while this one is still speaking with Slack about it, or before an answer
        that was lost had time to settle.
    """

    timeout: timedelta = timedelta(seconds=3)
    margin: timedelta = timedelta(seconds=3)
    pages: int = 5
    batch: int = 10
    #: No notice of a batch is begun after this time; the rest is given back.
    batch_time: timedelta = timedelta(seconds=30)
    #: An ambiguous message is looked for only after Slack had time to show it.
    settle_after: timedelta = timedelta(seconds=30)
    lease: timedelta = timedelta(seconds=60)
    #: A notice waits this long for others of its kind; urgent ones do not.
    gather: timedelta = timedelta()

    def __post_init__(self) -> None:
        """Prove that the lease outlives the longest batch, and that a message has settled when the lease of its sender ends."""
        for what, needed in (
            ("the longest batch", self.batch_time + self.longest_notice),
            ("one notice and its settling", self.longest_notice + self.settle_after),
        ):
            if self.lease <= needed:
                raise ValueError(f"A lease of {self.lease} is not longer than {what}, {needed}.")

    @property
    def longest_notice(self) -> timedelta:
        """One call to open the conversation, every page of its history, and one to post; each may use up its time-out."""
        return (1 + self.pages + 1) * self.timeout + self.margin


PACE = Pace()
LEASE, SETTLE_AFTER, BATCH = PACE.lease, PACE.settle_after, PACE.batch


@dataclass(frozen=True, slots=True)
class Leased:
    """A notice in a sender's hands. ``ambiguous``: an earlier attempt may have arrived. ``carries``: keys of those that leave with it.
    ``thread_ts``: the message that an earlier attempt replied to.
    """

    id: int
    workspace_id: int
    ambiguous: bool
    attempts: int
    first_try_at: datetime
    channel: str | None
    place_at: datetime | None = None
    carries: tuple[int, ...] = ()
    thread_ts: str | None = None


def workspaces_due(session: Session, now: datetime) -> Sequence[int]:
    """The workspaces that have something to say now and which Slack does not ask to wait."""
    due = sa.exists().where(Notice.workspace_id == Workspace.id, WAITING, Notice.not_before <= now)
    paused = sa.exists().where(SlackPause.workspace_id == Workspace.id, SlackPause.method == POST, SlackPause.until > now)
    return session.scalars(
        sa.select(Workspace.id).where(due, ~paused).order_by(Workspace.id).execution_options(all_workspaces=True)
    ).all()


def lease(
    session: Session, sender: str, now: datetime, limit: int = BATCH, *, pace: Pace = PACE, after: int = 0
) -> list[Leased]:
    """Take up to ``limit`` notices that are due, oldest first; what another sender holds is left to it until its lease ends.

    :param after: the workspace served last. Workspaces take turns from the next one on, so that many notices of one do not keep the others waiting.
    """
    rows: list[Notice] = []
    due = workspaces_due(session, now)
    waiting = [key for key in due if key > after] + [key for key in due if key <= after]
    for place, workspace_id in enumerate(waiting):
        share = -(-(limit - len(rows)) // (len(waiting) - place))
        rows += _due(session, workspace_id, now, share, pace) if share else []
    leads = gathered(session, rows, now)
    session.execute(
        sa.update(Notice)
        .where(Notice.id.in_([row.id for row, _ in leads]))
        .values(
            state=NoticeState.SENDING,
            lease_by=sender,
            lease_until=now + pace.lease,
            not_before=now + pace.lease,
            first_try_at=sa.case(
                (Notice.state == NoticeState.PENDING, sa.literal(now, Notice.first_try_at.type)),
                else_=sa.func.coalesce(Notice.first_try_at, sa.literal(now, Notice.first_try_at.type)),
            ),
        )
        .execution_options(all_workspaces=True, synchronize_session=False)
    )
    return [_leased(row, carried, now) for row, carried in leads]


def still_ours(session: Session, notice: Leased, sender: str, now: datetime, pace: Pace = PACE) -> bool:
    """Begin the lease anew, right before a notice is sent. False when it ran out and another sender has the notice."""
    until = now + pace.lease
    return _mark(session, notice, sender, lease_by=sender, lease_until=until, not_before=until)


def sent(
    session: Session, notice: Leased, sender: str, now: datetime, channel: str, ts: str, error: str | None = None
) -> bool:
    """Mark a notice, and all it carries, as said. False when the lease was lost meanwhile.

    :param error: a word about it, where something had to be taken on trust.
    """
    said: dict[str, Any] = {
        "state": NoticeState.SENT, "channel": channel, "message_ts": ts, "sent_at": now, "error": error
    }  # fmt: skip
    return _mark(session, notice, sender, **said) and _mark_carried(session, notice, **said)


def cancelled(session: Session, notice: Leased, sender: str) -> bool:
    """Mark a notice, and all it carries, as no longer true."""
    state = NoticeState.CANCELLED
    return _mark(session, notice, sender, state=state) and _mark_carried(session, notice, state=state)


def untrue(session: Session, notice: Leased, ids: Iterable[int]) -> None:
    """Mark some of what a notice carries as no longer true; the others still leave with it."""
    _mark_carried(session, notice, ids, state=NoticeState.CANCELLED)


def postponed(
    session: Session, notice: Leased, sender: str, until: datetime, place_at: datetime | None = None
) -> bool:
    """Slack asked to wait (429), or the person is not on shift: surely not sent, and not an attempt.

    :param place_at: the moment for which a place in the person's conversation was reserved.
    """
    state = NoticeState.AMBIGUOUS if notice.ambiguous else NoticeState.PENDING
    marked = _mark(session, notice, sender, state=state, not_before=until, place_at=place_at)
    return marked and (notice.ambiguous or _let_go(session, notice, until))


def doubtful(session: Session, notice: Leased, sender: str, now: datetime, error: str, pace: Pace = PACE) -> bool:
    """The answer was lost: the message may have arrived. Look for it before the next try; never given up."""
    attempts = notice.attempts + 1
    wait = min(pace.settle_after * 2 ** min(attempts - 1, 8), max(LONGEST_DOUBT, pace.settle_after))
    until = now + wait * (1 + _spread(notice.id, attempts))
    return _mark(
        session, notice, sender, state=NoticeState.AMBIGUOUS, not_before=until, attempts=attempts, error=error
    )


def unthreaded(session: Session, notice: Leased, sender: str, now: datetime) -> bool:
    """The message it was to reply to is gone: surely not sent, and not an attempt. It is put into words anew at once, as the first message of a thread."""
    marked = _mark(session, notice, sender, state=NoticeState.PENDING, not_before=now, thread_ts=None)
    return marked and _let_go(session, notice, now)


def stands_alone(
    session: Session, notice: Leased, sender: str, now: datetime, channel: str, ts: str, error: str | None = None
) -> bool:
    """The message it was to reply to is gone, and Slack has put it into the conversation by itself: it begins the thread from now on."""
    marked = sent(session, notice, sender, now, channel, ts, error)
    own = (Notice.workspace_id == notice.workspace_id, Notice.id == notice.id, Notice.message_ts == ts)
    session.execute(sa.update(Notice).where(*own).values(thread_ts=None))
    return marked


def broken(session: Session, notice: Leased, sender: str, now: datetime, error: str) -> bool:
    """It cannot be put into words: surely not sent. What it carried leaves without it, at once."""
    return refused(session, notice, sender, now, error, others_at=now)


def set_apart(session: Session, notice: Leased, now: datetime, ids: Iterable[int], error: str) -> None:
    """Some of what a notice carries cannot be put into words: they are tried again later by themselves, and given up at last."""
    for key in ids:
        attempts = Notice.attempts + 1
        _mark_carried(
            session, notice, [key],
            state=sa.case((attempts >= MOST_ATTEMPTS, NoticeState.FAILED.value), else_=NoticeState.PENDING.value),
            carried_by_id=None, attempts=attempts, error=error, not_before=now + SET_APART,
        )  # fmt: skip


def refused(
    session: Session, notice: Leased, sender: str, now: datetime, error: str, others_at: datetime | None = None
) -> bool:
    """Slack refused: surely not sent. Tried again later and later, and given up at last; what it carried is tried without it."""
    attempts = notice.attempts + 1
    again = NoticeState.AMBIGUOUS if notice.ambiguous else NoticeState.PENDING
    state = NoticeState.FAILED if attempts >= MOST_ATTEMPTS else again
    until = now + timedelta(seconds=15 * 2 ** min(attempts, 8)) * (1 + _spread(notice.id, attempts) / 4)
    marked = _mark(session, notice, sender, state=state, not_before=until, attempts=attempts, error=error)
    return marked and (state is NoticeState.AMBIGUOUS or _let_go(session, notice, others_at or until))


def unreachable(session: Session, notice: Leased, sender: str, error: str) -> bool:
    """The person cannot be reached at all: given up at once."""
    given_up: dict[str, Any] = {"state": NoticeState.FAILED, "error": error}
    marked = _mark(session, notice, sender, attempts=notice.attempts + 1, **given_up)
    return marked and _mark_carried(session, notice, **given_up)


def take_push_place(session: Session, notice: Leased, person: Person, day: date, limit: int) -> bool:
    """Take one of the ``limit`` places for messages this person has on their ``day``; False when all are taken.

    A notice keeps the place it has. Exact with any number of senders: the person's row is locked until the transaction ends.
    """
    here = (Notice.workspace_id == notice.workspace_id, Notice.recipient_id == person.id)
    own_row = (Person.workspace_id == notice.workspace_id, Person.id == person.id)
    session.execute(sa.select(Person.id).where(*own_row).with_for_update(key_share=True))
    taken = session.scalars(
        sa.select(Notice.id).where(
            *here, Notice.pushed_on == day, Notice.state.not_in((NoticeState.CANCELLED, NoticeState.FAILED))
        )
    ).all()
    if notice.id in taken:
        return True
    if len(taken) >= limit:
        return False
    session.execute(sa.update(Notice).where(*here, Notice.id == notice.id).values(pushed_on=day))
    return True


def pause(session: Session, workspace_id: int, method: str, until: datetime) -> None:
    """Let no sender of any process call ``method`` for a workspace before ``until``; a longer pause stays."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    written = insert(SlackPause).values(workspace_id=workspace_id, method=method, until=until)
    session.execute(
        written.on_conflict_do_update(
            index_elements=["workspace_id", "method"], set_={"until": until}, where=SlackPause.until < until
        )
    )


def paused_until(session: Session, workspace_id: int, method: str, now: datetime) -> datetime | None:
    """Until when a method is not to be called for a workspace, or None when it may be."""
    return session.scalars(
        sa.select(SlackPause.until).where(
            SlackPause.workspace_id == workspace_id, SlackPause.method == method, SlackPause.until > now
        )
    ).first()


def _due(session: Session, workspace_id: int, now: datetime, limit: int, pace: Pace) -> Sequence[Notice]:
    settled = sa.or_(
        Notice.state != NoticeState.PENDING, Notice.breaks_through, Notice.created_at <= now - pace.gather
    )
    rows = session.scalars(
        sa.select(Notice)
        .where(Notice.workspace_id == workspace_id, WAITING, Notice.not_before <= now, settled)
        .order_by(Notice.not_before, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        session.expunge(row)
    return rows


def _leased(row: Notice, carries: tuple[int, ...], now: datetime) -> Leased:
    """The notice as it was before this lease."""
    fresh = row.state is NoticeState.PENDING
    return Leased(
        id=row.id,
        workspace_id=row.workspace_id,
        ambiguous=not fresh,
        attempts=row.attempts,
        first_try_at=now if fresh else row.first_try_at or now,
        channel=row.channel,
        place_at=row.place_at,
        carries=carries,
        thread_ts=row.thread_ts,
    )


def _let_go(session: Session, notice: Leased, until: datetime) -> bool:
    return _mark_carried(session, notice, state=NoticeState.PENDING, carried_by_id=None, not_before=until)


def _mark_carried(session: Session, notice: Leased, only: Iterable[int] | None = None, **values: Any) -> bool:  # noqa: ANN401 - column values
    ids = list(notice.carries if only is None else only)
    if ids:
        session.execute(
            sa.update(Notice)
            .where(
                Notice.workspace_id == notice.workspace_id,
                Notice.id.in_(ids),
                Notice.carried_by_id == notice.id,
                Notice.state == NoticeState.CARRIED,
            )
            .values(values)
            .execution_options(synchronize_session=False)
        )
    return True


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


def _spread(notice_id: int, attempts: int) -> float:
    """Between 0 and 1, different for each notice and attempt, so that those that failed together do not come back together."""
    return (notice_id * 7919 + attempts * 104_729) % 1000 / 1000
