"""A customer's own list: ``code,title,valid_from,valid_to``, for what they hold a licence for. Commas, semicolons and tabs are all understood."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from bot.codes.catalogue import DatedEntry
from bot.codes.importing.errors import BadLine
from bot.codes.importing.files import GivenFile
from bot.codes.on_date import ImpossibleDate, read_date
from storage.words import ConceptKind

COLUMNS = {
    "code": ("code",),
    "title": ("title", "description", "long description"),
    "valid_from": ("valid_from", "valid from", "from", "effective"),
    "valid_to": ("valid_to", "valid to", "to", "terminated"),
}
NEEDED = ("code", "title")
LONGEST_CODE, LONGEST_TITLE = 20, 2_000


def read_csv_list(given: GivenFile) -> list[DatedEntry]:
    """The codes of a list.

    :raises BadLine: for the first line that is not one.
    """
    text = given.text
    first = text.split("\n", maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    entries: dict[str, DatedEntry] = {}
    places: dict[str, int] = {}
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not places:
                places = _headings(given.name, cells)
                continue
            entry = _entry(given.name, reader.line_num, {name: cells[at].strip() for name, at in places.items() if at < len(cells)}, len(entries))
            if entry.code in entries:
                raise BadLine(given.name, reader.line_num, f"{entry.code} is there twice.")
            entries[entry.code] = entry
    except csv.Error as error:
        raise BadLine(given.name, reader.line_num, f"this line is broken ({error}).") from None
    if not entries:
        raise BadLine(given.name, 1, "there are no codes under the headings.")
    return list(entries.values())


def _headings(file: str, cells: Sequence[str]) -> dict[str, int]:
    known = {cell.strip().lower(): at for at, cell in enumerate(cells)}
    found = {name: known[alias] for name, aliases in COLUMNS.items() for alias in aliases[::-1] if alias in known}
    lacking = [name for name in NEEDED if name not in found]
    if lacking:
        raise BadLine(file, 1, f"the column {lacking[0]} is missing.")
    return found


def _entry(file: str, line: int, said: dict[str, str], position: int) -> DatedEntry:
    code, title = said.get("code", ""), " ".join(said.get("title", "").split())
    if not any(sign.isalnum() for sign in code) or not code.isascii() or len(code) > LONGEST_CODE or any(sign.isspace() for sign in code):
        raise BadLine(file, line, f"“{code[:LONGEST_CODE]}” is no code.")
    if not title or len(title) > LONGEST_TITLE:
        raise BadLine(file, line, f"{code} has no title, or one of more than {LONGEST_TITLE:,} characters.")
    starts, ends = (_day(file, line, said.get(name, "")) for name in ("valid_from", "valid_to"))
    if starts and ends and ends < starts:
        raise BadLine(file, line, f"{code} ends before it begins.")
    return DatedEntry(position, None, ConceptKind.CODE, code, title, billable=True, valid_from=starts, valid_to=ends)


def _day(file: str, line: int, said: str) -> date | None:
    if not said:
        return None
    try:
        return read_date(said, date.min)
    except (ImpossibleDate, OverflowError):
        raise BadLine(file, line, f"“{said[:20]}” is no date. Write it like 2026-10-01.") from None
