"""A measure is shown as it was counted: numerator, denominator and how its cases were chosen; never a bare percentage."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from storage.words import SampleBasis

#: Below so many cases no share is shown: it would say more about chance than about the work.
FEWEST_CASES = 10
#: The standard normal quantile of a two-sided interval of 95 percent.
Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 percent confidence interval of a share; both ends lie between 0 and 1."""

    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval | None:
    """The score interval of a share; None when there was nothing to divide by.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), 209-212. It stays within 0 and 1 and holds for
    small numbers and shares near the ends, where the usual interval does not.

    :raises ValueError: for more successes than trials, or fewer than none.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no share.")
    if not trials:
        return None
    share, square = successes / trials, Z_95**2
    centre = share + square / (2 * trials)
    reach = Z_95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    scale = 1 + square / trials
    # Rounding must not put the share itself outside its interval.
    return Interval(min(share, max(0.0, (centre - reach) / scale)), max(share, min(1.0, (centre + reach) / scale)))


@dataclass(frozen=True, slots=True)
class Measure:
    """``numerator`` of ``denominator``, from so many ``cases`` chosen in one way."""

    numerator: int
    denominator: int
    cases: int
    basis: SampleBasis

    @property
    def shown(self) -> bool:
        """Whether there are enough cases to show a share at all."""
        return self.cases >= FEWEST_CASES and self.denominator > 0

    @property
    def share(self) -> float | None:
        """The share, between 0 and 1; None when it is not to be shown."""
        return self.numerator / self.denominator if self.shown else None

    @property
    def interval(self) -> Interval | None:
        """The interval of a random sample; a targeted one estimates nothing and has none."""
        return wilson(self.numerator, self.denominator) if self.shown and self.basis is SampleBasis.RANDOM else None


def apart(one: Measure, other: Measure) -> int:
    """1 when ``one`` lies above ``other`` by more than chance explains, -1 when below, 0 otherwise or when either estimates nothing.

    The intervals must not touch: a careful test, which calls a difference a difference more rarely than one time in twenty.
    """
    first, second = one.interval, other.interval
    if first is None or second is None:
        return 0
    return (first.low > second.high) - (first.high < second.low)


def pooled(measures: Iterable[Measure], basis: SampleBasis) -> Measure:
    """Several measures of one kind of sample as one, by adding what was counted."""
    found = list(measures)
    return Measure(
        sum(one.numerator for one in found), sum(one.denominator for one in found), sum(one.cases for one in found), basis
    )
