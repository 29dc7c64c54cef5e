"""Reading one cell: words, whole numbers, yes and no, and dates as spreadsheets spell them. What cannot be read is never repeated in the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import fuzz, process

W = TypeVar("W", bound=StrEnum)

#: Day 0 of Excel's serial dates, and the serials that can be meant: 1982 to 2064.
EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(30_000, 60_001)
#: The largest number a column of ours holds.
LARGEST = 2_147_483_647
#: How alike a mistyped word must be to be suggested, in percent.
NEAR_MISS = 75

_TIME_OF_DAY = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AP]\.?M\.?)?(Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_DATE_FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y",
    "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y",
)  # fmt: skip
_NUMBER = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./&+-]{0,39}$")
_YES = frozenset({"y", "yes", "true", "t", "1", "x"})
_NO = frozenset({"n", "no", "false", "f", "0"})


class Unreadable(ValueError):  # noqa: N818 - it is an answer, not an error
    """A cell that cannot be read; the message says what belongs there, never what stands there."""


def read_word(text: str, words: type[W], aliases: Mapping[str, W] | None = None) -> W:
    """Read one word of a fixed list, in any case, with spaces or hyphens; ``aliases`` are what other systems say for it.

    :raises Unreadable: with the nearest word when it was probably mistyped, else with the list.
    """
    wanted = as_word(text)
    if aliases and wanted in aliases:
        return aliases[wanted]
    if wanted in words.__members__.values():
        return words(wanted)
    known = [str(word) for word in words]
    nearest = process.extractOne(wanted, known, scorer=fuzz.ratio, score_cutoff=NEAR_MISS)
    if nearest:
        raise Unreadable(f"is not a word of the list; did you mean {nearest[0]}?")
    raise Unreadable(f"must be one of: {', '.join(known)}")


def as_word(text: str) -> str:
    """A cell as words are compared: small letters, everything else one underscore."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def read_number(text: str, largest: int = LARGEST) -> int:
    """Read a whole number, with dollar sign, thousands separators or cents, which are rounded.

    :raises Unreadable: for anything else, negative numbers included.
    """
    found = _NUMBER.match(text.strip())
    if found is None:
        raise Unreadable("must be a number such as 12 or 1,250.00, not negative")
    number = int(found[1].replace(",", "")) + (1 if found[2] and found[2][0] >= "5" else 0)
    if number > largest:
        raise Unreadable(f"must be at most {largest}")
    return number


def read_yes_no(text: str) -> bool:
    """Read Y or N in one of the usual spellings.

    :raises Unreadable: for anything else.
    """
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable("must be Y or N")


@lru_cache(maxsize=20_000)
def read_date(text: str) -> date:
    """Read a day: ISO, the usual American spellings (month first), or Excel's serial number. A time of day behind it is left out.

    :raises Unreadable: for anything else.
    """
    day = _TIME_OF_DAY.sub("", text.strip())
    serial = re.fullmatch(r"(\d{5})(\.\d+)?", day)
    if serial:
        if int(serial[1]) in SERIALS:
            return EXCEL_EPOCH + timedelta(days=int(serial[1]))
        raise Unreadable("is a number that is no Excel date")
    for form in _DATE_FORMS:
        found = _as_date(day, form)
        if found is not None:
            return found
    raise Unreadable("must be a date such as 2026-11-17 or 11/17/2026")


def read_slug(text: str, longest: int = 40) -> str:
    """Read a short code such as a facility or a skill.

    :raises Unreadable: when it is longer, or holds anything but letters, digits and a few signs.
    """
    slug = text.strip()
    if len(slug) > longest or not _SLUG.match(slug):
        raise Unreadable(f"must be a short code of at most {longest} letters, digits and - _ . /")
    return slug


def _as_date(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - only the day is kept
    except ValueError:
        return None
