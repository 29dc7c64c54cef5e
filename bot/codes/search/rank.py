"""Scores the texts of an edition against one reading of a question.

A text is good when it covers what was asked and leaves little of its own unexplained. Words count by rarity; "unspecified" and the like by next to
nothing, so that the plain code wins over its specific neighbours unless their words were typed.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from bot.codes.search.fitness import Fitness
from bot.codes.search.pack import Array, Arrays
from bot.codes.search.question import Asked, Reading

#: Rare words choose the candidates until there are this many; the other words only score them.
CANDIDATES = 3000
#: For each text that is kept so many have their words looked at one by one.
LOOKED_AT = 3
#: Words that count less than this share of the weightiest one never choose candidates; nor do stems less sure than this, when there are many texts.
COUNTS, CHOOSES = 0.3, 0.7
#: The words that choose hold at least this share of the whole question.
ENOUGH_VALUE = 0.45
#: A text that covers less than this share of the question is no answer.
LEAST_COVER = 0.3
#: How much of the score hangs on the text being explained by the question.
EXPLAINED_SHARE = 0.34
COVER_POWER = 1.5
#: Sureness below which a word counts as not found in a text.
FOUND = 0.5


@dataclass(frozen=True, slots=True)
class Match:
    """A text that answers. ``cover``: the share of the question that it holds; ``absent`` says of each ``asked`` word whether it is missing."""

    text: int
    score: float
    cover: float
    asked: Sequence[Asked]
    absent: Sequence[bool]

    @property
    def left(self) -> tuple[Asked, ...]:
        """The asked words it does not hold."""
        return tuple(one for one, absent in zip(self.asked, self.absent, strict=True) if absent)


@dataclass(frozen=True, slots=True)
class _LookUps:
    """All texts that hold one of the asked words, word after word, that with the fewest texts first; ``borders`` says where each begins.

    ``sure``: how surely the word stands for the stem that the text holds, the surest stem of a word last; ``worth``: what that stem is worth in the text.
    """

    asked: list[Asked]
    borders: list[int]
    texts: Array
    sure: Array
    worth: Array

    def of(self, word: int) -> slice:
        """Where the texts of a word are."""
        return slice(self.borders[word], self.borders[word + 1])


@dataclass(frozen=True, slots=True)
class _Scored:
    """The candidates of a question: for each asked word (rows) how surely each (columns) holds it, and how much of each is explained."""

    asked: list[Asked]
    candidates: Array
    found: Array
    explained: Array


class Ranker:
    """Ranks the texts of one packed index. Safe to use from several threads."""

    def __init__(self, arrays: Arrays) -> None:
        self.borders = arrays["posting_borders"].tolist()
        self.postings = arrays["postings"]
        self.worth = arrays["worth"]
        self.total = arrays["total"]
        self.trust = arrays["text_trust"]
        self.texts = len(self.total)
        self.fitness = Fitness(arrays)
        self._own = threading.local()

    def rank(self, reading: Reading, most: int) -> list[Match]:
        """The ``most`` best texts, best first."""
        lookups = self._look_up(reading.asked)
        candidates = _candidates(lookups)
        if not len(candidates):
            return []
        slots = self._slots()
        slots[candidates] = np.arange(len(candidates), dtype=np.int32)
        try:
            found, explained = _score(lookups, len(candidates), slots)
        finally:
            slots[candidates] = -1
        return self._best(_Scored(lookups.asked, candidates, found, explained), reading.trust, most)

    def _slots(self) -> Array:
        """This thread's table from text to candidate, -1 for none."""
        slots: Array | None = getattr(self._own, "slots", None)
        if slots is None:
            slots = self._own.slots = np.full(self.texts, -1, np.int32)
        return slots

    def _look_up(self, asked: list[Asked]) -> _LookUps:
        """The texts of all stems that the words may stand for."""
        owners, starts = _owners(asked), self.borders
        sizes = {id(one): sum(starts[number + 1] - starts[number] for number, _ in one.guesses) for one in asked}
        asked = sorted(asked, key=lambda one: sizes[id(one)])
        spans = [slice(starts[number], starts[number + 1]) for one in asked for number, _ in one.guesses]
        if not spans:
            return _LookUps(asked, [0] * (len(asked) + 1), self.postings[:0], self.worth[:0], self.worth[:0])
        sure = np.array([sure for one in asked for _, sure in one.guesses], np.float32)
        credited = np.array([owners[number] is one for one in asked for number, _ in one.guesses], np.float32)
        lengths = [span.stop - span.start for span in spans]
        worth = np.concatenate([self.worth[span] for span in spans])
        worth *= np.repeat(credited, lengths)
        texts = np.concatenate([self.postings[span] for span in spans])
        return _LookUps(asked, [0, *accumulate(sizes[id(one)] for one in asked)], texts, np.repeat(sure, lengths), worth)

    def _best(self, scored: _Scored, trust: float, most: int) -> list[Match]:
        asked, candidates, found = scored.asked, scored.candidates, scored.found
        value = np.array([one.value for one in asked], np.float32)
        cover = value @ found / max(float(value.sum()), 1e-6)
        share = np.minimum(scored.explained / np.maximum(self.total[candidates], 1e-6), 1.0)
        score = cover**COVER_POWER * (1 - EXPLAINED_SHARE + EXPLAINED_SHARE * share) * self.trust[candidates] * trust
        near = np.flatnonzero(cover >= LEAST_COVER)
        top = near[_highest(score[near], LOOKED_AT * most)]
        if not len(top):
            return []
        score[top] *= self.fitness.of(asked, candidates[top], found[:, top])
        top = top[np.argsort(-score[top], kind="stable")][:most]
        top = top[score[top] > 0]
        missing = (found[:, top] < FOUND).T.tolist()
        rows = zip(candidates[top].tolist(), score[top].tolist(), cover[top].tolist(), missing, strict=True)
        return [Match(text, points, covered, asked, absent) for text, points, covered, absent in rows]


def _highest(score: Array, most: int) -> Array:
    """The places of the highest scores, in no order."""
    return np.argpartition(score, -most)[-most:] if most < len(score) else np.arange(len(score))


def _owners(asked: list[Asked]) -> dict[int, Asked]:
    """For each stem the asked word that is surest of it: a word of a text is explained once, however many asked words come near it."""
    surest: dict[int, tuple[float, Asked]] = {}
    for one in asked:
        for number, sure in one.guesses:
            if number not in surest or sure > surest[number][0]:
                surest[number] = (sure, one)
    return {number: one for number, (_, one) in surest.items()}


def _candidates(lookups: _LookUps) -> Array:
    """The texts worth scoring: those that hold one of the rarer words that count."""
    chosen: list[Array] = []
    size, held = 0, 0.0
    most = max((one.value for one in lookups.asked), default=0.0)
    enough = ENOUGH_VALUE * sum(one.value for one in lookups.asked)
    for word, one in enumerate(lookups.asked):
        if one.value < COUNTS * most:
            continue
        texts = lookups.texts[lookups.of(word)]
        if held >= enough and size + len(texts) > CANDIDATES:
            break
        chosen.append(texts if len(texts) < CANDIDATES else texts[lookups.sure[lookups.of(word)] >= CHOOSES])
        size += len(chosen[-1])
        held += one.value
    if not size:
        return np.empty(0, np.int32)
    together = np.sort(np.concatenate(chosen))
    return together[np.concatenate(([True], together[1:] != together[:-1]))]


def _score(lookups: _LookUps, candidates: int, slots: Array) -> tuple[Array, Array]:
    """For each word (rows) how surely each candidate (columns) holds it, and how much of each candidate the words explain."""
    words = len(lookups.asked)
    places = slots[lookups.texts]
    inside = np.flatnonzero(places >= 0)
    places, sure = places[inside], lookups.sure[inside]
    explained = np.bincount(places, lookups.worth[inside] * sure, candidates)
    rows = np.repeat(np.arange(0, words * candidates, candidates), np.diff(lookups.borders))
    found = np.zeros(words * candidates, np.float32)
    found[rows[inside] + places] = sure  # where a text holds two stems of a word, the last and surest stays
    return found.reshape(words, candidates), explained
