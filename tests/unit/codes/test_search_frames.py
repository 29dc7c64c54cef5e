"""A condition in a frame: of any condition "history of" leads to the history code of its body system, and so on."""

from __future__ import annotations

import pytest

from bot.codes.entry import plain_code
from bot.codes.search.frames import Frames
from bot.codes.search.index import CodeIndex
from bot.codes.search.knowledge import Knowledge


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("hx of endometriosis", "Z87.42"),
        ("h/o bells palsy", "Z86.69"),
        ("history of lymphoma", "Z85.72"),
        ("family hx of schizophrenia", "Z81.8"),
        ("hypertension runs in family", "Z82.49"),
        ("thyroid cancer screening", "Z12.89"),
        ("exposed to chlamydia", "Z20.2"),
        ("covid booster", "Z23"),
        ("lisinopril allergy", "Z88.8"),
        ("allergic to amoxicillin", "Z88.0"),
        ("on lisinopril", "Z79.899"),
        ("long term use of apixaban", "Z79.01"),
    ],
)
def test_the_frame_decides_the_code(code_index: CodeIndex, line: str, code: str) -> None:
    assert code_index.search(line, 5)[0].code == code


def test_a_known_wording_comes_before_the_rule(code_index: CodeIndex) -> None:
    assert code_index.search("history of mi", 5)[0].code == "I25.2"


def test_the_frame_says_why(code_index: CodeIndex) -> None:
    assert code_index.search("hx of endometriosis", 1)[0].why == "history of Endometriosis, unspecified"


def test_every_code_of_a_frame_exists(code_index: CodeIndex) -> None:
    knowledge = Knowledge.shipped()
    assert [code for _, _, code in knowledge.framed_codes() if code_index.table.find(plain_code(code)) is None] == []
    assert {frame for frame, _, _ in knowledge.framed_codes()} == set(knowledge.frames().values())


def test_the_longest_wording_and_the_longest_beginning_count() -> None:
    frames = Frames({"hx": "history", "fam hx": "family"}, [("history", "I", "Z86.79"), ("history", "I21", "I25.2")])
    framed = frames.around(["fam", "hx", "of", "gout"])
    assert framed is not None
    assert (framed.frame, framed.condition) == ("family", "gout")
    assert frames.code("history", "I21.4") == "I25.2"
    assert frames.code("history", "I10") == "Z86.79"
    assert frames.code("history", "E11.9") is None
    assert frames.around(["hx"]) is None
