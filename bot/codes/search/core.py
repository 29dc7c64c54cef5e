"""What a line is about: the known wording that stands inside it. The rest of the line is circumstance: "croup" in "child w barky cough croup"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bot.codes.search.corekeys import COUNTED, LONGEST_CORE, core_key
from bot.codes.search.pack import Arrays
from bot.codes.search.question import Asked

#: Words less sure than this are not taken as the word of a wording.
SURE = 0.8
#: What the other words of the line count beside the core; sides, stages and the like count as ever.
CIRCUMSTANCE = 0.3
#: Who writes says first what it is about: a wording that stands a word later counts this much.
LATER = 0.8


class Cores:
    """Finds the wording a line is about."""

    def __init__(self, arrays: Arrays) -> None:
        self.keys = arrays["core_keys"]
        self.side = arrays["role_side"]

    def weighed(self, asked: Sequence[Asked]) -> list[Asked] | None:
        """The asked words with what is circumstance counting little; None when no known wording stands among them, or nothing else does."""
        counted = [one for one in asked if one.value >= COUNTED and not self._decides(one)]
        core = self._core(counted)
        if not core or len(core) == len(counted):
            return None
        rest = [id(one) for one in counted if id(one) not in core]
        return [replace(one, value=one.value * CIRCUMSTANCE) if id(one) in rest else one for one in asked]

    def sides(self, asked: Sequence[Asked]) -> tuple[Asked, ...]:
        """The asked words that say a side."""
        return tuple(one for one in asked if self._decides(one))

    def _decides(self, one: Asked) -> bool:
        """Whether the word only chooses between codes of one condition, such as a side."""
        return bool(one.guesses) and bool(self.side[one.guesses[-1][0]])

    def _core(self, counted: Sequence[Asked]) -> set[int]:
        """Of the wordings in a line the weightiest, the first of equals."""
        best, best_value = set[int](), 0.0
        stems = [one.guesses[-1][0] if one.guesses and one.guesses[-1][1] >= SURE else -1 for one in counted]
        for start in range(len(counted)):
            for end in range(start + 1, min(start + LONGEST_CORE, len(counted)) + 1):
                window = stems[start:end]
                if -1 in window:
                    break
                value = sum(one.value for one in counted[start:end]) * LATER**start
                if value > best_value and self._known(window):
                    best, best_value = {id(one) for one in counted[start:end]}, value
        return best

    def _known(self, window: Sequence[int]) -> bool:
        key = np.uint32(core_key(window))
        at = int(self.keys.searchsorted(key))
        return at < len(self.keys) and bool(self.keys[at] == key)
