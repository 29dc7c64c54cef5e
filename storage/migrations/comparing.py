"""How our tables and a database are compared, and how a column type is written down in a migration."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

import storage.tables  # noqa: F401 - fills the metadata
from storage.columns import Base, BigId, UtcDateTime


def options() -> dict[str, Any]:
    """What Alembic is told on every run: tables are rebuilt where SQLite cannot change them in place, and types are compared."""
    return {
        "target_metadata": Base.metadata,
        "render_as_batch": True,
        "render_item": render_plainly,
        "compare_type": True,
    }


def render_plainly(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic's
    """Write our own column types as plain ones: a migration must still run when those classes have changed."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    if isinstance(item, BigId):
        return "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')"
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    plain = item.impl_instance
    return f"sa.String({plain.length})" if type(plain) is sa.String else f"sa.{plain!r}"
