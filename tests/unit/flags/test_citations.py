"""A guideline is cited by its section number; its words stay where they are printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flags.citations import LONGEST, CitationUnclear, read_citation


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I.C.9.a.1", "I.C.9.a.1"), ("i.c.9.A.1", "I.C.9.a.1"), ("Section II.A", "II.A"), ("guideline III.B.2", "III.B.2"), ("§ IV.H", "IV.H"),
        (" I.B.13. ", "I.B.13"), ("IV", "IV"), ("I.C.1.d.4", "I.C.1.d.4"), ("B3.2a", "B3.2a"), ("b3.2A", "B3.2a"), ("A10", "A10"),
    ],
)  # fmt: skip
def test_a_section_is_read_in_any_spelling(typed: str, read: str) -> None:
    assert read_citation(typed) == read


@pytest.mark.parametrize(
    "typed",
    ["", "page 12", "V.A", "I.9.C", "I.C.a", "Assign the code for the condition to which the signs are due", "I.C.9.a.1.b.2.c", "John 3:16", "I.C.9.a.1" * 9],
)
def test_anything_else_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(CitationUnclear, match=r"such as I\.C\.9\.a\.1") as refused:
        read_citation(typed)
    assert refused.value.field == "citation"


@given(st.text(max_size=60))
def test_whatever_is_typed_no_words_come_through(typed: str) -> None:
    try:
        read = read_citation(typed)
    except CitationUnclear:
        return
    assert len(read) <= LONGEST
    assert all(len(part) <= 4 for part in read.split("."))
    assert read_citation(read) == read
