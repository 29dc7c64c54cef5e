"""The shipped word lists: complete, and what the build makes of its sources."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from bot.privacy import build_lexicon
from bot.privacy.lexicon import Kind, Lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def test_words_names_and_eponyms_are_told_apart(lexicon: Lexicon) -> None:
    kinds = lexicon.kinds
    assert kinds["laterality"] & (Kind.COMMON | Kind.WORD)
    assert kinds["delgado"] & Kind.SURNAME_COMMON
    assert kinds["denise"] & Kind.GIVEN_COMMON
    assert kinds["crohn"] & Kind.EPONYM
    assert kinds["grant"] & Kind.COMMON
    assert kinds["grant"] & Kind.SURNAME_COMMON
    assert "dayton" in lexicon.cities


def test_a_slip_of_the_keys_is_no_name_and_a_name_is_no_slip(lexicon: Lexicon) -> None:
    assert lexicon.looks_misspelt("dischraged")
    assert lexicon.looks_misspelt("reveiwed")
    assert not lexicon.looks_misspelt("szczepanski")


def test_every_list_written_by_hand_says_what_it_is() -> None:
    written = sorted(build_lexicon.DATA.glob("*.txt"))
    assert len(written) >= 6
    for path in written:
        first = path.read_text(encoding="utf8").splitlines()[0]
        assert first.startswith("#"), path.name
        assert len(first) > 40


def test_a_list_can_be_built_again_from_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_lexicon, "TARGET", tmp_path / "lexicon.txt.gz")
    lists = {"given": ["ada", "bo"], "cities": ["dayton"]}
    build_lexicon.write(lists)
    once = build_lexicon.TARGET.read_bytes()
    build_lexicon.write(lists)
    assert build_lexicon.TARGET.read_bytes() == once
    assert gzip.decompress(once).decode() == "given\tada|bo\ncities\tdayton\n"


def test_the_census_lists_are_there_most_frequent_first() -> None:
    assert build_lexicon.census("dist.all.last")[:2] == ["smith", "johnson"]
