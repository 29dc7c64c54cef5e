"""A fast stand-in for the three methods a sender calls, which fails as often as it is told to, by a seed.

It accepts a message before or after it fails, so that the caller cannot know; what it accepted is what people would have seen.
"""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

#: As small as this so that looking for a message has to turn pages.
HISTORY_PAGE = 3


class Fault(Enum):
    """How a call fails."""

    TOO_MANY = "429"
    BROKEN_BEFORE = "500 before accepting"
    BROKEN_AFTER = "500 after accepting"
    SILENT_BEFORE = "time-out, never accepted"
    SILENT_AFTER = "time-out after accepting"


#: Of a hundred posts: five 429, three 500 and two time-outs; half of the last two after accepting.
RATES = {Fault.TOO_MANY: 5.0, Fault.BROKEN_BEFORE: 1.5, Fault.BROKEN_AFTER: 1.5, Fault.SILENT_BEFORE: 1.0, Fault.SILENT_AFTER: 1.0}


@dataclass
class Accepted:
    """A message people see."""

    ts: str
    channel: str
    metadata: dict[str, Any]


@dataclass
class FakeSlack:
    """What was accepted, asked and failed.

    :param silence_seconds: how long a time-out hangs, longer than the sender waits.
    :param blind: history may not be read.
    """

    seed: int
    silence_seconds: float
    blind: bool = False
    channels: dict[str, list[Accepted]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    faults: Counter[Fault] = field(default_factory=Counter)
    looked_for: set[str] = field(default_factory=set)
    url: str = ""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._lock = threading.Lock()
        self._last_ts = 0

    def messages(self) -> list[Accepted]:
        """Every message that was accepted."""
        with self._lock:
            return [one for channel in self.channels.values() for one in channel]

    def draw(self, method: str, _told: dict[str, Any]) -> Fault | None:
        """What happens to this call; history and opening fail as often as posting, but there is nothing to accept."""
        with self._lock:
            self.calls[method] += 1
            drawn = self._random.uniform(0, 100)
            for fault, rate in RATES.items():
                drawn -= rate
                if drawn < 0:
                    self.faults[fault] += 1
                    return fault
            return None

    def answer(self, method: str, told: dict[str, Any]) -> dict[str, Any]:
        """Do what was asked."""
        match method:
            case "chat.postMessage":
                return self._post(told)
            case "conversations.open":
                self.looked_for.add(told["users"])
                return {"ok": True, "channel": {"id": "D" + told["users"]}}
            case "conversations.history":
                return self._history(told)
            case _:
                return {"ok": False, "error": "unknown_method"}

    def _post(self, told: dict[str, Any]) -> dict[str, Any]:
        metadata = told["metadata"]
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
        with self._lock:
            self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
            ts = f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
            one = Accepted(ts, "D" + told["channel"], metadata)
            self.channels.setdefault(one.channel, []).append(one)
        return {"ok": True, "channel": one.channel, "ts": ts}

    def _history(self, told: dict[str, Any]) -> dict[str, Any]:
        if self.blind:
            return {"ok": False, "error": "missing_scope"}
        with self._lock:
            found = [one for one in reversed(self.channels.get(told["channel"], [])) if float(one.ts) > float(told["oldest"])]
        start = int(told.get("cursor") or 0)
        page, more = found[start : start + HISTORY_PAGE], len(found) > start + HISTORY_PAGE
        return {
            "ok": True,
            "messages": [{"ts": one.ts, "metadata": one.metadata} for one in page],
            "response_metadata": {"next_cursor": str(start + HISTORY_PAGE) if more else ""},
        }


class _Handler(BaseHTTPRequestHandler):
    slack: FakeSlack

    def do_POST(self) -> None:
        """One call of the Web API."""
        method = self.path.rsplit("/", 1)[-1]
        told = self._told()
        fault = self.slack.draw(method, told)
        if fault is Fault.TOO_MANY:
            return self._say(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
        answer = {} if fault in {Fault.BROKEN_BEFORE, Fault.SILENT_BEFORE} else self.slack.answer(method, told)
        if fault in {Fault.SILENT_BEFORE, Fault.SILENT_AFTER}:
            time.sleep(self.slack.silence_seconds)
            return self.connection.close()
        if fault is not None:
            return self._say(500, {"ok": False, "error": "internal_error"})
        return self._say(200, answer)

    def _told(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "json" in (self.headers.get("Content-Type") or ""):
            return dict(json.loads(body))
        return {name: values[0] for name, values in parse_qs(body).items()}

    def _say(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        body = json.dumps(answer).encode()
        with contextlib.suppress(OSError):  # a killed sender does not listen any more
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing is logged."""

    def finish(self) -> None:
        """Close, whatever the other side did."""
        with contextlib.suppress(OSError, ValueError):
            super().finish()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, _request: object, _address: object) -> None:
        """A connection that a killed sender left is nothing to report."""


@contextmanager
def serving(slack: FakeSlack) -> Iterator[FakeSlack]:
    """Serve it on a free port until the block ends."""
    handler = type("Handler", (_Handler,), {"slack": slack})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    slack.url = f"http://127.0.0.1:{server.server_address[1]}/api/"
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
