"""Everything in an edition that may be searched, as short texts that each name a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.codes.official import Entry
from bot.codes.search.knowledge import Knowledge
from bot.codes.search.shorthand import Shorthand
from bot.codes.search.words import split_words
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
    PART = 9


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
    spelled: str | None = None
    trust: float = 1.0

    @property
    def words(self) -> str:
        """What is searched: the text, with its shorthand spelled out where it is a wording of coders."""
        return self.spelled or self.text

    @property
    def shown(self) -> str:
        """The text as somebody reads it who asks why it matched; a title is read elsewhere."""
        if self.kind in SHOWN_BY_TITLE:
            return ""
        return f"{self.text}, see {self.see}" if self.see else self.text


#: Texts that say nothing beyond the title of their code.
SHOWN_BY_TITLE = (TextKind.TITLE, TextKind.PART)
#: Where the wordings of an index or a table belong.
WORDING_KINDS = {
    TermKind.INDEX: TextKind.INDEX,
    TermKind.EXTERNAL_CAUSE_INDEX: TextKind.EXTERNAL_CAUSE_INDEX,
    TermKind.NEOPLASM_TABLE: TextKind.NEOPLASM_TABLE,
    TermKind.DRUG_TABLE: TextKind.DRUG_TABLE,
}
CODE_KINDS = (ConceptKind.CATEGORY, ConceptKind.CODE)
#: A drug beside a condition is what the condition is treated with, unless more is said of it.
NAMED_DRUG = 0.8
#: An abbreviation that is an everyday word too ("HIT") is one when nothing else stands beside it.
EVERYDAY_WORD = 0.9
TRUST = {"drug": NAMED_DRUG, "word": EVERYDAY_WORD}
#: A title that joins things twice has at most this many readings.
MOST_PARTS = 6
REFERRING = (NoteKind.EXCLUDES1, NoteKind.EXCLUDES2, NoteKind.CODE_FIRST, NoteKind.USE_ADDITIONAL, NoteKind.CODE_ALSO)
_REFERENCE = re.compile(r"^(?P<text>.{4,}?)\s*\((?P<code>[^()\s,]{3,9})\)$")
_LEAD = re.compile(
    r"^(any |also |the |, ?|if (applicable|known|present)|code[s,]? |to identify|for |underlying |associated |such as:? )+",
    re.IGNORECASE,
)


class _Alternatives:
    """Reads "hip and thigh" as either: "and" in a title means and/or (guideline I.A.14)."""

    def __init__(self, known: Mapping[str, Sequence[str]]) -> None:
        self._known = known
        longest_first = sorted(known, key=len, reverse=True)
        self._printed = (
            re.compile("|".join(rf"\b{re.escape(printed)}(?!\w)" for printed in longest_first), re.IGNORECASE)
            if known
            else None
        )

    def of(self, text: str) -> list[str]:
        """The text with each of the alternatives it joins, the first :data:`MOST_PARTS`; none for a text that joins nothing."""
        found = [text]
        for match in self._printed.finditer(text) if self._printed else ():
            found = [one.replace(match[0], part, 1) for one in found for part in self._known[match[0].lower()]][
                :MOST_PARTS
            ]
        return [one for one in found if one != text]


def search_texts(entries: Sequence[Entry], knowledge: Knowledge) -> Iterator[SearchText]:
    """All searchable texts of an edition. Codes with a 7th character have none of their own: they are reached through their stem."""
    codes = [entry for entry in entries if entry.kind in CODE_KINDS]
    place = {entry.code: at for at, entry in enumerate(codes)}
    alternatives = _Alternatives(knowledge.alternatives())
    for at, entry in enumerate(codes):
        if not entry.extended:
            yield SearchText(at, TextKind.TITLE, entry.title)
            yield from (SearchText(at, TextKind.PART, text) for text in alternatives.of(entry.title))
            yield from (SearchText(at, TextKind.INCLUSION, text) for text in entry.terms)
            yield from (
                SearchText(at, TextKind.INCLUDES, text) for kind, text in entry.notes if kind is NoteKind.INCLUDES
            )
        yield from (SearchText(at, WORDING_KINDS[one.kind], one.text, see=one.see) for one in entry.wordings)
    for entry in entries:
        yield from _references(entry, place)
    shorthand = Shorthand({" ".join(split_words(row.phrase)): (row.meanings, row.kind) for row in knowledge.rewrites()})
    for term in [*knowledge.terms(), *knowledge.neoplasms(), *knowledge.drugs()]:
        spelled = " ".join(shorthand.spelled_out(term.phrase.split()))
        trust = TRUST.get(term.kind, 1.0)
        yield from (
            SearchText(place[code], TextKind.KNOWN, term.phrase, rank, spelled=spelled, trust=trust)
            for rank, code in enumerate(term.codes)
            if code in place
        )


def _references(entry: Entry, place: dict[str, int]) -> Iterator[SearchText]:
    """Wordings of other codes inside this entry's instructions: ``pneumonia in mycoses (B35.-)``."""
    for kind, text in entry.notes:
        found = _REFERENCE.match(text) if kind in REFERRING else None
        if found and (at := place.get(found["code"].rstrip("-").rstrip("."))) is not None:
            wording = _LEAD.sub("", found["text"]).strip(" ,:")
            if wording:
                yield SearchText(at, TextKind.REFERENCE, wording)
