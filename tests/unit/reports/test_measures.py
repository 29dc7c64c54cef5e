"""Measures show how they were counted; the interval is Wilson's, held against a plain reference."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.measures import Z_95, Measure, wilson
from bot.reports.turnaround import percentile
from storage.words import SampleBasis

counts = st.integers(0, 2000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))
piles = st.dictionaries(st.integers(0, 500), st.integers(1, 30), min_size=1, max_size=20)


@given(counts.filter(lambda pair: pair[1] > 0))
def test_the_ends_of_the_interval_are_the_shares_a_score_test_just_accepts(pair: tuple[int, int]) -> None:
    """The reference: an end p solves (share - p)² = z² · p (1 - p) / n."""
    successes, trials = pair
    interval = wilson(successes, trials)
    assert interval is not None
    share = successes / trials
    assert 0 <= interval.low <= share + 1e-12
    assert share - 1e-12 <= interval.high <= 1
    for end in (interval.low, interval.high):
        assert math.isclose((share - end) ** 2, Z_95**2 * end * (1 - end) / trials, rel_tol=1e-9, abs_tol=1e-12)


def test_known_answers_and_nothing_to_divide_by() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29.
    for (successes, trials), (low, high) in {
        (81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718),
    }.items():  # fmt: skip
        interval = wilson(successes, trials)
        assert interval is not None
        assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="4 of 3"):
        wilson(4, 3)


@given(counts)
def test_more_of_the_same_makes_the_interval_narrower(pair: tuple[int, int]) -> None:
    successes, trials = pair
    once, often = wilson(successes, trials), wilson(successes * 4, trials * 4)
    if once and often:
        assert often.high - often.low <= once.high - once.low


def test_below_ten_cases_nothing_is_shown_and_a_targeted_sample_estimates_nothing() -> None:
    few = Measure(20, 25, cases=9, basis=SampleBasis.RANDOM)
    assert (few.share, few.interval) == (None, None)
    enough = Measure(20, 25, cases=10, basis=SampleBasis.RANDOM)
    assert enough.share == 0.8
    assert enough.interval is not None
    targeted = Measure(20, 25, cases=10, basis=SampleBasis.TARGETED)
    assert (targeted.share, targeted.interval) == (0.8, None)
    assert Measure(0, 0, cases=10, basis=SampleBasis.RANDOM).share is None


@given(pile=piles, percent=st.integers(1, 100))
def test_a_percentile_is_the_nearest_rank_of_the_written_out_list(pile: dict[int, int], percent: int) -> None:
    written = sorted(value for value, count in pile.items() for _ in range(count))
    rank = math.ceil(len(written) * percent / 100)
    assert percentile(pile, percent) == written[rank - 1]


def test_nothing_counted_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="Nothing"):
        percentile({}, 50)
