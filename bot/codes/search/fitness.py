"""How well a text fits what was asked beyond the words it shares: what it says unasked, and what it says instead (see :mod:`bot.codes.search.roles`)."""

from __future__ import annotations

from collections.abc import Sequence
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
        self.unmet = arrays["role_unmet"]
        self.borders = arrays["text_word_borders"]
        self.words = arrays["text_words"]
        self.worth = arrays["text_worth"]
        self.value = arrays["word_value"]

    def of(self, asked: Sequence[Asked], texts: Array, found: Array) -> Array:
        """How well each text fits what was asked, 1 when nothing speaks against it.

        :param found: for each asked word (rows) how surely each text (columns) holds it.
        """
        starts, ends = self.borders[texts], self.borders[texts + 1]
        lengths = ends - starts
        offsets = np.cumsum(lengths) - lengths
        flat = np.arange(int(lengths.sum())) + np.repeat(starts - offsets, lengths)
        words = self.words[flat]
        open_words = ~self._explained(asked)[words] & (self.worth[flat] >= ESSENTIAL * self.value[words])
        against = np.minimum.reduceat(np.where(open_words, self.unsaid[words], 0.0), offsets)
        against = against + log(CONTRADICTED) * np.maximum.reduceat(
            self._denied(asked)[words] & (self.worth[flat] >= ESSENTIAL * self.value[words]), offsets
        )
        missing = found < EXPLAINS
        owner = np.repeat(np.arange(len(texts)), lengths)
        for one, missed in zip(asked, missing, strict=True):
            unmet, group = self._role(one)
            if unmet:
                against = against + unmet * missed
            if group:
                other = np.zeros(len(texts), np.bool_)
                other[owner[open_words & (self.group[words] == group)]] = True
                against = against + log(CONFLICT) * (missed & other)
        return np.maximum(np.exp(against), LEAST_FITNESS)

    def _explained(self, asked: Sequence[Asked]) -> Array:
        """For each stem, whether somebody asked for it."""
        explained = np.zeros(len(self.group), np.bool_)
        for one in asked:
            explained[[number for number, sure in one.guesses if sure >= EXPLAINS]] = True
        return explained

    def _denied(self, asked: Sequence[Asked]) -> Array:
        """For each stem, whether the line says that it is not there."""
        denied = np.zeros(len(self.group), np.bool_)
        for one in asked:
            denied[list(one.denied)] = True
        return denied

    def _role(self, one: Asked) -> tuple[float, int]:
        """The factor and the group of an asked word: those of the stem it surest stands for."""
        if not one.guesses:
            return 0.0, 0
        number, sure = one.guesses[-1]
        return (float(self.unmet[number]), int(self.group[number])) if sure >= SAME_ROLE else (0.0, 0)
