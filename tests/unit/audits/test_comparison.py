"""A coder's codes beside a reviewer's: the worked example, and the counts held against a plain reference."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.audits.comparison import compare
from bot.reviews.assigned_codes import AssignedCode

CODES = ["I10", "E11.9", "J18.9", "N17.9", "A41.9", "0DTJ4ZZ"]
code_lists = st.lists(st.sampled_from(CODES), unique=True, max_size=len(CODES))


def codes(*which: str) -> tuple[AssignedCode, ...]:
    return tuple(AssignedCode("icd-10-cm", code) for code in which)


def test_two_codes_whose_principal_one_changes_are_two_errors_of_three() -> None:
    found = compare(codes("I10", "E11.9"), codes("A41.9", "I10", "E11.9"))
    assert (found.errors, found.reviewer_codes) == (2, 3)
    assert (found.added, found.moved, found.agreed) == (codes("A41.9"), codes("I10"), codes("E11.9"))
    assert found.principal_changed
    assert not found.case_right


def test_the_order_of_secondary_codes_is_no_error() -> None:
    found = compare(codes("I10", "E11.9", "J18.9"), codes("I10", "J18.9", "E11.9"))
    assert found.case_right
    assert (found.errors, found.reviewer_codes) == (0, 3)


def test_a_code_the_reviewer_takes_away_makes_the_case_wrong_but_counts_in_no_denominator() -> None:
    found = compare(codes("I10", "E11.9"), codes("I10"))
    assert (found.errors, found.reviewer_codes, found.removed) == (0, 1, codes("E11.9"))
    assert not found.case_right


def test_a_changed_code_is_one_that_lacks_and_one_too_many() -> None:
    found = compare(codes("I10", "E11.9"), codes("I10", "E11.65"))
    assert (found.added, found.removed) == (codes("E11.65"), codes("E11.9"))
    assert (found.errors, found.reviewer_codes) == (1, 2)


def test_without_any_codes_there_is_nothing_wrong_and_nothing_to_divide_by() -> None:
    found = compare((), ())
    assert found.case_right
    assert found.reviewer_codes == 0


@given(coder=code_lists, reviewer=code_lists)
def test_every_code_is_counted_once_as_a_plain_count_says(coder: list[str], reviewer: list[str]) -> None:
    found = compare(codes(*coder), codes(*reviewer))
    right = sum(
        code in coder and (coder.index(code) == 0) == (reviewer.index(code) == 0) for code in reviewer
    )
    assert len(found.agreed) == right
    assert found.reviewer_codes == len(reviewer)
    assert found.errors == len(reviewer) - right
    assert sorted(found.removed) == sorted(codes(*(set(coder) - set(reviewer))))
    assert found.case_right == (set(coder) == set(reviewer) and coder[:1] == reviewer[:1])
    assert {*found.agreed, *found.moved, *found.added} == set(codes(*reviewer))
