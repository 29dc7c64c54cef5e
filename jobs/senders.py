"""The senders of one clock: as many are at work as the workspaces that have something to say call for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import structlog

from bot import outbox
from bot.desk import Desk
from bot.outbox import PACE, Pace
from jobs.sender import Sender

log = structlog.get_logger(__name__)

#: Slack takes several messages a second from a workspace, and some tenths of a second for each: one sender alone would be slower than Slack allows.
FOR_EACH_WORKSPACE, AT_LEAST = 2, 3
#: No more than this in one process: each needs a connection to the database now and then, beside the listeners. A second clock adds as many.
AT_MOST = 16
#: What each takes up at a time. Little, because what a process that dies has taken up waits for the end of its lease.
BATCH = 3


def wanted(workspaces: int) -> int:
    """How many senders should be at work while so many workspaces have something to say."""
    return min(max(FOR_EACH_WORKSPACE * workspaces, AT_LEAST), AT_MOST) if workspaces else 0


class Senders:
    """Threads that drain the outbox. The leases keep them apart, and apart from those of other processes."""

    def __init__(self, desk: Desk, pace: Pace = PACE) -> None:
        self.desk = desk
        self._resting = [Sender(desk, pace=replace(pace, batch=BATCH)) for _ in range(AT_MOST)]
        self.name = self._resting[0].name
        self._wanted = 0
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._threads = ThreadPoolExecutor(AT_MOST, thread_name_prefix="sender")

    @property
    def at_work(self) -> int:
        """How many are at work now."""
        return AT_MOST - len(self._resting)

    def begin(self) -> None:
        """Set as many to work as are wanted now; while nothing is due, nobody asks for the database's lock."""
        with self.desk.database.read() as session:
            self._wanted = wanted(len(outbox.workspaces_due(session, self.desk.now())))
        with self._changing:
            while self.at_work < self._wanted and not self._stopping.is_set():
                self._threads.submit(self._drain, self._resting.pop())

    def close(self) -> None:
        """Let everybody finish the batch at hand."""
        self._stopping.set()
        self._threads.shutdown(wait=True)

    def _drain(self, sender: Sender) -> None:
        """Deliver until nothing is due, or fewer are wanted."""
        try:
            while not self._stopping.is_set() and self.at_work <= self._wanted and sender.send_due():
                pass
        except Exception:
            log.exception("sending_failed")
        finally:
            with self._changing:
                self._resting.append(sender)
