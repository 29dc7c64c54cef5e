"""From a code that cannot be billed as it stands to the one below it that fits: the side or the intent that was asked for, else the unspecified one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.codes.search.lexicon import Lexicon
from bot.codes.search.pack import Arrays, text_at
from bot.codes.search.question import Asked, Meant
from bot.codes.search.words import split_words

#: What a matched left-over word brings against what an unasked word costs.
BRINGS, COSTS = 1.0, 0.5
#: What a child pays for its parent's words that it leaves out, and what it gains by calling itself unspecified.
DROPPED, PLAIN = 0.15, 0.05
#: A side nobody asked for costs this on top: beside it stands the code of the unspecified side.
UNASKED_SIDE = 0.3
#: Guesses at least this sure are the word itself, for somebody who reads the title.
SHOWN = 0.95
#: Guesses less sure than this do not choose.
SURE = 0.6
#: What a word brings that the matched text held already: "cellulitis arm right" is one of the upper limb.
HINTS = 0.15
#: 7th characters taken when none is asked for, in this order: unspecified, initial encounter, not applicable, without.
PLAIN_SEVENTHS = (
    "unspecified",
    "initial encounter",
    "not applicable or unspecified",
    "stage unspecified",
    "without tophus",
)


@dataclass(frozen=True, slots=True)
class _Family:
    """The codes right below another. ``points``: how well each does when nothing is known; ``holders``: for each word the children whose titles hold it,
    and what it costs them that nobody asked for it: nothing where the title above holds it too."""

    children: list[int]
    points: list[float]
    holders: dict[int, list[tuple[int, float]]]


class Chooser:
    """Walks the tree of codes of one packed index."""

    def __init__(self, arrays: Arrays, lexicon: Lexicon) -> None:
        # One number at a time is read faster from a view than from an array.
        self.end = arrays["end"].data
        self.parent = arrays["parent"].data
        self.billable = arrays["billable"].data
        self.extended = arrays["extended"].data
        self.seventh = arrays["seventh"].data
        self.title_text = arrays["title_text"].data
        self.borders = arrays["text_word_borders"].data
        self.words = arrays["text_words"]
        self.worth = arrays["text_worth"]
        count = len(arrays["meaning_borders"]) - 1
        self.meanings = [text_at(arrays["meanings"], arrays["meaning_borders"], at) for at in range(count)]
        self.meaning_words = [
            {number for word in split_words(meaning) if (number := lexicon.number(word)) is not None}
            for meaning in self.meanings
        ]
        self.plainness = [_plainness(meaning) for meaning in self.meanings]
        self.said_by_sevenths = set[int]().union(*self.meaning_words)
        # Kept, for few codes are ever asked for: what a code comes down to when nothing more is known.
        self.known: dict[int, int] = {}
        self.unspecified = lexicon.number("unspecified")
        self.sides = set(np.flatnonzero(arrays["role_side"]).tolist())
        self.below: dict[int, _Family] = {}

    def choose(self, code: int, left: tuple[Asked, ...], meant: Meant) -> tuple[int, float]:
        """The code to offer for ``code``, and the value of the left-over words it accounts for on the way.

        :param left: asked words that the matched text did not hold.
        :param meant: stems of everything asked with their sureness, for the 7th character.
        """
        if not left:
            return self._finish(code, meant), 0.0
        top = self._anchor(code) if self.billable[code] else code
        if not self.billable[top]:
            chosen, gained = self._walk(top, left, meant)
            if gained or top == code:
                return chosen, gained
        return self._beside(code, left, meant)

    def _beside(self, code: int, left: tuple[Asked, ...], meant: Meant) -> tuple[int, float]:
        """The neighbour of a code that is the same on the side that was asked for; the code itself when there is none."""
        asked = {number: one.value for one in left for number, sure in one.guesses if sure >= SURE and number in self.sides}
        own = self.parent[code] if self.extended[code] else code
        above = self.parent[own]
        if not asked or above < 0:
            return code, 0.0
        same = self._sideless(own)
        for child in self.children(above):
            sides = asked.keys() & self._title(child)[0]
            if sides and child != own and self._sideless(child) == same:
                return self._finish(child, meant), sum(asked[side] for side in sides)
        return code, 0.0

    def _sideless(self, code: int) -> set[int]:
        """What a title says but the side, or that there is none."""
        return {word for word in self._title(code)[0] if word not in self.sides and word != self.unspecified}

    def shows(self, code: int, asked: Iterable[Asked]) -> bool:
        """Whether the title of a code holds every asked word, or a close relative of it."""
        words = set(self._title(self.parent[code] if self.extended[code] else code)[0])
        if self.extended[code]:
            words |= self.meaning_words[self.seventh[code]]
        return all(any(number in words for number, sure in one.guesses if sure >= SHOWN) for one in asked)

    def plain(self, code: int) -> int:
        """The code to bill when nothing more is known."""
        found = self.known.get(code)
        if found is None:
            found = self.known[code] = self._plain(code)
        return found

    def _plain(self, code: int) -> int:
        if self.billable[code]:
            return code
        return self._best_seventh(code, Meant()) if self.extended[code + 1] else self.plain(self._child(code, {}, Meant())[0])

    def _anchor(self, code: int) -> int:
        """The highest entry above that comes down to this code when nothing more is known: where a side or a stage may still be chosen."""
        top, above = code, self.parent[code]
        while above >= 0 and self.plain(above) == code:
            top, above = above, self.parent[above]
        return top

    def _walk(self, code: int, left: tuple[Asked, ...], meant: Meant) -> tuple[int, float]:
        wanted = {number: one.value * sure for one in left for number, sure in one.guesses if sure >= SURE}
        held: set[int] = set()
        while not self.billable[code]:
            if self.extended[code + 1]:
                code = self._seventh(code, meant)
                break
            code, brought = self._child(code, wanted, meant)
            held |= brought
        gained = sum(
            one.value * max((sure for number, sure in one.guesses if number in held), default=0.0) for one in left
        )
        return code, gained

    def children(self, code: int) -> list[int]:
        """The codes right below."""
        found, at = [], code + 1
        while at < self.end[code]:
            found.append(at)
            at = self.end[at]
        return found

    def _finish(self, code: int, meant: Meant) -> int:
        """The code to bill when all that is known beyond it is what its 7th character says."""
        plain = self.plain(code)
        return self._seventh(self.parent[plain], meant) if plain != code and self.extended[plain] else plain

    def _below(self, code: int) -> _Family:
        """The children with the words of their titles. Kept: few codes are ever asked for."""
        found = self.below.get(code)
        if found is None:
            found = self.below[code] = self._family(code)
        return found

    def _family(self, code: int) -> _Family:
        above = dict(zip(*self._title(code), strict=True))
        family = _Family(self.children(code), [], {})
        for at, child in enumerate(family.children):
            costs = {word: 0.0 if word in above else worth for word, worth in zip(*self._title(child), strict=True)}
            family.points.append(-COSTS * (sum(costs.values()) + self._bias(above, costs)))
            for word, cost in costs.items():
                family.holders.setdefault(word, []).append((at, cost))
        return family

    def _bias(self, above: Mapping[int, float], costs: Mapping[int, float]) -> float:
        """A child that leaves words of its parent out is a part of it; one that says it is unspecified is the whole; one that names
        a side is meant when the side was asked for."""
        dropped = sum(worth for word, worth in above.items() if word not in costs)
        sides = sum(1 for word in self.sides if word in costs and word not in above)
        return DROPPED * dropped + UNASKED_SIDE * sides - (PLAIN if self.unspecified in costs else 0.0)

    def _title(self, code: int) -> tuple[list[int], list[float]]:
        text = self.title_text[code]
        start, end = self.borders[text], self.borders[text + 1]
        return self.words[start:end].tolist(), self.worth[start:end].tolist()

    def _child(self, code: int, wanted: Mapping[int, float], meant: Meant) -> tuple[int, set[int]]:
        """The child that fits best, the first of equals, and the wanted words that it holds."""
        family = self._below(code)
        points, holders = family.points.copy(), family.holders
        for word in holders.keys() & (wanted.keys() | meant.keys()):
            brings = BRINGS * wanted[word] if word in wanted else HINTS * meant[word]
            for at, cost in holders[word]:
                points[at] += brings + COSTS * cost
        best = max(self._on_side(family, wanted), key=points.__getitem__)
        brought = {word for word in holders.keys() & wanted.keys() if any(at == best for at, _ in holders[word])}
        return family.children[best], brought

    def _on_side(self, family: _Family, wanted: Mapping[int, float]) -> Sequence[int]:
        """The children on the side that is wanted; all of them where no side is, or none of them is on it."""
        sides = self.sides & wanted.keys() & family.holders.keys()
        return sorted({at for side in sides for at, _ in family.holders[side]}) if sides else range(len(family.children))

    def _seventh(self, code: int, meant: Meant) -> int:
        """The 7th character whose meaning was asked for, else the plain one."""
        return self.plain(code) if self.said_by_sevenths.isdisjoint(meant) else self._best_seventh(code, meant)

    def _best_seventh(self, code: int, meant: Meant) -> int:
        return max(range(code + 1, self.end[code]), key=lambda option: self._fitness(self.seventh[option], meant))

    def _fitness(self, meaning: int, meant: Meant) -> tuple[float, int]:
        """How well a 7th character fits what is meant, by its meaning."""
        found = meant.sevenths.get(meaning)
        if found is None:
            words = self.meaning_words[meaning]
            hits = [sure for word in words if (sure := meant.get(word, 0.0)) >= SURE]
            fitness = sum(hits) - 0.1 * (len(words) - len(hits)) if hits else -5.0
            found = meant.sevenths[meaning] = (fitness, self.plainness[meaning])
        return found


def _plainness(meaning: str) -> int:
    for rank, plain in enumerate(PLAIN_SEVENTHS):
        if meaning.startswith(plain):
            return len(PLAIN_SEVENTHS) - rank
    return 0
