"""People do not speak like the book: who says the same in other words, another order or more of them finds the same code."""

from __future__ import annotations

import pytest

from bot.codes.search.index import CodeIndex
from bot.codes.search.knowledge import Knowledge
from bot.codes.search.sayings import Sayings, root

SAYINGS = Sayings(Knowledge.shipped().sayings())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("my shin keeps hurting really bad", "M79.669"),
        ("knee is black and blue", "S80.00XA"),
        ("dog bit my left calf", "S81.852A"),
        ("tired all the time", "R53.83"),
        ("hives all over", "L50.9"),
        ("told i have gout", "M10.9"),
        ("tinnitus both ears", "H93.13"),
        ("had my gallbladder taken out", "Z90.49"),
        ("kid swallowed a marble yesterday", "T18.9XXA"),
    ],
)
def test_the_words_of_the_patient_find_the_code(code_index: CodeIndex, line: str, code: str) -> None:
    assert code_index.search(line, 1)[0].code == code


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("my belly keeps hurting", "pain in abdomen"),
        ("cant stop throwing up", "vomiting"),
        ("trouble breathing", "short of breath"),
    ],
)
def test_lines_that_say_the_same_are_told_alike(line: str, same: str) -> None:
    assert SAYINGS.told(line.split()) == SAYINGS.told(same.split())


def test_a_detail_is_kept_until_nothing_is_found_with_it() -> None:
    assert SAYINGS.told(["sweats", "at", "night"]) != SAYINGS.told(["sweats"])
    assert SAYINGS.told(["sweats", "at", "night"], details=False) == SAYINGS.told(["sweats"])


@pytest.mark.parametrize(
    ("line", "primary", "secondary"),
    [
        ("gallbladder cancer with liver mets", "C23", "C78.7"),
        ("prostate ca w/ bony metastases", "C61", "C79.51"),
        ("cervical cancer with peritoneal metastasis", "C53.9", "C78.6"),
    ],
)
def test_a_cancer_that_has_spread_is_that_cancer_with_the_metastasis_in_sight(code_index: CodeIndex, line: str, primary: str, secondary: str) -> None:
    first, *others = [hit.code for hit in code_index.search(line, 5)]
    assert first == primary
    assert secondary in others


def test_what_says_nothing_inside_a_line_may_begin_one() -> None:
    assert SAYINGS.told(["on", "insulin"]) != SAYINGS.told(["insulin"])
    assert SAYINGS.told(["rash", "on", "hand"]) == SAYINGS.told(["hand", "rash"])


def test_verbs_meet_in_their_root() -> None:
    assert root("swallowing") == root("swallowed") == "swallow"
    assert root("running") == "run"
    assert root("hives") != root("hiv")
