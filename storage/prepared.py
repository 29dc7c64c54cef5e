"""Statements that are a transaction of their own on PostgreSQL: compiled once, prepared once for each connection, sent by the driver itself.

For the few places where many people wait for the same thing at the same moment. Everything else goes through sessions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import psycopg
import sqlalchemy as sa
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.pool import PoolProxiedConnection

from storage.at_hand import AtHand
from storage.columns import UtcDateTime, Word

_DIALECT: Final[Any] = psycopg_dialect.PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
#: Endings after which nothing happened and the same may be tried in an ordinary transaction: a key that is taken, somebody else's lock, a statement that this
#: connection does not know (a pooler between us changed it) or whose tables changed.
_NOTHING_HAPPENED: Final = frozenset({b"23505", b"40001", b"40P01", b"26000", b"42P05", b"0A000"})
_GOOD: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


class NothingHappenedError(Exception):
    """The statement came to nothing, for a reason that an ordinary transaction can deal with."""


class Prepared:
    """One Core statement. Its parameters have the names of its ``bindparam``.

    A list of values of unknown length is an array there, never ``IN``.
    """

    def __init__(self, statement: sa.Select[Any] | sa.Update) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self.text: Final = str(compiled)
        self.key: Final = f"chartdesk_{hashlib.sha256(self.text.encode()).hexdigest()[:16]}".encode()
        types = {name: bound.type for bound, name in compiled.bind_names.items()}
        self._names = tuple(compiled.positiontup or ())
        self._writers = _processors(types[name].bind_processor(_DIALECT) for name in self._names)
        moments = [isinstance(types[name], UtcDateTime) for name in self._names]
        # Writing a moment as text costs more than anything else that is done here for a claim.
        self._formats = [PyFormat.BINARY if moment else PyFormat.TEXT for moment in moments]
        self._sent_as = [Format.BINARY if moment else Format.TEXT for moment in moments]
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._columns = tuple(str(column.key) for column in statement.exported_columns)
        self._readers = _processors(_reader(column.type) for column in statement.exported_columns)

    def run(self, at_hand: AtHand, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Carry it out, committed when this returns; gives the first row.

        :raises NothingHappenedError: when nothing happened and an ordinary transaction may still succeed.
        :raises psycopg.Error: for anything else.
        """
        with at_hand.connection() as connection:
            row = self.run_on(connection, values)
        return None if row is None else dict(zip(self._columns, row, strict=True))

    def run_on(self, pooled: PoolProxiedConnection, values: Mapping[str, Any]) -> list[Any] | None:
        """The same on a connection that was borrowed before; gives the first row in the order of the statement's columns."""
        known = pooled.info.get(self.key) or self._make_known(pooled)
        adapter = known.adapter
        result = known.connection.exec_prepared(self.key, adapter.dump_sequence(self._told(values), self._formats), self._sent_as)
        if result.status not in _GOOD:
            raise _trouble(pooled.driver_connection, result)
        if not result.ntuples:
            return None
        adapter.set_pgresult(result)
        row: list[Any] = adapter.load_row(0, list)
        for place, process in self._readers:
            row[place] = process(row[place])
        return row

    def _told(self, values: Mapping[str, Any]) -> list[Any]:
        known = {**self._fixed, **values} if self._fixed else values
        told = [known[name] for name in self._names]
        for place, process in self._writers:
            told[place] = process(told[place])
        return told

    def _make_known(self, pooled: PoolProxiedConnection) -> _Known:
        """Prepare it on this connection, and remember that with the connection."""
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        result = connection.pgconn.prepare(self.key, self.text.encode())
        if result.status not in _GOOD:
            raise _trouble(connection, result)
        known: _Known = pooled.info.setdefault(self.key, _Known(connection.pgconn, Transformer(connection)))
        return known


class _Known(NamedTuple):
    """One statement on one connection: the driver's inner connection, and what turns values into the driver's and back, which remembers their types."""

    connection: psycopg.pq.abc.PGconn
    adapter: Any


def _processors(found: Iterable[Callable[[Any], Any] | None]) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """The places of a row that need one."""
    return tuple((place, process) for place, process in enumerate(found) if process)


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What makes a value of a column out of the driver's; words of a list are looked up: that is quicker than the type."""
    if isinstance(kind, Word):
        lists = (kind.words, kind.others or ())
        return {None: None, **{word.value: word for words in lists for word in words}}.__getitem__
    return kind.result_processor(_DIALECT, None)


def _trouble(connection: Any, result: psycopg.pq.abc.PGresult) -> Exception:  # noqa: ANN401 - the pool does not say which driver's
    """What an unhappy ending is called."""
    error = psycopg.errors.error_from_result(result, encoding=connection.info.encoding)
    if result.error_field(DiagnosticField.SQLSTATE) not in _NOTHING_HAPPENED:
        return error
    nothing = NothingHappenedError()
    nothing.__cause__ = error
    return nothing
