"""Which codes an instruction names: ``(E08.-)``, ``(S00-T88)``, ``(E08-E13 with .62-)``, ``(C51-C52, C60.-, C63.2)``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_BRACKETS = re.compile(r"\(([^()]*[A-Z][A-Z]?\d[^()]*)(?:\)|$)")
_CODE = r"\b(?=[A-Z]{1,2}\d)[A-Z][0-9A-Z]{2}(?![0-9A-Za-vx-z])(?:\.[0-9A-Z]{0,4})?"
_RANGE = re.compile(rf"({_CODE})(?:\s*-\s*-?\s*({_CODE}))?")
_WITH = re.compile(r"\bwith\b|\(with|(?<=-)with|(?<=[0-9])with", re.IGNORECASE)
_PLACES = {"4th": 3, "fourth": 3, "5th": 4, "fifth": 4, "6th": 5, "sixth": 5, "7th": 6, "seventh": 6}
_PLACE = "|".join(_PLACES)
_AT = re.compile(rf"({_PLACE})(?:\s+(?:or|to)\s+(?:{_PLACE}))?[- ]characters?\s+\.?([0-9A-Z]+)(?:-([0-9A-Z]))?$", re.IGNORECASE)
_EITHER = re.compile(rf"({_PLACE})\s+or\s+({_PLACE})[- ]character", re.IGNORECASE)
_AFTER_DOT = re.compile(r"^\.([0-9A-Z]+)-?(?:\s*-\s*\.([0-9A-Z]+)-?)?$")
_FINAL = re.compile(r"^final characters? -?([0-9A-Z]+)$", re.IGNORECASE)
#: 7th characters of open fractures (types I to III), encounter and healing alike.
_OPEN_FRACTURE = frozenset("BCEFHJMNQR")

PLACEHOLDER = "X"

Condition = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """Codes an instruction names: from the first to the last and everything below both, as far as a condition on their characters holds."""

    first: str
    last: str
    condition: Condition | None = None

    def holds(self, code: str) -> bool:
        """Whether a code (with or without its dot) is meant."""
        plain = code.replace(".", "")
        inside = self.first <= plain and plain[: len(self.last)] <= self.last
        return inside and (self.condition is None or self.condition(plain))


def named_codes(text: str) -> tuple[CodeSpan, ...]:
    """The codes named in the brackets of an instruction; nothing for one whose condition is not understood, rather than too much."""
    return tuple(span for inside in _BRACKETS.findall(text) for span in _spans(inside))


def _spans(inside: str) -> list[CodeSpan]:
    codes, _, told = _split(inside)
    condition = _condition(told) if told else None
    if told and condition is None:
        return []
    return [
        CodeSpan(first.replace(".", ""), (last or first).replace(".", ""), condition)
        for first, last in _RANGE.findall(codes)
    ]


def _split(inside: str) -> tuple[str, str, str]:
    found = _WITH.search(inside)
    return (inside[: found.start()], "with", inside[found.end() :].strip()) if found else (inside, "", "")


def _condition(told: str) -> Condition | None:
    if after := _AFTER_DOT.match(told):
        first, last = after[1], after[2] or after[1]
        return lambda plain: first <= plain[3:] and plain[3 : 3 + len(last)] <= last
    if final := _FINAL.match(told):
        end = final[1]
        return lambda plain: plain.endswith(end)
    if "open fracture" in told.lower():
        return lambda plain: plain[6:7] in _OPEN_FRACTURE and len(plain) == 7
    return _condition_on_places(told)


def _condition_on_places(told: str) -> Condition | None:
    found = _AT.search(told)
    if found is None:
        return None
    first, last = found[2], found[3] or found[2]
    either = _EITHER.search(told)
    places = [_PLACES[word.lower()] for word in (either.groups() if either else (found[1],))]
    size = len(first)
    return lambda plain: first <= _character(plain, places, size) <= last


def _character(plain: str, places: list[int], size: int) -> str:
    """What stands at the place; of two places the later one, unless only a placeholder stands there (T58.01XA)."""
    found = [plain[at : at + size] for at in places if plain[at : at + size] not in ("", PLACEHOLDER)]
    return found[-1] if found else ""
