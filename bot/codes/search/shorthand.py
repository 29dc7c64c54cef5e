"""Spells shorthand out: from the wordings of ``rewrites.tsv`` to the words of the book.

A shortened word (``fx``, ``lle``, ``exac``) is the same word and is always spelled out, in what is typed and in the wordings coders know; other shorthand
stands for something and is one way to read the line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.codes.search.words import split_words

LONGEST_WORDING = 5
#: Kinds of rewrites: the same word, shortened; chart shorthand. The rest are everyday wordings.
SHORTENED, SHORTHAND = "short", "abbr"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as typed, and what they may mean; no meanings where they stand for themselves."""

    words: tuple[str, ...]
    meanings: tuple[str, ...] = ()
    kind: str = ""


class Shorthand:
    """Cuts lines into the longest wordings that are known."""

    def __init__(self, rewrites: Mapping[str, tuple[tuple[str, ...], str]]) -> None:
        self._rewrites = rewrites
        self._firsts = {wording.partition(" ")[0] for wording in rewrites}

    def __contains__(self, word: str) -> bool:
        return word in self._rewrites

    def pieces(self, words: list[str], kinds: Collection[str] | None) -> Iterator[Piece]:
        """The line cut into wordings of these kinds (None: of any) and single words.

        Words that are part of a longer wording of another kind stay as they are where only shortened words are spelled out: ``l spine`` is no left spine.
        """
        at = 0
        while at < len(words):
            piece = self._longest(words, at, kinds)
            yield piece
            at += len(piece.words)

    def spelled_out(self, words: list[str]) -> list[str]:
        """The line with its shortened words spelled out, and nothing else changed."""
        found: list[str] = []
        for piece in self.pieces(words, (SHORTENED,)):
            found += split_words(piece.meanings[0]) if piece.meanings else piece.words
        return found

    def _longest(self, words: list[str], at: int, kinds: Collection[str] | None) -> Piece:
        if words[at] not in self._firsts:
            return Piece((words[at],))
        for length in range(min(LONGEST_WORDING, len(words) - at), 0, -1):
            typed = tuple(words[at : at + length])
            found = self._rewrites.get(" ".join(typed))
            if found and (kinds is None or found[1] in kinds):
                return Piece(typed, *found)
            if found and kinds == (SHORTENED,):
                return Piece(typed)
        return Piece((words[at],))
