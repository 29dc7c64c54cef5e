"""Lengths of time between two moments, as each database counts them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class whole_hours(FunctionElement[int]):  # noqa: N801 - it stands in a statement like an SQL function
    """``whole_hours(begin, end)``: the full hours from one moment to another; negative when ``end`` is earlier."""

    type = sa.Integer()
    inherit_cache = True


@compiles(whole_hours, "sqlite")
def _sqlite(element: whole_hours, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    begin, end = (compiler.process(clause, **how) for clause in element.clauses)
    return f"(strftime('%s', {end}) - strftime('%s', {begin})) / 3600"


@compiles(whole_hours)
def _standard(element: whole_hours, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    begin, end = (compiler.process(clause, **how) for clause in element.clauses)
    return f"CAST(TRUNC(EXTRACT(EPOCH FROM {end} - {begin}) / 3600) AS INTEGER)"
