"""All hits of one text: every finder is asked, but only where a cheap look at the text says it could find something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.privacy.ages import find_ages, may_hold_age
from bot.privacy.allowed import BLANK, blanked
from bot.privacy.contacts import find_contacts, find_phones
from bot.privacy.dates import (
    DateFound,
    beside_names,
    find_birth_dates,
    find_dates,
    find_hyphened_dates,
    find_open_dates,
    read_dates,
)
from bot.privacy.findings import Hit, Label
from bot.privacy.lexicon import Lexicon
from bot.privacy.names import find_names
from bot.privacy.numbers import find_numbers
from bot.privacy.other_names import find_other_names
from bot.privacy.places import find_places, find_unknown_towns
from bot.privacy.plain import lowered
from bot.privacy.words import read_words

#: Which of two overlapping hits stays: the one further up.
_RANK = {label: rank for rank, label in enumerate((
    Label.EMAIL, Label.URL, Label.MRN, Label.SSN, Label.SSN_LAST4, Label.CARD, Label.MEMBER_ID, Label.MBI, Label.DOB, Label.LICENSE,
    Label.DEVICE, Label.VEHICLE, Label.IP, Label.ADDRESS, Label.PHONE, Label.DATE, Label.ACCOUNT, Label.AGE90, Label.NAME,
    Label.INITIALS, Label.CITY,
))}  # fmt: skip
#: Kinds whose letters are words all the same: "Dayton" may be part of a name, "June" of a date.
_READ_AS_WORDS = frozenset({Label.CITY, Label.DATE, Label.DOB, Label.AGE90})


def find_hits(text: str, lexicon: Lexicon, roster: frozenset[str], hosts: tuple[str, ...]) -> list[Hit]:
    """All hits, sorted and without overlaps.

    :param text: the text written plainly; offsets of the hits count its characters.
    :param roster: names of colleagues in small letters.
    :param hosts: web and mail hosts that are ordinary work.
    """
    small = blanked(lowered(text))
    own = (
        text
        if BLANK not in small
        else "".join(BLANK if low == BLANK else letter for low, letter in zip(small, text, strict=True))
    )
    has_digit = any(character.isdigit() for character in small)
    dates = read_dates(small) if has_digit else []
    hits = [
        *find_contacts(small, hosts),
        *find_places(small, lexicon, digits=has_digit),
        *find_unknown_towns(own, lexicon),
    ]
    if has_digit:
        hits += _with_digits(small, dates)
    if may_hold_age(small):
        hits += find_ages(small)
    words = read_words(_masked(own, hits), lexicon)
    if words.items:
        hits += find_names(words, [*hits, *beside_names(dates)], roster)
    hits += find_other_names(own, words)
    hits += list(find_open_dates(small, dates, hits))
    return settled(hits, text)


def _with_digits(small: str, dates: Sequence[DateFound]) -> list[Hit]:
    births = find_birth_dates(small) if "b" in small else ()
    return [*find_numbers(small), *find_phones(small), *find_dates(dates), *find_hyphened_dates(small), *births]


def _masked(text: str, hits: Sequence[Hit]) -> str:
    """The text with "#" for every letter of an address or number, so that none is read as a word."""
    for hit in hits:
        if hit.label not in _READ_AS_WORDS:
            text = text[: hit.start] + "#" * (hit.end - hit.start) + text[hit.end :]
    return text


def settled(hits: Iterable[Hit], text: str) -> list[Hit]:
    """Sorted and without overlaps: the hit of higher rank takes in what the other has more; names side by side become one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, _RANK[hit.label])):
        last = kept[-1] if kept else None
        if last and hit.label is Label.NAME is last.label and text[last.end : hit.start] in (" ", ", ", ","):
            kept[-1] = Hit(last.start, max(hit.end, last.end), Label.NAME, last.direct or hit.direct)
        elif last and hit.start < last.end:
            better = min(last, hit, key=lambda one: _RANK[one.label])
            kept[-1] = Hit(min(last.start, hit.start), max(last.end, hit.end), better.label, last.direct or hit.direct)
        elif hit.end > hit.start:
            kept.append(hit)
    return kept
