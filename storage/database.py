"""Engines and sessions, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import random
from time import monotonic, sleep
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from storage import at_hand
from storage.turns import Turns

T = TypeVar("T")

#: How long a writer waits for another writer on SQLite before it gives up, in milliseconds. Well under Slack's three seconds.
BUSY_MS = 2500
#: Connections a process may hold at once: as many as listeners that can be in the database together.
POOL_SIZE, POOL_OVERFLOW = 10, 22
#: What PostgreSQL calls two transactions that wait for each other.
DEADLOCK = "40P01"
#: How long the one that gave way waits at most before it tries again, in seconds.
PAUSES = (0.05, 0.2)


class DatabaseUrlError(ValueError):
    """DATABASE_URL must name a SQLite file (sqlite:///desk.db) or a PostgreSQL server (postgresql://user:password@host/name)."""


class Database:
    """One database with two ways in: :meth:`write`, a transaction that commits at its end, and :meth:`read`, which never writes.

    On SQLite a write transaction takes the write lock at its beginning (``BEGIN IMMEDIATE``): one that starts as a reader and upgrades later fails at once
    when another wrote in between, whatever the busy time-out. Writers of one process take turns before that: SQLite itself lets those who wait look again at
    growing intervals, so that somebody unlucky waits while others who came later write. Against other processes the busy time-out stands.
    """

    def __init__(self, url: URL, write_engine: Engine, read_engine: Engine) -> None:
        self.url = url
        self._write_engine = write_engine
        self._read_engine = read_engine
        self._write_sessions = sessionmaker(write_engine, expire_on_commit=False)
        self._read_sessions = sessionmaker(read_engine, expire_on_commit=False)
        #: Connections for prepared statements.
        self.at_hand = at_hand.AtHand(write_engine)
        self._turns = Turns() if self.is_sqlite else None

    @classmethod
    def open(cls, url: str) -> Database:
        """Build the engines for a URL. Connects lazily.

        :raises DatabaseUrlError: for anything but SQLite and PostgreSQL.
        """
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite":
            _make_folder(parsed)
            return cls(parsed, _sqlite_engine(parsed, "BEGIN IMMEDIATE"), _sqlite_engine(parsed, "BEGIN"))
        engine = _postgres_engine(parsed)
        return cls(parsed, engine, engine)

    @property
    def engine(self) -> Engine:
        """The engine that may write, for migrations and for single statements."""
        return self._write_engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file on this machine, which only processes of this machine can share."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        turn = self._turns.turn(BUSY_MS / 1000) if self._turns else nullcontext()
        with turn, self._write_sessions() as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent look; whatever it changed by mistake is rolled back. Rows that were read stay readable afterwards."""
        with self._read_sessions() as session:
            yield session
            session.expunge_all()
            session.rollback()

    @contextmanager
    def staging(self) -> Iterator[Staging]:
        """A connection of its own for a large change: it is closed afterwards, and with it go the temporary tables, also when the process is killed."""
        with self._write_engine.connect() as connection:
            connection.detach()
            yield Staging(connection)

    def close(self) -> None:
        """Give all connections back."""
        self.at_hand.close()
        self._write_engine.dispose()
        self._read_engine.dispose()


class Staging:
    """What is filled in stays in temporary tables, beside which everybody else goes on writing; one short transaction takes it over."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    @contextmanager
    def fill(self) -> Iterator[sa.Connection]:
        """A transaction for temporary tables only. On SQLite it does not take the write lock."""
        self._connection.execution_options(sqlite_begin="BEGIN")
        with self._connection.begin():
            yield self._connection

    @contextmanager
    def write(self) -> Iterator[Session]:
        """The transaction that takes over what was filled in."""
        self._connection.execution_options(sqlite_begin=None)
        with Session(self._connection, expire_on_commit=False) as session, session.begin():
            yield session


def parse_url(url: str) -> URL:
    """Read a database URL; ``postgres://`` and ``postgresql://`` both mean psycopg 3.

    :raises DatabaseUrlError: when it cannot be used.
    """
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError as error:
        raise DatabaseUrlError(DatabaseUrlError.__doc__) from error
    backend = parsed.drivername.split("+")[0]
    if backend in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed.set(drivername="sqlite")
    raise DatabaseUrlError(DatabaseUrlError.__doc__)


def again_where_it_gave_way(transaction: Callable[[], T]) -> T:
    """Carry out a transaction, and again where PostgreSQL ended it because it and another waited for each other: nothing of it was done then.

    A pause that is never the same lets the other one through first.
    """
    for longest in PAUSES:
        try:
            return transaction()
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != DEADLOCK:
                raise
        sleep(longest * random())  # noqa: S311 - nothing secret
    return transaction()


def _make_folder(url: URL) -> None:
    Path(url.database or "").expanduser().parent.mkdir(parents=True, exist_ok=True)


def _postgres_engine(url: URL) -> Engine:
    # Whoever takes a connection ends what they began with it: sessions and SQLAlchemy's own connections do, and a prepared statement begins nothing.
    engine = sa.create_engine(url, pool_size=POOL_SIZE, max_overflow=POOL_OVERFLOW, hide_parameters=True, pool_reset_on_return=None)

    @sa.event.listens_for(engine, "checkout")
    def _on_checkout(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:  # noqa: ANN401 - the driver's connection
        # One that was taken a moment ago is not asked whether it still works: that would be a round trip more for every change.
        now = monotonic()
        rested = now - record.info.get("taken_at", now)
        record.info["taken_at"] = now
        if rested < at_hand.RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error

    return engine


def _sqlite_engine(url: URL, begin: str) -> Engine:
    engine = sa.create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True,  # an error's text must not carry what somebody typed
    )

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's connection
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin") or begin)

    return engine
