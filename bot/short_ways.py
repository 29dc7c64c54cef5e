"""Rules that have a short way on PostgreSQL: all they do in one statement, for what many people do at the same moment.

A short way gives what its rule gives, or None when it came to nothing; then the rule itself is carried out, and says why. It never refuses by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.reviews import claims

#: A short way gets the database, who acts, the time and the once-key, and what its rule gets.
SHORT_WAYS: Mapping[Callable[..., Any], Callable[..., Any]] = MappingProxyType(
    {claims.claim_next: claims.next_at_once, claims.claim: claims.named_at_once}
)
