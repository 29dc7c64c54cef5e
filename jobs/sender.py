"""Sending notices: lease, look for what may be out already, render from the database as it is now, speak with Slack, mark."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot import outbox, stale, threads
from bot.commands import with_prefix
from bot.desk import Desk
from bot.installations import bot_token
from bot.moments import local_day
from bot.notices import leaves_at, misses, next_day_at, tell_unreachable
from bot.outbox import MOST_ATTEMPTS, PACE, POST, Leased, Pace
from bot.roi.reminders import pass_on
from bot.views.layout import Message, renamed
from jobs.letters import letter
from jobs.settling import HISTORY, REPLIES, HistoryUnreadableError, NotSettledError, look_for, metadata_of
from jobs.verdicts import FAILURES, Outcome, Verdict, judge
from storage.tables import Notice, Person, Workspace
from storage.words import NoticeKind

log = structlog.get_logger(__name__)

#: Slack takes about one message a second in a channel, with short bursts.
PER_SECOND, BURST = 1.0, 3
#: A reserved place in a conversation may be used this much later.
PLACE_KEPT = timedelta(minutes=1)
#: What a message that was repeated without being able to look for the first one is marked with.
UNSETTLED = "unsettled"
#: These take none of a person's places for messages.
DIGESTS = (NoticeKind.MORNING_DIGEST, NoticeKind.WEEKLY_REPORT)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a notice goes to, and the client that speaks with their workspace."""

    notice: Leased
    user_id: str
    client: WebClient


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message, and the time stamp of the one it replies to, if it is a reply."""

    message: Message
    thread_ts: str | None


@dataclass(eq=False)
class Sender:
    """Delivers what is due. Any number of senders may run; the lease in the database keeps them apart."""

    desk: Desk
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}")
    pace: Pace = PACE
    _served_last: int = 0

    def send_due(self) -> int:
        """Deliver one batch; returns how many messages were taken up. What cannot be begun in time is given back, well before its lease ends."""
        with self.desk.database.write() as session:
            leased = outbox.lease(
                session, self.name, self.desk.now(), self.pace.batch, pace=self.pace, after=self._served_last
            )
        if leased:
            self._served_last = max(leased, key=lambda notice: _turn(notice, self._served_last)).workspace_id
        ends = time.monotonic() + self.pace.batch_time.total_seconds()
        for notice in leased:
            if time.monotonic() < ends:
                self._deliver_safely(notice)
            else:
                self._mark(outbox.postponed, notice, self.desk.now(), notice.place_at)
        return len(leased)

    def _deliver_safely(self, notice: Leased) -> None:
        """One notice that goes wrong must not keep the others waiting.

        What goes wrong in an unforeseen way is left to the end of the lease: the message may be out, and is then looked for before anything else.
        """
        try:
            self._deliver(notice)
        except Exception:
            log.exception("notice_left_to_its_lease", notice=notice.id)

    def _deliver(self, notice: Leased) -> None:
        to = self._addressee(notice)
        if to is None:
            return
        settled = self._settle(to) if notice.ambiguous else ""
        if settled is None:
            return
        outgoing = self._render(notice)
        if outgoing is not None and self._has_place(to):
            self._post(to, outgoing, settled)

    def _addressee(self, notice: Leased) -> Addressee | None:
        """Make sure the notice is still in our hands, and find whom it goes to. None where nobody can be written to any more."""
        with self.desk.database.write() as session:
            if not outbox.still_ours(session, notice, self.name, self.desk.now(), self.pace):
                return None
            rows, person, workspace = _load(session, notice)
            token = bot_token(workspace, self.desk.settings)
            if token is None or not person.active:
                if not person.active:
                    pass_on(session, self.desk.now(), rows, person)
                outbox.cancelled(session, notice, self.name)
                return None
            user_id = person.slack_user_id
        # Slack's SDK re-sends silently after a lost connection by default; here a lost answer must come back as one.
        timeout = self.pace.timeout.total_seconds()
        client = WebClient(
            token=token,
            base_url=self.desk.settings.slack_api_url,
            timeout=timeout,  # type: ignore[arg-type]  # the SDK says int and hands it on to urllib, which takes fractions
            retry_handlers=[],
        )
        return Addressee(notice, user_id, client)

    def _settle(self, to: Addressee) -> str | None:
        """Look for a message that an earlier attempt may have left. None when nothing more is to be done now; else the word to mark the next one with.

        Where history may not be read, a rare repeat is better than a loss, and is counted.
        """
        notice, now = to.notice, self.desk.now()
        with self.desk.database.read() as session:
            paused = outbox.paused_until(session, notice.workspace_id, REPLIES if notice.thread_ts else HISTORY, now)
        if paused is not None:
            self._mark(outbox.postponed, notice, paused)
            return None
        try:
            found = look_for(to.client, to.user_id, notice, self.pace.pages)
        except HistoryUnreadableError:
            return self._repeat_unsettled(notice)
        except NotSettledError as error:
            if notice.attempts >= MOST_ATTEMPTS and error.verdict.outcome is Outcome.MAYBE:
                return self._repeat_unsettled(notice)
            self._act_on(error.verdict, error.method, to)
            return None
        if found is None:
            return ""
        self._mark(outbox.sent, notice, self.desk.now(), *found)
        return None

    def _repeat_unsettled(self, notice: Leased) -> str:
        log.warning("notice_repeated_unsettled", notice=notice.id)
        self.desk.metrics.notices.labels(UNSETTLED).inc()
        return UNSETTLED

    def _render(self, notice: Leased) -> Outgoing | None:
        """Say it from the database as it is now; what is no longer true, or not yet wanted, goes no further."""
        with self.desk.database.write() as session:
            now = self.desk.now()
            rows, person, workspace = _load(session, notice)
            if not notice.ambiguous:
                rows[0].thread_ts = threads.thread_for(session, rows[0])
            if (until := self._not_now(session, notice, rows[0], person, workspace)) is not None:
                if misses(person, now):
                    pass_on(session, now, rows, person)
                outbox.postponed(session, notice, self.name, until)
                return None
            words = letter(session, now, rows, person, workspace)
            if notice.id in words.broken:
                outbox.broken(session, notice, self.name, now, "failed")
                return None
            outbox.set_apart(session, notice, now, words.broken, "failed")
            outbox.untrue(session, notice, set(words.untrue) - {notice.id})
            if words.message is None:
                outbox.cancelled(session, notice, self.name)
                return None
            return Outgoing(words.message, rows[0].thread_ts)

    def _not_now(
        self, session: Session, notice: Leased, row: Notice, person: Person, workspace: Workspace
    ) -> datetime | None:
        """Until when a notice has to wait: for Slack, for the next shift, for the message it replies to, or for tomorrow when today's places are taken.

        A reply in a thread takes no place: it does not come as a message of its own.
        """
        now = self.desk.now()
        paused = outbox.paused_until(session, notice.workspace_id, POST, now)
        at = max(leaves_at(person, now), paused or now)
        if at > now:
            return at
        if not notice.ambiguous and (after := threads.after_earlier(session, row, now)) is not None:
            return after
        if row.breaks_through or notice.ambiguous or row.kind in DIGESTS or row.thread_ts:
            return None
        today = local_day(now, person.zone)
        if outbox.take_push_place(session, notice, person, today, workspace.daily_push_limit):
            return None
        return next_day_at(person, now)

    def _has_place(self, to: Addressee) -> bool:
        """Whether the person's conversation takes a message now. A place for later is reserved once, and kept with the notice."""
        now, reserved = self.desk.now(), to.notice.place_at
        if reserved is not None and reserved <= now <= reserved + PLACE_KEPT:
            return True
        key = f"send:{to.notice.workspace_id}:{to.user_id}"
        wait = self.desk.coordinator.send_after(key, PER_SECOND, BURST)
        if wait > 0:
            at = now + timedelta(seconds=wait)
            self._mark(outbox.postponed, to.notice, at, at)
        return wait <= 0

    def _post(self, to: Addressee, outgoing: Outgoing, remark: str) -> None:
        prefix, message = self.desk.settings.chartdesk_command_prefix, outgoing.message
        try:
            answer = to.client.chat_postMessage(
                channel=to.user_id,
                text=with_prefix(message.text, prefix),
                blocks=renamed(message.blocks_payload(), prefix),
                metadata=metadata_of(to.notice),
                thread_ts=outgoing.thread_ts,
                unfurl_links=False,
            )
        except FAILURES as error:
            verdict = judge(error)
            if verdict.outcome is Outcome.NO_THREAD and outgoing.thread_ts:
                self._forget_thread(to, outgoing.thread_ts)
                self._mark(outbox.unthreaded, to.notice, self.desk.now())
            else:
                self._act_on(verdict, POST, to)
        else:
            where = (str(answer["channel"]), str(answer["ts"]))
            alone = bool(outgoing.thread_ts and answer.get("message") and not answer["message"].get("thread_ts"))
            self._mark(outbox.stands_alone if alone else outbox.sent, to.notice, self.desk.now(), *where, remark or None)
            if alone:
                self._forget_thread(to, outgoing.thread_ts or "")

    def _forget_thread(self, to: Addressee, thread_ts: str) -> None:
        """The card above was deleted in Slack. What is said next begins anew with a card; what stands alone already becomes one with the next sweep."""
        with self.desk.database.write() as session:
            [row, *_], person, _ = _load(session, to.notice)
            threads.forget(session, row.workspace_id, person.id, thread_ts)
            stale.mark(session, row.workspace_id, row.subject, row.subject_id, self.desk.now())
        log.info("thread_gone", notice=to.notice.id)

    def _act_on(self, verdict: Verdict, method: str, to: Addressee) -> None:
        now, notice = self.desk.now(), to.notice
        match verdict.outcome:
            case Outcome.LATER | Outcome.UNAUTHORIZED:
                self._pause(verdict, method, notice)
            case Outcome.MAYBE:
                self._mark(outbox.doubtful, notice, now, verdict.word, self.pace)
            case Outcome.UNREACHABLE:
                self._give_up(verdict, notice)
            case Outcome.REFUSED | Outcome.NO_THREAD:
                self._mark(outbox.refused, notice, now, verdict.word)

    def _pause(self, verdict: Verdict, method: str, notice: Leased) -> None:
        """Every sender leaves the method of this workspace alone for as long as Slack asked, or all of it when the bot's token is not taken."""
        until = self.desk.now() + timedelta(seconds=verdict.wait_seconds)
        with self.desk.database.write() as session:
            paused = POST if verdict.outcome is Outcome.UNAUTHORIZED else method
            outbox.pause(session, notice.workspace_id, paused, until)
            outbox.postponed(session, notice, self.name, until)
        self.desk.metrics.notices.labels(verdict.outcome).inc()
        log.warning("slack_asks_to_wait", workspace=notice.workspace_id, method=method, error=verdict.word)

    def _give_up(self, verdict: Verdict, notice: Leased) -> None:
        """The person cannot be reached: the notice fails, and the supervisors are told once."""
        with self.desk.database.write() as session:
            if outbox.unreachable(session, notice, self.name, verdict.word):
                rows, person, _ = _load(session, notice)
                tell_unreachable(session, person, self.desk.now())
                pass_on(session, self.desk.now(), rows, person)
        self.desk.metrics.notices.labels(verdict.outcome).inc()
        log.warning("person_unreachable", notice=notice.id, error=verdict.word)

    def _mark(self, how: Callable[..., bool], notice: Leased, *facts: Any) -> None:  # noqa: ANN401 - of each mark its own
        with self.desk.database.write() as session:
            how(session, notice, self.name, *facts)
        self.desk.metrics.notices.labels(how.__name__).inc()
        log.info("notice_marked", notice=notice.id, state=how.__name__)


def _turn(notice: Leased, after: int) -> tuple[bool, int]:
    """Where a workspace stands in the round that begins after ``after``."""
    return notice.workspace_id <= after, notice.workspace_id


def _load(session: Session, notice: Leased) -> tuple[list[Notice], Person, Workspace]:
    """The notice and, after it, what it carries; whom it goes to; where."""
    ids = (notice.id, *notice.carries)
    found = session.execute(
        sa.select(Notice, Person, Workspace)
        .join(Person, Person.id == Notice.recipient_id)
        .join(Workspace, Workspace.id == Notice.workspace_id)
        .where(
            Notice.workspace_id == notice.workspace_id,
            Notice.id.in_(ids),
            sa.or_(Notice.id == notice.id, Notice.carried_by_id == notice.id),
        )
        .order_by(Notice.id)
    ).all()
    rows = sorted((row.Notice for row in found), key=lambda row: row.id != notice.id)
    return rows, found[0].Person, found[0].Workspace
