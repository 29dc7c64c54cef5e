"""Everything in an edition that may be searched, as short texts that each name a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.codes.official import Entry
from bot.codes.search.knowledge import Knowledge
from storage.words import ConceptKind, NoteKind


class TextKind(IntEnum):
    """Where a text comes from."""

    TITLE = 0
    INCLUSION = 1
    INCLUDES = 2
    REFERENCE = 3
    KNOWN = 4


@dataclass(frozen=True, slots=True)
class SearchText:
    """A text that means a code. ``concept`` counts the codes of the edition; ``rank`` is 0 for the first code of a wording."""

    concept: int
    kind: TextKind
    text: str
    rank: int = 0


CODE_KINDS = (ConceptKind.CATEGORY, ConceptKind.CODE)
REFERRING = (NoteKind.EXCLUDES1, NoteKind.EXCLUDES2, NoteKind.CODE_FIRST, NoteKind.USE_ADDITIONAL, NoteKind.CODE_ALSO)
_REFERENCE = re.compile(r"^(?P<text>.{4,}?)\s*\((?P<code>[^()\s,]{3,9})\)$")
_LEAD = re.compile(r"^(any |also |the |, ?|if (applicable|known|present)|code[s,]? |to identify|for |underlying |associated |such as:? )+", re.IGNORECASE)


def search_texts(entries: Sequence[Entry], knowledge: Knowledge) -> Iterator[SearchText]:
    """All searchable texts of an edition. Codes with a 7th character have none of their own: they are reached through their stem."""
    codes = [entry for entry in entries if entry.kind in CODE_KINDS]
    place = {entry.code: at for at, entry in enumerate(codes)}
    for at, entry in enumerate(codes):
        if not entry.extended:
            yield SearchText(at, TextKind.TITLE, entry.title)
            yield from (SearchText(at, TextKind.INCLUSION, text) for text in entry.terms)
            yield from (SearchText(at, TextKind.INCLUDES, text) for kind, text in entry.notes if kind is NoteKind.INCLUDES)
    for entry in entries:
        yield from _references(entry, place)
    for term in [*knowledge.terms(), *knowledge.neoplasms(), *knowledge.drugs()]:
        yield from (SearchText(place[code], TextKind.KNOWN, term.phrase, rank) for rank, code in enumerate(term.codes) if code in place)


def _references(entry: Entry, place: dict[str, int]) -> Iterator[SearchText]:
    """Wordings of other codes inside this entry's instructions: ``pneumonia in mycoses (B35.-)``."""
    for kind, text in entry.notes:
        found = _REFERENCE.match(text) if kind in REFERRING else None
        if found and (at := place.get(found["code"].rstrip("-").rstrip("."))) is not None:
            wording = _LEAD.sub("", found["text"]).strip(" ,:")
            if wording:
                yield SearchText(at, TextKind.REFERENCE, wording)
