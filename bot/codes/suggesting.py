"""Codes for the menu that fills while somebody types: from the same search as /code, across the systems that are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.codes.address import address_of
from bot.codes.asking import Verb, looks_like_code
from bot.codes.catalogue import Edition, latest_edition
from bot.codes.lookup import LONGEST_QUERY, understand
from bot.codes.on_date import ImpossibleDate
from bot.codes.other_systems import POOR, Indexes, begun_elsewhere, first_system, words_elsewhere
from bot.codes.search.index import Hit
from bot.codes.standing import choose_system
from bot.moments import local_day

#: Choices offered at once; of another system beside them, at most.
MOST, MOST_BESIDE = 20, 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One choice. ``address`` is what it stands for; ``system`` is told where it is not the one meant anyway."""

    address: str
    code: str
    title: str
    billable: bool
    system: str | None = None


def suggest(session: Session, actor: Actor, now: datetime, indexes: Indexes, typed: str) -> tuple[Suggestion, ...]:
    """The codes most likely meant by what was typed so far, best first; ``in SYSTEM`` at its end asks another system.

    :raises NoEdition: when no code set is loaded.
    """
    today = local_day(now, actor.legal_zone)
    words, named = _asked(session, actor, now, typed[:LONGEST_QUERY])
    edition = latest_edition(session, named or first_system(session), today)
    hits = indexes(edition).search(words, MOST)
    own = _suggestions(session, today, edition, hits, tell=named is not None)
    if named:
        return own
    beside = _beside(session, today, indexes, edition, words, hits)
    exact = looks_like_code(words) and not (hits and hits[0].score >= BEGUN_HERE)
    return (*beside, *own)[:MOST] if exact else (*own[: MOST - len(beside)], *beside)


#: A score of codes that were found as codes, not as the nearest that exists.
BEGUN_HERE = 90.0


def _asked(session: Session, actor: Actor, now: datetime, typed: str) -> tuple[str, str | None]:
    """The words, and the system that was named."""
    try:
        question = understand(session, actor, now, typed)
    except ImpossibleDate:
        return typed, None
    if question.verb is not Verb.FIND or not question.text:
        return typed, None
    return question.text, choose_system(session, question.system) if question.system else None


def _beside(
    session: Session, today: date, indexes: Indexes, edition: Edition, words: str, hits: Sequence[Hit]
) -> tuple[Suggestion, ...]:
    """Of the other systems: codes that begin so; for words, only what nobody else answers."""
    if looks_like_code(words):
        begun = begun_elsewhere(session, edition.system, words, today, MOST_BESIDE)
        return tuple(one for other, found in begun for one in _suggestions(session, today, other, found, tell=True))
    if hits and hits[0].score >= POOR:
        return ()
    better = words_elsewhere(session, edition.system, words, today, indexes, MOST_BESIDE)
    return _suggestions(session, today, *better, tell=True) if better else ()


def _suggestions(session: Session, today: date, edition: Edition, hits: Sequence[Hit], *, tell: bool) -> tuple[Suggestion, ...]:
    under, told = address_of(session, edition, today), edition.system_title if tell else None
    return tuple(Suggestion(under + hit.code, hit.code, hit.title, hit.billable, told) for hit in hits)
