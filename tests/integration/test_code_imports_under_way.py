"""What an import does to everybody else while it runs, and what is left of one that is killed: nobody waits, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.codes.catalogue import editions
from bot.codes.importing.carry_out import import_files
from bot.codes.importing.naming import Wishes
from bot.codes.search.index import CodeIndex
from bot.codes.shelf import CodeShelf
from bot.codes.storing import remove_retired
from storage import migrations
from storage.columns import Base
from storage.database import Database
from storage.tables import Workspace
from storage.tables.codes import CodeConcept, CodeEdition, CodeNote, CodeSearchPart, CodeTerm
from tests.unit.codes.importing import samples

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
TABLES: tuple[type[Base], ...] = (CodeEdition, CodeConcept, CodeTerm, CodeNote, CodeSearchPart)

#: An import that is killed at a given statement: the first that holds the given words.
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import sqlalchemy as sa
from bot.codes.importing.carry_out import import_files
from bot.codes.importing.naming import Wishes
from storage.database import Database

url, words, *files = sys.argv[1:]
database = Database.open(url)

@sa.event.listens_for(database.engine, "after_cursor_execute")
def die(connection, cursor, statement, parameters, context, many):
    if words in statement:
        os.kill(os.getpid(), signal.SIGKILL)

import_files(database, [Path(file) for file in files], Wishes(), datetime.now(UTC))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'codes.db'}" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    opened = Database.open(url)
    migrations.upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def order(tmp_path: Path) -> Path:
    path = tmp_path / "icd10cm_order_2027.txt"
    path.write_text(samples.ORDER, encoding="utf-8")
    return path


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def counts(database: Database) -> list[int]:
    with database.read() as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES]


def titles(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(sa.select(CodeConcept.title)))


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO staged_0_code_concepts", "UPDATE code_editions", "INSERT INTO code_concepts", "INSERT INTO code_search_parts"],
)
def test_a_killed_import_leaves_nothing_and_may_be_started_again(database: Database, order: Path, statement: str) -> None:
    import_files(database, [order], Wishes(), NOW)
    before, told = counts(database), titles(database)
    order.write_text(samples.ORDER.replace("morning", "dawning"), encoding="utf-8")

    killed = subprocess.run([sys.executable, "-c", KILLED, url_of(database), statement, str(order)], cwd=ROOT, timeout=60, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert (counts(database), titles(database)) == (before, told)
    assert CodeIndex.load(database).search("cough of the morning")[0].code == "R05.81"
    assert import_files(database, [order], Wishes(), NOW).editions[0].codes == 6
    assert CodeIndex.load(database).search("cough of the dawning")[0].code == "R05.81"


def test_what_was_replaced_goes_in_pieces_and_may_be_stopped_between_them(database: Database, order: Path) -> None:
    import_files(database, [order], Wishes(), NOW)
    once = counts(database)
    order.write_text(samples.ORDER.replace("morning", "dawning"), encoding="utf-8")
    import_files(database, [order], Wishes(), NOW)
    with database.read() as session:
        assert [edition.slug for edition in editions(session)] == ["2026-10"]
    assert counts(database)[:2] == [2, 12]

    assert remove_retired(database) == 1
    assert counts(database) == once
    assert remove_retired(database) == 0


def test_others_write_while_an_edition_is_staged(database: Database, order: Path) -> None:
    """On SQLite a writer who had to wait for the import would be refused at once here."""
    other = Database.open(url_of(database))
    written = []

    def write_beside(_done: int, _total: int, what: str) -> None:
        if what == "storing the code set":
            with other.write() as session:
                if other.is_sqlite:
                    session.connection().exec_driver_sql("PRAGMA busy_timeout=0")
                session.add(Workspace(team_id=f"T0BESIDE{len(written)}", name="Beside", created_at=NOW))
            written.append(what)

    import_files(database, [order], Wishes(), NOW, progress=write_beside)
    other.close()
    assert written
    assert CodeIndex.load(database).search("cough of the morning")[0].code == "R05.81"


def test_an_index_of_terms_is_taken_up_by_every_desk_and_says_why_it_matched(database: Database, order: Path, tmp_path: Path) -> None:
    (tmp_path / "icd10cm-tabular-2027.xml").write_text(samples.TABULAR, encoding="utf-8")
    (tmp_path / "icd10cm-index-2027.xml").write_text(samples.INDEX, encoding="utf-8")
    import_files(database, [tmp_path / "icd10cm-tabular-2027.xml"], Wishes(), NOW)
    desks = [CodeShelf(Database.open(url_of(database)), lambda: NOW) for _ in range(2)]
    assert all(desk.current().search("barking")[0].code == "S02.2XXA" for desk in desks)  # named in a note only

    import_files(database, [tmp_path / "icd10cm-index-2027.xml"], Wishes(), NOW)

    for desk in desks:
        until = time.monotonic() + 10
        while (found := desk.current().search("barking"))[0].code != "R05.82" and time.monotonic() < until:
            time.sleep(0.05)
        assert (found[0].code, found[0].why) == ("R05.82", "index: Bark, barking, see Cough, evening")
        desk._database.close()


def test_a_process_that_answers_line_by_line_finds_what_was_imported_meanwhile(database: Database, order: Path) -> None:
    import_files(database, [order], Wishes(), NOW)
    environment = {**os.environ, "DATABASE_URL": url_of(database), "CHARTDESK_SECRET_KEY": "a key for tests only"}
    command = [sys.executable, "-m", "bot", "code", "--batch", "--json", "--limit", "1"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None
        assert running.stdout is not None

        def ask(line: str) -> str:
            running.stdin.write(line + "\n")  # type: ignore[union-attr]
            running.stdin.flush()  # type: ignore[union-attr]
            return running.stdout.readline()  # type: ignore[union-attr]

        assert "Cough of the morning" in ask("cough of the morning")
        order.write_text(samples.ORDER.replace("morning", "dawning"), encoding="utf-8")
        import_files(database, [order], Wishes(), NOW)
        until = time.monotonic() + 10
        while "Cough of the dawning" not in (told := ask("cough of the dawning")) and time.monotonic() < until:
            time.sleep(0.1)
        assert "Cough of the dawning" in told
        running.stdin.close()
        assert running.wait(30) == 0
