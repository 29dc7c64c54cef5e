"""A small desk on a real SQLite file: people, tasks, releases, and a time that moves only when told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor, Identity, actor, desk_actor
from bot.references import Prefix, free_references
from bot.roi.due_dates import load_rules
from bot.roi.due_rules import RuleBook
from bot.roi.intake import RequestFacts, log_request
from storage.columns import Base, CleanText
from storage.database import Database
from storage.tables import (
    AuditEntry,
    CodeConcept,
    CodeEdition,
    CodeSystem,
    Notice,
    Person,
    Record,
    ReviewTask,
    RoiRequest,
    TaskHistory,
    Workspace,
)
from storage.words import (
    ConceptKind,
    EditionState,
    NoticeState,
    Priority,
    RequestState,
    RequestType,
    Role,
    TaskEvent,
    TaskState,
    TaskType,
)
from tests.clinic import as_written

P = ParamSpec("P")
T = TypeVar("T")

TEAM = "T0DESK0001"
#: Monday, eleven in the morning in New York.
MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
NEW_YORK = "America/New_York"


def clean(text: str) -> CleanText:
    """A text as it comes out of the PHI guard."""
    return CleanText._passed_guard(text)


@dataclass
class Scene:
    """One workspace and what happens in it."""

    database: Database
    rules: RuleBook = field(default_factory=load_rules)
    now: datetime = MONDAY

    @classmethod
    def open(cls, folder: Path) -> Scene:
        """Make the tables and the workspace, whose legal zone is New York."""
        database = Database.open(f"sqlite:///{folder / 'desk.db'}")
        Base.metadata.create_all(database.engine)
        scene = cls(database)
        with database.write() as session:
            session.add(Workspace(team_id=TEAM, name="Records", legal_zone=NEW_YORK, created_at=MONDAY))
        return scene

    def close(self) -> None:
        """Give the file back."""
        self.database.close()

    @property
    def workspace_id(self) -> int:
        with self.database.read() as session:
            return session.scalars(sa.select(Workspace.id)).one()

    def person(self, name: str, *roles: Role, zone: str = NEW_YORK, **settings: Any) -> str:
        """Somebody who works from Monday to Friday, eight to five; returns their Slack id."""
        user_id = f"U0{name.upper()}"
        with self.database.write() as session:
            session.add(
                Person(
                    workspace_id=self.workspace_id, slack_user_id=user_id, name=name, zone=zone,
                    roles=roles, created_at=MONDAY, **settings,
                )
            )  # fmt: skip
        return user_id

    def do(self, who: str, rule: Callable[Concatenate[Session, Actor, datetime, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a rule in one transaction, as a request from Slack would."""
        with self.database.write() as session:
            return rule(session, actor(session, Identity(TEAM, who), lock=True), self.now, *args, **kwargs)

    def tick(self, rule: Callable[Concatenate[Session, Actor, datetime, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a rule for the clock."""
        with self.database.write() as session:
            return rule(session, desk_actor(session, self.workspace_id, "clock"), self.now, *args, **kwargs)

    def move(self, **step: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**step)
        return self.now

    def on_leave(self, user_id: str, until: datetime) -> None:
        """Somebody is on leave from now on."""
        with self.database.write() as session:
            session.execute(sa.update(Person).where(Person.slack_user_id == user_id).values(away_until=until))

    def key_of(self, user_id: str) -> int:
        """The key of a person."""
        with self.database.read() as session:
            return session.scalars(sa.select(Person.id).where(Person.slack_user_id == user_id)).one()

    def release(self, owner: str | None = None, *, record: str | None = None, **facts: Any) -> str:
        """Log a release; patient access in California, due on 1 December, unless told otherwise. Returns its reference."""
        given: dict[str, Any] = {"type": RequestType.PATIENT_ACCESS, "received_on": date(2026, 11, 16), "legal_state": "CA"}
        given |= {"accounting": False, "record": record, "owner_id": self.key_of(owner) if owner else None, **facts}
        reference = self.tick(log_request, self.rules, RequestFacts(**given)).reference
        if given["accounting"] is None:  # as a request that an earlier version of the desk logged
            with self.row(reference) as request:
                request.accounting_required = None
        return reference

    def task(self, owner: str | None = None, *, before: str | None = None, **facts: Any) -> tuple[str, str]:
        """A coding task on a record of its own, perhaps in somebody's hands, or in somebody's ``before`` that; returns task and record."""
        with self.database.write() as session:
            workspace_id = self.workspace_id
            record = Record(
                workspace_id=workspace_id, created_at=self.now,
                reference=free_references(session, Record.reference, workspace_id, Prefix.RECORD)[0],
            )  # fmt: skip
            session.add(record)
            session.flush()
            task = ReviewTask(
                workspace_id=workspace_id, record_id=record.id, type=TaskType.CODING, priority=Priority.NORMAL,
                reference=free_references(session, ReviewTask.reference, workspace_id, Prefix.TASK)[0],
                state=TaskState.IN_PROGRESS if owner else TaskState.AVAILABLE, priority_rank=3, urgency=3,
                owner_id=self.key_of(owner) if owner else None, aged_from=self.now.date(), created_at=self.now, **facts,
            )  # fmt: skip
            session.add(task)
            session.flush()
            if before:
                session.add(
                    TaskHistory(
                        workspace_id=workspace_id, task_id=task.id, event=TaskEvent.CLAIMED, at=self.now,
                        owner_id=self.key_of(before), from_state=TaskState.AVAILABLE, to_state=TaskState.CLAIMED,
                    )
                )  # fmt: skip
            return task.reference, record.reference

    def code(self, *codes: str) -> None:
        """Put codes into a code set."""
        with self.database.write() as session:
            session.add(CodeSystem(id=1, slug="test", title="Test", publisher="Test", created_at=MONDAY))
            session.flush()
            session.add(
                CodeEdition(
                    id=1, system_id=1, slug="2026", title="2026", valid_from=date(2026, 4, 1), state=EditionState.READY,
                    source_digest="0", concept_count=len(codes), imported_at=MONDAY,
                )
            )  # fmt: skip
            session.flush()
            session.add_all(
                CodeConcept(
                    id=number, edition_id=1, kind=ConceptKind.CODE, code=code, title=code, billable=True, extended=False,
                    position=number,
                )
                for number, code in enumerate(codes, start=1)
            )  # fmt: skip

    @contextmanager
    def row(self, reference: str) -> Iterator[RoiRequest]:
        """The row of a release, to look at it or to set up how it stands."""
        with self.database.write() as session:
            yield session.scalars(sa.select(RoiRequest).where(RoiRequest.reference == reference)).one()

    def ready_to_send(self, owner: str, checker: str, **facts: Any) -> str:
        """A release that only waits to be delivered: prepared by its owner, checked by somebody else."""
        reference = self.release(owner, **facts)
        with self.row(reference) as request:
            request.state = RequestState.READY_TO_SEND
            request.prepared_by_id, request.checked_by_id = self.key_of(owner), self.key_of(checker)
        return reference

    def notices(self, who: str | None = None, state: NoticeState | None = NoticeState.PENDING) -> list[Notice]:
        """What is to be said, oldest first."""
        query = sa.select(Notice).order_by(Notice.id)
        if who is not None:
            query = query.where(Notice.recipient_id == self.key_of(who))
        if state is not None:
            query = query.where(Notice.state == state)
        with self.database.read() as session:
            found = session.scalars(query).all()
            session.expunge_all()
        return list(found)

    def audited(self, reference: str) -> list[str]:
        """What the audit trail says was done with a reference."""
        with self.database.read() as session:
            rows = session.scalars(
                sa.select(AuditEntry.action).where(AuditEntry.reference == reference).order_by(as_written(self.database))
            )
            return list(rows)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables, to see that nothing has changed."""
        with self.database.engine.connect() as connection:
            return {
                table.name: sorted(tuple(map(repr, row)) for row in connection.execute(sa.select(table)))
                for table in Base.metadata.sorted_tables
            }
