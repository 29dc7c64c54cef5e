"""The line between the acting people and the bot: sends a request, measures it, writes it down."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.call_log import Request
from bot.sandbox.delivery import TIMED_OUT, UNREACHABLE, Delivery, Kind, Reply
from bot.sandbox.identifiers import Json
from bot.sandbox.workspace import Workspace

_PRIVATE_FIELDS = ("token", "response_url", "trigger_id")


@dataclass
class Wire:
    """Where requests go. ``retry_waits`` are the seconds before each of the (at most three) event retries."""

    workspace: Workspace
    delivery: Delivery
    base_url: str
    retry_waits: Sequence[float] = (0.1, 1.0, 5.0)

    def send(self, kind: Kind, about: str, body: Json, headers: Mapping[str, str] | None = None) -> Reply:
        """Deliver one request and wait for the acknowledgement. No lock may be held here: the bot calls back."""
        started = time.perf_counter()
        reply = self.delivery.post(kind, body, headers or {})
        seconds = time.perf_counter() - started
        if seconds > self.delivery.patience and reply.status != UNREACHABLE:
            reply = Reply(TIMED_OUT, {}, "")
        shown = {name: value for name, value in body.items() if name not in _PRIVATE_FIELDS}
        entry = Request(kind, about, shown, reply.status, reply.body, self.workspace.now(), seconds)
        with self.workspace.lock:
            self.workspace.requests.add(entry)
            self.workspace.feed.tell()
        return reply
