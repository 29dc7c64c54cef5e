"""HCPCS Level II as CMS publishes it: the fixed-width ANWEB file and the same as a spreadsheet.

Fixed width, columns from 1: 1–5 code (a modifier in 4–5), 6–10 sequence, 11 kind of record (3 code, 4 its continuation, 7 modifier, 8 its continuation),
12–91 long text, 92–119 short text, 269–276 day added, 285–292 day of termination, days as YYYYMMDD.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from bot.codes.catalogue import DatedEntry
from bot.codes.importing.errors import BadLine, UnknownFile
from bot.codes.importing.files import BROKEN, GivenFile
from storage.words import ConceptKind

BEGINS, GOES_ON = frozenset("37"), frozenset("48")
HEADINGS = {"code": "HCPC", "kind": "RECID", "long": "LONG DESCRIPTION", "short": "SHORT DESCRIPTION", "added": "ADD DT", "ends": "TERM DT"}
NEEDED = ("code", "kind", "long")
#: What openpyxl raises for a workbook that is none.
UNREADABLE = (InvalidFileException, KeyError, ValueError, OSError, IndexError, ParseError, *BROKEN)
#: How far down the line of headings may stand.
HEADING_LINES = 20


@dataclass(slots=True)
class Record:
    """One line of either file."""

    line: int
    code: str
    kind: str
    long: str
    short: str
    added: str
    ends: str


def read_hcpcs_text(given: GivenFile) -> list[DatedEntry]:
    """The codes and modifiers of a fixed-width file.

    :raises BadLine: for the first line that is not one.
    """
    return _entries(given.name, _text_records(given))


def read_hcpcs_workbook(given: GivenFile) -> list[DatedEntry]:
    """The codes and modifiers of a spreadsheet.

    :raises UnknownFile: without the headings CMS uses.
    :raises BadLine: for the first line that is not one.
    """
    return _entries(given.name, _sheet_records(given.name, _sheet_rows(given)))


def _sheet_rows(given: GivenFile) -> Iterator[Sequence[Any]]:
    """The rows of the first sheet. Entities in its XML are refused, as everywhere."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(given.data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
    except UNREADABLE:
        raise UnknownFile(given.name, "this spreadsheet cannot be opened.") from None
    with closing(book):
        while True:
            try:
                row = next(rows, None)
            except UNREADABLE:
                raise UnknownFile(given.name, "this spreadsheet cannot be read to its end.") from None
            if row is None:
                return
            yield row


def _text_records(given: GivenFile) -> Iterator[Record]:
    for number, line in enumerate(given.text.splitlines(), start=1):
        if line.strip():
            kind = line[10:11]
            yield Record(number, line[:5].strip(), kind, line[11:91].strip(), line[91:119].strip(), line[268:276], line[284:292])


def _sheet_records(file: str, rows: Iterator[Sequence[Any]]) -> Iterator[Record]:
    places: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        cells = ["" if cell is None else str(cell).strip() for cell in row]
        if not places:
            places = _headings(cells)
            if not places and number >= HEADING_LINES:
                break
        elif any(cells):
            said = {name: row[at] if at < len(row) else None for name, at in places.items()}
            yield _sheet_record(number, said)
    if not places:
        raise UnknownFile(file, "this spreadsheet has no line of headings with HCPC, RECID and LONG DESCRIPTION.")


def _headings(cells: Sequence[str]) -> dict[str, int]:
    known = {" ".join(cell.upper().split()): at for at, cell in enumerate(cells)}
    found = {name: known[title] for name, title in HEADINGS.items() if title in known}
    return found if all(name in found for name in NEEDED) else {}


def _sheet_record(number: int, said: dict[str, Any]) -> Record:
    words = {name: _cell(said.get(name)) for name in HEADINGS}
    return Record(number, words["code"], words["kind"], words["long"], words["short"], words["added"], words["ends"])


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if isinstance(value, datetime | date):
        return f"{value:%Y%m%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _entries(file: str, records: Iterator[Record]) -> list[DatedEntry]:
    entries: dict[str, DatedEntry] = {}
    last: DatedEntry | None = None
    for record in records:
        if record.kind in GOES_ON and last is not None and record.code == last.code:
            last.title = f"{last.title} {' '.join(record.long.split())}".strip()
            continue
        last = _entry(file, record, len(entries))
        if last.code in entries:
            raise BadLine(file, record.line, f"{last.code} is there twice.")
        entries[last.code] = last
    if not entries:
        raise UnknownFile(file, "there are no codes in it.")
    return list(entries.values())


def _entry(file: str, record: Record, position: int) -> DatedEntry:
    if record.kind not in BEGINS:
        what = "continues a code that does not stand before it" if record.kind in GOES_ON else "must be 3, 4, 7 or 8"
        raise BadLine(file, record.line, f"the kind of record (column 11) is “{record.kind[:5]}”: it {what}.")
    if not (record.code.isalnum() and len(record.code) == (5 if record.kind == "3" else 2)):
        raise BadLine(file, record.line, f"“{record.code[:20]}” is no code.")
    title = " ".join((record.long or record.short).split())
    if not title:
        raise BadLine(file, record.line, f"{record.code} has no text.")
    added, ends = (_day(file, record.line, said) for said in (record.added, record.ends))
    return DatedEntry(position, None, ConceptKind.CODE, record.code, title, billable=True, valid_from=added, valid_to=ends)


def _day(file: str, line: int, said: str) -> date | None:
    digits = said.strip()
    if not digits.strip("0"):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise BadLine(file, line, f"“{digits[:12]}” is no day; days are written YYYYMMDD.") from None
