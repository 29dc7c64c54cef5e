"""Lines and titles become words in the same way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.codes.search.pack import pack, pack_texts, slices, text_at, unpack
from bot.codes.search.words import sound, split_words, stem


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Crohn's disease", ["crohn", "disease"]),
        ("COPD w/o exacerbation", ["copd", "without", "exacerbation"]),
        ("s/p TKA", ["sp", "tka"]),
        ("pain 2/2 fall", ["pain", "due", "to", "fall"]),
        ("Ménière", ["meniere"]),
        ("non-healing ulcer", ["nonhealing", "ulcer"]),
        ("b/l edema & fever", ["bilateral", "edema", "and", "fever"]),
        ("type-2 diabetes", ["type", "2", "diabetes"]),
    ],
)
def test_shorthand_and_signs(line: str, words: list[str]) -> None:
    assert split_words(line) == words


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("fractures", "fracture"),
        ("biopsies", "biopsy"),
        ("metastases", "metastasis"),
        ("diagnoses", "diagnosis"),
        ("diabetes", "diabetes"),
        ("anaemia", "anemia"),
        ("iii", "3"),
    ],
)
def test_one_form_for_one_word(word: str, kept: str) -> None:
    assert stem(word) == kept


def test_words_that_sound_alike_meet() -> None:
    assert sound("menorrhagia") == sound("menoraghia")
    assert sound("psoriasis") == sound("soriasis")
    assert sound("kidney") != sound("liver")


@given(st.text(max_size=500))
def test_any_line_becomes_few_short_words(line: str) -> None:
    words = split_words(line)
    assert len(words) <= 40
    assert all(0 < len(word) <= 40 and word.isascii() and word.isalnum() for word in words)


@given(st.lists(st.text(max_size=20), max_size=30), st.integers(min_value=1, max_value=4096))
def test_a_packed_index_comes_back_as_it_was(texts: list[str], size: int) -> None:
    body, borders = pack_texts([text.encode("utf-8", "ignore").decode() for text in texts])
    data = b"".join(slices(pack({"body": body, "borders": borders, "grid": np.arange(12, dtype=np.int32).reshape(3, 4)}), size))
    back = unpack(data)
    assert back["grid"].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert [text_at(back["body"], back["borders"], at) for at in range(len(texts))] == [text.encode("utf-8", "ignore").decode() for text in texts]


def test_half_an_index_is_refused() -> None:
    with pytest.raises(ValueError, match="not whole"):
        unpack(b"\xff" * 64)
