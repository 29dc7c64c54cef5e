"""What a coder types finds what the coder means."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.codes.search.index import CodeIndex


def _codes(index: CodeIndex, line: str, most: int = 5) -> list[str]:
    return [hit.code for hit in index.search(line, most)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("htn", "I10"),
        ("dm2 with neuropathy", "E11.40"),
        ("uti", "N39.0"),
        ("heart attack", "I21.9"),
        ("kidney stones", "N20.0"),
        ("acute on chronic systolic heart failure", "I50.23"),
        ("left knee pain", "M25.562"),
        ("history of breast cancer", "Z85.3"),
        ("s/p cholecystectomy", "Z90.49"),
        ("adverse effect of warfarin", "T45.515A"),
        ("benign neoplasm of gallbladder", "D13.5"),
        ("metastasis to bone", "C79.51"),
    ],
)
def test_chart_shorthand_everyday_words_and_conventions(code_index: CodeIndex, line: str, code: str) -> None:
    assert _codes(code_index, line)[0] == code


def test_the_order_of_the_words_does_not_matter(code_index: CodeIndex) -> None:
    assert _codes(code_index, "unspecified knee left of pain in")[0] == _codes(code_index, "pain in left knee")[0] == "M25.562"


@pytest.mark.parametrize(("line", "code"), [("hypertenshun", "I10"), ("pnuemonia", "J18.9"), ("celulitis of left leg", "L03.116"), ("menoraghia", "N92.0")])
def test_slips_are_forgiven_word_by_word(code_index: CodeIndex, line: str, code: str) -> None:
    assert _codes(code_index, line)[0] == code


def test_beginnings_of_words_are_enough(code_index: CodeIndex) -> None:
    assert _codes(code_index, "acut append")[0] == "K35.80"
    assert "H04.011" in _codes(code_index, "acut dacryoadenitis righ lacr glan")


def test_without_a_side_the_unspecified_code_comes_first_and_with_one_that_side(code_index: CodeIndex) -> None:
    assert _codes(code_index, "broken collarbone")[0] == "S42.009A"
    assert _codes(code_index, "broken collarbone left")[0] == "S42.002A"


def test_the_7th_character_follows_the_words(code_index: CodeIndex) -> None:
    assert _codes(code_index, "sprain of left ankle")[0] == "S93.402A"
    assert _codes(code_index, "sprain of left ankle subsequent encounter")[0] == "S93.402D"
    assert _codes(code_index, "sprain of left ankle sequela")[0] == "S93.402S"


def test_with_and_without_are_told_apart(code_index: CodeIndex) -> None:
    assert _codes(code_index, "gerd with esophagitis")[0] == "K21.00"
    assert _codes(code_index, "gastro-esophageal reflux disease without esophagitis")[0] == "K21.9"


def test_a_result_says_why_when_its_title_does_not_show_it(code_index: CodeIndex) -> None:
    assert code_index.search("coryza")[0].why == "inclusion term: Coryza (acute)"
    assert code_index.search("pain in left knee")[0].why is None
    assert (code_index.search("htn")[0].why or "").startswith("also called")


def test_scores_fall_and_stay_between_0_and_100(code_index: CodeIndex) -> None:
    scores = [hit.score for hit in code_index.search("diabetes with kidney complications", 20)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)


def test_more_results_begin_with_the_same_ones(code_index: CodeIndex) -> None:
    assert _codes(code_index, "fracture of femur", 20)[:5] == _codes(code_index, "fracture of femur", 5)


@pytest.mark.parametrize("line", ["", "   ", "???", "😀", "\x00\x1b[2J", "asdfghjkl", "xkcdplm", "12345", "zzz", "the of and"])
def test_what_is_no_question_has_no_results(code_index: CodeIndex, line: str) -> None:
    assert code_index.search(line) == []


def test_a_very_long_line_is_answered(code_index: CodeIndex) -> None:
    assert _codes(code_index, "diabetes " * 400)[0] == "E11.9"
    assert code_index.search("x" * 3000) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_answered(code_index: CodeIndex, line: str) -> None:
    assert len(code_index.search(line, 10)) <= 10


def test_many_people_search_at_once(code_index: CodeIndex) -> None:
    lines = ["htn", "left knee pain", "acute appendicitis", "broken wrist", "copd exacerbation"]
    alone = {line: _codes(code_index, line) for line in lines}
    wrong: list[str] = []

    def ask(start: int) -> None:
        for turn in range(30):
            line = lines[(start + turn) % len(lines)]
            if _codes(code_index, line) != alone[line]:
                wrong.append(line)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_overdose_without_a_word_on_intent_is_accidental(code_index: CodeIndex) -> None:
    """Guideline I.C.19.e.5.b."""
    assert _codes(code_index, "tylenol overdose")[0] == "T39.1X1A"
    assert _codes(code_index, "tylenol overdose suicide attempt")[0] == "T39.1X2A"
    assert _codes(code_index, "underdosing of insulin")[0] == "T38.3X6A"
