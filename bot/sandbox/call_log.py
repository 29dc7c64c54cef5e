"""What went over the wire: Web API calls of the bot, and requests the sandbox sent it. No secrets are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.sandbox.identifiers import Json

KEPT_ENTRIES = 2000


@dataclass(frozen=True)
class Call:
    """One Web API call: the arguments without any token, and the answer."""

    method: str
    arguments: Json
    answer: Json
    status: int
    at: datetime
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return bool(self.answer.get("ok"))


@dataclass(frozen=True)
class Request:
    """One request to the bot: ``kind`` as in Delivery.post, ``about`` its command, action or event."""

    kind: str
    about: str
    body: Json
    status: int
    answer: str
    at: datetime
    seconds: float


Entry = TypeVar("Entry", Call, Request)


class Log(Generic[Entry]):
    """The last entries, oldest first."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def add(self, entry: Entry) -> None:
        """Keep an entry, forgetting the oldest beyond 2000."""
        self._entries.append(entry)
        del self._entries[:-KEPT_ENTRIES]

    def last(self, count: int) -> list[Entry]:
        """The newest ``count`` entries, oldest first."""
        return self._entries[-count:]

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


class CallLog(Log[Call]):
    """The Web API calls of the bot."""

    def to(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self if call.method == method]
