"""Every test watches the product's own statements: one that reads or changes rows of people's work names the workspace.

Load it with ``-p tests.tenancy``. A statement passes when each table with a ``workspace_id`` is either limited by that column or joined to
another table by a key; when the unit of work writes a row that was loaded before; or when it says ``all_workspaces=True`` on purpose.
Statements that a test itself sends are its own affair.
"""

from __future__ import annotations

import re
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause, TextClause
from sqlalchemy.sql.selectable import Alias, FromClause, Join, Select

from storage.columns import Base

ROOT = Path(__file__).parents[1]
PRODUCT = tuple(f"{ROOT / room}/" for room in ("bot", "handlers", "jobs", "storage"))
TESTS = f"{ROOT / 'tests'}/"
MIGRATIONS = f"{ROOT / 'storage' / 'migrations'}/"
#: How many frames up the product is looked for; SQLAlchemy needs some thirty.
DEEPEST = 120


def tenant_tables() -> frozenset[str]:
    """The tables whose rows belong to one workspace."""
    return frozenset(table.name for table in Base.metadata.tables.values() if "workspace_id" in table.columns)


class Watch:
    """Listens to every engine and remembers what forgot the workspace."""

    def __init__(self) -> None:
        self.forgotten: list[str] = []
        self._judged: weakref.WeakKeyDictionary[Any, bool] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()

    def before_cursor_execute(
        self, _connection: Any, _cursor: Any, text: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        """SQLAlchemy's event."""
        if context is None or context.isinsert or context.execution_options.get("all_workspaces"):
            return
        if _writes_loaded_row(context) or not self._forgets(context, text):
            return
        place = calling_place()
        if place is not None:
            with self._lock:
                self.forgotten.append(f"{place}: {' '.join(text.split())[:400]}")

    def _forgets(self, context: Any, text: str) -> bool:
        compiled = context.compiled
        if compiled is None or isinstance(compiled.statement, TextClause):
            return raw_forgets(text)
        with self._lock:
            known = self._judged.get(compiled)
        if known is None:
            known = bool(forgotten_tables(compiled.statement))
            with self._lock:
                self._judged[compiled] = known
        return known


def forgotten_tables(statement: Any) -> set[str]:
    """The tables of people's work in a statement that are neither limited to a workspace nor reached by a key."""
    sources, limited, joined = set(), set(), set()
    for part in visitors.iterate(statement):
        sources |= {source for source in _sources(part) if _table_of(source) in tenant_tables()}
        for condition in _conditions(part):
            for piece in visitors.iterate(condition):
                if isinstance(piece, ColumnClause) and piece.name == "workspace_id":
                    limited.add(piece.table)
                if isinstance(piece, BinaryExpression):
                    joined |= _joined_by_key(piece)
    return {_table_of(source) for source in sources - limited - joined}


def raw_forgets(text: str) -> bool:
    """The same for plain SQL: a word of a tenant's table without the word ``workspace_id``."""
    if not re.match(r"\s*(select|update|delete|with)\b", text, re.IGNORECASE):
        return False
    words = set(re.findall(r"\w+", text.lower()))
    return not words.isdisjoint(tenant_tables()) and "workspace_id" not in words


def calling_place() -> str | None:
    """Where in the product a statement comes from; None when a test or a migration sent it."""
    frame: FrameType | None = sys._getframe(1)
    for _ in range(DEEPEST):
        if frame is None:
            return None
        file = frame.f_code.co_filename
        if file.startswith((TESTS, MIGRATIONS)) and file != __file__:
            return None
        if file.startswith(PRODUCT):
            return f"{Path(file).relative_to(ROOT)}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def _writes_loaded_row(context: Any) -> bool:
    """Whether the unit of work writes, or refreshes, a row that was loaded before: it does so by primary key."""
    loading = context.execution_options.get("_sa_orm_load_options")
    if loading is not None and getattr(loading, "_refresh_state", None) is not None:
        return True
    return bool((context.isupdate or context.isdelete) and "compiled_cache" in context.execution_options)


def _sources(part: Any) -> list[FromClause]:
    if isinstance(part, Select):
        return [leaf for source in part.get_final_froms() for leaf in _leaves(source)]
    if isinstance(part, sa.Update | sa.Delete):
        return _leaves(part.table)
    return []


def _leaves(source: Any) -> list[FromClause]:
    if isinstance(source, Join):
        return [*_leaves(source.left), *_leaves(source.right)]
    return [source]


def _conditions(part: Any) -> list[Any]:
    if isinstance(part, Select | sa.Update | sa.Delete):
        found = [] if part.whereclause is None else [part.whereclause]
        if isinstance(part, Select):
            found += [join.onclause for source in part.get_final_froms() for join in _joins(source)]
        return found
    return []


def _joins(source: Any) -> list[Join]:
    if isinstance(source, Join):
        return [source, *_joins(source.left), *_joins(source.right)]
    return []


def _joined_by_key(condition: BinaryExpression[Any]) -> set[Any]:
    """The tables whose primary key a condition sets equal to a column of another table."""
    sides = [side for side in (condition.left, condition.right) if isinstance(side, ColumnClause)]
    if len(sides) < 2 or sides[0].table is sides[1].table or condition.operator is not sa.sql.operators.eq:
        return set()
    return {side.table for side in sides if side.name == "id"}


def _table_of(source: Any) -> str:
    while isinstance(source, Alias):
        source = source.element
    return getattr(source, "name", "") or ""


@pytest.fixture(scope="session")
def _watch() -> Iterator[Watch]:
    watch = Watch()
    sa.event.listen(Engine, "before_cursor_execute", watch.before_cursor_execute)
    yield watch
    sa.event.remove(Engine, "before_cursor_execute", watch.before_cursor_execute)


@pytest.fixture(autouse=True)
def every_statement_names_its_workspace(_watch: Watch) -> Iterator[Watch]:
    """Fail a test in which the product forgot the workspace."""
    _watch.forgotten.clear()
    yield _watch
    forgotten = sorted(set(_watch.forgotten))
    _watch.forgotten.clear()
    if forgotten:
        pytest.fail("These statements do not name their workspace:\n" + "\n".join(forgotten), pytrace=False)
