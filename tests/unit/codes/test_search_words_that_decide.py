"""Words that decide: what is said unasked, which of a group is meant, what is denied, and shortened words."""

from __future__ import annotations

import pytest

from bot.codes.search.index import CodeIndex
from bot.codes.search.shorthand import Shorthand


def _first(index: CodeIndex, line: str) -> str:
    return index.search(line, 5)[0].code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("pneumonia right upper lobe", "J18.9"),
        ("exposure to hepatitis b", "Z20.5"),
        ("artificial eye left", "Z97.0"),
        ("history of pathological fracture due to osteoporosis", "Z87.310"),
        ("splenic laceration", "S36.039A"),
    ],
)
def test_what_would_have_been_said_is_not_assumed(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("pain in right hip", "M25.551"),
        ("ckd stage 4", "N18.4"),
        ("cellulitis of right arm", "L03.113"),
        ("osteoarthritis of knee", "M17.9"),
    ],
)
def test_another_side_part_or_stage_is_not_the_answer(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("gallstones no cholecystitis no obstruction", "K80.20"),
        ("migraine no aura", "G43.009"),
        ("alcohol use disorder severe no withdrawal", "F10.20"),
        ("pleural effusion not malignant", "J90"),
        ("chronic migraine without aura intractable", "G43.719"),
    ],
)
def test_what_is_denied_is_not_there(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


def test_a_line_that_begins_with_no_denies_nothing(code_index: CodeIndex) -> None:
    assert _first(code_index, "no health insurance") == "Z59.71"


@pytest.mark.parametrize(
    ("line", "code"),
    [("l hip fx", "S72.002A"), ("cellulitis lle", "L03.116"), ("copd exac", "J44.1"), ("djd l spine", "M47.816")],
)
def test_shortened_words_are_the_same_words(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


def test_and_in_a_title_means_one_of_them_too(code_index: CodeIndex) -> None:
    """Guideline I.A.14."""
    assert _first(code_index, "open bite of left thigh") == "S71.152A"
    assert _first(code_index, "idiopathic gout right ankle") == "M10.071"


def test_a_shortened_word_inside_a_longer_wording_stays() -> None:
    shorthand = Shorthand({"l": (("left",), "short"), "l spine": (("lumbar spine",), "abbr")})
    assert shorthand.spelled_out(["djd", "l", "spine"]) == ["djd", "l", "spine"]
    assert shorthand.spelled_out(["l", "hip"]) == ["left", "hip"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("child w barky cough croup", "J05.0"),
        ("pancreatitis npo iv fluids admitted", "K85.90"),
        ("schizophrenia off meds brought in", "F20.9"),
    ],
)
def test_a_line_with_circumstances_is_about_the_wording_inside_it(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("acute pharyngitis rapid strep neg", "J02.9"),
        ("chest pain mi ruled out", "R07.9"),
        ("sepsis gram negative", "A41.50"),
    ],
)
def test_what_is_ruled_out_is_not_offered(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [("hole in eardrum", "H72.90"), ("rt eardrum has a hole", "H72.91"), ("swimmers ear", "H60.339")],
)
def test_a_side_is_only_chosen_when_it_was_named(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


def test_a_title_whose_words_lost_their_order_still_says_without(code_index: CodeIndex) -> None:
    assert _first(code_index, "right sequela body lower laceration foreign leg without") == "S81.811S"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("glaucoma both eyes", "H40.9"),
        ("dislocated rt shoulder", "S43.004A"),
        ("left humerus fracture", "S42.302A"),
        ("osteomyelitis bilateral", "M86.9"),
        ("djd l spine", "M47.816"),
    ],
)
def test_a_known_wording_with_a_side_stays_what_it_is(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


@pytest.mark.parametrize(("line", "code"), [("thyroid cancer s/p thyroidectomy", "C73"), ("nstemi s/p stent", "I21.4")])
def test_what_was_done_for_it_is_not_what_it_is(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code


def test_who_had_it_comes_before_what_it_was(code_index: CodeIndex) -> None:
    assert _first(code_index, "mom had breast cancer") == "Z80.3"


def test_an_abbreviation_that_is_a_word_is_one_when_it_stands_alone(code_index: CodeIndex) -> None:
    assert _first(code_index, "HIT") == "D75.829"
    assert _first(code_index, "got hit by car") == "V03.10XA"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("peg fell out", "K94.23"),
        ("clotted av fistula", "T82.868A"),
        ("scared of snakes", "F40.218"),
        ("drank antifreeze", "T52.3X1A"),
        ("lost 30 lbs", "R63.4"),
    ],
)
def test_what_people_say_is_found(code_index: CodeIndex, line: str, code: str) -> None:
    assert _first(code_index, line) == code
