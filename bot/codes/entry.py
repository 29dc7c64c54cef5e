"""Understands a code however it was typed: lower case, dots missing or in the wrong place, O for 0, I or l for 1, in quotes, with a 7th character but
without its placeholders. What does not exist is answered with the nearest code above it.

No rule here says which characters a code may have: what exists is looked up, so later editions with new shapes (QA1.71) need no change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import product

from bot.codes.official import CATEGORY_LENGTH, CODE_LENGTH
from bot.codes.search.codetable import CodeTable

LONGEST_LINE = 40
LONGEST_CODE = 9
MOST_VARIANTS = 200
MOST_INSTEAD = 5
#: Codes offered for a beginning, and characters a code of any other list may have.
MOST_BEGINNING, LONGEST_LISTED = 30, 20
PLACEHOLDER = "X"

#: A run of letters that no code has, however it was typed: "cll stage 0" is no code.
_WORD = re.compile(r"[a-z]{4}", re.IGNORECASE)
_LEAD = re.compile(
    r"^(what is|what's|look ?up|find|code for|code|codes|icd[- ]?10([- ]?cm)?( code)?|dx code|dx|diagnosis code|diagnosis)[\s:#]+", re.IGNORECASE
)
#: A letter and a digit: the beginning of categories.
_BEGUN = re.compile(r"[A-Za-z][0-9]")
_WRAPPING = " \t\"'`´’‘“”()[]{}<>*_.,;:!?#-–—/\\|=~"
_SEPARATORS = re.compile(r"[\s.,:;_·\-–—/]+")
#: Characters that are taken for each other by eyes and scanners, the second list only when nothing else helps.
_ALIKE = ("0O", "1IL")
_ALIKE_TOO = ("0OQD", "1IL", "5S", "8B", "2Z", "6G")


class Certainty(Enum):
    """How what was typed relates to what exists."""

    EXACT = auto()
    CORRECTED = auto()
    ABOVE = auto()
    BEGINNING = auto()


@dataclass(frozen=True, slots=True)
class EnteredCode:
    """What a typed code comes to: the place of the code meant, and others that may have been meant."""

    certainty: Certainty
    typed: str
    place: int
    instead: tuple[int, ...] = ()


def read_code(table: CodeTable, line: str) -> EnteredCode | None:
    """The code somebody typed, or None when the line is not a code but words."""
    plain = _strip(line)
    if plain is None:
        begun = _BEGUN.fullmatch(line.strip(_WRAPPING))
        return _beginning(table, begun[0].upper()) if begun else None
    exact = _exact(table, plain)
    if exact is not None:
        certainty = Certainty.EXACT if _same(table, exact, plain) else Certainty.CORRECTED
        return EnteredCode(certainty, plain, exact)
    if not any(sign.isdigit() for sign in plain) or _WORD.search(_LEAD.sub("", line)):
        return None
    return _corrected(table, plain, _ALIKE) or _above(table, plain) or _corrected(table, plain, _ALIKE_TOO)


def read_listed_code(table: CodeTable, line: str) -> EnteredCode | None:
    """The code somebody typed of a system whose codes have no shape of their own (99213, J1885, 0DTJ4ZZ), or None when the line is words.

    What does not exist is read with look-alikes exchanged, else as the beginning of the codes that begin so.
    """
    plain = plain_code(_LEAD.sub("", line.strip(_WRAPPING)))
    if not (1 < len(plain) <= LONGEST_LISTED and plain.isascii() and plain.isalnum()) or len(line.split()) > 1:
        return None
    exact = table.find(plain)
    if exact is not None:
        return EnteredCode(Certainty.EXACT, plain, exact)
    if not any(sign.isdigit() for sign in plain):
        return None
    return _beginning(table, plain) or _corrected(table, plain, _ALIKE)


def _beginning(table: CodeTable, plain: str) -> EnteredCode | None:
    places = table.beginning(plain, MOST_BEGINNING)
    return EnteredCode(Certainty.BEGINNING, plain, places[0], tuple(places[1:])) if places else None


def plain_code(code: str) -> str:
    """Capitals and digits only: ``e11.9`` as ``E119``."""
    return _SEPARATORS.sub("", code.strip(_WRAPPING)).upper()


def _strip(line: str) -> str | None:
    """The characters of a code, or None when the line cannot be one."""
    text = line.strip(_WRAPPING)
    if not text or len(text) > LONGEST_LINE:
        return None
    text = _LEAD.sub("", text).strip(_WRAPPING)
    groups = [group for group in _SEPARATORS.split(text) if group]
    plain = "".join(groups).upper()
    if not (CATEGORY_LENGTH <= len(plain) <= LONGEST_CODE and plain.isascii() and plain.isalnum()):
        return None
    words = len(groups[0]) != CATEGORY_LENGTH and "." not in text and any(sign.isspace() for sign in text)
    return None if words or plain.isdigit() else plain


def _exact(table: CodeTable, plain: str) -> int | None:
    found = table.find(plain)
    if found is None:
        found = next((place for filled in _filled(plain) if (place := table.find(filled)) is not None), None)
    return found


def _filled(plain: str) -> Iterator[str]:
    """With placeholders put in before a 7th character, or taken off an end that has none after it."""
    bare = plain.rstrip(PLACEHOLDER)
    if len(bare) < len(plain) and len(bare) >= CATEGORY_LENGTH:
        yield bare
    stem, seventh = plain[:-1].rstrip(PLACEHOLDER), plain[-1]
    if CATEGORY_LENGTH <= len(stem) < CODE_LENGTH:
        yield stem.ljust(CODE_LENGTH - 1, PLACEHOLDER) + seventh


def _same(table: CodeTable, place: int, plain: str) -> bool:
    return table.code(place).replace(".", "") == plain


def _corrected(table: CodeTable, plain: str, alike: tuple[str, ...]) -> EnteredCode | None:
    found: list[int] = []
    for variant in _variants(plain, alike):
        place = _exact(table, variant)
        if place is not None and place not in found:
            found.append(place)
    return EnteredCode(Certainty.CORRECTED, plain, found[0], tuple(found[1:MOST_INSTEAD])) if found else None


def _variants(plain: str, alike: tuple[str, ...]) -> list[str]:
    """Other readings of the characters, those with the fewest changes first."""
    choices = [next((group for group in alike if sign in group), sign) for sign in plain]
    ordered = [sign + group.replace(sign, "") for sign, group in zip(plain, choices, strict=True)]
    size = 1
    for group in ordered:
        size *= len(group)
    if size > MOST_VARIANTS:
        ordered = [group[:2] for group in ordered]
    variants = ("".join(signs) for signs in product(*ordered))
    changed = [variant for variant, _ in zip(variants, range(4 * MOST_VARIANTS), strict=False) if variant != plain]
    return sorted(changed, key=lambda variant: sum(one != other for one, other in zip(variant, plain, strict=True)))


def _above(table: CodeTable, plain: str) -> EnteredCode | None:
    """The nearest code above one that does not exist, reading look-alikes both ways."""
    for length in range(len(plain) - 1, CATEGORY_LENGTH - 1, -1):
        for variant in (plain, *_variants(plain[:length], _ALIKE)):
            beginning = variant[:length].rstrip(PLACEHOLDER) if len(variant[:length].rstrip(PLACEHOLDER)) >= CATEGORY_LENGTH else variant[:length]
            place = table.find(beginning)
            if place is not None:
                return EnteredCode(Certainty.ABOVE, plain, place, tuple(table.children(place)[:MOST_INSTEAD]))
    return None
