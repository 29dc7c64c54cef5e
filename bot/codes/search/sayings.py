"""What people say, in the few words that carry it: "my belly keeps hurting really bad" and "belly pain" say the same.

``sayings.tsv`` says which words say nothing, which stand for others, and which only add a detail. Two lines say the same when what is left of them is the
same words, in whatever order.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bot.codes.search.words import stem

#: Marks of ``sayings.tsv``: the words say nothing; they only add a detail: how, when, whose, or where it has spread to.
NOTHING, DETAIL = "-", "?"
LONGEST_SAYING = 5
#: Words that say nothing inside a line, and much at its beginning: "on insulin", "had gallbladder out".
AT_THE_BEGINNING = frozenset({"on", "had", "in", "to", "off"})
SHORTEST_ROOT = 3


class Sayings:
    """Brings lines to the words that carry them."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """:param rows: a wording, and what it says in other words, or a mark."""
        self._says = dict(rows)
        self._firsts = {wording.partition(" ")[0] for wording in self._says}

    def told(self, words: list[str], *, details: bool = True) -> str:
        """What the words say, the same for lines that say the same; ``details``: with how, when and whose."""
        return " ".join(sorted({root(word) for word in self.plainly(words, details=details)}))

    def plainly(self, words: list[str], *, details: bool = True) -> list[str]:
        """The words that carry the line, in its order."""
        said: list[str] = []
        at = 0
        while at < len(words):
            length, meaning = self._at(words, at)
            if meaning == NOTHING or (meaning == DETAIL and not details):
                said += words[at : at + length] if not said and words[at] in AT_THE_BEGINNING else []
            else:
                said += words[at : at + length] if meaning in (DETAIL, "") else meaning.split()
            at += length
        return said

    def _at(self, words: list[str], at: int) -> tuple[int, str]:
        """How many words the longest saying that begins here has, and what it says."""
        longest = LONGEST_SAYING if words[at] in self._firsts else 0
        for length in range(min(longest, len(words) - at), 0, -1):
            meaning = self._says.get(" ".join(words[at : at + length]))
            if meaning is not None:
                return length, meaning
        return 1, ""


@lru_cache(maxsize=8192)
def root(word: str) -> str:
    """A word without the endings of verbs, so that "breathing" and "breathe" meet. For comparing wordings only."""
    word = stem(word)
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) >= SHORTEST_ROOT + len(ending):
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > SHORTEST_ROOT + 1 else word
