"""Codes of the systems beside the one that was asked: a code typed without the name of its system, its beginning, or words nobody else answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.codes.catalogue import CODES, Edition, latest_edition, system_titles
from bot.codes.entry import plain_code
from bot.codes.errors import NoEdition
from bot.codes.search.index import BEGUN, CodeIndex, Hit
from bot.codes.standing import Found, find_code
from storage.tables.codes import CodeConcept

#: Gives the search index of an edition.
Indexes = Callable[[Edition], CodeIndex]

#: A best answer below this score leaves room for another system to answer words better.
POOR = 45.0
#: Systems whose words are searched when nobody named one: each may have to load an index first.
MOST_SEARCHED = 2


def first_system(session: Session) -> str:
    """The system that is meant when none is named: ICD-10-CM where it is loaded.

    :raises NoEdition: when none is loaded.
    """
    systems = list(system_titles(session))
    if not systems:
        raise NoEdition
    return systems[0]


def others(session: Session, system: str) -> dict[str, str]:
    """The other systems, by slug: what they are called."""
    return {slug: title for slug, title in system_titles(session).items() if slug != system}


def code_elsewhere(session: Session, system: str, code: str, today: date) -> Found | None:
    """The code in the first other system that has it."""
    return find_code(session, code, None, today, list(others(session, system)))


def begun_elsewhere(session: Session, system: str, typed: str, today: date, most: int) -> list[tuple[Edition, list[Hit]]]:
    """Codes of other systems that begin with what was typed, the shortest first, by edition."""
    plain = plain_code(typed)
    if len(plain) < 2 or not plain.isascii():
        return []
    found = ((edition, _begun(session, edition, plain, most)) for edition in _in_force(session, others(session, system), today))
    return [(edition, hits) for edition, hits in found if hits]


def words_elsewhere(session: Session, system: str, words: str, today: date, indexes: Indexes, most: int) -> tuple[Edition, list[Hit]] | None:
    """What the other systems have for words, from the one that answers best; None when none answers well."""
    asked = _in_force(session, list(others(session, system))[:MOST_SEARCHED], today)
    answers = [(edition, indexes(edition).search(words, most)) for edition in asked]
    good = [one for one in answers if one[1] and one[1][0].score >= POOR]
    return max(good, key=lambda one: one[1][0].score, default=None)


def _in_force(session: Session, systems: Sequence[str] | dict[str, str], today: date) -> list[Edition]:
    return [latest_edition(session, system, today) for system in systems]


def _begun(session: Session, edition: Edition, plain: str, most: int) -> list[Hit]:
    query = (
        sa.select(CodeConcept.code, CodeConcept.title, CodeConcept.billable)
        .where(CodeConcept.edition_id == edition.id, CodeConcept.kind.in_(CODES))
        .where(CodeConcept.code >= plain, CodeConcept.code < plain + "~")
        .order_by(sa.func.length(CodeConcept.code), CodeConcept.position)
        .limit(most)
    )
    return [Hit(row.code, row.title, row.billable, False, BEGUN) for row in session.execute(query)]
