"""A desk with one workspace and three coworkers, and a way to import a file into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from bot.actors import Actor, Identity, actor, desk_actor
from bot.intake.carry_out import carry_out
from bot.intake.columns import Headings
from bot.intake.means import Means
from bot.intake.opening import FileKind, importer, open_source
from bot.intake.report import ImportReport
from bot.intake.source import GivenFile
from bot.privacy.guard import Guard
from bot.roi.due_rules import load_rules
from storage import migrations
from storage.database import Database
from storage.tables import Person, Workspace
from storage.words import Role

#: A Monday morning in New York.
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SECRET = b"a secret for tests"

T = TypeVar("T")

#: Imports the text of a file at a moment; keyword ``drop`` leaves identifiers out, ``dry_run`` stores nothing.
Importer = Callable[..., ImportReport]


@pytest.fixture(scope="session")
def guard() -> Guard:
    return Guard.load()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/desk.db")
    migrations.upgrade(opened)
    fill(opened)
    yield opened
    opened.close()


def fill(database: Database) -> None:
    """One workspace in New York with two specialists and a supervisor."""
    with database.write() as session:
        workspace = Workspace(team_id="T1", name="Example Clinic", created_at=NOW)
        session.add(workspace)
        session.flush()
        for number, role in ((1, Role.SPECIALIST), (3, Role.SPECIALIST), (9, Role.SUPERVISOR)):
            session.add(
                Person(
                    workspace_id=workspace.id,
                    slack_user_id=f"U{number}",
                    name=f"Coworker {number}",
                    roles=(role,),
                    staff_code=f"sp-{number:02}",
                    created_at=NOW,
                )
            )


@pytest.fixture
def import_task_file(database: Database, guard: Guard) -> Importer:
    return _importer(database, guard, FileKind.TASKS)


@pytest.fixture
def import_request_file(database: Database, guard: Guard) -> Importer:
    return _importer(database, guard, FileKind.REQUESTS)


def _importer(database: Database, guard: Guard, kind: FileKind) -> Importer:
    rulebook = load_rules()

    def take(
        text: str | bytes,
        *,
        now: datetime = NOW,
        drop: bool = False,
        dry_run: bool = False,
        workspace_id: int = 1,
        by: Identity | None = None,
    ) -> ImportReport:
        def transact(rule: Callable[[Session, Actor, datetime], T]) -> T:
            with database.write() as session:
                who = actor(session, by) if by else desk_actor(session, workspace_id, "tests")
                return rule(session, who, now)

        source = open_source(GivenFile.of(as_bytes(text)), kind, Headings(), drop_identifiers=drop)
        references: dict[int, str] = {}
        means = Means(guard, SECRET, dry_run, mapped=references.__setitem__)
        report = carry_out(importer(kind, source, means, rulebook), transact)
        report.references = references
        return report

    return take


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


@pytest.fixture(scope="session")
def samples() -> Path:
    """The organisation's sample exports, where they lie beside this repository."""
    folder = Path(__file__).parents[4] / "shared" / "data" / "samples"
    if not folder.is_dir():
        pytest.skip(f"the sample exports are not here ({folder})")
    return folder
