"""How figures of a report read: always as they were counted."""

from __future__ import annotations

from bot.reports.measures import FEWEST_CASES, Measure
from bot.reports.periods import Weeks
from bot.views.layout import full_day
from storage.words import SampleBasis

#: How charts came to be looked at, as the heading of their figures.
KINDS = {
    SampleBasis.RANDOM: "Random samples",
    SampleBasis.TARGETED: "Targeted charts, which estimate nothing",
    SampleBasis.SECOND_LEVEL: "Second-level reviews, which estimate nothing",
}


def percent(share: float) -> str:
    """``82.4 %``."""
    return f"{share * 100:.1f} %"


def counted(measure: Measure, unit: str) -> str:
    """A measure in full: ``82.4 % (1,234 of 1,498 codes), 95 % interval 80.4 % to 84.2 %``; the counts alone where a share would mislead."""
    counts = f"{measure.numerator:,} of {measure.denominator:,} {unit}"
    if measure.share is None:
        return f"{counts}; no share below {FEWEST_CASES} charts"
    told = f"{percent(measure.share)} ({counts})"
    if measure.interval is not None:
        told += f", 95 % interval {percent(measure.interval.low)} to {percent(measure.interval.high)}"
    return told


def short(measure: Measure) -> str:
    """A measure in a line of many: ``82.4 % (1,234 of 1,498)``."""
    counts = f"{measure.numerator:,} of {measure.denominator:,}"
    return counts if measure.share is None else f"{percent(measure.share)} ({counts})"


def hours(count: int) -> str:
    """Hours of the calendar as people say them: ``an hour`` for less than one, ``5 hours``, ``3.5 days``."""
    if count == 0:
        return "an hour"
    if count < 48:
        return "1 hour" if count == 1 else f"{count} hours"
    days = f"{count / 24:.1f}".removesuffix(".0")
    return f"{days} days"


def span_words(weeks: Weeks) -> str:
    """``Sep 7, 2026 to Nov 29, 2026``."""
    return f"{full_day(weeks.starts_on)} to {full_day(weeks.ends_on)}"


def compared(now: int, before: int) -> str:
    """A count beside the one of the week before: ``120, 15 more than the week before``."""
    if not now and not before:
        return "none, as the week before"
    if now == before:
        return f"{now:,}, as many as the week before"
    return f"{now:,}, {abs(now - before):,} {'more' if now > before else 'fewer'} than the week before"
