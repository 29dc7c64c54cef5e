"""Writing CSV files that people open in a spreadsheet: no cell is ever taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

#: A cell that begins with one of these is read as a formula by a spreadsheet (OWASP, CSV injection).
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def csv_bytes(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A heading and rows as UTF-8 with a byte order mark, which spreadsheets need to read letters right; texts neutralised, numbers as they are."""
    written = StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(heading)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def neutral(cell: Cell) -> str:
    """A cell as text that no spreadsheet calculates: a leading apostrophe keeps it a text. Numbers stay numbers, None is empty."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell)
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
