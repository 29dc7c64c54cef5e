"""What single words do in a text: "malignant" or "family" is said when it is meant, and of "left" and "right" only one can be.

Rarity alone cannot tell that "pneumonia right upper lobe" is not answered by a tumour of the right upper lobe, nor "hip gives out" by a knee that does.
The words and their weights are data: ``bot/codes/knowledge/roles.tsv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log

import numpy as np

from bot.codes.search.knowledge import Role
from bot.codes.search.pack import Arrays
from bot.codes.search.words import stem

#: Stems that stand for each other this surely share a role.
SAME_ROLE = 0.85
#: Groups whose words say where something is, not what it is.
SITE_GROUPS = frozenset({"body", "side", "height", "aspect", "end", "spine", "lobe"})
SIDE_GROUP = "side"
#: How much a text is trusted that leaves out a condition somebody asked for.
CONDITION_UNMET = 0.8


def role_arrays(
    numbers: Mapping[str, int],
    roles: Sequence[Role],
    conditions: Iterable[str],
    related: Mapping[int, Mapping[int, float]],
) -> Arrays:
    """For each stem its group (0: none) and the logarithms of its two factors; words that stand for each other share them.

    :param conditions: words that alone mean a code, such as ``pneumonia``: who types one does not mean a text that leaves it out.
    """
    groups = {name: at for at, name in enumerate(dict.fromkeys(role.group for role in roles if role.group), 1)}
    group = np.zeros(len(numbers), np.uint8)
    unsaid, unmet = np.zeros(len(numbers), np.float32), np.zeros(len(numbers), np.float32)
    named = {numbers[stem(role.word)] for role in roles if stem(role.word) in numbers}
    for role in roles:
        own = numbers.get(stem(role.word))
        if own is None:
            continue
        for at in (own, *(near for near in _near(own, related) if near not in named)):
            if role.group:
                group[at] = groups[role.group]
            unsaid[at] = min(unsaid[at], log(role.unsaid))
            unmet[at] = min(unmet[at], log(role.unmet))
    for place in (numbers[stem(word)] for word in conditions if stem(word) in numbers):
        if not group[place] and not unmet[place]:
            unmet[place] = log(CONDITION_UNMET)
    sites = [at for name, at in groups.items() if name in SITE_GROUPS]
    side = group == groups.get(SIDE_GROUP, -1)
    return {"role_site": np.isin(group, sites), "role_side": side, "role_group": group, "role_unsaid": unsaid, "role_unmet": unmet}


def _near(own: int, related: Mapping[int, Mapping[int, float]]) -> Iterator[int]:
    for other, sure in related.get(own, {}).items():
        if sure >= SAME_ROLE and related.get(other, {}).get(own, 0.0) >= SAME_ROLE:
            yield other
