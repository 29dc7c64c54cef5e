"""Imports on both kinds of database: whole or not at all, one after the other, and found at once in every running process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import audit
from bot.codes.catalogue import editions
from bot.codes.detail import detail
from bot.codes.errors import NoEdition
from bot.codes.importing.carry_out import Outcome, announce, import_files
from bot.codes.importing.errors import CannotImport
from bot.codes.importing.naming import Wishes
from bot.codes.official import Source
from bot.codes.search.index import CodeIndex
from bot.codes.shelf import CodeShelf
from bot.codes.shipped import load_shipped_edition
from storage import migrations
from storage.columns import Base
from storage.database import Database
from storage.tables.codes import CodeConcept, CodeEdition, CodeNote, CodeSearchPart, CodeTerm
from storage.words import NoticeKind, Role, TermKind
from tests.clinic import Clinic
from tests.unit.codes.importing import samples

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
TABLES: tuple[type[Base], ...] = (CodeEdition, CodeConcept, CodeTerm, CodeNote, CodeSearchPart)
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'codes.db'}" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    opened = Database.open(url)
    migrations.upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The samples as files."""
    made = tmp_path / "given"
    made.mkdir()
    for name, text in (
        ("icd10cm-tabular-2027.xml", samples.TABULAR),
        ("icd10cm_order_2027.txt", samples.ORDER),
        ("icd10cm-index-2027.xml", samples.INDEX),
        ("icd10cm-drug-2027.xml", samples.DRUGS),
        ("icd10cm-neoplasm-2027.xml", samples.NEOPLASMS),
        ("icd10pcs_order_2027.txt", samples.PCS_ORDER),
        ("HCPC2026_OCT_ANWEB.txt", samples.HCPCS),
        ("cpt.csv", samples.CSV),
    ):
        (made / name).write_text(text, encoding="utf-8")
    return made


def counts(database: Database) -> list[int]:
    with database.read() as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES]


def bring(database: Database, folder: Path, *names: str, system: str | None = None) -> Outcome:
    return import_files(database, [folder / name for name in names], Wishes(system=system), NOW)


def found_by(database: Database, query: str) -> list[str]:
    return [hit.code for hit in CodeIndex.load(database).search(query)]


def test_a_whole_edition_with_its_index_and_tables(database: Database, folder: Path) -> None:
    names = sorted(path.name for path in folder.glob("icd10cm*"))
    [done] = bring(database, folder, *names).editions
    assert (done.title, done.codes, done.terms_without_code, done.unchanged) == ("ICD-10-CM FY2027", 8, 1, False)
    with database.read() as session:
        [edition] = editions(session)
        assert (edition.valid_from, edition.valid_to) == (date(2026, 10, 1), date(2027, 9, 30))
        page = detail(session, "r0582", edition)
        assert [line.code for line in page.path] == ["10", "R05-R05", "R05", "R05.8"]
        assert page.inclusion_terms == ()
        kinds = set(session.scalars(sa.select(CodeTerm.kind)))
    assert kinds == {TermKind.INCLUSION, TermKind.INDEX, TermKind.DRUG_TABLE, TermKind.NEOPLASM_TABLE}
    index = CodeIndex.load(database)
    assert index.search("bark")[0].code == "R05.82"
    assert index.search("white lightning poisoning")[0].code == "R05.81"
    assert index.search("dawn cough")[0].code == "R05.81"


def test_the_same_files_again_change_nothing(database: Database, folder: Path) -> None:
    names = ("icd10cm-tabular-2027.xml", "icd10cm-index-2027.xml")
    bring(database, folder, *names)
    before = counts(database)
    assert bring(database, folder, *names).editions[0].unchanged
    assert counts(database) == before


def test_an_index_that_comes_later_is_found_and_replaces_the_one_before(database: Database, folder: Path) -> None:
    bring(database, folder, "icd10cm-tabular-2027.xml")
    assert "R05.82" not in found_by(database, "barking")
    bring(database, folder, "icd10cm-index-2027.xml")
    assert found_by(database, "barking")[0] == "R05.82"
    (folder / "icd10cm-index-2027.xml").write_text(samples.INDEX.replace("Bark, barking", "Hoot, hooting"), encoding="utf-8")
    bring(database, folder, "icd10cm-index-2027.xml")
    assert found_by(database, "hooting")[0] == "R05.82"
    assert "R05.82" not in found_by(database, "barking")


def test_an_index_without_its_edition_is_refused(database: Database, folder: Path) -> None:
    with pytest.raises(CannotImport, match="ICD-10-CM FY2027 is not loaded"):
        bring(database, folder, "icd10cm-index-2027.xml")


def test_a_list_without_instructions_does_not_take_the_place_of_one_with_them(database: Database, folder: Path) -> None:
    bring(database, folder, "icd10cm-tabular-2027.xml")
    with pytest.raises(CannotImport, match="Give the tabular XML together with it"):
        bring(database, folder, "icd10cm_order_2027.txt")


def test_one_broken_file_among_several_changes_nothing(database: Database, folder: Path) -> None:
    bring(database, folder, "icd10cm_order_2027.txt")
    before = counts(database)
    (folder / "icd10pcs_order_2027.txt").write_text(samples.PCS_ORDER + "and so on\n", encoding="utf-8")
    (folder / "icd10cm_order_2027.txt").write_text(samples.ORDER.replace("morning", "dawning"), encoding="utf-8")
    with pytest.raises(CannotImport, match=r"icd10pcs_order_2027\.txt, line 4"):
        bring(database, folder, "icd10cm_order_2027.txt", "icd10pcs_order_2027.txt")
    assert counts(database) == before
    assert CodeIndex.load(database).search("cough of the morning")[0].code == "R05.81"


def test_an_interrupted_import_leaves_the_old_edition_in_place(database: Database, folder: Path) -> None:
    bring(database, folder, "icd10cm_order_2027.txt")
    before = counts(database)
    (folder / "icd10cm_order_2027.txt").write_text(samples.ORDER.replace("morning", "dawning"), encoding="utf-8")

    def break_off(_done: int, _total: int, what: str) -> None:
        if what == "storing the code set":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_files(database, [folder / "icd10cm_order_2027.txt"], Wishes(), NOW, progress=break_off)
    assert counts(database) == before
    assert CodeIndex.load(database).search("cough of the morning")[0].code == "R05.81"
    assert bring(database, folder, "icd10cm_order_2027.txt").editions[0].codes == 6


def test_a_dry_run_writes_nothing(database: Database, folder: Path) -> None:
    done = import_files(database, [folder / "icd10cm_order_2027.txt"], Wishes(), NOW, dry_run=True)
    assert done.editions[0].codes == 6
    assert counts(database) == [0] * len(TABLES)
    with pytest.raises(NoEdition):
        CodeIndex.load(database)


def test_two_imports_at_once_follow_each_other(database: Database, folder: Path) -> None:
    done: list[Outcome] = []
    together = threading.Barrier(3)

    def start() -> None:
        own = Database.open(database.url.render_as_string(hide_password=False))
        together.wait()
        done.append(bring(own, folder, "icd10cm_order_2027.txt"))
        own.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.editions[0].unchanged for outcome in done) == [False, True, True]
    assert counts(database)[:2] == [1, 6]


def test_the_shipped_edition_leaves_an_imported_one_of_its_name(database: Database, folder: Path, tmp_path: Path) -> None:
    (folder / "icd10cm-tabular-April-1-2026.xml").write_text(samples.TABULAR, encoding="utf-8")
    bring(database, folder, "icd10cm-tabular-April-1-2026.xml")
    before = counts(database)
    (tmp_path / "codes.txt").write_text("E11\n", encoding="utf-8")
    (tmp_path / "tabular.xml").write_text(samples.TABULAR.replace("Cough", "Sneeze"), encoding="utf-8")
    kept = load_shipped_edition(database, NOW, source=Source(tmp_path / "tabular.xml", tmp_path / "codes.txt"))
    assert (kept.slug, counts(database)) == ("2026-04", before)


def test_all_systems_live_side_by_side(database: Database, folder: Path) -> None:
    bring(database, folder, "icd10cm_order_2027.txt", "icd10pcs_order_2027.txt", "HCPC2026_OCT_ANWEB.txt")
    bring(database, folder, "cpt.csv", system="cpt")
    with database.read() as session:
        found = {edition.system: edition for edition in editions(session)}
        assert sorted(found) == ["cpt", "hcpcs", "icd-10-cm", "icd-10-pcs"]
        assert detail(session, "0dtj4zz", found["icd-10-pcs"]).line.title.startswith("Resection of Appendix")
        assert detail(session, "A0002", found["hcpcs"]).valid_to == date(2026, 3, 31)
    assert CodeIndex.load(database, found["hcpcs"]).search("tuesday")[0].code == "ZZ"
    assert CodeIndex.load(database, found["hcpcs"]).search("glowing crutch wooden")[0].code.replace(".", "") == "A0001"


def titles(shelf: CodeShelf) -> str:
    return ", ".join(hit.title for hit in shelf.current().search("cough of the night"))


def test_a_running_process_takes_up_what_another_imported(database: Database, folder: Path) -> None:
    bring(database, folder, "icd10cm_order_2027.txt")
    shelf = CodeShelf(database, lambda: NOW)
    assert "night" not in titles(shelf)
    (folder / "icd10cm_order_2027.txt").write_text(samples.ORDER.replace("evening", "night  "), encoding="utf-8")
    other = Database.open(database.url.render_as_string(hide_password=False))
    bring(other, folder, "icd10cm_order_2027.txt")
    other.close()
    until = time.monotonic() + 5
    while "night" not in titles(shelf) and time.monotonic() < until:
        time.sleep(0.05)
    assert "Cough of the night" in titles(shelf)


def test_a_desk_that_is_told_looks_at_once(clinic: Clinic, folder: Path) -> None:
    bring(clinic.database, folder, "icd10cm_order_2027.txt")
    old = clinic.desk.codes
    (folder / "icd10cm_order_2027.txt").write_text(samples.ORDER.replace("evening", "night  "), encoding="utf-8")
    bring(clinic.database, folder, "icd10cm_order_2027.txt")
    announce(clinic.desk.coordinator)
    until = time.monotonic() + 0.9
    while clinic.desk._shelf is not None and clinic.desk._shelf._current is old and time.monotonic() < until:
        time.sleep(0.01)
    assert clinic.desk.codes.search("cough of the night")[0].code == "R05.82"


def chartdesk(clinic: Clinic, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, as an operator runs it."""
    environment = {
        **os.environ,
        "DATABASE_URL": clinic.database.url.render_as_string(hide_password=False),
        "CHARTDESK_SECRET_KEY": "a key for tests only",
    }
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_every_workspace_has_it_in_its_audit_trail_who_brought_what_once(clinic: Clinic, folder: Path) -> None:
    other = clinic.neighbour()
    other.person("Noor", Role.SPECIALIST)
    given = [folder / "icd10cm_order_2027.txt", folder / "icd10cm-index-2027.xml"]
    import_files(clinic.database, given, Wishes(), NOW, dry_run=True)
    assert clinic.audit(action="codes_imported") == []

    for _ in range(2):
        import_files(clinic.database, given, Wishes(), NOW)
    for desk in (clinic, other):
        [entry] = desk.audit(action="codes_imported")
        assert (entry.reference, entry.actor_id, entry.source) == ("icd-10-cm:2026-10", None, "command line")
        assert entry.facts == {"codes": 6, "terms": 4, "terms_without_code": 2}
        with clinic.database.read() as session:
            assert list(audit.breaks(session, desk.workspace_id)) == []


def test_the_command_imports_tells_specialists_and_refuses_in_a_sentence(clinic: Clinic, folder: Path) -> None:
    clinic.person("Noor", Role.SPECIALIST)
    order = str(folder / "icd10cm_order_2027.txt")
    dry = chartdesk(clinic, "codes", "import", order, "--dry-run")
    assert dry.stdout == "Would import ICD-10-CM FY2027 (icd-10-cm, 2026-10): 6 codes.\n"
    done = chartdesk(clinic, "codes", "import", order)
    assert (done.returncode, done.stdout) == (0, "Imported ICD-10-CM FY2027 (icd-10-cm, 2026-10): 6 codes.\n"), done.stderr
    again = chartdesk(clinic, "codes", "import", order)
    assert again.stdout == "ICD-10-CM FY2027 is loaded from these files already. Nothing changed.\n"
    assert len(clinic.notices(kind=NoticeKind.EDITION_IMPORTED)) == 1

    for arguments, told in (
        ([str(folder / "cpt.csv")], "say which code system it is"),
        ([str(folder / "missing.txt")], "cannot be read: No such file or directory."),
        ([order, "--from", "2026-02-30"], "is no date of the calendar."),
        ([order, "--system", "snomed"], "is a file of ICD-10-CM, not of snomed."),
    ):
        refused = chartdesk(clinic, "codes", "import", *arguments)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert told in refused.stderr
        assert refused.stderr.count("\n") == 1
