"""Scores the texts of an edition against one reading of a question.

A text is good when it covers what was asked and leaves little of its own unexplained. Words count by rarity; "unspecified" and the like by next to
nothing, so that the plain code wins over its specific neighbours unless their words were typed.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

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
    """A text that answers. ``left`` are the asked words it does not hold; ``cover`` the share of the question it does."""

    text: int
    score: float
    cover: float
    left: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class _LookUp:
    """Texts that hold an asked word, with the sureness of the stem they hold and what that stem is worth in them."""

    asked: Asked
    texts: Array
    sure: Array
    worth: Array


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
        owners = _owners(reading.asked)
        lookups = sorted((self._look_up(one, owners) for one in reading.asked), key=lambda found: len(found.texts))
        candidates = _candidates(lookups)
        if not len(candidates):
            return []
        slots = self._slots()
        slots[candidates] = np.arange(len(candidates), dtype=np.int32)
        try:
            found, explained = _score(lookups, len(candidates), slots)
        finally:
            slots[candidates] = -1
        scored = _Scored([lookup.asked for lookup in lookups], candidates, found, explained)
        return self._best(scored, reading.trust, most)

    def _slots(self) -> Array:
        """This thread's table from text to candidate, -1 for none."""
        slots: Array | None = getattr(self._own, "slots", None)
        if slots is None:
            slots = self._own.slots = np.full(self.texts, -1, np.int32)
        return slots

    def _look_up(self, one: Asked, owners: dict[int, Asked]) -> _LookUp:
        """All texts that hold a stem the word may stand for, the surest stem last."""
        spans = [(self.borders[number], self.borders[number + 1], sure) for number, sure in one.guesses]
        if not spans:
            return _LookUp(one, self.postings[:0], self.worth[:0], self.worth[:0])
        texts = np.concatenate([self.postings[start:end] for start, end, _ in spans])
        credited = [owners[number] is one for number, _ in one.guesses]
        worth = np.concatenate(
            [
                self.worth[start:end] if own else np.zeros(end - start, np.float32)
                for (start, end, _), own in zip(spans, credited, strict=True)
            ]
        )
        sureness = np.repeat(
            np.array([span[2] for span in spans], np.float32), [end - start for start, end, _ in spans]
        )
        return _LookUp(one, texts, sureness, worth)

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
        return [
            Match(text, points, covered, tuple(one for one, absent in zip(asked, absents, strict=True) if absent))
            for text, points, covered, absents in rows
        ]


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


def _candidates(lookups: list[_LookUp]) -> Array:
    """The texts worth scoring: those that hold one of the rarer words that count."""
    chosen: list[Array] = []
    size, held = 0, 0.0
    most = max((lookup.asked.value for lookup in lookups), default=0.0)
    enough = ENOUGH_VALUE * sum(lookup.asked.value for lookup in lookups)
    for lookup in lookups:
        if lookup.asked.value < COUNTS * most:
            continue
        if held >= enough and size + len(lookup.texts) > CANDIDATES:
            break
        sure = lookup.texts if len(lookup.texts) < CANDIDATES else lookup.texts[lookup.sure >= CHOOSES]
        chosen.append(sure)
        size += len(sure)
        held += lookup.asked.value
    if not size:
        return np.empty(0, np.int32)
    together = np.sort(np.concatenate(chosen))
    return together[np.concatenate(([True], together[1:] != together[:-1]))]


def _score(lookups: list[_LookUp], candidates: int, slots: Array) -> tuple[Array, Array]:
    """For each word how surely each candidate holds it, and how much of each candidate the words explain."""
    found = np.zeros((len(lookups), candidates), np.float32)
    explained = np.zeros(candidates, np.float64)
    for row, lookup in zip(found, lookups, strict=True):
        places = slots[lookup.texts]
        inside = np.flatnonzero(places >= 0)
        places, sure = places[inside], lookup.sure[inside]
        row[places] = sure  # where a text holds two stems, the last and surest stays
        explained += np.bincount(places, lookup.worth[inside] * sure, candidates)
    return found, explained
