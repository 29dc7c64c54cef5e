"""pytest fixtures over the real servers.

Load them with ``pytest_plugins = ["tests.servers.fixtures"]`` in the root conftest, or ``-p tests.servers.fixtures``.

Where no server can run, the test is skipped with the reason. With ``CHARTDESK_REQUIRE_SERVERS=1`` (continuous
integration) it fails instead. Under pytest-xdist every worker has servers of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import NoReturn, TypeVar

import pytest

from tests.servers import PostgresServer, RedisServer, Unavailable, start_postgres, start_redis

REQUIRE_VARIABLE = "CHARTDESK_REQUIRE_SERVERS"
ServerT = TypeVar("ServerT")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run."""
    with _or_skip("PostgreSQL", start_postgres()) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """SQLAlchemy URL of an empty database of this test's own."""
    url = postgres.fresh_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis for the whole run; do not freeze or stop it, take ``private_redis`` for that."""
    with _or_skip("Redis", start_redis()) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """URL of the run's Redis, without anything of ours in it at the start of this test."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture
def private_redis() -> Iterator[RedisServer]:
    """A Redis of this test's own, to freeze, stop and restart (starts in some 0.02 s)."""
    with _or_skip("Redis", start_redis(ours=True)) as server:
        yield server


@contextmanager
def _or_skip(kind: str, started: AbstractContextManager[ServerT]) -> Iterator[ServerT]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(started)
        except Unavailable as missing:
            _refuse(f"{kind} is needed: {missing.reason}")
        yield server


def _refuse(reason: str) -> NoReturn:
    if os.environ.get(REQUIRE_VARIABLE) == "1":
        pytest.fail(f"{reason} ({REQUIRE_VARIABLE}=1)", pytrace=False)
    pytest.skip(reason)
