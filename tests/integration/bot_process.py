"""The bot's own processes, started as an operator starts them: nothing set but what is told, and everything they print kept."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.demo.people import DEMO_ROLES, DemoPerson, settle_people
from bot.desk import utc_now
from bot.manifest import manifest
from bot.sandbox.app_setup import AppSetup
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.workspace import Workspace
from storage.database import Database

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
PATIENCE_SECONDS = 40.0
OURS = ("SLACK_", "CHARTDESK_", "DATABASE_URL", "REDIS_URL", "PORT", "HOST")


class BotProcess:
    """One Python process of the bot; ``printed`` is what it wrote to standard error so far."""

    def __init__(self, arguments: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self.log = folder / f"stderr-{time.monotonic_ns()}.txt"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.port = int(environment.get("PORT", "0"))
        with self.log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                env={**inherited, "PYTHONPATH": str(ROOT), **environment},
                cwd=folder,
                stdout=stderr,
                stderr=stderr,
            )

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://{HOST}:{self.port}{path}", timeout=10, trust_env=False)

    def wait_until_ready(self) -> BotProcess:
        """Until ``/readyz`` says 200."""
        until(lambda: self.alive() and self._ready(), f"the process is ready; it printed: {self.log}")
        return self

    def alive(self) -> bool:
        assert self.process.poll() is None, f"the process ended with {self.process.returncode}:\n{self.printed}"
        return True

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait until it ends by itself."""
        return self.process.wait(PATIENCE_SECONDS)

    def _ready(self) -> bool:
        try:
            return self.get("/readyz").is_success
        except httpx.TransportError:
            return False


@contextmanager
def started(arguments: Sequence[str], folder: Path, **environment: str) -> Iterator[BotProcess]:
    """A process that is ended with the block, whatever happens in it."""
    one = BotProcess(arguments, folder, environment)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.terminate()
            try:
                one.process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                one.process.kill()
                one.process.wait()


def until(look: Callable[[], Any], what: str) -> Any:
    """Look again and again until there is something; returns it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Never seen: {what}")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def office(url: str) -> Workspace:
    """The demonstration's Slack workspace, its people known at the desk in this database."""
    workspace = workspace_for_demo(AppSetup.from_manifest(manifest()))
    people = [
        DemoPerson(key, workspace.members[key].real_name, workspace.members[key].tz, roles)
        for key, roles in DEMO_ROLES.items()
    ]
    database = Database.open(url)
    with database.write() as session:
        settle_people(session, workspace.team_id, workspace.team_name, people, utc_now())
    database.close()
    return workspace
