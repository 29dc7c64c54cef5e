"""Starting the rooms above as processes: ``python -m handlers`` and ``python -m jobs``. No arrow points up; only a command line does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from bot.codes.search.index import CodeIndex
from bot.codes.shipped import load_shipped_edition
from bot.codes.storing import remove_retired
from bot.desk import utc_now
from bot.progress import progress_bar
from bot.settings import Settings, require_slack
from storage import migrations
from storage.database import Database

WEB, CLOCK = ("-m", "handlers"), ("-m", "jobs")
#: A child that was asked to stop gets this long before it is ended.
GRACE_SECONDS = 30.0


class Children:
    """Processes that live and end together."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []
        self._stopping = threading.Event()

    def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start one Python process with these settings on top of ours."""
        command = [sys.executable, *arguments]
        self._running.append(subprocess.Popen(command, env={**os.environ, **environment}))  # noqa: S603 - our own modules

    def stop_on_signals(self) -> None:
        """Stop all of them when this process is asked to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def wait_for_port(self, host: str, port: int) -> None:
        """Wait until one of them listens there, or one has ended."""
        while not self._stopping.is_set() and all(child.poll() is None for child in self._running):
            with socket.socket() as probe:
                if probe.connect_ex((host, port)) == 0:
                    return
            time.sleep(0.05)

    def wait(self) -> int:
        """Wait until one ends or a stop is asked for, then end all; returns the first failure's exit code, or 0."""
        while not self._stopping.is_set() and all(child.poll() is None for child in self._running):
            time.sleep(0.1)
        ended_by_itself = next((child.returncode for child in self._running if child.returncode), 0)
        self.stop()
        return 0 if self._stopping.is_set() else ended_by_itself

    def stop(self) -> None:
        """Ask all to finish, and end what does not."""
        for child in self._running:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self._running:
            try:
                child.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()


def prepare_codes(database: Database) -> None:
    """Read the shipped code set into the tables at the very first start, with a progress bar, and build its search index."""
    with progress_bar() as tell:
        load_shipped_edition(database, utc_now(), tell)
        remove_retired(database)
        tell(0, 1, "Building the search index")
        CodeIndex.load(database)
        tell(1, 1, "Building the search index")


def prepare(settings: Settings) -> None:
    """Bring the tables and the code set up to date."""
    database = Database.open(settings.database_url)
    migrations.upgrade(database)
    prepare_codes(database)
    database.close()


def run(settings: Settings) -> int:
    """Serve Slack and tick the clock from one command; returns the exit code."""
    require_slack(settings)
    prepare(settings)
    children = Children()
    children.stop_on_signals()
    children.start(WEB, {})
    children.start(CLOCK, {})
    return children.wait()


def web(_settings: Settings) -> int:
    """Become the web process, so that signals reach it directly."""
    return _become(WEB)


def clock(_settings: Settings) -> int:
    """Become the clock process."""
    return _become(CLOCK)


def _become(arguments: Sequence[str]) -> int:
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own modules
