"""What /code answers: the card of a code that was typed, or the codes that words may mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.codes.catalogue import Edition, latest_edition
from bot.codes.detail import CodeDetail, detail
from bot.codes.search.index import CodeIndex, Hit
from bot.errors import BadInput

#: How many results somebody can page through.
MOST_RESULTS = 30
LONGEST_QUERY = 300


class QueryTooLong(BadInput):
    """That is more than a lookup can use. Keep it under 300 characters: a few words, or one code."""


@dataclass(frozen=True, slots=True)
class Results:
    """An answer: the card when the query was a code, and what else it may mean."""

    query: str
    hits: tuple[Hit, ...]
    edition: Edition
    detail: CodeDetail | None


def look_up(session: Session, _actor: Actor, _now: datetime, index: CodeIndex, query: str) -> Results:
    """Find what was meant.

    :raises QueryTooLong: beyond 300 characters.
    :raises NoEdition: when no code set is loaded.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryTooLong
    edition = latest_edition(session)
    hits = tuple(index.search(query, MOST_RESULTS))
    exact = hits[0] if hits and _is_code(query, hits[0].code) else None
    return Results(query, hits, edition, detail(session, exact.code) if exact else None)


def show_code(session: Session, _actor: Actor, _now: datetime, code: str) -> CodeDetail:
    """The card of a code.

    :raises NoSuchCode: with what may have been meant.
    """
    return detail(session, code)


def _is_code(query: str, code: str) -> bool:
    """Whether somebody typed this very code, however spelled."""
    typed = "".join(letter for letter in query.upper() if letter.isalnum())
    return typed.translate(_ALIKE) == code.replace(".", "").translate(_ALIKE)


#: Letters and digits people mix up when they type a code.
_ALIKE = str.maketrans("OIL", "011")
