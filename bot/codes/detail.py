"""Everything the book says about one code, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.codes.catalogue import (
    Concept,
    Edition,
    ancestors,
    children,
    concept,
    latest_edition,
    notes,
    siblings,
    terms,
)
from bot.codes.entry import plain_code
from bot.codes.errors import NoSuchCode
from bot.codes.official import CATEGORY_LENGTH, ICD_10_CM, with_dot
from storage.tables.codes import CodeConcept, CodeNote
from storage.words import ConceptKind, NoteKind

MOST_INSTEAD = 4
LONGEST_SHOWN, LONGEST_TYPED = 20, 40
#: Kinds of instruction that hold for everything below the entry they are printed under.
INHERITED = frozenset(
    {
        NoteKind.INCLUDES,
        NoteKind.EXCLUDES1,
        NoteKind.EXCLUDES2,
        NoteKind.CODE_FIRST,
        NoteKind.USE_ADDITIONAL,
        NoteKind.CODE_ALSO,
        NoteKind.NOTE,
    }
)


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code in one line. ``needs_seventh``: whole but for a 7th character."""

    code: str
    title: str
    kind: ConceptKind
    billable: bool
    needs_seventh: bool = False


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. ``inherited_from`` names the code, block or chapter above it is printed under, None for the code itself."""

    text: str
    inherited_from: str | None = None


@dataclass(frozen=True, slots=True)
class SeventhCharacters:
    """The table of 7th characters that holds for a code: (character, meaning), those that exist for it."""

    rule: str | None
    characters: tuple[tuple[str, str], ...]
    inherited_from: str | None = None


@dataclass(frozen=True, slots=True)
class CodeDetail:
    """A code with its surroundings and instructions, its own first, then those of the nearest parent, the chapter last.

    ``under`` stands before a code of this edition where something must find it again (:mod:`bot.codes.address`); ``missing`` names the edition
    that applies today, where it is not loaded.
    """

    line: CodeLine
    edition: Edition
    path: tuple[CodeLine, ...]
    inclusion_terms: tuple[str, ...]
    includes: tuple[Instruction, ...]
    excludes1: tuple[Instruction, ...]
    excludes2: tuple[Instruction, ...]
    code_first: tuple[Instruction, ...]
    use_additional: tuple[Instruction, ...]
    code_also: tuple[Instruction, ...]
    notes: tuple[Instruction, ...]
    sevenths: SeventhCharacters | None
    children: tuple[CodeLine, ...]
    previous: CodeLine | None
    next: CodeLine | None
    valid_from: date
    valid_to: date | None
    under: str = ""
    missing: str | None = None


def detail(session: Session, code: str, edition: Edition | None = None) -> CodeDetail:
    """All about a code of an edition (the newest ICD-10-CM when none is named), however the code is spelled.

    :raises NoSuchCode: with what may have been meant.
    :raises NoEdition: when no edition is loaded.
    """
    edition = edition or latest_edition(session)
    found = _find(session, edition, code)
    above = ancestors(session, found)
    nearest_first = [found, *reversed(above)]
    printed = notes(session, nearest_first)
    below = children(session, found)
    before, after = siblings(session, found)
    told = {kind: _instructions(nearest_first, printed, kind) for kind in INHERITED}
    return CodeDetail(
        line=_line(found, below),
        edition=edition,
        path=tuple(_line(one) for one in above),
        inclusion_terms=tuple(terms(session, found)),
        includes=told[NoteKind.INCLUDES],
        excludes1=told[NoteKind.EXCLUDES1],
        excludes2=told[NoteKind.EXCLUDES2],
        code_first=told[NoteKind.CODE_FIRST],
        use_additional=told[NoteKind.USE_ADDITIONAL],
        code_also=told[NoteKind.CODE_ALSO],
        notes=told[NoteKind.NOTE],
        sevenths=_sevenths(found, below, nearest_first, printed),
        children=tuple(_line(one) for one in below),
        previous=_line(before) if before else None,
        next=_line(after) if after else None,
        valid_from=found.valid_from or edition.valid_from,
        valid_to=found.valid_to or edition.valid_to,
    )


def nearest_codes(session: Session, edition: Edition, plain: str) -> list[str]:
    """Existing codes that share the longest beginning with one that does not exist (capitals, no dot): the code above, then the first below it."""
    for length in range(min(len(plain), LONGEST_SHOWN) - 1, CATEGORY_LENGTH - 1, -1):
        beginning = with_dot(plain[:length]) if edition.system == ICD_10_CM else plain[:length]
        query = (
            sa.select(CodeConcept.code)
            .where(CodeConcept.edition_id == edition.id, CodeConcept.kind.in_([ConceptKind.CATEGORY, ConceptKind.CODE]))
            .where(CodeConcept.code >= beginning, CodeConcept.code < beginning + "~")
            .order_by(CodeConcept.position)
            .limit(MOST_INSTEAD)
        )
        if found := list(session.scalars(query)):
            return found
    return []


def _find(session: Session, edition: Edition, code: str) -> Concept:
    plain = plain_code(code)
    shown = with_dot(plain) if edition.system == ICD_10_CM else plain
    for spelled in (shown, code.strip()) if len(code) <= LONGEST_TYPED else ():
        try:
            return concept(session, edition, spelled)
        except NoSuchCode:
            continue
    raise NoSuchCode(_fit(shown), edition.title, nearest_codes(session, edition, plain))


def _fit(code: str) -> str | None:
    """A code that does not exist, fit to be said back; None for what cannot be one."""
    return code if 0 < len(code) <= LONGEST_SHOWN else None


def _line(one: Concept, below: Sequence[Concept] = ()) -> CodeLine:
    return CodeLine(one.code, one.title, one.kind, one.billable, bool(below) and below[0].extended)


def _instructions(nearest_first: Sequence[Concept], printed: dict[int, list[CodeNote]], kind: NoteKind) -> tuple[Instruction, ...]:
    return tuple(
        Instruction(note.text, None if one is nearest_first[0] else one.code)
        for one in nearest_first
        for note in printed.get(one.id, [])
        if note.kind == kind
    )


def _sevenths(
    found: Concept,
    below: Sequence[Concept],
    nearest_first: Sequence[Concept],
    printed: dict[int, list[CodeNote]],
) -> SeventhCharacters | None:
    """The nearest table above; under a code that takes the character only those that make a valid code."""
    for one in nearest_first:
        table = [(note.text[:1], note.text[2:]) for note in printed.get(one.id, []) if note.kind == NoteKind.SEVENTH_CHARACTER]
        if table:
            rules = [note.text for note in printed[one.id] if note.kind == NoteKind.SEVENTH_CHARACTER_RULE]
            valid = {child.code[-1] for child in below if child.extended}
            shown = tuple(row for row in table if not valid or row[0] in valid)
            return SeventhCharacters(rules[0] if rules else None, shown, None if one is found else one.code)
    return None
