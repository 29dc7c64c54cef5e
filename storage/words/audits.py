"""The fixed words of audits: how a sample was chosen, and where each of its cases stands."""

from __future__ import annotations

from enum import StrEnum


class SampleBasis(StrEnum):
    """How cases came to be looked at. A random sample estimates; charts taken on purpose, and second-level reviews made by rule, do not."""

    RANDOM = "random"
    TARGETED = "targeted"
    SECOND_LEVEL = "second_level"


class CaseState(StrEnum):
    """Where one case of a sample stands. Withdrawn: its audit was cancelled before anybody finished it."""

    OPEN = "open"
    AGREED = "agreed"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
