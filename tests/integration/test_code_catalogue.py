"""The shipped code set goes into a real database once, whole, from however many processes; and search finds it there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.codes.catalogue import Edition, editions
from bot.codes.detail import detail
from bot.codes.errors import NoEdition
from bot.codes.official import Source
from bot.codes.search.index import CodeIndex
from bot.codes.search.knowledge import Knowledge
from bot.codes.shipped import load_shipped_edition
from storage import migrations
from storage.columns import Base
from storage.database import Database
from storage.tables.codes import CodeConcept, CodeEdition, CodeNote, CodeSearchPart, CodeTerm
from storage.words import ConceptKind

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><chapter><name>4</name><desc>Metabolic diseases</desc><section id="E08-E13"><desc>Diabetes</desc>
<diag><name>E11</name><desc>Type 2 diabetes mellitus</desc><excludes1><note>gestational diabetes (O24.4-)</note></excludes1>
<diag><name>E11.9</name><desc>Type 2 diabetes mellitus without complications</desc><inclusionTerm><note>Sweet blood</note></inclusionTerm></diag></diag>
<diag><name>E13</name><desc>Other specified diabetes mellitus</desc></diag></section></chapter></ICD10CM.tabular>"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'codes.db'}" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    opened = Database.open(url)
    migrations.upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def small(tmp_path: Path) -> Source:
    (tmp_path / "tabular.xml").write_text(TABULAR, encoding="utf-8")
    (tmp_path / "codes.txt").write_text("E11\nE119\nE13\n", encoding="utf-8")
    return Source(tmp_path / "tabular.xml", tmp_path / "codes.txt")


def _count(database: Database, table: type[Base]) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_whole_shipped_edition(database: Database) -> None:
    told: list[tuple[int, int, str]] = []
    edition = load_shipped_edition(database, NOW, lambda done, total, what: told.append((done, total, what)))
    assert (edition.slug, edition.concept_count, _count(database, CodeConcept)) == ("2026-04", 98_186, 98_505)
    assert all(0 <= done <= total for done, total, _ in told)
    assert told[0][2] == "reading the code set"
    with database.read() as session:
        billable = session.scalar(sa.select(sa.func.count()).where(CodeConcept.billable.is_(True), CodeConcept.kind != ConceptKind.BLOCK))
        assert billable == 74_719
        assert [line.code for line in detail(session, "R99").path] == ["18", "R99"]
    assert CodeIndex.load(database).search("left knee pain")[0].code == "M25.562"


def test_loading_again_changes_nothing(database: Database, small: Source) -> None:
    first = load_shipped_edition(database, NOW, source=small)
    assert load_shipped_edition(database, NOW, source=small) == first
    assert _count(database, CodeEdition) == 1
    assert _count(database, CodeConcept) == 5


def test_an_interrupted_load_leaves_nothing_behind(database: Database, small: Source) -> None:
    def break_off(_done: int, _total: int, what: str) -> None:
        if what == "storing the code set":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_shipped_edition(database, NOW, break_off, small)
    for table in (CodeEdition, CodeConcept, CodeTerm, CodeNote, CodeSearchPart):
        assert _count(database, table) == 0
    with pytest.raises(NoEdition):
        CodeIndex.load(database)
    assert load_shipped_edition(database, NOW, source=small).concept_count == 3


def test_two_starters_at_once_load_once(database: Database, small: Source) -> None:
    found: list[Edition] = []
    together = threading.Barrier(3)

    def start() -> None:
        own = Database.open(database.url.render_as_string(hide_password=False))
        together.wait()
        found.append(load_shipped_edition(own, NOW, source=small))
        own.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1
    assert (_count(database, CodeEdition), _count(database, CodeConcept)) == (1, 5)


def test_an_index_built_from_other_knowledge_is_built_anew_and_kept(database: Database, small: Source, tmp_path: Path) -> None:
    load_shipped_edition(database, NOW, source=small)
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "terms-own.tsv").write_text("glucose trouble\tE11.9\tlay\thouse\n", encoding="utf-8")
    index = CodeIndex.load(database, knowledge=Knowledge(folder))
    assert [hit.code for hit in index.search("glucose trouble")] == ["E11.9"]
    with database.read() as session:
        assert len(set(session.scalars(sa.select(CodeSearchPart.fingerprint)))) == 2
    again = CodeIndex.load(database, knowledge=Knowledge(folder))
    assert again.search("sweet blood")[0].why == "inclusion term: Sweet blood"


def test_editions_are_listed_newest_first(database: Database, small: Source) -> None:
    load_shipped_edition(database, NOW, source=small)
    with database.read() as session:
        assert [(edition.system, edition.slug) for edition in editions(session)] == [("icd-10-cm", "2026-04")]
        assert editions(session, "hcpcs") == []
