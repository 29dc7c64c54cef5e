"""Scores the texts of an edition against one reading of a question.

A text is good when it covers what was asked and leaves little of its own unexplained. Words count by rarity; "unspecified" and the like by next to
nothing, so that the plain code wins over its specific neighbours unless their words were typed.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import compress
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from bot.codes.search.fitness import Fitness
from bot.codes.search.pack import Array, Arrays
from bot.codes.search.postings import Postings
from bot.codes.search.question import Asked, Reading

#: Rare words choose the candidates until there are this many; the other words only score them.
CANDIDATES = 3000
#: For each text that is kept so many have their words looked at one by one.
LOOKED_AT = 2
#: Words that count less than this share of the weightiest one never choose candidates; nor do stems less sure than this, when there are many texts.
COUNTS, CHOOSES = 0.3, 0.7
#: The words that choose hold at least this share of the whole question.
ENOUGH_VALUE = 0.45
#: A text that covers less than this share of the question is no answer.
LEAST_COVER = 0.3
#: How much of the score hangs on the text being explained by the question.
EXPLAINED_SHARE = 0.34
COVER_POWER = 1.65
#: Sureness below which a word counts as not found in a text.
FOUND = 0.5


class Match(NamedTuple):
    """A text that answers. ``cover``: the share of the question that it holds; ``absent`` says of each ``asked`` word whether it is missing."""

    text: int
    score: float
    cover: float
    asked: Sequence[Asked]
    absent: Sequence[bool]

    @property
    def left(self) -> tuple[Asked, ...]:
        """The asked words it does not hold."""
        return tuple(compress(self.asked, self.absent))


class _Scored(NamedTuple):
    """The candidates of a question: for each asked word (rows) how surely each (columns) holds it, and how much of each is explained."""

    asked: list[Asked]
    candidates: Array
    found: Array
    explained: Array


class _Stem(NamedTuple):
    """A stem that an asked word (its row) may stand for; only the word that is surest of it is ``credited`` with what it explains."""

    row: int
    number: int
    sure: float
    credited: bool


class Ranker:
    """Ranks the texts of one packed index. Safe to use from several threads."""

    def __init__(self, arrays: Arrays) -> None:
        self.postings = Postings(arrays)
        self.total = arrays["total"]
        self.trust = arrays["text_trust"]
        self.fitness = Fitness(arrays)
        self._own = threading.local()

    def rank(self, reading: Reading, most: int, floor: float = 0.0) -> list[Match]:
        """The ``most`` best texts that score more than ``floor``, best first."""
        sized = sorted(((self._size(one), one) for one in reading.asked), key=itemgetter(0))
        asked = [one for _, one in sized]
        choosing = self._choosing(sized)
        if not choosing:
            return []
        candidates = self.postings.holding(choosing)
        return self._best(_Scored(asked, candidates, *self._score(_stems(asked), candidates, len(asked))), reading.trust, most, floor)

    def _size(self, one: Asked) -> int:
        """In how many texts a word may stand."""
        return self.postings.size(number for number, _ in one.guesses)

    def _choosing(self, sized: Sequence[tuple[int, Asked]]) -> list[int]:
        """The stems whose texts are worth scoring: those of the rarer words that count. The words come rarest first, with how many texts hold them."""
        chosen: list[int] = []
        taken, held = 0, 0.0
        most = max((one.value for _, one in sized), default=0.0)
        enough = ENOUGH_VALUE * sum(one.value for _, one in sized)
        for size, one in sized:
            if one.value < COUNTS * most:
                continue
            if held >= enough and taken + size > CANDIDATES:
                break
            choosing = [number for number, sure in one.guesses if size < CANDIDATES or sure >= CHOOSES]
            chosen += choosing
            taken += self.postings.size(choosing)
            held += one.value
        return chosen if taken else []

    def _score(self, stems: Sequence[_Stem], candidates: Array, words: int) -> tuple[Array, Array]:
        """For each word (rows) how surely each candidate (columns) holds it, and how much of each candidate the words explain."""
        common = self.postings.common
        found, explained = self._listed([stem for stem in stems if stem.number not in common], candidates, words)
        for row, number, sure, credited in stems:
            if number in common:
                worth = common[number][candidates]
                np.maximum(found[row], np.float32(sure) * (worth >= 0), out=found[row])
                if credited:
                    explained = explained + sure * np.maximum(worth, 0)
        return found, explained

    def _listed(self, stems: Sequence[_Stem], candidates: Array, words: int) -> tuple[Array, Array]:
        """The same for stems that stand in few texts."""
        size = len(candidates)
        found = np.zeros(words * size, np.float32)
        if not stems:
            return found.reshape(words, size), np.zeros(size)
        texts, worth, lengths = self.postings.listed([stem.number for stem in stems])
        places = self._places(candidates, texts)
        inside = np.flatnonzero(places >= 0)
        which, places = np.repeat(np.arange(len(stems)), lengths)[inside], places[inside]
        sure = np.array([stem.sure for stem in stems], np.float32)
        credited = np.array([stem.sure * stem.credited for stem in stems], np.float32)
        rows = np.array([stem.row * size for stem in stems])
        found[rows[which] + places] = sure[which]  # where a text holds two stems of a word, the last and surest stays
        return found.reshape(words, size), np.bincount(places, worth[inside] * credited[which], size)

    def _places(self, candidates: Array, texts: Array) -> Array:
        """Which candidate each text is, -1 for none."""
        table: Array | None = getattr(self._own, "table", None)
        if table is None:
            table = self._own.table = np.full(len(self.total), -1, np.int32)
        table[candidates] = np.arange(len(candidates), dtype=np.int32)
        try:
            return table[texts]
        finally:
            table[candidates] = -1

    def _best(self, scored: _Scored, trust: float, most: int, floor: float) -> list[Match]:
        asked, candidates, found, explained = scored
        value = np.array([one.value for one in asked], np.float32)
        cover = value @ found / max(float(value.sum()), 1e-6)
        near = np.flatnonzero(cover >= LEAST_COVER)
        cover, texts = cover[near], candidates[near]
        share = np.minimum(explained[near] / np.maximum(self.total[texts], 1e-6), 1.0)
        score = cover**COVER_POWER * (1 - EXPLAINED_SHARE + EXPLAINED_SHARE * share) * self.trust[texts] * trust
        top = _highest(score, LOOKED_AT * most)
        top = top[score[top] > floor]
        if not len(top):
            return []
        found = found[:, near[top]]
        score, cover, texts = score[top] * self.fitness.of(asked, texts[top], found), cover[top], texts[top]
        best = np.argsort(-score, kind="stable")[:most]
        best = best[score[best] > floor]
        missing = (found[:, best] < FOUND).T.tolist()
        rows = zip(texts[best].tolist(), score[best].tolist(), cover[best].tolist(), missing, strict=True)
        return [Match(text, points, covered, asked, absent) for text, points, covered, absent in rows]


def _highest(score: Array, most: int) -> Array:
    """The places of the highest scores, in no order."""
    return np.argpartition(score, -most)[-most:] if most < len(score) else np.arange(len(score))


def _stems(asked: Sequence[Asked]) -> list[_Stem]:
    """All stems that the words may stand for. A word of a text is explained once, however many asked words come near it: by the surest."""
    surest: dict[int, tuple[float, int]] = {}
    for row, one in enumerate(asked):
        for number, sure in one.guesses:
            if number not in surest or sure > surest[number][0]:
                surest[number] = (sure, row)
    return [_Stem(row, number, sure, surest[number][1] == row) for row, one in enumerate(asked) for number, sure in one.guesses]
