"""Statements that are a transaction of their own on PostgreSQL: compiled once, prepared once for each connection, sent by the driver itself.

For the few places where many people wait for the same thing at the same moment. Everything else goes through sessions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.pool import PoolProxiedConnection

from storage.columns import Word

_DIALECT: Final[Any] = psycopg_dialect.PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
#: Endings after which nothing happened and the same may be tried in an ordinary transaction: a key that is taken, somebody else's lock, a statement that this
#: connection does not know (a pooler between us changed it) or whose tables changed.
_NOTHING_HAPPENED: Final = frozenset({b"23505", b"40001", b"40P01", b"26000", b"42P05", b"0A000"})
_GOOD: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


class NothingHappenedError(Exception):
    """The statement came to nothing, for a reason that an ordinary transaction can deal with."""


class Prepared:
    """One Core statement. Its parameters have the names of its ``bindparam``; a list of values of unknown length is an array there, never ``IN``."""

    def __init__(self, statement: sa.Select[Any] | sa.Update) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self.text: Final = str(compiled)
        self._bytes = self.text.encode()
        self._key = f"chartdesk_{hashlib.sha256(self._bytes).hexdigest()[:16]}".encode()
        types = {name: bound.type for bound, name in compiled.bind_names.items()}
        self._places = [(name, types[name].bind_processor(_DIALECT)) for name in compiled.positiontup or ()]
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._columns = [(str(column.key), _reader(column.type)) for column in statement.exported_columns]

    def run(self, engine: sa.Engine, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Carry it out, committed when this returns; gives the first row.

        :raises NothingHappenedError: when nothing happened and an ordinary transaction may still succeed.
        :raises psycopg.Error: for anything else.
        """
        with borrowed(engine) as connection:
            return self.run_on(connection, values)

    def run_on(self, pooled: PoolProxiedConnection, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The same on a connection that was borrowed before."""
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        self._make_known(pooled.info, connection)
        adapter = Transformer(connection)
        told: Any = adapter.dump_sequence(self._told(values), [PyFormat.TEXT] * len(self._places))
        result = connection.pgconn.exec_prepared(self._key, told)
        _judge(connection, result)
        if not result.ntuples:
            return None
        adapter.set_pgresult(result)
        row = adapter.load_row(0, tuple) or ()
        return {
            key: process(value) if process else value for (key, process), value in zip(self._columns, row, strict=True)
        }

    def _told(self, values: Mapping[str, Any]) -> list[Any]:
        known = {**self._fixed, **values}
        return [process(known[name]) if process else known[name] for name, process in self._places]

    def _make_known(self, info: dict[str, Any], connection: psycopg.Connection[Any]) -> None:
        known: set[bytes] = info.setdefault("prepared", set())
        if self._key not in known:
            _judge(connection, connection.pgconn.prepare(self._key, self._bytes))
            known.add(self._key)


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What makes a value of a column out of the driver's; words of a list are looked up: that is quicker than the type."""
    if isinstance(kind, Word):
        return {None: None, **{word.value: word for word in kind.words}}.__getitem__
    return kind.result_processor(_DIALECT, None)


@contextmanager
def borrowed(engine: sa.Engine) -> Iterator[PoolProxiedConnection]:
    """A connection of the pool; one that broke, or that lost a statement, is not given back."""
    pooled = engine.raw_connection()
    try:
        yield pooled
    except (psycopg.Error, NothingHappenedError) as error:
        if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            pooled.invalidate()
        raise
    finally:
        pooled.close()


def _judge(connection: psycopg.Connection[Any], result: psycopg.pq.abc.PGresult) -> None:
    if result.status in _GOOD:
        return
    error = psycopg.errors.error_from_result(result, encoding=connection.info.encoding)
    if result.error_field(DiagnosticField.SQLSTATE) in _NOTHING_HAPPENED:
        raise NothingHappenedError from error
    raise error
