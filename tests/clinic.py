"""A small desk for tests of rules: a migrated database without a code set, people by name, and short ways to do and to look."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Identity, desk_actor
from bot.desk import Desk
from bot.people import know_profile, meet
from bot.privacy.guard import Guard
from bot.reviews.claims import claim
from bot.reviews.creation import TaskFacts, create_tasks
from bot.roi.due_dates import load_rules
from bot.roi.due_rules import RuleBook
from bot.roi.intake import RequestFacts, log_request
from bot.settings import Settings
from storage import migrations
from storage.columns import CleanText
from storage.coordination.in_process import InProcessCoordinator
from storage.database import Database
from storage.tables import AuditEntry, Notice, Person, ReviewTask, RoiRequest, TaskHistory, Workspace
from storage.words import RequestType, Role, TaskType
from tests.desk_fixtures import StandingClock

TEAM = "T0CLINIC01"
KEY = "a key for tests only"
NEW_YORK = "America/New_York"


@cache
def shipped_guard() -> Guard:
    """The guard, read once a run."""
    return Guard.load()


@cache
def shipped_rules() -> RuleBook:
    """The rules of deadlines, read once a run."""
    return load_rules()


def clean(text: str) -> CleanText:
    """A text as the guard hands it on."""
    return CleanText._passed_guard(text)


@dataclass(repr=False)
class Clinic:
    """One workspace of a desk."""

    desk: Desk
    clock: StandingClock
    team: str = TEAM
    people: dict[str, Identity] = field(default_factory=dict)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(f"<clinic {self.team}>")

    @property
    def database(self) -> Database:
        return self.desk.database

    @property
    def workspace_id(self) -> int:
        with self.database.read() as session:
            return session.scalars(sa.select(Workspace.id).where(Workspace.team_id == self.team)).one()

    def neighbour(self, team: str = "") -> Clinic:
        """Another workspace of the same installation, a new one when it is not named."""
        return Clinic(self.desk, self.clock, team or f"T0{secrets.token_hex(5).upper()}")

    def person(self, name: str, *roles: Role, zone: str = NEW_YORK, **settings: Any) -> Identity:
        """Somebody who works Monday to Friday, eight to five, in their zone."""
        who = Identity(self.team, f"U0{name.upper()}")
        with self.database.write() as session:
            row = meet(session, who, self.clock())
            know_profile(row, self.clock(), name=name, zone=zone)
            row.roles = roles
            for setting, value in settings.items():
                setattr(row, setting, value)
        self.people[name] = who
        return who

    def tasks(self, facts: Sequence[TaskFacts]) -> list[str]:
        """Put review tasks into the queue; returns their references in the same order."""
        with self.database.write() as session:
            by = desk_actor(session, self.workspace_id, "test")
            return [task.reference for task in create_tasks(session, by, self.clock(), facts)]

    def task(self, **facts: Any) -> str:
        """Put one review task into the queue."""
        return self.tasks([task_facts(self.clock, **facts)])[0]

    def owned_task(self, who: Identity, **facts: Any) -> str:
        """A task that somebody has claimed."""
        reference = self.task(**facts)
        self.desk.change(who, claim, None, reference)
        return reference

    def request(self, **facts: Any) -> str:
        """Log one request for release of information."""
        given = {"type": RequestType.PATIENT_ACCESS, "received_on": self.clock().date(), **facts}
        with self.database.write() as session:
            by = desk_actor(session, self.workspace_id, "test")
            return log_request(session, by, self.clock(), self.desk.rules, RequestFacts(**given)).reference

    def change_task(self, which: str, /, **values: Any) -> None:
        """Set what no rule sets, such as whose work is reviewed."""
        with self.database.write() as session:
            row = _task(session, self.workspace_id, which)
            for name, value in values.items():
                setattr(row, name, value)

    def allow_active(self, tasks: int) -> None:
        """How many active tasks one person may have here."""
        with self.database.write() as session:
            session.execute(sa.update(Workspace).where(Workspace.team_id == self.team).values(active_task_limit=tasks))

    def key_of(self, who: Identity) -> int:
        with self.database.read() as session:
            return session.scalars(
                sa.select(Person.id).where(
                    Person.workspace_id == self.workspace_id, Person.slack_user_id == who.user_id
                )
            ).one()

    def row(self, reference: str) -> dict[str, Any]:
        """All columns of a task as they are now."""
        with self.database.read() as session:
            task = _task(session, self.workspace_id, reference)
            return {column.key: getattr(task, column.key) for column in sa.inspect(ReviewTask).column_attrs}

    def history(self, reference: str) -> list[TaskHistory]:
        with self.database.read() as session:
            task = _task(session, self.workspace_id, reference)
            rows = sa.select(TaskHistory).where(TaskHistory.task_id == task.id).order_by(TaskHistory.id)
            return list(session.scalars(rows))

    def audit(self, **where: Any) -> list[AuditEntry]:
        with self.database.read() as session:
            rows = sa.select(AuditEntry).filter_by(workspace_id=self.workspace_id, **where).order_by(as_written(self.database))
            return list(session.scalars(rows))

    def notices(self, **where: Any) -> list[Notice]:
        with self.database.read() as session:
            rows = sa.select(Notice).filter_by(workspace_id=self.workspace_id, **where).order_by(Notice.id)
            return list(session.scalars(rows))

    def request_row(self, reference: str) -> RoiRequest:
        with self.database.read() as session:
            rows = sa.select(RoiRequest).filter_by(workspace_id=self.workspace_id, reference=reference)
            return session.scalars(rows).one()


def task_facts(clock: StandingClock, **facts: Any) -> TaskFacts:
    """What a task is when nothing special is said."""
    return TaskFacts(**{"type": TaskType.DATA_QUALITY_CHECK, "aged_from": clock().date(), **facts})


@contextmanager
def open_clinic(url: str, clock: StandingClock) -> Iterator[Clinic]:
    """A clinic over a migrated database, its workspace made."""
    settings = Settings(_env_file=None, slack_bot_token="xoxb-test", database_url=url, chartdesk_secret_key=KEY)
    desk = Desk(
        settings=settings,
        database=Database.open(url),
        coordinator=InProcessCoordinator(),
        guard=shipped_guard(),
        rules=shipped_rules(),
        now=clock,
    )
    clinic = Clinic(desk, clock)
    clinic.person("Nobody")
    try:
        yield clinic
    finally:
        desk.close()


def migrated_file(folder: Path) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = folder / "empty.db"
    database = Database.open(f"sqlite:///{path}")
    migrations.upgrade(database)
    database.close()
    return path


def copied(file: Path, folder: Path) -> str:
    """The URL of a copy of a SQLite file nobody has open."""
    target = folder / "desk.db"
    shutil.copy(file, target)
    return f"sqlite:///{target}"


def _task(session: Session, workspace_id: int, reference: str) -> ReviewTask:
    rows = sa.select(ReviewTask).where(ReviewTask.workspace_id == workspace_id, ReviewTask.reference == reference)
    return session.scalars(rows).one()


def as_written(database: Database) -> sa.ColumnElement[Any]:
    """The order in which the rows of a table were written where none was ever changed or taken out: the clock of a test may stand still."""
    return sa.literal_column("audit_entries.rowid" if database.is_sqlite else "audit_entries.ctid")
