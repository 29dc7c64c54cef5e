"""The word lists of the guard: what a word can be. Loaded once, by :meth:`Lexicon.load`; nothing is read at import."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import files


class Kind(IntEnum):
    """What a word can be. A word can be several things: "grant" is common, a given name and a surname."""

    COMMON = 1
    WORD = 2
    EPONYM = 4
    GIVEN_COMMON = 8
    GIVEN = 16
    SURNAME_COMMON = 32
    SURNAME = 64


_KINDS = {
    "common": Kind.COMMON,
    "words": Kind.WORD,
    "eponyms": Kind.EPONYM,
    "given_common": Kind.GIVEN_COMMON | Kind.GIVEN,
    "given": Kind.GIVEN,
    "surnames_common": Kind.SURNAME_COMMON | Kind.SURNAME,
    "surnames": Kind.SURNAME,
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Kinds of words as plain integers (of :class:`Kind`), and the towns known."""

    kinds: dict[str, int]
    cities: frozenset[str]

    @classmethod
    def load(cls) -> Lexicon:
        """Read the shipped lists (about 65,000 words, 0.05 s)."""
        packed = files("bot.privacy").joinpath("data/lexicon.txt.gz").read_bytes()
        kinds: dict[str, int] = {}
        cities: frozenset[str] = frozenset()
        for line in gzip.decompress(packed).decode("ascii").splitlines():
            kind, _, words = line.partition("\t")
            if kind == "cities":
                cities = frozenset(words.split("|"))
                continue
            flag = int(_KINDS[kind])
            for word in words.split("|"):
                kinds[word] = kinds.get(word, 0) | flag
        return cls(kinds, cities)

    def looks_misspelt(self, word: str) -> bool:
        """Whether one slip of the keys turns a known word that is nobody's name into this one ("dischraged")."""
        if len(word) < 5:
            return False
        splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
        near = [a + b[1:] for a, b in splits if b]
        near += [a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1]
        near += [a + letter + b[1:] for a, b in splits[1:] if b for letter in _LETTERS] if len(word) > 6 else []
        near += [a + letter + b for a, b in splits[1:] for letter in _LETTERS] if len(word) > 5 else []
        return any(self.kinds.get(other, 0) & 3 for other in near)
