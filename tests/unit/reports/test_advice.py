"""What is advised about a week: each rule by itself, at most three, and nothing when nothing calls for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.accuracy import Accuracy
from bot.reports.advice import MOST, Advice, AdviceKind, advise
from bot.reports.measures import Measure, apart, wilson
from bot.reports.periods import Weeks
from bot.reports.reasons import ReasonLine
from bot.reports.turnaround import Turnaround
from bot.reports.week import AccuracyChange, Change, KindChange, WeeklyReport
from bot.reviews.lists import Backlog
from bot.views.weekly import advice_sentence, weekly_message
from storage.words import RootReason, SampleBasis, TaskType
from tests.unit.test_views_worst_case import problems

NOTHING = Change(0, 0)
shares = st.integers(10, 400).flatmap(lambda cases: st.tuples(st.integers(0, cases), st.just(cases)))
CALM = WeeklyReport(
    week=Weeks((date(2026, 11, 16),), "America/New_York"), done=Change(120, 110), turnaround=None, accuracy=(), opened=NOTHING, settled=NOTHING,
    top_reason=None, explained=0, coded=0, waiting=Backlog(0, 0, 0, 0, 0, 0), open_audits=0, unassigned_audits=0,
)  # fmt: skip


def audited(right: int, cases: int, basis: SampleBasis = SampleBasis.RANDOM) -> Accuracy:
    return Accuracy(Measure(right * 3, cases * 3, cases, basis), Measure(right, cases, cases, basis), 0)


def took(done: int, median: int) -> Turnaround:
    return Turnaround(TaskType.CODING, done, median, median * 3)


def reason(flags: int, findings: int) -> ReasonLine:
    return ReasonLine(RootReason.DOCUMENTATION_MISSED, flags, findings, ())


CASES: list[tuple[dict[str, Any], Advice | None]] = [
    ({}, None),
    ({"waiting": Backlog(9, 2, 3, 0, 0, 0)}, Advice(AdviceKind.PRESSING, 2)),
    ({"waiting": Backlog(9, 0, 8, 0, 0, 0)}, Advice(AdviceKind.OLD, 8)),
    ({"waiting": Backlog(9, 0, 7, 0, 0, 0)}, None),
    ({"waiting": Backlog(0, 0, 90, 0, 0, 0)}, None),
    ({"unassigned_audits": 1, "open_audits": 4}, Advice(AdviceKind.UNASSIGNED_AUDITS, 1)),
    ({"accuracy": (AccuracyChange(audited(10, 40), audited(38, 40)),)}, Advice(AdviceKind.LESS_ACCURATE, 40)),
    ({"accuracy": (AccuracyChange(audited(35, 40), audited(38, 40)),)}, None),
    ({"accuracy": (AccuracyChange(audited(2, 9), audited(9, 9)),)}, None),
    ({"accuracy": (AccuracyChange(audited(10, 40, SampleBasis.TARGETED), audited(38, 40, SampleBasis.TARGETED)),)}, None),
    ({"accuracy": (AccuracyChange(audited(1, 40), None),)}, None),
    ({"opened": Change(9, 0), "settled": Change(4, 0)}, Advice(AdviceKind.FLAGS_PILE_UP, 5)),
    ({"opened": Change(9, 0), "settled": Change(5, 0)}, None),
    ({"top_reason": reason(2, 1), "explained": 9}, Advice(AdviceKind.ROOT_REASON, 3, RootReason.DOCUMENTATION_MISSED)),
    ({"top_reason": reason(1, 1), "explained": 2}, None),
    ({"top_reason": reason(2, 2), "explained": 13}, None),
    ({"turnaround": KindChange(TaskType.CODING, took(10, 20), took(10, 16))}, Advice(AdviceKind.SLOWER, 4)),
    ({"turnaround": KindChange(TaskType.CODING, took(10, 23), took(10, 19))}, None),
    ({"turnaround": KindChange(TaskType.CODING, took(10, 4), took(10, 1))}, None),
    ({"turnaround": KindChange(TaskType.CODING, took(9, 90), took(10, 1))}, None),
    ({"turnaround": KindChange(TaskType.CODING, took(10, 90), None)}, None),
    ({"coded": 10}, Advice(AdviceKind.NOTHING_AUDITED, 10)),
    ({"coded": 9}, None),
    ({"coded": 10, "open_audits": 1}, None),
    ({"coded": 10, "accuracy": (AccuracyChange(audited(10, 10), None),)}, None),
]


@pytest.mark.parametrize(("facts", "advice"), CASES)
def test_each_rule_says_what_it_says_and_no_other_does(facts: dict[str, Any], advice: Advice | None) -> None:
    found = advise(replace(CALM, **facts))
    assert found == ((advice,) if advice else ())
    assert problems(weekly_message(replace(CALM, **facts))) == []


ALL = replace(
    CALM, waiting=Backlog(10**6, 10**6, 99_999, 10, 10, 10), unassigned_audits=10**6, open_audits=10**6, opened=Change(10**6, 0),
    accuracy=tuple(AccuracyChange(audited(10, 10**6, basis), audited(10**6, 10**6, basis)) for basis in SampleBasis),
    top_reason=reason(10**6, 10**6), explained=2 * 10**6, coded=10**6, turnaround=KindChange(TaskType.CODING, took(10**6, 9_000), took(10**6, 10)),
)  # fmt: skip


def test_at_most_three_things_are_advised_the_most_pressing_first() -> None:
    found = advise(ALL)
    assert [advice.kind for advice in found] == [AdviceKind.PRESSING, AdviceKind.OLD, AdviceKind.UNASSIGNED_AUDITS]
    assert len(found) == MOST
    assert problems(weekly_message(ALL)) == []


@pytest.mark.parametrize("kind", AdviceKind)
@pytest.mark.parametrize("count", [1, 2, 10**6])
def test_every_advice_is_one_short_sentence_or_two(kind: AdviceKind, count: int) -> None:
    told = advice_sentence(Advice(kind, count, RootReason.POOR_SOURCE_DOCUMENTATION))
    if count > 1:
        assert 20 < len(told) < 180
        assert told.endswith(".")
        assert "{" not in told


def test_a_calm_week_is_told_calmly() -> None:
    told = weekly_message(CALM)
    assert "Nothing presses" in str([block.to_dict() for block in told.blocks])
    assert "120, 10 more than the week before" in str([block.to_dict() for block in told.blocks])


@given(one=shares, other=shares)
def test_two_shares_are_apart_only_where_their_intervals_are(one: tuple[int, int], other: tuple[int, int]) -> None:
    first, second = (Measure(*pair, cases=pair[1], basis=SampleBasis.RANDOM) for pair in (one, other))
    found = apart(first, second)
    assert found == -apart(second, first)
    ends, others = wilson(*one), wilson(*other)
    assert ends
    assert others
    assert (found == 0) == (ends.low <= others.high and others.low <= ends.high)
