"""The owner's side of a kept server: start it through :mod:`tests.servers.keeper`, wait until it answers, end it."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

POLL_SECONDS = 0.01


class Unavailable(Exception):  # noqa: N818 - a condition of this machine, not a fault
    """No server of this kind can run here. ``reason`` is one sentence that says what was tried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Account:
    """The unprivileged account a server runs under when the tests run as root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """How to run a server: commands to run first, the server itself, its environment, and the signal that ends it at
    once.
    """

    directory: Path
    serve: Sequence[str]
    prepare: Sequence[Sequence[str]] = ()
    environment: dict[str, str] | None = None
    account: Account | None = None
    end_signal: signal.Signals = signal.SIGKILL


def short_directory(prefix: str, account: Account | None = None) -> Path:
    """Make a private temporary directory with a short path: a unix socket's may not exceed about 100 characters."""
    base = "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else None
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    if account is not None:
        os.chown(made, account.uid, account.gid)
    return made


class Kept:
    """A running server, kept by a keeper process.

    ``pid`` is the server's own process id. A context manager: leaving it ends the server.
    """

    def __init__(self, command: Command) -> None:
        """Start the server; its directory is removed when it ends.

        :raises Unavailable: the server cannot be started; the reason holds the end of its log.
        """
        self._directory = command.directory
        keeper = Path(__file__).with_name("keeper.py")
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(keeper), json.dumps(_spec(command))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal must reach the tests first
        )
        self.pid: int = self._first_word(timeout_seconds=70)

    def _first_word(self, timeout_seconds: float) -> int:
        assert self._keeper.stdout is not None
        readable, _, _ = select.select([self._keeper.stdout], [], [], timeout_seconds)
        word = _last_message(self._keeper.stdout.readline()) if readable else {"error": "the keeper says nothing"}
        if "pid" not in word:
            self.stop()
            raise Unavailable(str(word["error"]))
        return int(word["pid"])

    def wait_until(self, answers: Callable[[], bool], timeout_seconds: float = 20) -> None:
        """Poll ``answers`` until it is true.

        :raises Unavailable: the server ended, or did not answer in time; it is stopped then.
        """
        give_up = time.monotonic() + timeout_seconds
        while not answers():
            if self._keeper.poll() is not None:
                assert self._keeper.stdout is not None
                reason = _last_message(self._keeper.stdout.read())["error"]
                self.stop()
                raise Unavailable(str(reason))
            if time.monotonic() > give_up:
                self.stop()
                raise Unavailable(f"the server did not answer within {timeout_seconds:g} s")
            time.sleep(POLL_SECONDS)

    def send(self, sent: signal.Signals) -> None:
        """Send the server a signal (SIGSTOP freezes it, SIGCONT thaws it)."""
        os.kill(self.pid, sent)

    def stop(self) -> None:
        """End the server and remove its directory. Harmless when repeated."""
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            if pipe is not None:
                pipe.close()
        self._keeper.wait(timeout=20)
        shutil.rmtree(self._directory, ignore_errors=True)  # the keeper has done so, unless it was killed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _spec(command: Command) -> dict[str, Any]:
    account = command.account
    return {
        "owner": os.getpid(),
        "directory": str(command.directory),
        "prepare": [list(step) for step in command.prepare],
        "serve": list(command.serve),
        "environment": dict(os.environ) if command.environment is None else command.environment,
        "run_as": None if account is None else [account.uid, account.gid],
        "end_signal": int(command.end_signal),
    }


def _last_message(said: bytes) -> dict[str, Any]:
    lines = said.decode(errors="replace").splitlines()
    message: dict[str, Any] = json.loads(lines[-1]) if lines else {"error": "the keeper ended without a word"}
    return message
