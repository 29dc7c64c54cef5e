"""How results are printed: tables for people, JSON for programs, both on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

#: For every command whose result a program may read.
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs, and nothing else.")]


def print_json(value: Any) -> None:  # noqa: ANN401 - anything JSON can say
    """One JSON value, on one line."""
    write_line(json.dumps(value, ensure_ascii=False, default=str))


def write_line(text: str) -> None:
    """One line, passed on at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Rows under headings; ``empty`` when there are none. Cells are shown as they are, whatever signs they hold."""
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    if table.row_count:
        Console().print(table)
    else:
        write_line(empty)


def read_lines() -> Iterable[str]:
    """The lines of standard input as they come, in UTF-8; letters that cannot be read become a question mark."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    return sys.stdin
