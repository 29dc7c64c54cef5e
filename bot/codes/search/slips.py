"""Keys by which a slip of the fingers is found: what is left of the beginning of a word, or of its sound, when letters are left out."""

from __future__ import annotations

import zlib

import numpy as np

from bot.codes.search.pack import Arrays
from bot.codes.search.words import sound

#: So much of a word is looked at, and so many letters are left out of it; words shorter than this are not corrected, or by one letter only.
PREFIX_FOR_TYPOS, DELETIONS = 7, 2
SHORTEST_FOR_TYPOS, SHORTEST_FOR_TWO = 3, 5


def deletions(word: str) -> set[str]:
    """What is left of the beginning of a word when letters are left out: two, or one of a short word."""
    start = word[:PREFIX_FOR_TYPOS]
    depth = DELETIONS if len(word) >= SHORTEST_FOR_TWO else 1
    left = {start}
    for _ in range(depth):
        left |= {piece[:at] + piece[at + 1 :] for piece in left for at in range(len(piece))}
    return left


def sound_pieces(word: str) -> set[str]:
    """The same for how a word sounds, one letter left out at most; marked, so that sounds are not taken for spellings."""
    start = sound(word)[:PREFIX_FOR_TYPOS]
    return {f"#{start}", *(f"#{start[:at]}{start[at + 1 :]}" for at in range(len(start)))}


def letters_key(piece: str) -> int:
    """A number for a run of letters."""
    return zlib.crc32(piece.encode())


def typo_arrays(spelled: list[str]) -> Arrays:
    """The keys of all spellings, sorted, and the spelling each belongs to."""
    spellings = sorted(spelled)
    keys, owners = [], []
    for at, word in enumerate(spellings):
        if len(word) >= SHORTEST_FOR_TYPOS and word.isalpha():
            pieces = [*deletions(word), *sound_pieces(word)]
            keys += [letters_key(piece) for piece in pieces]
            owners += [at] * len(pieces)
    found = np.array(keys, np.uint32)
    order = np.argsort(found, kind="stable")
    return {"typo_keys": found[order], "typo_spellings": np.array(owners, np.int32)[order]}
