"""Real servers for the tests: PostgreSQL and Redis, started on demand and ended with the process that asked for them.

>>> from tests.servers import start_postgres
>>> with start_postgres() as server:  # doctest: +SKIP
...     url = server.fresh_database()

Nothing is installed and nothing outside a temporary directory is written. The pytest fixtures are in
:mod:`tests.servers.fixtures`.
"""

from __future__ import annotations

from tests.servers.kept import Unavailable
from tests.servers.postgres import PostgresServer, start_postgres
from tests.servers.redis import RedisServer, start_redis

__all__ = ["PostgresServer", "RedisServer", "Unavailable", "start_postgres", "start_redis"]
