"""Which texts hold a stem, and what the stem is worth in each of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from bot.codes.search.pack import Array, Arrays

#: A stem in more texts than this is also kept text by text, so that a few candidates are looked at without its long list: "left" and some
#: twenty others of ICD-10-CM.
COMMON = 4000


class Postings:
    """The texts of every stem of an edition."""

    def __init__(self, arrays: Arrays) -> None:
        borders: list[int] = arrays["posting_borders"].tolist()
        self.spans = [slice(start, end) for start, end in pairwise(borders)]
        self.sizes = [end - start for start, end in pairwise(borders)]
        self.texts = arrays["postings"]
        self.worth = arrays["worth"]
        self.total = len(arrays["total"])
        self.common = {number: self._by_text(number) for number, size in enumerate(self.sizes) if size > COMMON}

    def _by_text(self, number: int) -> Array:
        """What a stem is worth in each text of the edition, less than 0 where it does not stand."""
        worth = np.full(self.total, -1, np.float32)
        worth[self.texts[self.spans[number]]] = self.worth[self.spans[number]]
        return worth

    def size(self, numbers: Iterable[int]) -> int:
        """In how many texts these stems stand, taken one by one."""
        return sum(self.sizes[number] for number in numbers)

    def holding(self, numbers: list[int]) -> Array:
        """The texts that hold any of these stems, each once, in order."""
        held = np.zeros(self.total, np.bool_)
        held[np.concatenate([self.texts[self.spans[number]] for number in numbers])] = True
        return np.flatnonzero(held)

    def listed(self, numbers: list[int]) -> tuple[Array, Array, list[int]]:
        """The texts of these stems, stem after stem, what the stem is worth in each, and how many texts each stem has."""
        spans = [self.spans[number] for number in numbers]
        return (
            np.concatenate([self.texts[span] for span in spans]),
            np.concatenate([self.worth[span] for span in spans]),
            [self.sizes[number] for number in numbers],
        )
