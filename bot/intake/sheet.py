"""Reading a CSV file as spreadsheets and EHRs write them: any of four separators, with or without a byte order mark, three encodings."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.intake.columns import ColumnSet, Header, require, understand
from bot.intake.errors import BrokenFile, IdentifiersFound

#: The largest file taken, in bytes; some 300,000 lines.
LARGEST = 64 * 1024 * 1024
SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its number as an editor shows it, its cells by field (blank ones left out), and the key that finds it again."""

    number: int
    cells: dict[str, str]
    row_key: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that may be imported. ``dropped`` names the identifying columns that were left out, ``ignored`` those nobody needs."""

    columns: ColumnSet
    header: Header
    lines: tuple[Line, ...]
    dropped: tuple[str, ...]
    encoding: str
    digest: str

    @property
    def ignored(self) -> tuple[str, ...]:
        """Columns that were left out because nothing of ours is in them."""
        return self.header.ignored


def read_sheet(data: bytes, columns: ColumnSet, *, drop_identifiers: bool = False) -> Sheet:
    """Read a whole file, or refuse it whole.

    :param drop_identifiers: leave identifying columns out instead of refusing the file. One of them may find a row again: of it a keyed hash is kept.
    :raises BrokenFile: when it is no table, or a line has not as many cells as the header, naming the line.
    :raises IdentifiersFound: naming the columns that look like identifiers.
    :raises WrongColumns: naming the columns that are missing.
    """
    text, encoding = _decode(data)
    rows = _rows(text)
    first = next(rows, None)
    if first is None:
        raise BrokenFile("Nothing was imported: the file is empty.")
    header = understand(first[1], columns)
    if header.identifiers and not drop_identifiers:
        raise IdentifiersFound(header.identifiers)
    require(header, columns)
    lines = tuple(_line(number, cells, header) for number, cells in rows)
    return Sheet(columns, header, lines, header.identifiers, encoding, hashlib.sha256(data).hexdigest())


def _decode(data: bytes) -> tuple[str, str]:
    if len(data) > LARGEST:
        raise BrokenFile(f"Nothing was imported: the file is larger than {LARGEST // 1024 // 1024} MB. Split it.")
    if data.startswith(b"PK\x03\x04"):
        raise BrokenFile("Nothing was imported: this is an Excel workbook. Save it as CSV (UTF-8) and import that.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _or_broken(data, "utf-16"), "utf-16"
    if b"\x00" in data:
        raise BrokenFile("Nothing was imported: this is no text file. Export it as CSV.")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return _or_broken(data, "cp1252"), "cp1252"


def _or_broken(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise BrokenFile(
            "Nothing was imported: the file's letters cannot be read. Save it as CSV (UTF-8) and import that."
        ) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not blank, with its number; Excel's own ``sep=;`` line is obeyed."""
    start, separator = 0, _separator(text)
    if text[:4].lower() == "sep=":
        separator, start = text[4:5], 1
        text = text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    number = start
    while True:
        number = start + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BrokenFile(
                f"Nothing was imported: line {number} is broken ({error}). Look for a quotation mark without its partner, or export the file again."
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, cells


def _separator(text: str) -> str:
    """What separates the cells of the first line: the most frequent of four signs, comma when there is none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _line(number: int, cells: Sequence[str], header: Header) -> Line:
    if len(cells) < header.width or any(cell.strip() for cell in cells[header.width :]):
        raise BrokenFile(
            f"Nothing was imported: line {number} has {len(cells)} cells, but the header has {header.width}. Export the file again."
        )
    found = {field: cells[at].strip() for field, at in header.places.items() if cells[at].strip()}
    if header.row_key is None:
        return Line(number, found, None)
    at, kind = header.row_key
    value = cells[at].strip()
    return Line(number, found, f"{kind}:{value}" if value else None)
