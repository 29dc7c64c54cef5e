"""Checks a set of codes that are to be reported together: each by itself, and against the instructions of the book.

Sources: ICD-10-CM Official Guidelines I.A.12 (Excludes1, and its exception for unrelated conditions), I.A.13 (etiology before manifestation), I.B.12 (a
code once an encounter), I.B.13 (laterality), I.A.5 (7th characters), I.B.2 (highest number of characters).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.codes.address import bare_code
from bot.codes.catalogue import Concept, Edition, ancestors, children, notes, system_titles
from bot.codes.detail import nearest_codes
from bot.codes.entry import plain_code
from bot.codes.note_codes import named_codes
from bot.codes.official import CATEGORY_LENGTH, ICD_10_CM, with_dot
from bot.codes.on_date import replacements
from bot.codes.standing import Found, choose_system, day_words, edition_for, expected_edition, find_code
from bot.errors import BadInput
from storage.tables.codes import CodeConcept
from storage.words import NoteKind

MOST_CODES = 60
LONGEST_CODE = 12
#: "in diseases classified elsewhere" marks a manifestation; "not classified elsewhere" does not.
_MANIFESTATION = re.compile(r"(?<!not )classified elsewhere", re.IGNORECASE)
#: Words that make a code-first instruction hold only sometimes.
_SOMETIMES = re.compile(r"\b(if (applicable|known|present)|any)\b", re.IGNORECASE)
_UNSPECIFIED = re.compile(r"\bunspecified\b", re.IGNORECASE)
SIDES = ("right", "left")


class FindingKind(StrEnum):
    """What a check found."""

    UNKNOWN = "unknown"
    NOT_BILLABLE = "not_billable"
    SEVENTH_CHARACTER = "seventh_character"
    NOT_VALID_ON_DATE = "not_valid_on_date"
    EDITION_NOT_LOADED = "edition_not_loaded"
    EXCLUDES1 = "excludes1"
    MANIFESTATION_FIRST = "manifestation_first"
    CODE_FIRST = "code_first"
    LATERALITY = "laterality"
    DUPLICATE = "duplicate"


class Severity(StrEnum):
    """An error must be put right; a warning must be looked at."""

    ERROR = "error"
    WARNING = "warning"


class NoCodesToCheck(BadInput):
    """Name the codes to check, such as /code check E11.9 I10, with “on 2026-05-04” for a date of service."""


class TooManyCodes(BadInput):
    """That is more than one encounter holds. Check at most 60 codes at once."""


@dataclass(frozen=True, slots=True)
class NoteSource:
    """Where an instruction is printed, and its words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeFinding:
    """One thing a check found. ``sentence`` says it, the fix in it; ``note`` is the instruction it comes from."""

    kind: FindingKind
    severity: Severity
    codes: tuple[str, ...]
    sentence: str
    note: NoteSource | None = None

    @property
    def may_stand(self) -> bool:
        """Whether somebody may keep the codes after a second look: every warning, and two codes of unrelated conditions (guideline I.A.12.a)."""
        return self.severity is Severity.WARNING or self.kind is FindingKind.EXCLUDES1


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A code as it was understood; ``found`` is None when no loaded edition has it."""

    typed: str
    found: Found | None

    @property
    def code(self) -> str:
        """The code as it is printed, or as it was typed."""
        return self.found.concept.code if self.found else self.typed


def check_codes(
    session: Session, codes: Sequence[str], on: date | None, today: date, system: str | None = None
) -> tuple[CodeFinding, ...]:
    """Check codes in their order, the first-listed one first; errors come before warnings.

    :param on: date of service, for inpatients of discharge; None checks against the newest edition in force.
    :param system: only this code system; otherwise ICD-10-CM first, then whichever has the code.
    :raises NoCodesToCheck: for none; :raises TooManyCodes: beyond 60; :raises UnknownSystem: for a system that is not loaded.
    """
    found = findings(session, resolve_codes(session, codes, on, today, system), on)
    return tuple(sorted(found, key=lambda one: one.severity is Severity.WARNING))


def resolve_codes(
    session: Session, codes: Sequence[str], on: date | None, today: date, system: str | None = None
) -> tuple[CheckedCode, ...]:
    """Find each code in the edition of the date, in the order given; what :func:`check_codes` starts with."""
    if not codes:
        raise NoCodesToCheck
    if len(codes) > MOST_CODES:
        raise TooManyCodes
    systems = [choose_system(session, system)] if system else list(system_titles(session))
    return tuple(CheckedCode(_shown(bare_code(code)), find_code(session, code, on, today, systems)) for code in codes)


def findings(session: Session, checked: Sequence[CheckedCode], on: date | None) -> Iterator[CodeFinding]:
    """Everything there is to say about resolved codes, each once."""
    yield from _editions_missing(checked, on)
    once = list({one.code: one for one in checked}.values())
    for one in once:
        yield from _by_itself(session, one, on)
    yield from _duplicates(checked)
    diagnoses = [one.found for one in once if one.found and one.found.edition.system == ICD_10_CM]
    yield from _together(session, diagnoses)


def _by_itself(session: Session, one: CheckedCode, on: date | None) -> Iterator[CodeFinding]:
    if one.found is None:
        yield _unknown(session, one, on)
        return
    edition, concept = one.found.edition, one.found.concept
    if on is not None and not concept.covers(on):
        yield _error(FindingKind.NOT_VALID_ON_DATE, one.code, f"{one.code} is not valid on {day_words(on)}: {_span(concept)}.")
    if not concept.billable:
        yield _not_whole(session, concept)
    elif edition.system == ICD_10_CM and (sided := _sided(session, edition, concept)):
        told = f"{one.code} leaves the side open. If the record names it: {' or '.join(sided)}."
        yield CodeFinding(FindingKind.LATERALITY, Severity.WARNING, (one.code,), told)


def _unknown(session: Session, one: CheckedCode, on: date | None) -> CodeFinding:
    """A code the edition lacks: valid at another time, or nowhere."""
    if on is not None and (other := replacements(session, one.typed, on)) is not None:
        return _error(FindingKind.NOT_VALID_ON_DATE, one.code, other.sentence)
    systems = system_titles(session)
    told = f"{one.typed} is in no code set that is loaded ({', '.join(systems.values())})."
    near = _near(session, one.typed, on)
    return _error(FindingKind.UNKNOWN, one.code, f"{told} Did you mean {near}?" if near else f"{told} Check its characters.")


def _near(session: Session, code: str, on: date | None) -> str:
    """The nearest existing diagnosis codes, in words."""
    if ICD_10_CM not in system_titles(session):
        return ""
    edition, _ = edition_for(session, ICD_10_CM, on, on or date.max)
    return " or ".join(nearest_codes(session, edition, plain_code(code))[:3])


def _not_whole(session: Session, concept: Concept) -> CodeFinding:
    below = children(session, concept)
    if below and below[0].extended:
        letters = ", ".join(child.code[-1] for child in below)
        return _error(
            FindingKind.SEVENTH_CHARACTER, concept.code, f"{concept.code} needs a 7th character ({letters}), such as {below[0].code}."
        )
    instead = f", such as {below[0].code}" if below else ""
    return _error(FindingKind.NOT_BILLABLE, concept.code, f"{concept.code} is not billable. Choose a code below it{instead}.")


def _sided(session: Session, edition: Edition, concept: Concept) -> list[str]:
    """The codes that say the same of the right and of the left side, when both exist."""
    wordings = [
        [concept.title[: match.start()] + side + concept.title[match.end() :] for side in SIDES]
        for match in _UNSPECIFIED.finditer(concept.title)
    ]
    if not wordings:
        return []
    category = concept.code[:CATEGORY_LENGTH]
    rows = session.execute(
        sa.select(CodeConcept.title, CodeConcept.code).where(
            CodeConcept.edition_id == edition.id,
            CodeConcept.code >= category,
            CodeConcept.code < category + "~",
            CodeConcept.billable.is_(True),
            CodeConcept.title.in_([title for pair in wordings for title in pair]),
        )
    )
    known = {row.title: row.code for row in rows}
    return next(([known[title] for title in pair] for pair in wordings if all(title in known for title in pair)), [])


def _duplicates(checked: Sequence[CheckedCode]) -> Iterator[CodeFinding]:
    for code, times in Counter(one.code for one in checked).items():
        if times < 2:
            continue
        diagnosis = any(one.code == code and one.found and one.found.edition.system == ICD_10_CM for one in checked)
        severity = Severity.ERROR if diagnosis else Severity.WARNING
        yield CodeFinding(FindingKind.DUPLICATE, severity, (code,), f"{code} is there {times} times. Keep it once.")


def _editions_missing(checked: Sequence[CheckedCode], on: date | None) -> Iterator[CodeFinding]:
    """Said once for each edition that stands in for one that is not loaded."""
    stand_ins = {one.found.edition for one in checked if one.found and not one.found.applies}
    for edition in sorted(stand_ins, key=lambda one: one.id):
        if on is not None:
            told = f"{expected_edition(edition.system, edition.system_title, on)}, is not loaded. Checked against {edition.title} instead."
            codes = tuple(one.code for one in checked if one.found and one.found.edition == edition)
            yield CodeFinding(FindingKind.EDITION_NOT_LOADED, Severity.WARNING, codes, told)


def _together(session: Session, diagnoses: Sequence[Found]) -> Iterator[CodeFinding]:
    """What the book says about the codes side by side."""
    lines = {one.concept.code: [one.concept, *reversed(ancestors(session, one.concept))] for one in diagnoses}
    told = notes(session, [entry for line in lines.values() for entry in line])
    printed: dict[str, list[tuple[NoteKind, NoteSource]]] = {
        code: [(note.kind, NoteSource(entry.code, note.text)) for entry in line for note in told.get(entry.id, [])]
        for code, line in lines.items()
    }
    yield from _excluded(list(lines), printed)
    yield from _manifestations(diagnoses, printed)


def _excluded(codes: Sequence[str], printed: dict[str, list[tuple[NoteKind, NoteSource]]]) -> Iterator[CodeFinding]:
    seen: set[frozenset[str]] = set()
    for code in codes:
        for kind, note in printed[code]:
            if kind is not NoteKind.EXCLUDES1:
                continue
            spans = named_codes(note.text)
            if any(span.holds(code) for span in spans):
                continue
            for other in codes:
                pair = frozenset({code, other})
                if pair not in seen and other != code and any(span.holds(other) for span in spans):
                    seen.add(pair)
                    yield _excludes1(code, other, note)


def _excludes1(code: str, other: str, note: NoteSource) -> CodeFinding:
    told = (
        f"{code} and {other} are not coded together: Excludes1 at {place_words(note.code)} names “{note.text}”. "
        "Keep one, unless the two conditions are unrelated."
    )
    return CodeFinding(FindingKind.EXCLUDES1, Severity.ERROR, (code, other), told, note)


def _manifestations(diagnoses: Sequence[Found], printed: dict[str, list[tuple[NoteKind, NoteSource]]]) -> Iterator[CodeFinding]:
    for place, one in enumerate(diagnoses):
        code = one.concept.code
        first_notes = [note for kind, note in printed[code] if kind is NoteKind.CODE_FIRST]
        after = [other.concept.code for other in diagnoses[place + 1 :]]
        late = next((pair for note in first_notes if (pair := _late(note, after))), None)
        manifestation = _MANIFESTATION.search(one.concept.title) is not None
        if late is not None:
            other, note = late
            severity = Severity.ERROR if manifestation else Severity.WARNING
            told = f"{other} belongs before {code}: code first, printed at {place_words(note.code)}, names “{note.text}”."
            yield CodeFinding(FindingKind.CODE_FIRST, severity, (code, other), told, note)
        elif place == 0 and (manifestation or _always(first_notes)):
            yield _manifestation_first(code, first_notes, manifestation=manifestation)


def _always(first_notes: Sequence[NoteSource]) -> bool:
    return bool(first_notes) and not any(_SOMETIMES.search(note.text) for note in first_notes)


def _manifestation_first(code: str, first_notes: Sequence[NoteSource], *, manifestation: bool) -> CodeFinding:
    source = first_notes[0] if first_notes else None
    severity = Severity.ERROR if manifestation else Severity.WARNING
    why = f" (code first, printed at {place_words(source.code)}, names “{source.text}”)" if source else ""
    told = f"{code} does not come first{why}. Put the code of the underlying condition before it."
    return CodeFinding(FindingKind.MANIFESTATION_FIRST, severity, (code,), told, source)


def _late(note: NoteSource, after: Sequence[str]) -> tuple[str, NoteSource] | None:
    spans = named_codes(note.text)
    return next(((code, note) for code in after if any(span.holds(code) for span in spans)), None)


def place_words(code: str) -> str:
    """Where an instruction is printed: a number alone is a chapter."""
    return f"chapter {code}" if code.isdigit() else code


def _span(concept: Concept) -> str:
    if concept.valid_to is not None:
        return f"its last day was {day_words(concept.valid_to)}"
    return f"it is valid from {day_words(concept.valid_from)}" if concept.valid_from else "its dates exclude that day"


def _error(kind: FindingKind, code: str, sentence: str) -> CodeFinding:
    return CodeFinding(kind, Severity.ERROR, (code,), sentence)


def _shown(code: str) -> str:
    """A code as typed, fit to be said back: never longer than a code can be."""
    plain = plain_code(code)
    shown = with_dot(plain) if plain[:1].isalpha() and 3 <= len(plain) <= 8 else plain or code.strip()
    return shown if len(shown) <= LONGEST_CODE else f"{shown[:LONGEST_CODE]}…"
