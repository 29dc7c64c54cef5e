"""The Alphabetic Index, the external cause index, the neoplasm table and the table of drugs: wordings that lead to codes.

All four share one shape: letters, main terms, and terms below terms, each with a title and a code, a row of cells, or a word where to ``see``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import defusedxml.ElementTree as SafeXml

#: References lead to references; the books go two deep.
MOST_STEPS = 6
_EMPTY = re.compile(r"^[-–\s]*$")
_SPACES = re.compile(r"\s+")
_BRACKETS = re.compile(r"\([^()]*\)")
_NOT_OTHER = re.compile(r"\b(NEC|NOS)\b")
_BY_WHAT = re.compile(r"^by (type|site|object|substance|specific)", re.IGNORECASE)


@dataclass(slots=True)
class IndexEntry:
    """A line of an index. ``path`` is its titles from the main term down, without what stands in round brackets as nonessential."""

    path: tuple[str, ...]
    codes: list[str] = field(default_factory=list)
    cells: dict[int, str] = field(default_factory=dict)
    see: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """A wording and the code it leads to, as printed: dashes at the end say that more characters follow. ``see``: the reference that was followed."""

    text: str
    code: str
    see: str | None = None


def read_index(stream: IO[bytes]) -> Iterator[IndexTerm]:
    """The wordings of an index, ``see`` and ``see also`` followed to the codes they lead to.

    :raises xml.etree.ElementTree.ParseError: for broken XML.
    :raises defusedxml.DefusedXmlException: for a document type or entities.
    """
    entries = list(_entries(SafeXml.parse(stream, forbid_dtd=True).getroot()))
    places = _places(entries)
    for entry in entries:
        for code, see in _codes(entry, places, MOST_STEPS):
            yield IndexTerm(", ".join(entry.path), code, see)


def read_table(stream: IO[bytes], *, site_first: bool) -> Iterator[IndexTerm]:
    """The wordings of a table by column: ``breast, malignant primary neoplasm``; ``aspirin, adverse effect``.

    :param site_first: the neoplasm table, whose one main term (Neoplasm) belongs into each wording behind the site.
    """
    root: Any = SafeXml.parse(stream, forbid_dtd=True).getroot()
    heads = {int(head.attrib["col"]): _line(head).lower() for head in root.iter("head")}
    entries = list(_entries(root))
    places = _places(entries)
    for entry in entries:
        words = entry.path[1:] if site_first else entry.path
        for column, code in sorted(_cells(entry, places, MOST_STEPS).items()):
            head = f"{heads.get(column, '')} neoplasm" if site_first else heads.get(column, "")
            see = entry.see[0] if entry.see and not entry.cells else None
            yield IndexTerm(", ".join([*words, head.strip()]).strip(", "), code, see)


def _entries(root: Any) -> Iterator[IndexEntry]:  # noqa: ANN401 - an element of the standard library's parser
    for letter in root.iter("letter"):
        for main in letter.findall("mainTerm"):
            yield from _walk(main, ())


def _walk(element: Any, above: tuple[str, ...]) -> Iterator[IndexEntry]:  # noqa: ANN401
    title = element.find("title")
    entry = IndexEntry((*above, _title(title) if title is not None else ""))
    for child in element:
        _take(entry, child)
    if entry.path[-1]:
        yield entry
    for child in element.findall("term"):
        yield from _walk(child, entry.path)


def _take(entry: IndexEntry, child: Any) -> None:  # noqa: ANN401
    said = _line(child)
    if child.tag in ("code", "subcat") and said and not _EMPTY.match(said):
        entry.codes.append(said)
    elif child.tag == "cell" and said and not _EMPTY.match(said):
        entry.cells[int(child.attrib["col"])] = said
    elif child.tag in ("see", "seeAlso") and said:
        entry.see.append(said)


def _codes(entry: IndexEntry, places: dict[tuple[str, ...], IndexEntry], steps: int) -> list[tuple[str, str | None]]:
    """Its own codes, else those of the entries it points to, each with the first reference that leads there."""
    if entry.codes or not steps:
        return [(code, None) for code in dict.fromkeys(entry.codes)]
    found: dict[str, str] = {}
    for reference in entry.see:
        aim = _find(reference, places)
        for code, _ in _codes(aim, places, steps - 1) if aim is not None else ():
            found.setdefault(code, reference)
    return list(found.items())


def _cells(entry: IndexEntry, places: dict[tuple[str, ...], IndexEntry], steps: int) -> dict[int, str]:
    if entry.cells or not steps:
        return entry.cells
    aims = (_find(reference, places) for reference in entry.see)
    found = next((aim for aim in aims if aim is not None), None)
    return _cells(found, places, steps - 1) if found else {}


def _find(reference: str, places: dict[tuple[str, ...], IndexEntry]) -> IndexEntry | None:
    """The entry a reference names; where its last words only say how to go on (``by type``), the entry before them."""
    steps = [step for step in reference.split(",") if step.strip() and not _BY_WHAT.match(step.strip())]
    keys = tuple(_key(step) for step in steps)
    return places.get(keys) or places.get((" ".join(keys),))


def _places(entries: Sequence[IndexEntry]) -> dict[tuple[str, ...], IndexEntry]:
    """Entries by their path; a title of several words for one thing (``Neoplasm, neoplastic``) is found by its first, too."""
    places: dict[tuple[str, ...], IndexEntry] = {}
    for entry in entries:
        places.setdefault(tuple(_key(title) for title in entry.path), entry)
    for entry in entries:
        places.setdefault(tuple(_key(title.split(",", maxsplit=1)[0]) for title in entry.path), entry)
        flat = tuple(_key(part) for title in entry.path for part in title.split(","))
        places.setdefault(flat, entry)
        places.setdefault((" ".join(flat),), entry)
    return places


def _key(title: str) -> str:
    return _SPACES.sub(" ", _NOT_OTHER.sub("", _BRACKETS.sub(" ", title))).strip().lower()


def _title(title: Any) -> str:  # noqa: ANN401
    """A title without its nonessential modifiers."""
    words = [title.text or "", *(child.tail or "" for child in title)]
    return " ".join(" ".join(words).split())


def _line(element: Any) -> str:  # noqa: ANN401
    return " ".join("".join(element.itertext()).split())
