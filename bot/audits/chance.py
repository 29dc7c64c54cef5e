"""Drawing by chance so that it can be drawn again.

Each case gets a place from the SHA-256 of the seed and its reference; the lowest places are drawn. The same seed over the same cases gives the same sample on
every machine and with every release of Python, and a larger sample contains the smaller one.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.audits.population import CodedTask


def by_coder(tasks: Iterable[CodedTask]) -> dict[int, list[CodedTask]]:
    """The tasks of each coder."""
    found: dict[int, list[CodedTask]] = defaultdict(list)
    for task in tasks:
        found[task.coder_id].append(task)
    return dict(found)


def draw(seed: str, tasks: Mapping[int, Sequence[CodedTask]], size: Mapping[int, int]) -> list[CodedTask]:
    """Draw ``size[coder]`` tasks of every coder, in the order of the draw; all of them where there are not so many."""
    drawn = [task for coder, own in tasks.items() for task in sorted(own, key=lambda one: place(seed, one))[: size[coder]]]
    return sorted(drawn, key=lambda one: place(seed, one))


def place(seed: str, task: CodedTask) -> tuple[bytes, str]:
    """Where the seed puts a task; the reference breaks a tie."""
    return hashlib.sha256(f"{seed}:{task.reference}".encode()).digest(), task.reference


def share(percent: int, population: int) -> int:
    """``percent`` of a population as a number of cases, rounded up so that nobody who worked is left out."""
    return math.ceil(population * percent / 100)
