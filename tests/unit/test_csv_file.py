"""What a supervisor opens in a spreadsheet is read as it was written, and calculates nothing."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from bot.csv_file import csv_bytes

texts = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=30)


def read(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def test_formulas_become_texts_and_numbers_stay_numbers() -> None:
    file = csv_bytes(["task", "count"], [['=HYPERLINK("http://x")', -3], ["@SUM(A1)", 1.5], ["＝1+1", None]])
    assert file.startswith(b"\xef\xbb\xbf")
    assert read(file) == [["task", "count"], ["'=HYPERLINK(\"http://x\")", "-3"], ["'@SUM(A1)", "1.5"], ["'＝1+1", ""]]


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_every_text_comes_back_and_no_cell_begins_like_a_formula(rows: list[tuple[str, str]]) -> None:
    back = read(csv_bytes(["a", "b"], rows))[1:]
    assert len(back) == len(rows)
    for row, original in zip(back, rows, strict=True):
        for cell, text in zip(row, original, strict=True):
            assert cell.removeprefix("'") == text.removeprefix("'")
            assert not cell.startswith(("=", "+", "-", "@"))
