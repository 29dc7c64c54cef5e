"""An import that is killed half-way: what is stored is whole, and the same command again completes it exactly. On both databases."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import audit
from bot.actors import Identity, desk_actor
from bot.people import meet
from storage import migrations
from storage.database import Database
from storage.tables import AuditEntry, ImportRun, Record, ReviewTask, TaskHistory
from storage.words import ImportState, Role
from tests.desk_fixtures import MONDAY

ROOT = Path(__file__).parents[2]
LINES = 4_000
PATIENCE_SECONDS = 240.0
TEAM = "T0IMPORT01"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path}/desk.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database.open(found)
    migrations.upgrade(database)
    with database.write() as session:
        meet(session, Identity(TEAM, "U0PRIYA01"), MONDAY).roles = (Role.SUPERVISOR,)
    database.close()
    return found


def csv_list(folder: Path) -> Path:
    path = folder / "list.csv"
    rows = (f"WQ-{number},{'coding' if number % 2 else 'denial_review'},ed,F{number % 5},{number % 60}\n" for number in range(LINES))
    path.write_text("row key,task_type,setting,facility_code,age_days\n" + "".join(rows))
    return path


def fhir_list(folder: Path) -> Path:
    path = folder / "list.ndjson"
    with path.open("w") as file:
        for number in range(LINES):
            task = {"resourceType": "Task", "id": f"t{number}", "status": "ready", "intent": "order", "code": {"text": "coding"}}
            file.write(json.dumps(task | {"focus": {"reference": f"Encounter/{number}"}}) + "\n")
    return path


def start(url: str, file: Path, folder: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CHARTDESK_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "import", "tasks", str(file), "--json"],
        env={**environment, "DATABASE_URL": url, "PYTHONPATH": str(ROOT), "CHARTDESK_SECRET_KEY": "a key for tests only"},
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(running: subprocess.Popen[str]) -> dict[str, int]:
    out, err = running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode == 0, err
    told: dict[str, int] = json.loads(out)
    return told


def kill_half_way(running: subprocess.Popen[str], database: Database) -> int:
    """Kill it as soon as the database says that some of it is stored; returns how many lines."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with database.read() as session:
            done = session.scalar(sa.select(ImportRun.done).order_by(ImportRun.id.desc()).limit(1))
        if done:
            running.send_signal(signal.SIGKILL)
            running.communicate(timeout=PATIENCE_SECONDS)
            with database.read() as session:
                return session.scalars(sa.select(ImportRun.done).order_by(ImportRun.id.desc()).limit(1)).one()
        assert running.poll() is None, running.communicate()[1]
    raise AssertionError("the import never moved")


def count(database: Database, table: type[Record | ReviewTask | TaskHistory]) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.parametrize("make", [csv_list, fhir_list])
def test_a_killed_import_is_completed_by_the_same_command(url: str, tmp_path: Path, make: object) -> None:
    assert callable(make)
    file, database = make(tmp_path), Database.open(url)

    stored = kill_half_way(start(url, file, tmp_path), database)

    assert 0 < stored < LINES
    assert count(database, ReviewTask) == count(database, Record) == count(database, TaskHistory) == stored
    with database.read() as session:
        assert session.scalars(sa.select(ImportRun.state)).all() == [ImportState.RUNNING], "the row tells that it did not come to its end"

    report = finish(start(url, file, tmp_path))

    assert (report["new"], report["unchanged"], report["rejected"]) == (LINES - stored, stored, 0)
    assert count(database, ReviewTask) == count(database, Record) == count(database, TaskHistory) == LINES
    again = finish(start(url, file, tmp_path))
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, LINES)
    with database.read() as session:
        workspace = desk_actor(session, 1, "test").workspace_id
        assert list(audit.breaks(session, workspace)) == []
        facts = session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.action == "tasks_imported")).all()
        assert sum(one["new"] for one in facts) == LINES
        assert session.scalar(sa.select(sa.func.count(sa.distinct(ReviewTask.reference)))) == LINES
    database.close()


def test_two_imports_of_the_same_list_at_once_store_it_once(url: str, tmp_path: Path) -> None:
    file, database = csv_list(tmp_path), Database.open(url)
    both = [start(url, file, tmp_path) for _ in range(2)]
    reports = [finish(running) for running in both]
    assert sum(report["new"] for report in reports) == LINES
    assert sum(report["unchanged"] for report in reports) == LINES
    assert count(database, ReviewTask) == count(database, Record) == LINES
    database.close()
