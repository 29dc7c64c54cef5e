"""Indexes over a part of a table: small, and read by the statements that name the same condition as a literal."""

from __future__ import annotations

import sqlalchemy as sa


def partial_index(name: str, condition: str, *columns: str, unique: bool = False) -> sa.Index:
    """An index of the rows for which ``condition`` (SQL) holds, on PostgreSQL and SQLite alike."""
    return sa.Index(name, *columns, unique=unique, postgresql_where=sa.text(condition), sqlite_where=sa.text(condition))
