"""Codes and dates: which edition applied on a date of service, whether a code was valid then, and what stands in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.codes.catalogue import Concept, Edition, children, edition_on, editions, system_titles
from bot.codes.detail import CodeDetail, detail
from bot.codes.entry import plain_code
from bot.codes.errors import NoSuchCode
from bot.codes.official import CATEGORY_LENGTH, ICD_10_CM, with_dot
from bot.codes.standing import choose_system, day_words, expected_edition, find_in
from bot.errors import BadInput
from storage.tables.codes import CodeConcept
from storage.words import ConceptKind

MOST_REPLACEMENTS = 8
FIRST_YEAR, LAST_YEAR = 1990, 2100
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SHAPES = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4}|\d{2})"),
    re.compile(rf"{_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"),
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_NAME},?[\s-]+(?P<year>\d{{4}})"),
)
_RELATIVE = {"today": 0, "yesterday": -1, "tomorrow": 1}


class ImpossibleDate(BadInput):
    """That is no date of the calendar. Write it like 2026-11-03 or 11/3/2026."""


@dataclass(frozen=True, slots=True)
class EditionLine:
    """What one edition says of a code: None for the title where it lacks it."""

    edition: Edition
    title: str | None
    billable: bool


@dataclass(frozen=True, slots=True)
class Replacement:
    """A code that is not valid on a date, and what stands in its place."""

    sentence: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeOnDate:
    """The answer for a code on a date. ``valid`` is None when the edition that applies is not loaded; ``sentence`` says it all in one line.

    ``under`` stands before the codes of ``instead`` where something must find them again (:mod:`bot.codes.address`).
    """

    code: str
    on: date
    edition: Edition | None
    valid: bool | None
    sentence: str
    instead: tuple[str, ...]
    editions: tuple[EditionLine, ...]
    detail: CodeDetail | None
    under: str = ""


def looks_like_date(text: str) -> bool:
    """Whether a text is written like a date, possible or not."""
    said = text.strip().lower()
    return said in _RELATIVE or any(shape.fullmatch(said) for shape in _SHAPES)


def read_date(text: str, today: date) -> date:
    """A date in one of the usual spellings, the month first in a row of three numbers: 2026-11-03, 11/3/2026, 11/3/26, Nov 3, 2026, 3 Nov 2026, today.

    :raises ImpossibleDate: for anything else, and for a day that no calendar has.
    """
    said = text.strip().lower()
    if said in _RELATIVE:
        return today + timedelta(days=_RELATIVE[said])
    for shape in _SHAPES:
        if found := shape.fullmatch(said):
            return _date_of(found)
    raise ImpossibleDate(f"“{_short(text)}” is not a date I can read. Write it like 2026-11-03 or 11/3/2026.")


def code_on(session: Session, code: str, on: date, system: str | None = None) -> CodeOnDate:
    """Which edition applied on a date of service (for inpatients: of discharge), whether the code was valid then, and what replaced it.

    :raises NoSuchCode: when no loaded edition has the code.
    :raises UnknownSystem: when a system is named that is not loaded.
    """
    chosen = _system_with(session, code, system)
    lines = _side_by_side(session, chosen, code)
    known = next((line for line in lines if line[1] is not None), None)
    if known is None or known[1] is None:
        title = ", ".join(system_titles(session).values())
        raise NoSuchCode(with_dot(plain_code(code)) if chosen == ICD_10_CM else plain_code(code), title)
    name = known[1].code
    edition = edition_on(session, chosen, on)
    valid, sentence, instead = _standing(session, name, on, edition, known[0].system_title, chosen)
    shown = next((pair for pair in lines if pair[0] == edition and pair[1]), known)
    return CodeOnDate(
        name, on, edition, valid, sentence, instead,
        tuple(EditionLine(one, found.title if found else None, bool(found and found.billable)) for one, found in lines),
        detail(session, name, shown[0]),
    )  # fmt: skip


def replacements(session: Session, code: str, on: date) -> Replacement | None:
    """What stands in the place of a code that the edition of a date lacks but another loaded one has; None when none has it."""
    for system in system_titles(session):
        edition = edition_on(session, system, on)
        others = [one for one in editions(session, system) if one != edition]
        for other in others:
            found = find_in(session, other, code)
            if found is not None and edition is not None:
                return _replacement(session, found, other, edition, on)
    return None


def _system_with(session: Session, code: str, system: str | None) -> str:
    if system is not None:
        return choose_system(session, system)
    systems = list(system_titles(session))
    for one in systems:
        if any(find_in(session, edition, code) for edition in editions(session, one)):
            return one
    return systems[0] if systems else ICD_10_CM


def _side_by_side(session: Session, system: str, code: str) -> list[tuple[Edition, Concept | None]]:
    """Every loaded edition of the system, newest first, with the code as it stands there."""
    return [(edition, find_in(session, edition, code)) for edition in editions(session, system)]


def _standing(
    session: Session, code: str, on: date, edition: Edition | None, title: str, system: str
) -> tuple[bool | None, str, tuple[str, ...]]:
    if edition is None:
        told = f"{expected_edition(system, title, on)}, is not loaded, so whether {code} is valid on {day_words(on)} cannot be said here."
        return None, told, ()
    found = find_in(session, edition, code)
    if found is None:
        replaced = replacements(session, code, on)
        return False, replaced.sentence if replaced else f"{code} is not in {edition.title}.", replaced.codes if replaced else ()
    if not found.covers(on):
        return False, f"{code} is not valid on {day_words(on)}.", ()
    if not found.billable:
        below = _billable_below(session, found)
        return False, f"{code} is in {edition.title} but not billable. Choose a code below it{_such_as(below)}.", below
    return True, f"{code} is valid on {day_words(on)}: {edition.title} applies.", ()


def _replacement(session: Session, found: Concept, other: Edition, edition: Edition, on: date) -> Replacement:
    started_later = other.valid_from > on
    codes = () if started_later else _new_nearby(session, found.code, other, edition)
    when = f"it comes with {other.title}, from {day_words(other.valid_from)}" if started_later else f"its last edition here is {other.title}"
    instead = f" In its place: {', '.join(codes)}." if codes else ""
    return Replacement(f"{found.code} is not valid on {day_words(on)} ({edition.title}): {when}.{instead}", codes)


def _new_nearby(session: Session, code: str, before: Edition, after: Edition) -> tuple[str, ...]:
    """Billable codes that came with the newer edition and share the longest beginning with one that went, else those the beginning leads to."""
    for length in range(len(code) - 1, CATEGORY_LENGTH - 1, -1):
        there = _codes_beginning(session, after, code[:length])
        were = set(_codes_beginning(session, before, code[:length]))
        fresh = [one for one in there if one not in were]
        if fresh or there:
            return tuple((fresh or there)[:MOST_REPLACEMENTS])
    return ()


def _codes_beginning(session: Session, edition: Edition, beginning: str) -> list[str]:
    query = (
        sa.select(CodeConcept.code)
        .where(CodeConcept.edition_id == edition.id, CodeConcept.kind.in_([ConceptKind.CATEGORY, ConceptKind.CODE]))
        .where(CodeConcept.code >= beginning, CodeConcept.code < beginning + "~", CodeConcept.billable.is_(True))
        .order_by(CodeConcept.position)
    )
    return list(session.scalars(query))


def _billable_below(session: Session, found: Concept) -> tuple[str, ...]:
    return tuple(child.code for child in children(session, found))[:MOST_REPLACEMENTS]


def _such_as(codes: Sequence[str]) -> str:
    return f", such as {codes[0]}" if codes else ""


def _date_of(found: re.Match[str]) -> date:
    said = found.groupdict()
    year = int(said["year"]) + (2000 if len(said["year"]) == 2 else 0)
    month = _MONTHS.index(said["name"]) + 1 if said.get("name") else int(said["month"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ImpossibleDate(f"{year} is out of reach of any code set. Write a date like 2026-11-03.")
    try:
        return date(year, month, int(said["day"]))
    except ValueError:
        raise ImpossibleDate(f"“{_short(found[0])}” is no date of the calendar. Write it like 2026-11-03.") from None


def _short(text: str) -> str:
    return text.strip() if len(text.strip()) <= 30 else f"{text.strip()[:29]}…"
