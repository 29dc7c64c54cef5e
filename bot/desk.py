"""The desk as one thing: database, shared memory, code index, PHI guard, rules and time, built once from the settings and handed round."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot import people
from bot.actors import Actor, Identity, actor, desk_actor
from bot.codes.search.index import CodeIndex
from bot.codes.shelf import TOPIC, CodeShelf
from bot.errors import AlreadyDone
from bot.metrics import Metrics
from bot.privacy.guard import Guard
from bot.roi.due_dates import RuleBook, load_rules
from bot.settings import Settings
from bot.short_ways import SHORT_WAYS
from storage import migrations
from storage.coordination import Coordinator, open_coordinator
from storage.database import Database, again_where_it_gave_way
from storage.tables import Person, ProcessedRequest, Workspace

P = ParamSpec("P")
T = TypeVar("T")

#: A rule of the desk: it gets the transaction, who acts and the time, and returns something typed.
Rule = Callable[Concatenate[Session, Actor, datetime, P], T]


_REQUESTS: Any = ProcessedRequest.__table__

#: How long the names of a workspace's coworkers are kept before they are read again.
ROSTER_KEPT = timedelta(minutes=5)


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(eq=False)
class Desk:
    """Everything a listener, a job or a command needs, and the only place where a rule meets a transaction."""

    settings: Settings
    database: Database
    coordinator: Coordinator
    guard: Guard
    rules: RuleBook
    now: Callable[[], datetime] = utc_now
    metrics: Metrics = field(default_factory=Metrics)
    _codes: CodeIndex | None = None
    _met: set[Identity] = field(default_factory=set)
    _guards: dict[str, tuple[datetime, Guard]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _shelf: CodeShelf | None = None
    _codes_lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, settings: Settings, now: Callable[[], datetime] = utc_now) -> Desk:
        """Open an installation. The database must be migrated.

        :raises NotMigrated: when the tables are older or newer than this program.
        """
        database = Database.open(settings.database_url)
        migrations.require_current(database)
        return cls(
            settings=settings,
            database=database,
            coordinator=open_coordinator(settings.redis_url),
            guard=Guard.load(),
            rules=load_rules(),
            now=now,
        )

    @property
    def codes(self) -> CodeIndex:
        """The index of codes in force, loaded when it is first asked for: the clock never needs it. An imported edition is taken up at once.

        :raises NoEdition: when no code set is loaded.
        """
        return self.shelf.current()

    @property
    def shelf(self) -> CodeShelf:
        """The indexes of all editions; whatever is imported anywhere is told to it."""
        with self._codes_lock:
            if self._shelf is None:
                self._shelf = CodeShelf(self.database, self.now)
                self.coordinator.subscribe(TOPIC, lambda _: self.refresh_codes())
            if self._codes is not None and self._shelf.empty:
                self._shelf.adopt(self._codes)
            return self._shelf

    def refresh_codes(self) -> None:
        """Take up what was imported."""
        self.shelf.refresh()

    def guard_for(self, team_id: str) -> Guard:
        """The PHI guard that knows the coworkers of one workspace by name; read again every few minutes."""
        with self._lock:
            known = self._guards.get(team_id)
        if known is not None and known[0] > self.now():
            return known[1]
        with self.database.read() as session:
            guard = self.guard.knowing(people.roster(session, team_id))
        with self._lock:
            self._guards[team_id] = (self.now() + ROSTER_KEPT, guard)
        return guard

    def change(
        self, who: Identity, rule: Rule[P, T], once: str | None = None, /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Carry out a rule that changes something: one transaction holds the change, its audit entry and its notices.

        Where PostgreSQL ends one of two changes that wait for each other, that one is made again: nothing of it had been done.

        :param once: the key of the request; the same key is carried out only once, ever.
        :raises AlreadyDone: when it was.
        :raises Refusal: from the rule; nothing is changed then.
        """
        now = self.now()
        short = None if self.database.is_sqlite else SHORT_WAYS.get(rule)
        done: T | None = short(self.database, who, now, once, *args, **kwargs) if short is not None else None
        if done is not None:
            return done

        def carried_out() -> T:
            with self.database.write() as session:
                by = actor(session, who, lock=True)
                if once is not None:
                    _carry_out_once(session, by.workspace_id, once, now)
                return rule(session, by, now, *args, **kwargs)

        return again_where_it_gave_way(carried_out)

    def look(self, who: Identity, rule: Rule[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a rule that only reads.

        :raises Refusal: from the rule.
        """
        with self.database.read() as session:
            return rule(session, actor(session, who), self.now(), *args, **kwargs)

    def run_as_desk(self, workspace_id: int, source: str, rule: Rule[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a rule for the clock or the command line, in one transaction."""
        with self.database.write() as session:
            return rule(session, desk_actor(session, workspace_id, source), self.now(), *args, **kwargs)

    def meet(self, who: Identity) -> bool:
        """Make sure the desk knows this person. True when their name and zone are still to be read from Slack."""
        if who in self._met:
            return False
        with self.database.write() as session:
            person = people.meet(session, who, self.now(), self.settings.chartdesk_admins)
            stranger = person.profile_read_at is None
        with self._lock:
            if not stranger:
                self._met.add(who)
        return stranger

    def know_profile(self, who: Identity, *, name: str, zone: str, deleted: bool = False) -> None:
        """Take over a coworker's name and zone from Slack, and whether they are still there; who has left can be given nothing more."""
        with self.database.write() as session:
            person = session.scalars(
                sa.select(Person)
                .join(Workspace, Workspace.id == Person.workspace_id)
                .where(Workspace.team_id == who.team_id, Person.slack_user_id == who.user_id)
            ).first()
            if person is None:
                return
            people.know_profile(person, self.now(), name=name, zone=zone)
            if person.active is deleted:
                by = desk_actor(session, person.workspace_id, "slack")
                people.come_or_go(session, by, self.now(), person, active=not deleted)

    def close(self) -> None:
        """Give everything back."""
        self.coordinator.close()
        self.database.close()


def _carry_out_once(session: Session, workspace_id: int, key: str, now: datetime) -> None:
    written = session.execute(_once(session.get_bind().dialect.name), {"workspace_id": workspace_id, "key": key, "at": now})
    if written.first() is None:
        raise AlreadyDone


@cache
def _once(dialect: str) -> sa.Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(_REQUESTS).on_conflict_do_nothing().returning(_REQUESTS.c.key)
