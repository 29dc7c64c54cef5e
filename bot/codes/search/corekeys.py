"""Keys of the wordings that may stand inside a line: of each the words that count, in any order and without sides, so that "laceration of left thumb" and
"lac thumb" are one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np

from bot.codes.search.pack import Array, Arrays
from bot.codes.search.texts import TextKind

#: Texts whose words may stand inside a line, and how many words that count they may have.
KINDS, LONGEST_CORE = (TextKind.TITLE, TextKind.INCLUSION, TextKind.KNOWN), 5
#: Chapters of the codes that say how something came about, beside what it is: no line is about that when it names anything else.
CIRCUMSTANCES = (b"V", b"W", b"X", b"Y")
#: Words worth less than this are not counted.
COUNTED = 0.1
#: A word of a text belongs to the wording when it is worth this share of what it is worth elsewhere.
ESSENTIAL = 0.5


def core_keys(arrays: Arrays) -> Array:
    """The keys of an edition, sorted."""
    borders, words, value = (arrays[name] for name in ("text_word_borders", "text_words", "word_value"))
    counted = (arrays["text_worth"] >= ESSENTIAL * value[words]) & (value[words] >= COUNTED) & ~arrays["role_side"][words]
    found = set()
    circumstance = np.isin(arrays["code"].astype("S1"), CIRCUMSTANCES)
    told = np.isin(arrays["text_kind"], KINDS) & ~circumstance[arrays["text_code"]]
    for at in np.flatnonzero(told).tolist():
        inside = slice(borders[at], borders[at + 1])
        chosen = words[inside][counted[inside]].tolist()
        if 0 < len(chosen) <= LONGEST_CORE:
            found.add(core_key(chosen))
    return np.array(sorted(found), np.uint32)


def core_key(stems: Iterable[int]) -> int:
    """A number for a set of stems."""
    return zlib.crc32(",".join(map(str, sorted(stems))).encode())
