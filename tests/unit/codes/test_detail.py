"""The page of a code: where it stands, what is printed under it, and what it inherits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.codes.catalogue import ancestors, children, concept, latest_edition
from bot.codes.detail import Instruction, detail
from bot.codes.errors import NoSuchCode
from storage.database import Database
from storage.words import ConceptKind


@pytest.fixture
def session(code_set: Path) -> Iterator[Session]:
    database = Database.open(f"sqlite:///{code_set}")
    with database.read() as opened:
        yield opened
    database.close()


def test_the_path_from_the_chapter_down(session: Session) -> None:
    page = detail(session, "e1140")
    assert [line.code for line in page.path] == ["4", "E08-E13", "E11", "E11.4"]
    assert page.line.title == "Type 2 diabetes mellitus with diabetic neuropathy, unspecified"
    assert (page.previous, page.next and page.next.code) == (None, "E11.41")


def test_instructions_of_parents_say_where_they_stand(session: Session) -> None:
    page = detail(session, "E11.40")
    assert Instruction("gestational diabetes (O24.4-)", "E11") in page.excludes1
    own = detail(session, "E11")
    assert Instruction("gestational diabetes (O24.4-)", None) in own.excludes1
    assert any(line.inherited_from == "E11" and "insulin (Z79.4)" in line.text for line in page.use_additional)


def test_own_instructions_come_before_inherited_ones(session: Session) -> None:
    origins = [line.inherited_from for line in detail(session, "E11").excludes1]
    assert set(origins) == {None, "4"}
    assert origins == sorted(origins, key=lambda origin: origin is not None)
    below = [line.inherited_from for line in detail(session, "E11.9").excludes1]
    assert below == sorted(below, key=[None, "E11", "E08-E13", "4"].index)


def test_the_table_of_7th_characters_holds_for_all_below(session: Session) -> None:
    stem = detail(session, "S02.2")
    assert stem.line.needs_seventh
    assert stem.sevenths is not None
    assert stem.sevenths.inherited_from == "S02"
    assert ("A", "initial encounter for closed fracture") in stem.sevenths.characters
    assert [line.code for line in stem.children][:2] == ["S02.2XXA", "S02.2XXB"]


def test_inclusion_terms_and_validity(session: Session) -> None:
    page = detail(session, "K21.9")
    assert page.inclusion_terms == ("Esophageal reflux NOS",)
    assert (page.valid_from, page.valid_to) == (date(2026, 4, 1), date(2026, 9, 30))
    assert page.edition.covers(date(2026, 9, 30))
    assert not page.edition.covers(date(2026, 10, 1))


def test_a_code_that_does_not_exist_is_refused_with_what_may_be_meant(session: Session) -> None:
    with pytest.raises(NoSuchCode) as refused:
        detail(session, "M25.1225")
    assert refused.value.sentence == "M25.1225 is not in ICD-10-CM, April 2026. Did you mean M25.122?"
    with pytest.raises(NoSuchCode, match="search in words"):
        detail(session, "ZZZ")


def test_a_block_and_a_category_of_one_name(session: Session) -> None:
    edition = latest_edition(session)
    category = concept(session, edition, "R99")
    assert category.kind is ConceptKind.CATEGORY
    block = ancestors(session, category)[-1]
    assert (block.code, block.kind) == ("R99", ConceptKind.BLOCK)
    assert [one.kind for one in children(session, block)] == [ConceptKind.CATEGORY]
    assert ancestors(session, ancestors(session, category)[0]) == []
