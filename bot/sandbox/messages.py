"""Messages and ephemeral messages, with timestamps that never repeat."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.identifiers import Json

Clock = Callable[[], datetime]


class TimestampSource:
    """Hands out message timestamps: seconds and microseconds, unique and increasing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """The next ``ts``, such as ``1767225600.000200``."""
        now = int(self._clock().timestamp() * 1_000_000)
        self._last = max(now, self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


@dataclass
class Message:
    """One message. ``ephemeral_to`` names the only person who sees it, or is empty."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    edited: Json | None = None
    bot_id: str = ""
    app_id: str = ""
    subtype: str = ""
    ephemeral_to: str = ""
    version: int = 1
    states: dict[str, dict[str, dict[str, Json]]] = field(default_factory=dict)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees this message."""
        return bool(self.ephemeral_to)

    @property
    def in_thread(self) -> bool:
        """Whether this is a reply below another message."""
        return bool(self.thread_ts) and self.thread_ts != self.ts

    def as_message(self, team_id: str, *, with_metadata: bool = False) -> Json:
        """The ``message`` object of the Web API and of payloads."""
        message: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": team_id}
        optional: Json = {
            "subtype": self.subtype,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "blocks": copy.deepcopy(self.blocks),
            "attachments": self.attachments,
            "files": self.files,
            "edited": self.edited,
            "thread_ts": self.thread_ts,
            "metadata": self.metadata if with_metadata else None,
        }
        return message | {name: value for name, value in optional.items() if value}


class Messages:
    """Every message of the workspace, ephemeral ones apart."""

    def __init__(self) -> None:
        self._by_channel: dict[str, dict[str, Message]] = {}
        self._ephemeral: dict[str, dict[str, Message]] = {}

    def add(self, message: Message) -> Message:
        """Keep a message; an ephemeral one is kept for its reader only."""
        if message.is_ephemeral:
            self._ephemeral.setdefault(message.ephemeral_to, {})[message.ts] = message
        else:
            self._by_channel.setdefault(message.channel, {})[message.ts] = message
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """The message everybody in the channel sees under this timestamp."""
        return self._by_channel.get(channel, {}).get(ts)

    def find_ephemeral(self, user: str, ts: str) -> Message | None:
        """The message only this person sees under this timestamp."""
        return self._ephemeral.get(user, {}).get(ts)

    def remove(self, message: Message) -> None:
        """Forget a message; replies below it stay, as in Slack."""
        shelf = self._ephemeral.get(message.ephemeral_to, {}) if message.is_ephemeral else None
        (self._by_channel.get(message.channel, {}) if shelf is None else shelf).pop(message.ts, None)

    def in_channel(self, channel: str) -> list[Message]:
        """All messages and replies of a channel, oldest first."""
        return list(self._by_channel.get(channel, {}).values())

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """The replies below a message, oldest first, without the message itself."""
        return [message for message in self.in_channel(channel) if message.in_thread and message.thread_ts == thread_ts]

    def ephemerals_of(self, user: str) -> list[Message]:
        """Everything only this person sees, oldest first."""
        return list(self._ephemeral.get(user, {}).values())

    def clear_ephemerals(self, user: str) -> None:
        """Forget what only this person saw, as closing Slack does."""
        self._ephemeral.pop(user, None)

    def __iter__(self) -> Iterator[Message]:
        for channel in self._by_channel.values():
            yield from channel.values()

    def as_parent(self, message: Message, team_id: str, *, with_metadata: bool = False) -> Json:
        """The message with its thread counts, as conversations.history gives it."""
        answer = message.as_message(team_id, with_metadata=with_metadata)
        replies = self.replies(message.channel, message.ts)
        if replies:
            users = list(dict.fromkeys(reply.user for reply in replies))
            answer |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users_count": len(users),
                "reply_users": users,
                "latest_reply": replies[-1].ts,
                "is_locked": False,
                "subscribed": False,
            }
        return answer
