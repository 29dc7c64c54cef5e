"""The order files and plain code lists of ICD-10-CM and ICD-10-PCS.

Order file, columns from 1: 1–5 order number, 7–13 code without its dot, 15 whether the code is valid for claims (0 or 1), 17–76 short title, 78– long.
Code list: the code, white space, the long title; only codes that are valid for claims.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.codes.importing.errors import BadLine
from bot.codes.importing.files import GivenFile
from bot.codes.official import CATEGORY_LENGTH, CODE_LENGTH, Entry, with_dot
from storage.words import ConceptKind

_CM = re.compile(r"(?=[A-Z]{1,2}\d)[A-Z][0-9A-Z]{2,6}")
_PCS = re.compile(r"[0-9A-HJ-NP-Z]{3,7}")
_NUMBER = re.compile(r"\d{5}")
FLAGS = {"0": False, "1": True}


@dataclass(frozen=True, slots=True)
class Row:
    """One code of a list."""

    line: int
    code: str
    title: str
    billable: bool


def read_order(given: GivenFile, *, procedures: bool) -> list[Entry]:
    """The entries of an order file.

    :param procedures: ICD-10-PCS, whose codes have no dot.
    :raises BadLine: for the first line that is not one.
    """
    rows = (_order_row(given.name, number, line) for number, line in _lines(given))
    return _entries(given.name, rows, procedures=procedures)


def read_codes(given: GivenFile, *, procedures: bool) -> list[Entry]:
    """The entries of a list of valid codes; categories above them are not in it.

    :raises BadLine: for the first line that is not one.
    """
    rows = (_code_row(given.name, number, line) for number, line in _lines(given))
    return _entries(given.name, rows, procedures=procedures)


def _lines(given: GivenFile) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(given.text.splitlines(), start=1):
        if line.strip():
            yield number, line


def _order_row(file: str, number: int, line: str) -> Row:
    code, flag, long = line[6:13].strip(), line[14:15], line[77:].strip()
    if not _NUMBER.fullmatch(line[:5]):
        raise BadLine(file, number, "columns 1 to 5 hold no order number.")
    if flag not in FLAGS:
        raise BadLine(file, number, f"column 15 must be 0 or 1, not “{flag}”.")
    title = long or line[16:76].strip()
    if not title:
        raise BadLine(file, number, f"{code} has no title.")
    return Row(number, code, " ".join(title.split()), FLAGS[flag])


def _code_row(file: str, number: int, line: str) -> Row:
    code, *title = line.split(maxsplit=1)
    if not title:
        raise BadLine(file, number, f"{code[:20]} has no title.")
    return Row(number, code, " ".join(title[0].split()), billable=True)


def _entries(file: str, rows: Iterator[Row], *, procedures: bool) -> list[Entry]:
    """The rows with the entry above each: the longest beginning that is a code itself."""
    shape, printed = (_PCS, str) if procedures else (_CM, with_dot)
    entries: list[Entry] = []
    places: dict[str, int] = {}
    for row in rows:
        if not shape.fullmatch(row.code):
            raise BadLine(file, row.line, f"“{row.code[:20]}” is no code.")
        if row.code in places:
            raise BadLine(file, row.line, f"{printed(row.code)} is there twice.")
        above = next((places[row.code[:length]] for length in range(len(row.code) - 1, 1, -1) if row.code[:length] in places), None)
        places[row.code] = len(entries)
        entries.append(_entry(row, above, entries, printed))
    return entries


def _entry(row: Row, above: int | None, entries: list[Entry], printed: Callable[[str], str]) -> Entry:
    kind = ConceptKind.CATEGORY if len(row.code) == CATEGORY_LENGTH else ConceptKind.CODE
    stem = entries[above] if above is not None else None
    extended = stem is not None and len(row.code) == CODE_LENGTH and not stem.billable and row.title.startswith(f"{stem.title}, ")
    return Entry(len(entries), above, kind, printed(row.code), row.title, row.billable, extended)
