"""Sending notices: lease, render from the database as it is now, speak with Slack, mark."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.orm import Session

from bot import outbox
from bot.commands import with_prefix
from bot.desk import Desk
from bot.installations import bot_token
from bot.notices import leaves_at
from bot.outbox import Leased
from bot.views.layout import Message, renamed
from jobs.letters import letter
from storage.tables import Notice, Person, Workspace

log = structlog.get_logger(__name__)

#: Slack takes about one message a second in a channel, with short bursts.
PER_SECOND, BURST = 1.0, 3
TIMEOUT_SECONDS = 3
EVENT_TYPE = "chartdesk_notice"
#: Slack's words for people who cannot be written to.
UNREACHABLE = frozenset(
    {"channel_not_found", "user_not_found", "user_disabled", "cannot_dm_bot", "is_archived", "account_inactive", "user_not_visible"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice ready to go."""

    notice: Leased
    user_id: str
    message: Message
    client: WebClient


@dataclass(eq=False)
class Sender:
    """Delivers what is due. Any number of senders may run; the lease in the database keeps them apart."""

    desk: Desk
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}")

    def send_due(self) -> int:
        """Deliver one batch; returns how many rows were taken up."""
        with self.desk.database.write() as session:
            leased = outbox.lease(session, self.name, self.desk.now())
        for notice in leased:
            self._deliver_safely(notice)
        return len(leased)

    def _deliver_safely(self, notice: Leased) -> None:
        """One notice that goes wrong must not keep the others waiting.

        One that cannot be rendered was surely not sent: it is tried again later, and given up at last. What goes wrong after that is left to
        the end of the lease: the message may be out, and is then looked for before anything else.
        """
        try:
            ready = self._prepare(notice)
        except Exception:
            log.exception("notice_failed", notice=notice.id)
            self._mark(outbox.refused, notice, self.desk.now(), "failed")
            return
        try:
            if ready is not None:
                self._deliver(notice, ready)
        except Exception:
            log.exception("notice_left_to_its_lease", notice=notice.id)

    def _deliver(self, notice: Leased, ready: Letter) -> None:
        if notice.ambiguous and (found := self._find(ready)):
            self._mark(outbox.sent, notice, self.desk.now(), *found)
            return
        wait = self.desk.coordinator.send_after(f"send:{notice.workspace_id}:{ready.user_id}", PER_SECOND, BURST)
        if wait > 0:
            self._mark(outbox.postponed, notice, self.desk.now() + timedelta(seconds=wait))
            return
        self._post(ready)

    def _prepare(self, notice: Leased) -> Letter | None:
        """Render the notice from the database as it is now; one that is no longer true, or not yet wanted, goes no further."""
        with self.desk.database.write() as session:
            if not outbox.still_ours(session, notice, self.name, self.desk.now()):
                return None
            row, person, workspace = _load(session, notice)
            message = letter(session, self.desk.now(), row, person, workspace)
            token = bot_token(workspace, self.desk.settings)
            if message is None or token is None or not person.active:
                outbox.cancelled(session, notice, self.name)
                return None
            at = leaves_at(person, self.desk.now())
            if at > self.desk.now():
                outbox.postponed(session, notice, self.name, at)
                return None
            user_id = person.slack_user_id
        # Slack's SDK re-sends silently after a lost connection by default; here a lost answer must come back as one.
        client = WebClient(
            token=token, base_url=self.desk.settings.slack_api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[]
        )
        return Letter(notice, user_id, message, client)

    def _post(self, ready: Letter) -> None:
        now = self.desk.now
        prefix = self.desk.settings.chartdesk_command_prefix
        try:
            answer = ready.client.chat_postMessage(
                channel=ready.user_id,
                text=with_prefix(ready.message.text, prefix),
                blocks=renamed(ready.message.blocks_payload(), prefix),
                metadata={"event_type": EVENT_TYPE, "event_payload": {"notice": ready.notice.id}},
                unfurl_links=False,
            )
        except SlackApiError as error:
            self._judge(ready.notice, error)
        except (SlackClientError, OSError) as error:
            self._mark(outbox.doubtful, ready.notice, now(), type(error).__name__)
        else:
            self._mark(outbox.sent, ready.notice, now(), str(answer["channel"]), str(answer["ts"]))

    def _judge(self, notice: Leased, error: SlackApiError) -> None:
        """Tell a definite no from a maybe."""
        status, word = error.response.status_code, str(error.response.get("error", "")) or "no_error_word"
        if status == 429:
            seconds = int(error.response.headers.get("Retry-After", 30))
            self._mark(outbox.postponed, notice, self.desk.now() + timedelta(seconds=seconds))
        elif status >= 500 or word in {"internal_error", "fatal_error", "service_unavailable"}:
            self._mark(outbox.doubtful, notice, self.desk.now(), f"{status}:{word}")
        elif word in UNREACHABLE:
            self._mark(outbox.unreachable, notice, word)
        else:
            self._mark(outbox.refused, notice, self.desk.now(), word)

    def _find(self, ready: Letter) -> tuple[str, str] | None:
        """Look for a message that an earlier attempt may have left; where history may not be read, a rare repeat is better than a loss."""
        try:
            channel = str(ready.client.conversations_open(users=ready.user_id)["channel"]["id"])
            oldest = (ready.notice.first_try_at - timedelta(seconds=5)).timestamp()
            history = ready.client.conversations_history(
                channel=channel, oldest=f"{oldest:.6f}", include_all_metadata=True, limit=200
            )
        except (SlackClientError, OSError) as error:
            log.warning("history_not_read", notice=ready.notice.id, error=type(error).__name__)
            return None
        for message in history["messages"]:
            metadata = message.get("metadata") or {}
            if (
                metadata.get("event_type") == EVENT_TYPE
                and metadata.get("event_payload", {}).get("notice") == ready.notice.id
            ):
                return channel, str(message["ts"])
        return None

    def _mark(self, how: Callable[..., bool], notice: Leased, *facts: datetime | str) -> None:
        with self.desk.database.write() as session:
            how(session, notice, self.name, *facts)
        log.info("notice_marked", notice=notice.id, state=how.__name__)


def _load(session: Session, notice: Leased) -> tuple[Notice, Person, Workspace]:
    row = session.execute(
        sa.select(Notice, Person, Workspace)
        .join(Person, Person.id == Notice.recipient_id)
        .join(Workspace, Workspace.id == Notice.workspace_id)
        .where(Notice.workspace_id == notice.workspace_id, Notice.id == notice.id)
    ).one()
    return row.Notice, row.Person, row.Workspace
