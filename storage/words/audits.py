"""The fixed words of audits: how a sample was chosen, and where each of its cases stands."""

from __future__ import annotations

from enum import StrEnum


class SampleBasis(StrEnum):
    """How the cases of a sample were chosen. A random sample estimates; a targeted one does not."""

    RANDOM = "random"
    TARGETED = "targeted"


class CaseState(StrEnum):
    """Where one case of a sample stands. Withdrawn: its audit was cancelled before anybody finished it."""

    OPEN = "open"
    AGREED = "agreed"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
