"""The official files are read as they are printed, without importing the package they come in."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from defusedxml import DTDForbidden

from bot.codes.official import Entry, Source, read_entries, shipped_source, with_dot
from storage.words import ConceptKind, NoteKind

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2027</version>
<chapter><name>17</name><desc>Congenital things</desc>
 <section id="QA0"><desc>A block named like its category</desc>
  <diag><name>QA0</name><desc>A category</desc>
   <diag><name>QA0.1</name><desc>A code of the new shape</desc><inclusionTerm><note>A known  name</note></inclusionTerm></diag>
  </diag>
 </section>
 <section id="S00-S09"><desc>Injuries</desc>
  <diag><name>S02</name><desc>Fracture of things</desc>
   <sevenChrNote><note>Add one to each code</note></sevenChrNote>
   <sevenChrDef><extension char="A">initial encounter</extension><note>or the like</note><extension char="D">later</extension></sevenChrDef>
   <diag><name>S02.2</name><desc>Fracture of nose</desc><excludes1><note>something else (S02.9)</note></excludes1></diag>
   <diag><name>S02.9</name><desc>Fracture of another</desc></diag>
  </diag>
 </section>
</chapter></ICD10CM.tabular>"""


@pytest.fixture(scope="module")
def book() -> list[Entry]:
    return list(read_entries(shipped_source()))


def _small(folder: Path, tabular: str = TABULAR, valid: str = "QA0\nQA01\nS02\nS022\nS022XXA\nS022XXD\nS029\nS029XXA\n") -> list[Entry]:
    (folder / "tabular.xml").write_text(tabular, encoding="utf-8")
    (folder / "codes.txt").write_text(valid, encoding="utf-8")
    return list(read_entries(Source(folder / "tabular.xml", folder / "codes.txt")))


def test_the_shipped_edition_has_the_official_figures(book: list[Entry]) -> None:
    codes = [entry for entry in book if entry.kind in (ConceptKind.CATEGORY, ConceptKind.CODE)]
    assert len(codes) == 98_186
    assert sum(entry.billable for entry in book) == 74_719
    assert Counter(entry.kind for entry in book) == {
        ConceptKind.CHAPTER: 22,
        ConceptKind.BLOCK: 297,
        ConceptKind.CATEGORY: 1_918,
        ConceptKind.CODE: 96_268,
    }


def test_every_entry_stands_below_one_that_came_before(book: list[Entry]) -> None:
    assert [entry.position for entry in book] == list(range(len(book)))
    assert all((entry.parent is None) == (entry.kind is ConceptKind.CHAPTER) for entry in book)
    assert all(entry.parent < entry.position for entry in book if entry.parent is not None)


def test_a_block_named_like_a_category_is_another_entry(book: list[Entry]) -> None:
    twice = [code for code, count in Counter(entry.code for entry in book).items() if count > 1]
    assert len(twice) == 39
    block, category = (entry for entry in book if entry.code == "R99")
    assert (block.kind, category.kind, category.parent) == (ConceptKind.BLOCK, ConceptKind.CATEGORY, block.position)
    assert category.billable
    assert not block.billable


def test_titles_terms_and_instructions_of_a_code(book: list[Entry]) -> None:
    by_code = {entry.code: entry for entry in book if entry.kind in (ConceptKind.CATEGORY, ConceptKind.CODE)}
    assert by_code["K21.9"].terms == ["Esophageal reflux NOS"]
    assert (NoteKind.EXCLUDES1, "gestational diabetes (O24.4-)") in by_code["E11"].notes
    wrist = by_code["S52.501A"]
    assert wrist.title == "Unspecified fracture of the lower end of right radius, initial encounter for closed fracture"
    assert wrist.extended
    assert wrist.billable
    assert not by_code["S52.501"].billable


def test_the_reader_never_imports_the_package() -> None:
    program = "import sys; from bot.codes.official import *; list(zip(range(9), read_entries(shipped_source()))); sys.exit('simple_icd_10_cm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_codes_of_a_new_shape_and_7th_characters_with_placeholders(tmp_path: Path) -> None:
    entries = _small(tmp_path)
    assert [(entry.kind.value, entry.code, entry.billable) for entry in entries] == [
        ("chapter", "17", False),
        ("block", "QA0", False),
        ("category", "QA0", False),
        ("code", "QA0.1", True),
        ("block", "S00-S09", False),
        ("category", "S02", False),
        ("code", "S02.2", False),
        ("code", "S02.2XXA", True),
        ("code", "S02.2XXD", True),
        ("code", "S02.9", False),
        ("code", "S02.9XXA", True),
    ]
    assert entries[3].terms == ["A known name"]
    assert entries[7].title == "Fracture of nose, initial encounter/or the like"
    assert (NoteKind.SEVENTH_CHARACTER, "D later") in entries[5].notes


def test_entities_in_a_file_are_refused(tmp_path: Path) -> None:
    bomb = TABULAR.replace("<ICD10CM.tabular>", '<!DOCTYPE x [<!ENTITY a "aaaa">]><ICD10CM.tabular>', 1)
    with pytest.raises(DTDForbidden):
        _small(tmp_path, bomb)


@pytest.mark.parametrize(("plain", "printed"), [("I10", "I10"), ("E119", "E11.9"), ("QA171", "QA1.71"), ("S022XXA", "S02.2XXA")])
def test_the_dot_stands_after_the_category(plain: str, printed: str) -> None:
    assert with_dot(plain) == printed
