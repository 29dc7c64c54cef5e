"""How well a text fits what was asked beyond the words it shares: what it says unasked, and what it says instead (see :mod:`bot.codes.search.roles`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log

import numpy as np

from bot.codes.search.pack import Array, Arrays
from bot.codes.search.question import Asked
from bot.codes.search.roles import SAME_ROLE

#: A text that names another of a group than was asked for.
CONFLICT = 0.72
#: A text that names what the line says is not there.
CONTRADICTED = 0.75
#: However much speaks against a text, this much of its score is left.
LEAST_FITNESS = 0.35
#: A word of a text counts when it is worth at least this share of what it is worth elsewhere: what stands in brackets need not be said.
ESSENTIAL = 0.5
#: Guesses at least this sure explain a word of a text.
EXPLAINS = 0.5


class Fitness:
    """Looks at the words of texts, one by one."""

    def __init__(self, arrays: Arrays) -> None:
        self.group = arrays["role_group"]
        self.unsaid = arrays["role_unsaid"]
        self.borders = arrays["text_word_borders"]
        self.words = arrays["text_words"]
        self.worth = arrays["text_worth"]
        self.value = arrays["word_value"]
        self._groups: list[int] = self.group.tolist()
        self._unmet: list[float] = arrays["role_unmet"].tolist()

    def of(self, asked: Sequence[Asked], texts: Array, found: Array) -> Array:
        """How well each text fits what was asked, 1 when nothing speaks against it.

        :param found: for each asked word (rows) how surely each text (columns) holds it.
        """
        starts = self.borders[texts]
        lengths = self.borders[texts + 1] - starts
        offsets = np.cumsum(lengths) - lengths
        flat = np.arange(int(lengths.sum())) + np.repeat(starts - offsets, lengths)
        words = self.words[flat]
        essential = self.worth[flat] >= ESSENTIAL * self.value[words]
        open_words = essential & ~self._named(number for one in asked for number, sure in one.guesses if sure >= EXPLAINS)[words]
        against = np.minimum.reduceat(np.where(open_words, self.unsaid[words], 0.0), offsets)
        if any(one.denied for one in asked):
            denied = self._named(number for one in asked for number in one.denied)[words]
            against = against + log(CONTRADICTED) * np.maximum.reduceat(denied & essential, offsets)
        missing = found < EXPLAINS
        for one, missed in zip(asked, missing, strict=True):
            unmet, group = self._role(one)
            if unmet:
                against = against + unmet * missed
            if group:
                other = np.logical_or.reduceat(open_words & (self.group[words] == group), offsets)
                against = against + log(CONFLICT) * (missed & other)
        return np.maximum(np.exp(against), LEAST_FITNESS)

    def _named(self, numbers: Iterable[int]) -> Array:
        """For each stem, whether it is among these."""
        named = np.zeros(len(self.group), np.bool_)
        named[list(numbers)] = True
        return named

    def _role(self, one: Asked) -> tuple[float, int]:
        """The factor and the group of an asked word: those of the stem it surest stands for."""
        if not one.guesses:
            return 0.0, 0
        number, sure = one.guesses[-1]
        return (self._unmet[number], self._groups[number]) if sure >= SAME_ROLE else (0.0, 0)
