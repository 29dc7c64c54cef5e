"""What /code answers: the card of a code that was typed, the codes that words may mean, a code on a date, or a set that was checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.codes.asking import Question, looks_like_code
from bot.codes.catalogue import Edition, latest_edition, system_titles
from bot.codes.check import CheckedCode, CodeFinding, Severity, findings, resolve_codes
from bot.codes.detail import CodeDetail, detail
from bot.codes.official import ICD_10_CM
from bot.codes.on_date import CodeOnDate, code_on
from bot.codes.search.index import CodeIndex, Hit
from bot.codes.standing import choose_system, edition_for, expected_edition, find_code, find_in
from bot.errors import BadInput

#: How many results somebody can page through.
MOST_RESULTS = 30
LONGEST_QUERY = 300

#: Gives the search index of an edition.
Indexes = Callable[[Edition], CodeIndex]


class QueryTooLong(BadInput):
    """That is more than a lookup can use. Keep it under 300 characters: a few words, or one code."""


@dataclass(frozen=True, slots=True)
class Results:
    """An answer: the card when the query was a code, and what else it may mean.

    ``missing`` names the edition that would apply on the date asked for, when it is not loaded and ``edition`` answers instead.
    """

    query: str
    hits: tuple[Hit, ...]
    edition: Edition
    detail: CodeDetail | None
    missing: str | None = None
    on_date: CodeOnDate | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A set of codes and what there is to say about it, errors first."""

    codes: tuple[CheckedCode, ...]
    findings: tuple[CodeFinding, ...]
    on: date | None


def look_up(session: Session, _actor: Actor, now: datetime, index: CodeIndex, query: str) -> Results:
    """Find what was meant, in the edition the index is of.

    :raises QueryTooLong: beyond 300 characters.
    :raises NoEdition: when no code set is loaded.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryTooLong
    hits = tuple(index.search(query, MOST_RESULTS))
    exact = hits[0] if hits and _is_code(query, hits[0].code) else None
    if exact:
        return Results(query, hits, index.edition, detail(session, exact.code, index.edition))
    return _elsewhere(session, query, now.date()) or Results(query, hits, index.edition, None)


def answer(session: Session, actor: Actor, now: datetime, indexes: Indexes, question: Question) -> Results:
    """Find what was meant, on the date and in the code system that were named, if any was.

    :raises QueryTooLong: beyond 300 characters.
    :raises UnknownSystem: for a system that is not loaded.
    :raises NoSuchCode: for a code with a date that no loaded edition has.
    :raises NoEdition: when no code set is loaded.
    """
    if len(question.text) > LONGEST_QUERY:
        raise QueryTooLong
    system = choose_system(session, question.system) if question.system else ICD_10_CM
    edition, applies = edition_for(session, system, question.on, now.date())
    missing = None if applies or question.on is None else expected_edition(system, edition.system_title, question.on)
    if question.on is not None and looks_like_code(question.text):
        shown = code_on(session, question.text, question.on, system if question.system else None)
        return Results(question.text, (), shown.detail.edition if shown.detail else edition, None, on_date=shown)
    if system == ICD_10_CM:
        return replace(look_up(session, actor, now, indexes(edition), question.text), missing=missing)
    return replace(_in_other_system(session, edition, indexes, question.text), missing=missing)


def check(session: Session, _actor: Actor, now: datetime, question: Question) -> Checked:
    """Check the codes of a question side by side.

    :raises NoCodesToCheck, TooManyCodes: for none, or for more than an encounter holds.
    :raises UnknownSystem: for a system that is not loaded.
    """
    codes = resolve_codes(session, question.codes, question.on, now.date(), question.system)
    found = sorted(findings(session, codes, question.on), key=lambda one: one.severity is Severity.WARNING)
    return Checked(codes, tuple(found), question.on)


def loaded_systems(session: Session, _actor: Actor, _now: datetime) -> tuple[str, ...]:
    """The names people may use for the code systems that are loaded: slugs and titles."""
    return tuple(name for pair in system_titles(session).items() for name in pair)


def show_code(session: Session, _actor: Actor, now: datetime, code: str) -> CodeDetail:
    """The card of a code, in the edition in force.

    :raises NoSuchCode: with what may have been meant.
    """
    systems = system_titles(session)
    if ICD_10_CM in systems:
        edition = latest_edition(session, today=now.date())
        if find_in(session, edition, code) is None and (other := find_code(session, code, None, now.date(), list(systems))):
            return detail(session, other.concept.code, other.edition)
        return detail(session, code, edition)
    return detail(session, code)


def _elsewhere(session: Session, query: str, today: date) -> Results | None:
    """A code of another system, typed without its name: 99213, J1885."""
    if not looks_like_code(query):
        return None
    others = [system for system in system_titles(session) if system != ICD_10_CM]
    found = find_code(session, query, None, today, others)
    return Results(query, (), found.edition, detail(session, found.concept.code, found.edition)) if found else None


def _in_other_system(session: Session, edition: Edition, indexes: Indexes, query: str) -> Results:
    """In a system whose codes have no dot."""
    found = find_in(session, edition, query) if len(query) <= LONGEST_QUERY else None
    if found is not None:
        return Results(query, (), edition, detail(session, found.code, edition))
    hits = (replace(hit, code=hit.code.replace(".", "")) for hit in indexes(edition).search(query, MOST_RESULTS))
    return Results(query, tuple(hits), edition, None)


def _is_code(query: str, code: str) -> bool:
    """Whether somebody typed this very code, however spelled."""
    typed = "".join(letter for letter in query.upper() if letter.isalnum())
    return typed.translate(_ALIKE) == code.replace(".", "").translate(_ALIKE)


#: Letters and digits people mix up when they type a code.
_ALIKE = str.maketrans("OIL", "011")
