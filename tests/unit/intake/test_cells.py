"""Cells as spreadsheets and EHRs spell them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.cells import EXCEL_EPOCH, Unreadable, read_date, read_number, read_slug, read_word, read_yes_no
from storage.words import TaskType


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-17", "11/17/2026", "11/17/26", "11-17-2026", "20261117", "Nov 17, 2026", "November 17, 2026", "17-Nov-2026", "17-Nov-26",
        "46343", "46343.35", "11/17/2026 08:15", "11/17/2026 8:15:00 AM", "2026-11-17T08:15:00Z", "2026-11-17 08:15:00.000-05:00",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_spelling(text: str) -> None:
    assert read_date(text) == date(2026, 11, 17)


@pytest.mark.parametrize("text", ["yesterday", "17/11/2026", "2026-02-30", "13/13/2026", "12345", "99999", "10/05", ""])
def test_what_is_no_day_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_date(text)
    assert not text or text not in str(refused.value)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_a_day_survives_excel_and_american_spelling(day: date) -> None:
    assert read_date(str((day - EXCEL_EPOCH).days)) == day
    assert read_date(f"{day:%m/%d/%Y}") == day
    assert read_date((datetime.combine(day, datetime.min.time()) + timedelta(hours=7)).isoformat()) == day


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("86,400.00", 86400), ("$1,250.50", 1251), ("0", 0), (" 7 ", 7)]
)
def test_numbers_are_read_with_signs_of_money(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["-5", "(120.00)", "12 pages", "1,2", "9999999999", "NaN", "1e5"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_number(text)


def test_yes_and_no() -> None:
    assert [read_yes_no(text) for text in ("Y", "yes", "TRUE", "1", "x")] == [True] * 5
    assert [read_yes_no(text) for text in ("N", "no", "False", "0")] == [False] * 4
    with pytest.raises(Unreadable, match="must be Y or N"):
        read_yes_no("perhaps")


def test_words_are_read_in_any_spelling_and_a_near_miss_is_named() -> None:
    assert read_word("Second-Level Review", TaskType) is TaskType.SECOND_LEVEL_REVIEW
    with pytest.raises(Unreadable, match="did you mean denial_review"):
        read_word("denail_review", TaskType)
    with pytest.raises(Unreadable, match="must be one of: coding, prebill_review") as refused:
        read_word("ZZTEST,ALPHA", TaskType)
    assert "ZZTEST" not in str(refused.value)


def test_a_short_code_is_short() -> None:
    assert read_slug(" F1 ") == "F1"
    for text in ("x" * 41, "<script>", "=1+1", "a\nb"):
        with pytest.raises(Unreadable):
            read_slug(text)
