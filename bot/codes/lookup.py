"""What /code answers: the card of a code that was typed, the codes that words may mean, a code on a date, or a set that was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.codes.address import address_of, edition_meant, read_address
from bot.codes.asking import Question, looks_like_code, read_question
from bot.codes.catalogue import Edition, code_dates, edition_on, latest_edition, system_titles
from bot.codes.check import CheckedCode, CodeFinding, Severity, findings, resolve_codes
from bot.codes.detail import CodeDetail, detail
from bot.codes.on_date import CodeOnDate, code_on
from bot.codes.other_systems import (
    POOR,
    Indexes,
    begun_elsewhere,
    code_elsewhere,
    first_system,
    others,
    words_elsewhere,
)
from bot.codes.search.index import Hit
from bot.codes.standing import choose_system, edition_for, expected_edition, find_code, find_in
from bot.errors import BadInput
from bot.moments import local_day

#: How many results somebody can page through.
MOST_RESULTS = 30
LONGEST_QUERY = 300


class QueryTooLong(BadInput):
    """That is more than a lookup can use. Keep it under 300 characters: a few words, or one code."""


@dataclass(frozen=True, slots=True)
class Results:
    """An answer: the card when the query was a code, and what else it may mean.

    ``missing`` names the edition that would apply on the date asked for (today, when none was), when it is not loaded and ``edition`` answers instead.
    ``under`` stands before the codes where something must find them again (:mod:`bot.codes.address`); ``elsewhere`` names other systems where the same words
    may be asked; ``dates`` says from when to when single codes may be used, where their list says so.
    """

    query: str
    hits: tuple[Hit, ...]
    edition: Edition
    detail: CodeDetail | None
    missing: str | None = None
    on_date: CodeOnDate | None = None
    under: str = ""
    elsewhere: tuple[str, ...] = ()
    on: date | None = None
    dates: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)

    @property
    def understood(self) -> bool:
        """Whether something was found that is near what was asked."""
        return self.detail is not None or self.on_date is not None or bool(self.hits and self.hits[0].score >= POOR)


@dataclass(frozen=True, slots=True)
class Checked:
    """A set of codes and what there is to say about it, errors first."""

    codes: tuple[CheckedCode, ...]
    findings: tuple[CodeFinding, ...]
    on: date | None


def answer(session: Session, actor: Actor, now: datetime, indexes: Indexes, question: Question) -> Results:
    """What somebody in Slack reads: see :func:`find_codes`."""
    return find_codes(session, local_day(now, actor.legal_zone), indexes, question)


def find_codes(session: Session, today: date, indexes: Indexes, question: Question) -> Results:
    """Find what was meant, on the date and in the code system that were named, if any was.

    :raises QueryTooLong: beyond 300 characters.
    :raises UnknownSystem: for a system that is not loaded.
    :raises NoSuchCode: for a code with a date that no loaded edition has.
    :raises NoEdition: when no code set is loaded.
    """
    if len(question.text) > LONGEST_QUERY:
        raise QueryTooLong
    system = choose_system(session, question.system) if question.system else first_system(session)
    edition, _ = edition_for(session, system, question.on, today)
    if question.on is not None and looks_like_code(question.text):
        return _on_date(session, question, edition, today)
    found = _found_in(session, edition, indexes, question.text, today)
    if found.detail is None and not question.system:
        found = _elsewhere(session, found, indexes, today) or found
    day = question.on or today
    dates = code_dates(session, found.edition, [hit.code for hit in found.hits])
    return replace(found, missing=_missing(session, found.edition, day), on=question.on, dates=dates)


def check(session: Session, actor: Actor, now: datetime, question: Question) -> Checked:
    """Check the codes of a question side by side.

    :raises NoCodesToCheck, TooManyCodes: for none, or for more than an encounter holds.
    :raises UnknownSystem: for a system that is not loaded.
    """
    codes = resolve_codes(session, question.codes, question.on, local_day(now, actor.legal_zone), question.system)
    found = sorted(findings(session, codes, question.on), key=lambda one: one.severity is Severity.WARNING)
    return Checked(codes, tuple(found), question.on)


def understand(session: Session, actor: Actor, now: datetime, text: str) -> Question:
    """What a text asks, with the days of the desk; a code system that is loaded may be named by its slug or its title.

    :raises ImpossibleDate: for a date that is none.
    """
    systems = tuple(name for pair in system_titles(session).items() for name in pair)
    return read_question(text, local_day(now, actor.legal_zone), systems)


def show_code(session: Session, actor: Actor, now: datetime, asked: str) -> CodeDetail:
    """The card of a code, in the system and edition its address names, else in the first system in force that has it.

    :raises NoSuchCode: with what may have been meant.
    :raises NoEdition: when no code set is loaded.
    """
    today, meant = local_day(now, actor.legal_zone), read_address(asked)
    if named := edition_meant(session, meant, today):
        return _card(session, named, meant.code, today)
    edition = latest_edition(session, first_system(session), today)
    if find_in(session, edition, asked) is None and (other := find_code(session, asked, None, today, list(system_titles(session)))):
        return _card(session, other.edition, other.concept.code, today)
    return _card(session, edition, asked, today)


def _card(session: Session, edition: Edition, code: str, today: date) -> CodeDetail:
    return replace(detail(session, code, edition), under=address_of(session, edition, today), missing=_missing(session, edition, today))


def _missing(session: Session, edition: Edition, day: date) -> str | None:
    """The edition of the same system that applies on a day, when it is not loaded."""
    loaded = edition_on(session, edition.system, day) is not None
    return None if loaded else expected_edition(edition.system, edition.system_title, day)


def _on_date(session: Session, question: Question, edition: Edition, today: date) -> Results:
    shown = code_on(session, question.text, question.on or today, choose_system(session, question.system) if question.system else None)
    if shown.detail is None:
        return Results(question.text, (), edition, None, on_date=shown)
    under = address_of(session, shown.detail.edition, today)
    beside = address_of(session, shown.edition, today) if shown.edition else under
    shown = replace(shown, detail=replace(shown.detail, under=under), under=beside)
    return Results(question.text, (), edition, None, on_date=shown, under=under)


def _found_in(session: Session, edition: Edition, indexes: Indexes, query: str, today: date) -> Results:
    """What one edition has for a query; its card when the query is a code of it."""
    hits = tuple(indexes(edition).search(query, MOST_RESULTS))
    exact = hits[0].code if hits and _is_code(query, hits[0].code) else None
    card = _card(session, edition, exact, today) if exact else None
    return Results(query, hits, edition, card, under=address_of(session, edition, today), elsewhere=tuple(others(session, edition.system).values()))


def _elsewhere(session: Session, found: Results, indexes: Indexes, today: date) -> Results | None:
    """A code of another system typed without its name (99213, J1885), its beginning, or words only another system answers."""
    system, query = found.edition.system, found.query
    if looks_like_code(query):
        if other := code_elsewhere(session, system, query, today):
            return replace(_listed(session, other.edition, (), query, today), detail=_card(session, other.edition, other.concept.code, today))
        begun = begun_elsewhere(session, system, query, today, MOST_RESULTS)
        return _listed(session, begun[0][0], begun[0][1], query, today) if begun else None
    if found.hits and found.hits[0].score >= POOR:
        return None
    better = words_elsewhere(session, system, query, today, indexes, MOST_RESULTS)
    return _listed(session, *better, query, today) if better else None


def _listed(session: Session, edition: Edition, hits: Sequence[Hit], query: str, today: date) -> Results:
    elsewhere = tuple(others(session, edition.system).values())
    return Results(query, tuple(hits), edition, None, under=address_of(session, edition, today), elsewhere=elsewhere)


def _is_code(query: str, code: str) -> bool:
    """Whether somebody typed this very code, however spelled."""
    typed = "".join(letter for letter in query.upper() if letter.isalnum())
    printed = "".join(letter for letter in code.upper() if letter.isalnum())
    return typed.translate(_ALIKE) == printed.translate(_ALIKE)


#: Letters and digits people mix up when they type a code.
_ALIKE = str.maketrans("OIL", "011")
