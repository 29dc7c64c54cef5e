"""What makes the search quick changes none of its answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.codes.search import postings
from bot.codes.search.index import CodeIndex
from bot.codes.search.question import Reading
from storage.database import Database

COMMON_WORDS = ["unspecified", "other", "left", "right", "initial", "encounter", "closed", "fracture", "of", "and", "with", "in", "disease", "without"]
RARE_WORDS = ["femur", "gallbladder", "xylophone", "wasp", "migrane", "htn", "2", "zzz", "wrist", "copd"]
LINES = st.lists(st.sampled_from(COMMON_WORDS + RARE_WORDS), min_size=1, max_size=9).map(" ".join)
READ = "import sys; from bot.codes.search.index import CodeIndex; from storage.database import Database\n"
ASK = "print([hit for line in sys.argv[2:] for hit in CodeIndex.load(Database.open(sys.argv[1])).search(line, 20)])"


@given(line=LINES)
def test_everyday_words_in_any_mixture_are_answered(code_index: CodeIndex, line: str) -> None:
    """Also a line of nothing but words that thousands of texts hold."""
    assert all(0 < hit.score <= 100 for hit in code_index.search(line, 5))


@pytest.fixture(scope="module")
def plain_index(code_set: Path) -> CodeIndex:
    """The same index, with every word looked up in its list."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(postings, "COMMON", 10**9)
        database = Database.open(f"sqlite:///{code_set}")
        index = CodeIndex.load(database)
        database.close()
    return index


@given(line=LINES)
def test_common_words_are_found_text_by_text_as_in_their_lists(code_index: CodeIndex, plain_index: CodeIndex, line: str) -> None:
    assert len(code_index._ranker.postings.common) > 0 == len(plain_index._ranker.postings.common)
    found, plainly = ([hit.score for hit in index.search(line)] for index in (code_index, plain_index))
    assert found == pytest.approx(plainly, abs=0.11)


@given(line=LINES, floor=st.floats(0, 1))
def test_texts_below_a_floor_are_left_out_and_nothing_else(code_index: CodeIndex, line: str, floor: float) -> None:
    reading: Reading = next(code_index._reader.readings(line))
    everything = code_index._ranker.rank(reading, 22)
    assert code_index._ranker.rank(reading, 22, floor) == [match for match in everything if match.score > floor]


def test_every_process_answers_in_the_same_order(code_set: Path) -> None:
    """A list may be paged by one process after the other."""
    lines = ["migrane", "hart failure", "brest cancer", "sterlie precautions", "cellulitus leg"]
    command = [sys.executable, "-c", READ + ASK, f"sqlite:///{code_set}", *lines]
    first, second = (
        subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout for seed in ("1", "2")
    )
    assert first == second
    assert "G43.909" in first
