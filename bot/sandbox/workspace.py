"""The sandbox workspace: who is in it, what was said, what is open. Everything lives in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox.app_setup import AppSetup
from bot.sandbox.call_log import CallLog, Log, Request
from bot.sandbox.channels import Channel, Channels
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed
from bot.sandbox.files import Files
from bot.sandbox.identifiers import Json, new_id, new_secret, new_token
from bot.sandbox.members import Member
from bot.sandbox.messages import Clock, Message, Messages, TimestampSource
from bot.sandbox.surfaces import View, Views
from bot.sandbox.tickets import Tickets

BOT_USER = "U0CHARTBOT"
SLACKBOT = "USLACKBOT"


def current_time() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


@dataclass
class Credentials:
    """The secrets of the installed app, random on every start."""

    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str

    @classmethod
    def random(cls) -> Credentials:
        """Fresh secrets."""
        return cls(
            new_token("xoxb"), new_token("xapp"), new_secret(), f"{new_id('', 10)}.{new_id('', 10)}", new_secret()
        )


class Workspace:
    """One workspace with one installed app.

    The parts (``members``, ``channels``, ``messages``, ``views`` …) are plain collections; whoever works
    on them from several threads holds ``lock``. The Web API, the acting people and the page all do.
    """

    def __init__(
        self,
        name: str = "Sandbox",
        members: Iterable[Member] = (),
        app: AppSetup | None = None,
        clock: Clock = current_time,
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.team_id = "T0SANDBOX1"
        self.team_name = name
        self.app_id = "A0SANDBOX1"
        self.bot_id = "B0SANDBOX1"
        self.app = app or AppSetup()
        self.credentials = Credentials.random()
        self.out_of_service = ""
        self.oauth_codes: dict[str, str] = {}
        self.socket_tickets: set[str] = set()
        self.bot_user = Member(BOT_USER, self.app.name, "UTC", "", is_bot=True, bot_id=self.bot_id)
        self.members: dict[str, Member] = {self.bot_user.id: self.bot_user}
        self.channels = Channels(BOT_USER)
        self.messages = Messages()
        self.views = Views()
        self.tickets = Tickets()
        self.files = Files()
        self.faults = Faults()
        self.feed = Feed()
        self.calls = CallLog()
        self.requests: Log[Request] = Log()
        self.read_marks: dict[tuple[str, str], str] = {}
        self._timestamps = TimestampSource(clock)
        for member in members:
            self.add_member(member)

    def now(self) -> datetime:
        """The time by the workspace's clock."""
        return self.clock()

    def add_member(self, member: Member) -> Member:
        """Let a person join; opens their direct message with the bot."""
        with self.lock:
            self.members[member.id] = member
            self.channels.direct(member.id, int(self.now().timestamp()))
            self.feed.tell()
        return member

    def create_channel(
        self, name: str, members: Iterable[str] | None = None, *, is_private: bool = False, with_bot: bool = True
    ) -> Channel:
        """A new channel; everybody is in it unless ``members`` (ids) says otherwise."""
        with self.lock:
            people = list(members) if members is not None else [person.id for person in self.people()]
            joined = people + ([self.bot_user.id] if with_bot else [])
            channel = self.channels.create(name, joined, is_private=is_private, created=int(self.now().timestamp()))
            self.feed.tell()
        return channel

    def people(self) -> list[Member]:
        """The human members, in the order they joined."""
        return [member for member in self.members.values() if not member.is_bot]

    def post(self, message: Message) -> Message:
        """Keep a message under the timestamp it carries and tell whoever watches."""
        with self.lock:
            self.messages.add(message)
            self.feed.tell()
        return message

    def say_privately(self, user: str, channel: str, words: str) -> Message:
        """A sentence of the sandbox itself, visible to one person only."""
        return self.post(Message(self.next_ts(), channel, SLACKBOT, words, ephemeral_to=user))

    def next_ts(self) -> str:
        """A message timestamp nobody has had before."""
        with self.lock:
            return self._timestamps.next()

    def view_json(self, view: View) -> Json:
        """The ``view`` object as payloads and the Web API show it."""
        return view.as_view(self.team_id, self.app_id, self.bot_id)

    def mark_read(self, user: str, channel: str) -> None:
        """This person has now seen everything in the channel."""
        with self.lock:
            messages = self.messages.in_channel(channel)
            self.read_marks[user, channel] = messages[-1].ts if messages else ""

    def unread(self, user: str, channel: str) -> int:
        """How many messages by others this person has not seen in the channel."""
        seen = self.read_marks.get((user, channel), "")
        return sum(1 for message in self.messages.in_channel(channel) if message.ts > seen and message.user != user)

    def uninstall(self, error: str = "account_inactive") -> None:
        """Take the app out of the workspace: its token now answers ``error`` and its Home views are gone."""
        with self.lock:
            self.out_of_service = error
            self.views.forget_homes()
            self.feed.tell()

    def install(self) -> str:
        """Put the app (back) into the workspace and return its new bot token."""
        with self.lock:
            self.credentials.bot_token = new_token("xoxb")
            self.out_of_service = ""
            self.feed.tell()
            return self.credentials.bot_token

    def issue_oauth_code(self, user: str) -> str:
        """A code this person got by allowing the app; oauth.v2.access exchanges it for a token."""
        with self.lock:
            code = new_secret()
            self.oauth_codes[code] = user
            return code
