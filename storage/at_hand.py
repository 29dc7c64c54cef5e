"""Connections that stay at hand between prepared statements: the pool's own way out and in costs as much as telling the statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import psycopg
import sqlalchemy as sa
from sqlalchemy.pool import PoolProxiedConnection

#: A connection that rested longer than this is tried before it is used: the server may have gone away.
RESTED_SECONDS = 1.0
#: So many stay at hand at the most; the others go back to the pool, where every other transaction finds them.
MOST_AT_HAND = 6


class AtHand:
    """A few connections of a pool, the last one used on top. They end what they began: a prepared statement is a transaction of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._kept: list[tuple[PoolProxiedConnection, float]] = []

    @contextmanager
    def connection(self) -> Iterator[PoolProxiedConnection]:
        """One of them, or one of the pool; one on which something went wrong goes back to the pool, and is closed if it may be broken."""
        taken = self._fresh() or self._engine.raw_connection()
        try:
            yield taken
        except BaseException as error:
            if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
                taken.invalidate()
            taken.close()
            raise
        self._keep(taken)

    def close(self) -> None:
        """Give all of them back."""
        while self._kept:
            self._kept.pop()[0].close()

    def _fresh(self) -> PoolProxiedConnection | None:
        """The last one used; those that rested go back to the pool, which tries them before it hands them out again."""
        while True:
            try:
                kept, since = self._kept.pop()
            except IndexError:
                return None
            if monotonic() - since < RESTED_SECONDS:
                return kept
            kept.close()

    def _keep(self, taken: PoolProxiedConnection) -> None:
        if len(self._kept) < MOST_AT_HAND:
            self._kept.append((taken, monotonic()))
        else:
            taken.close()
