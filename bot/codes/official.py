"""Reads the official ICD-10-CM files that come with the package ``simple_icd_10_cm``: the tabular list (XML) and the list of valid codes.

The package is never imported (that alone would take seconds and build its own tree); only its data files are opened. The tabular XML gives codes down to
the point where a table of 7th characters starts, so codes with a 7th character are made here, and the list of valid codes says which of them exist.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Container, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

import defusedxml.ElementTree as SafeXml

from storage.words import ConceptKind, NoteKind, TermKind

ICD_10_CM = "icd-10-cm"
PACKAGE = "simple_icd_10_cm"
TABULAR, CODE_LIST = "icd10c-tabular-April-1-2026.xml", "code-list-April-2026.txt"
CODE_LENGTH, CATEGORY_LENGTH = 7, 3

LEVELS = {"chapter": ConceptKind.CHAPTER, "section": ConceptKind.BLOCK, "diag": ConceptKind.CODE}
NOTES = {
    "includes": NoteKind.INCLUDES,
    "excludes1": NoteKind.EXCLUDES1,
    "excludes2": NoteKind.EXCLUDES2,
    "codeFirst": NoteKind.CODE_FIRST,
    "useAdditionalCode": NoteKind.USE_ADDITIONAL,
    "codeAlso": NoteKind.CODE_ALSO,
    "notes": NoteKind.NOTE,
    "sevenChrNote": NoteKind.SEVENTH_CHARACTER_RULE,
}


class OfficialFilesMissing(RuntimeError):  # noqa: N818 - says what is the case
    """The official code files are not installed. Install the package again with its dependencies."""


@dataclass(frozen=True, slots=True)
class Source:
    """The two files of one edition, and what the edition is called."""

    tabular: Path
    code_list: Path
    system: str = ICD_10_CM
    system_title: str = "ICD-10-CM"
    publisher: str = "CDC/NCHS and CMS"
    edition: str = "2026-04"
    edition_title: str = "ICD-10-CM, April 2026"
    valid_from: date = date(2026, 4, 1)
    valid_to: date = date(2026, 9, 30)

    def digest(self) -> str:
        """SHA-256 over both files, in hex."""
        found = hashlib.sha256()
        for path in (self.tabular, self.code_list):
            found.update(path.read_bytes())
        return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording of an index or a table that leads to a code. ``see`` is the reference it was found by, if it was one."""

    kind: TermKind
    text: str
    see: str | None = None


@dataclass(slots=True)
class Entry:
    """One line of the tabular list with all that is printed under it. ``parent`` is the position of the entry above.

    ``terms`` are printed in the list itself; ``wordings`` come from an index or a table.
    """

    position: int
    parent: int | None
    kind: ConceptKind
    code: str = ""
    title: str = ""
    billable: bool = False
    extended: bool = False
    terms: list[str] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    notes: list[tuple[NoteKind, str]] = field(default_factory=list)
    sevenths: dict[str, str] = field(default_factory=dict)


def shipped_source() -> Source:
    """Find the official files of April 2026 inside the installed package, without importing it.

    :raises OfficialFilesMissing: when they are not there.
    """
    spec = importlib.util.find_spec(PACKAGE)
    folders = [Path(place) / "data" for place in (spec.submodule_search_locations or ())] if spec else []
    for folder in folders:
        if (folder / TABULAR).is_file() and (folder / CODE_LIST).is_file():
            return Source(folder / TABULAR, folder / CODE_LIST)
    raise OfficialFilesMissing(OfficialFilesMissing.__doc__)


def read_entries(source: Source) -> Iterator[Entry]:
    """Give all entries in the order of the book: every entry comes after the one above it, chapters first to last.

    The whole file is never held in memory. Entities in the XML are refused, not expanded.

    :raises xml.etree.ElementTree.ParseError: for a file that is not well-formed.
    """
    valid = frozenset(source.code_list.read_text(encoding="utf-8").split())
    with ExitStack() as stack:
        stream = stack.enter_context(source.tabular.open("rb"))
        yield from read_tabular(stream, valid)


def read_tabular(stream: IO[bytes], valid: Container[str]) -> Iterator[Entry]:
    """The entries of a tabular list.

    :param valid: the codes (without dots) that exist; it decides which 7th characters go with which code.
    :raises xml.etree.ElementTree.ParseError: for a file that is not well-formed.
    :raises defusedxml.DefusedXmlException: for a document type or entities.
    """
    yield from _Reader(valid).read(stream)


class _Reader:
    """Walks the XML once; ``open`` holds the entries from the chapter down to the current one."""

    def __init__(self, valid: Container[str]) -> None:
        self.valid = valid
        self.open: list[Entry] = []
        self.told = 0
        self.count = 0

    def read(self, stream: IO[bytes]) -> Iterator[Entry]:
        for event, element in SafeXml.iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if element.tag in LEVELS:
                yield from self._begin(element) if event == "start" else self._finish()
            elif event == "end" and self.open:
                self._take(element)
            if event == "end" and element.tag not in ("note", "extension"):
                element.clear()

    def _begin(self, element: Any) -> Iterator[Entry]:  # noqa: ANN401 - an element of the standard library's parser
        yield from self._tell(billable=False)
        above = self.open[-1].position if self.open else None
        self.open.append(Entry(self.count, above, LEVELS[element.tag], code=element.attrib.get("id", "")))
        self.count += 1

    def _tell(self, *, billable: bool) -> Iterator[Entry]:
        """Hand out the innermost entry once all its own lines are read."""
        if self.open and self.told < len(self.open):
            entry = self.open[-1]
            entry.billable = billable
            if entry.kind is ConceptKind.CODE and len(entry.code) == CATEGORY_LENGTH:
                entry.kind = ConceptKind.CATEGORY
            self.told = len(self.open)
            yield entry

    def _finish(self) -> Iterator[Entry]:
        entry = self.open[-1]
        if self.told < len(self.open):
            made = self._extended(entry) if entry.kind is ConceptKind.CODE else []
            yield from self._tell(billable=entry.kind not in (ConceptKind.CHAPTER, ConceptKind.BLOCK) and not made)
            yield from made
        self.open.pop()
        self.told = len(self.open)

    def _extended(self, stem: Entry) -> list[Entry]:
        """The valid codes made of ``stem``, placeholders X, and a character of the nearest table above."""
        table = next((entry.sevenths for entry in reversed(self.open) if entry.sevenths), {})
        base = stem.code.replace(".", "").ljust(CODE_LENGTH - 1, "X")
        made = [
            Entry(0, stem.position, ConceptKind.CODE, with_dot(base + character), f"{stem.title}, {meaning}", True, True)
            for character, meaning in table.items()
            if base + character in self.valid
        ]
        for entry in made:
            entry.position = self.count
            self.count += 1
        return made

    def _take(self, element: Any) -> None:  # noqa: ANN401
        entry = self.open[-1]
        if element.tag == "name":
            entry.code = element.text or entry.code
        elif element.tag == "desc":
            entry.title = _line(element.text)
        elif element.tag == "inclusionTerm":
            entry.terms += _lines(element)
        elif element.tag in NOTES:
            entry.notes += [(NOTES[element.tag], line) for line in _lines(element)]
        elif element.tag == "sevenChrDef":
            self._take_sevenths(entry, element)

    @staticmethod
    def _take_sevenths(entry: Entry, element: Any) -> None:  # noqa: ANN401
        character = ""
        for child in element:
            if child.tag == "extension":
                character = child.attrib["char"]
                entry.sevenths[character] = _line(child.text)
            elif child.tag == "note" and character:
                entry.sevenths[character] += f"/{_line(child.text)}"
        entry.notes += [(NoteKind.SEVENTH_CHARACTER, f"{character} {meaning}") for character, meaning in entry.sevenths.items()]


def with_dot(code: str) -> str:
    """``E119`` as ``E11.9``; three characters stay as they are."""
    return code if len(code) <= CATEGORY_LENGTH else f"{code[:CATEGORY_LENGTH]}.{code[CATEGORY_LENGTH:]}"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _lines(element: Any) -> list[str]:  # noqa: ANN401
    return [line for note in element if (line := _line(note.text))]
