"""Reads what was typed after /code: words or a code, with a date or a code system; ``check`` and a set of codes; ``new``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from bot.codes.check import NoCodesToCheck
from bot.codes.on_date import looks_like_date, read_date
from bot.codes.standing import squeezed

_TAIL = re.compile(r"^(?P<rest>.*?)(?:^|\s+)(?P<word>on|in)\s+(?P<said>(?:(?!\s(?:on|in)\s).)+)$", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"[\s,;]+")
_CODE_LIKE = re.compile(r"[\"'`]*[A-Za-z0-9][A-Za-z0-9.,\-]{1,9}[\"'`]*")


class Verb(Enum):
    """What is asked for."""

    FIND = auto()
    CHECK = auto()
    NEW = auto()


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked of the codes. ``text`` is the words or the code; ``codes`` the set to check."""

    verb: Verb
    text: str
    codes: tuple[str, ...] = ()
    on: date | None = None
    system: str | None = None


def read_question(typed: str, today: date, systems: Collection[str]) -> Question:
    """Take a question apart.

    “on” and “in” are words of the language too (burn on hand, pain in knee): they mean a date or a system only where a date, a known system or a
    code stands beside them.

    :param systems: names of the loaded code systems, slugs and titles.
    :raises ImpossibleDate: for a date no calendar has.
    :raises NoCodesToCheck: for ``check`` alone.
    """
    first, rest = [*typed.split(maxsplit=1), "", ""][:2]
    verb = _verb(first.lower(), rest)
    text, on, system = _tails(typed.strip() if verb is Verb.FIND else rest.strip(), verb, today, systems)
    if verb is not Verb.CHECK:
        return Question(verb, text, (), on, system)
    codes = tuple(code for code in _BETWEEN.split(text) if code)
    if not codes:
        raise NoCodesToCheck
    return Question(verb, text, codes, on, system)


def looks_like_code(text: str) -> bool:
    """Whether a text is one word with a digit in it, as every code is."""
    return bool(_CODE_LIKE.fullmatch(text.strip())) and any(sign.isdigit() for sign in text)


def _verb(first: str, rest: str) -> Verb:
    if first == "check" and (not rest.strip() or any(sign.isdigit() for sign in rest)):
        return Verb.CHECK
    if first == "new" and (not rest.strip() or rest.split(maxsplit=1)[0].lower() == "in"):
        return Verb.NEW
    return Verb.FIND


def _tails(text: str, verb: Verb, today: date, systems: Collection[str]) -> tuple[str, date | None, str | None]:
    """The text without ``on DATE`` and ``in SYSTEM`` at its end, in either order, and what they say."""
    on: date | None = None
    system: str | None = None
    while found := _TAIL.match(text):
        word, said, rest = found["word"].lower(), found["said"].strip(), found["rest"].strip()
        sure = verb is not Verb.FIND or looks_like_code(_without_tail(rest))
        if word == "on" and on is None and (sure or looks_like_date(said)):
            on = read_date(said, today)
        elif word == "in" and system is None and (sure or squeezed(said) in {squeezed(name) for name in systems}):
            system = said
        else:
            break
        text = rest
    return text, on, system


def _without_tail(rest: str) -> str:
    found = _TAIL.match(rest)
    return found["rest"].strip() if found else rest
