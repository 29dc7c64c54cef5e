"""A code is understood however it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.codes.entry import Certainty, read_code
from bot.codes.search.index import CodeIndex


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("E11.9", "E11.9"),
        ("e119", "E11.9"),
        ("E 11.9", "E11.9"),
        ("e11 9", "E11.9"),
        ("M85,121", "M85.121"),
        ("O99 . 335", "O99.335"),
        ("M12..542", "M12.542"),
        ("(I10)", "I10"),
        ('"i10".', "I10"),
        ("“K21.9”", "K21.9"),
        ("code E11.9?", "E11.9"),
        ("icd-10 code E11.9", "E11.9"),
        ("H54.4-", "H54.4"),
        ("E75.24O", "E75.240"),
        ("LO2.32", "L02.32"),
        ("Hl6.443", "H16.443"),
        ("I1O", "I10"),
        ("DI5.9", "D15.9"),
        ("S02.2A", "S02.2XXA"),
        ("S022XA", "S02.2XXA"),
        ("V81.81X", "V81.81"),
        ("W19A", "W19.XXXA"),
        ("S52.501a", "S52.501A"),
    ],
)
def test_spellings_of_a_code(code_index: CodeIndex, typed: str, meant: str) -> None:
    found = read_code(code_index.table, typed)
    assert found is not None
    assert code_index.table.code(found.place) == meant


@pytest.mark.parametrize(("typed", "above"), [("M25.1225", "M25.122"), ("l40505", "L40.50"), ("i824y10", "I82.4Y1"), ("E26.96", "E26.9")])
def test_what_does_not_exist_is_answered_with_the_nearest_code_above(code_index: CodeIndex, typed: str, above: str) -> None:
    found = read_code(code_index.table, typed)
    assert found is not None
    assert found.certainty is Certainty.ABOVE
    assert code_index.table.code(found.place) == above
    assert f"does not exist; {above} is the nearest above it" in (code_index.search(typed)[0].why or "")


@pytest.mark.parametrize("words", ["l4 l5", "type 2", "t2dm", "ckd3", "b12 deficiency", "12345", "htn", "stage 3", "covid 19", "", "???", "h1n1", "grade 2"])
def test_words_and_numbers_are_not_taken_for_codes(code_index: CodeIndex, words: str) -> None:
    assert read_code(code_index.table, words) is None


def test_a_code_without_its_7th_character_offers_those_it_may_have(code_index: CodeIndex) -> None:
    first, *others = code_index.search("S52.224", 5)
    assert (first.code, first.needs_seventh, first.billable) == ("S52.224", True, False)
    assert [hit.code for hit in others] == ["S52.224A", "S52.224B", "S52.224C", "S52.224D"]


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=98_185), st.sampled_from(["", " ", "-", "."]), st.booleans())
def test_every_code_is_found_in_lower_case_with_any_separator(code_index: CodeIndex, place: int, sign: str, low: bool) -> None:
    code = code_index.table.code(place)
    typed = code.replace(".", sign)
    found = read_code(code_index.table, typed.lower() if low else typed)
    assert found is not None
    assert found.place == place
    assert found.certainty is Certainty.EXACT
