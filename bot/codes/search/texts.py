"""Everything in an edition that may be searched, as short texts that each name a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.codes.official import Entry
from bot.codes.search.knowledge import Knowledge
from storage.words import ConceptKind, NoteKind, TermKind


class TextKind(IntEnum):
    """Where a text comes from."""

    TITLE = 0
    INCLUSION = 1
    INCLUDES = 2
    REFERENCE = 3
    KNOWN = 4
    INDEX = 5
    EXTERNAL_CAUSE_INDEX = 6
    NEOPLASM_TABLE = 7
    DRUG_TABLE = 8


@dataclass(frozen=True, slots=True)
class SearchText:
    """A text that means a code. ``concept`` counts the codes of the edition; ``rank`` is 0 for the first code of a wording.

    ``see``: the reference an index entry followed to the code; shown, not searched.
    """

    concept: int
    kind: TextKind
    text: str
    rank: int = 0
    see: str | None = None

    @property
    def shown(self) -> str:
        """The text as somebody reads it who asks why it matched; a title is read elsewhere."""
        if self.kind is TextKind.TITLE:
            return ""
        return f"{self.text}, see {self.see}" if self.see else self.text


#: Where the wordings of an index or a table belong.
WORDING_KINDS = {
    TermKind.INDEX: TextKind.INDEX,
    TermKind.EXTERNAL_CAUSE_INDEX: TextKind.EXTERNAL_CAUSE_INDEX,
    TermKind.NEOPLASM_TABLE: TextKind.NEOPLASM_TABLE,
    TermKind.DRUG_TABLE: TextKind.DRUG_TABLE,
}
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
        yield from (SearchText(at, WORDING_KINDS[one.kind], one.text, see=one.see) for one in entry.wordings)
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
