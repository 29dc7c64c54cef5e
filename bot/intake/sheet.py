"""Reading a CSV file as spreadsheets and EHRs write them: any of four separators, with or without a byte order mark, three encodings.

A file is looked through once before anything of it is taken over, so that one that breaks off in the middle is refused whole.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from bot.intake.columns import ColumnSet, Header, Headings, require, understand
from bot.intake.errors import BrokenFile, IdentifiersFound
from bot.intake.keys import any_reference
from bot.intake.source import GivenFile, Line

#: The largest file taken, in bytes; more than a million lines.
LARGEST = 256 * 1024 * 1024
#: Bytes read at once.
BLOCK = 1024 * 1024
#: Characters of the first line looked at for its separator.
LONGEST_HEADER = 200_000
SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: its encoding, what separates cells, and how many lines stand before the header."""

    encoding: str
    separator: str
    before: int
    digest: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that may be imported. ``dropped`` names the identifying columns that were left out, ``ignored`` those nobody needs."""

    columns: ColumnSet
    file: GivenFile
    layout: Layout
    header: Header
    total: int
    given: frozenset[str]
    unit: str = "line"

    @property
    def dropped(self) -> tuple[str, ...]:
        """Columns that were left out because they identify patients."""
        return self.header.identifiers

    @property
    def ignored(self) -> tuple[str, ...]:
        """Columns that were left out because nothing of ours is in them."""
        return self.header.ignored

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return self.layout.digest

    @property
    def encoding(self) -> str:
        """How its letters are written."""
        return self.layout.encoding

    def lines(self) -> Iterator[Line]:
        """Every line that is not blank, from the beginning."""
        with _as_text(self.file, self.encoding) as text:
            rows = _rows(text, self.layout)
            next(rows, None)
            for number, cells in rows:
                yield _line(number, cells, self.header)


def read_sheet(
    file: GivenFile, columns: ColumnSet, headings: Headings | None = None, *, drop_identifiers: bool = False
) -> Sheet:
    """Look through a whole file, or refuse it whole.

    :param headings: what somebody said about its headers before.
    :param drop_identifiers: leave identifying columns out instead of refusing the file. One of them may find a row again: of it a keyed hash is kept.
    :raises BrokenFile: when it is no table, or a line has not as many cells as the header, naming the line.
    :raises IdentifiersFound: naming the columns that look like identifiers.
    :raises WrongColumns: naming the columns that are missing.
    """
    layout, cells = look_at_header(file)
    header = understand(cells, columns, headings)
    if header.identifiers and not drop_identifiers:
        raise IdentifiersFound(header.identifiers)
    require(header, columns)
    return _look_through(Sheet(columns, file, layout, header, 0, frozenset()))


def look_at_header(file: GivenFile) -> tuple[Layout, list[str]]:
    """How a table is written, and the cells of its first line.

    :raises BrokenFile: when it is no table.
    """
    layout = _layout(file)
    with _as_text(file, layout.encoding) as text:
        first = next(_rows(text, layout), None)
    if first is None:
        raise BrokenFile("Nothing was imported: the file is empty.")
    return layout, first[1]


def _look_through(sheet: Sheet) -> Sheet:
    """Count the lines, check that none is broken, and note the references of ours that stand in them."""
    total, given = 0, set()
    for line in sheet.lines():
        total += 1
        given |= {reference for name in sheet.columns.references if (reference := any_reference(line.cells.get(name, "")))}
    return Sheet(sheet.columns, sheet.file, sheet.layout, sheet.header, total, frozenset(given))


def _layout(file: GivenFile) -> Layout:
    with file.open() as stream:
        start = stream.read(8)
        _refuse_other_files(start)
        digest, encoding = _read_once(start, stream)
    with _as_text(file, encoding) as text:
        first = text.readline(LONGEST_HEADER)
        if first[:4].lower() == "sep=":
            return Layout(encoding, first[4:5] if first[4:5] in tuple(SEPARATORS) else ",", 1, digest)
        while first and not first.strip():
            first = text.readline(LONGEST_HEADER)
    return Layout(encoding, max(SEPARATORS, key=first.count), 0, digest)


def _refuse_other_files(start: bytes) -> None:
    if start.startswith(b"PK\x03\x04"):
        raise BrokenFile("Nothing was imported: this is an Excel workbook. Save it as CSV (UTF-8) and import that.")
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        raise BrokenFile("Nothing was imported: this is a document or a picture, not a table. Export the list as CSV.")


def _read_once(start: bytes, stream: BinaryIO) -> tuple[str, str]:
    """The digest of the bytes and the encoding they are in: UTF-16 by its mark, UTF-8 where that can be, else Windows' letters."""
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoders = {name: codecs.getincrementaldecoder(name)() for name in (("utf-16",) if wide else ("utf-8", "cp1252"))}
    digest, size = hashlib.sha256(), 0
    for block in chain([start], iter(lambda: stream.read(BLOCK), b""), [b""]):
        size += len(block)
        if size > LARGEST:
            raise BrokenFile(f"Nothing was imported: the file is larger than {LARGEST // 1024 // 1024} MB. Split it.")
        if not wide and b"\x00" in block:
            raise BrokenFile("Nothing was imported: this is no text file. Export it as CSV.")
        digest.update(block)
        for name, decoder in list(decoders.items()):
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                del decoders[name]
    if not decoders:
        raise BrokenFile(
            "Nothing was imported: the file's letters cannot be read. Save it as CSV (UTF-8) and import that."
        )
    return digest.hexdigest(), next(iter(decoders))


def _as_text(file: GivenFile, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(file.open(), "utf-8-sig" if encoding == "utf-8" else encoding, newline="")


def _rows(text: io.TextIOWrapper, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not blank, with its number; Excel's own ``sep=;`` line is obeyed."""
    for _ in range(layout.before):
        text.readline()
    reader = csv.reader(text, delimiter=layout.separator, strict=True, skipinitialspace=True)
    while True:
        number = layout.before + reader.line_num + 1
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
