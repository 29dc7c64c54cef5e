"""Importing review tasks: a file becomes records, tasks and their history, in one transaction and in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.intake.keys import KeyedHash
from bot.intake.known_work import KnownWork, in_parts
from bot.intake.line_cells import CodeCheck
from bot.intake.means import Means
from bot.intake.report import ImportReport
from bot.intake.roster import Roster
from bot.intake.sheet import Sheet
from bot.intake.task_lines import LineReader, TaskFacts
from bot.intake.task_plan import Change, NewRecord, NewTask, Planner, TaskPlan
from bot.intake.trail import note_import
from bot.references import Prefix, free_references
from bot.reviews.priority import PRIORITY_RANKS, Pressure, urgency
from bot.reviews.states import ACTIVE
from bot.reviews.tasks import RESTRICTED
from storage.columns import FAR_FUTURE, Base
from storage.tables import Record, ReviewTask, TaskHistory, TaskHold
from storage.words import Priority, Role, TaskEvent, TaskState


def import_tasks(session: Session, actor: Actor, now: datetime, sheet: Sheet, means: Means) -> ImportReport:
    """Take over the tasks of a file. The same file again changes nothing; lines that cannot be used are rejected one by one and the others stay.

    :raises NotAllowed: unless a supervisor (or the command line) does it.
    """
    actor.require(Role.SUPERVISOR)
    check = CodeCheck(means.guard)
    reader = LineReader(check, now.astimezone(ZoneInfo(actor.legal_zone)).date(), actor.legal_zone)
    report = ImportReport.of(sheet, dry_run=means.dry_run)
    facts = _read(sheet, reader, report, means)
    keyed = KeyedHash(means.secret, actor.workspace_id)
    plan = Planner(_known(session, actor, facts, keyed), keyed, report).go_through(facts)
    store = _Store(session, actor, now, reader.today, Roster.of(session, actor.workspace_id), report)
    rows = [store.task_row(task) for task in plan.tasks]
    report.warnings = reader.warnings + store.roster.warnings()
    if not means.dry_run:
        means.tell(0, 1, "storing")
        store.keep(plan, rows)
        note_import(session, actor, now, report, check)
        means.tell(1, 1, "storing")
    return report


def _read(sheet: Sheet, reader: LineReader, report: ImportReport, means: Means) -> list[TaskFacts]:
    facts, total = [], len(sheet.lines)
    for done, line in enumerate(sheet.lines, start=1):
        found = reader.read(line)
        if isinstance(found, list):
            report.rejected += found
        else:
            facts.append(found)
        if done % 500 == 0 or done == total:
            means.tell(done, total, "reading")
    return facts


def _known(session: Session, actor: Actor, facts: Iterable[TaskFacts], keyed: KeyedHash) -> KnownWork:
    records, keys, tasks = set(), set(), set()
    for fact in facts:
        records |= {fact.record} if fact.record else set()
        keys |= {keyed(fact.external_key)} if fact.external_key else set()
        tasks |= {fact.task} if fact.task else set()
    return KnownWork.of(session, actor.workspace_id, records, keys, tasks)


@dataclass(slots=True)
class _Store:
    """Writes a plan, a few statements for any number of lines."""

    session: Session
    actor: Actor
    now: datetime
    today: date
    roster: Roster
    report: ImportReport

    def keep(self, plan: TaskPlan, rows: list[dict[str, Any]]) -> None:
        """Store all of it."""
        self._keep_records(plan.records)
        self._grow_sensitive(plan)
        self._keep_tasks(plan, rows)
        self._change(plan.changes)

    def task_row(self, task: NewTask) -> dict[str, Any]:
        """The row of a new task, except the keys that are not known yet."""
        facts = task.facts
        owner, state = self._owner_and_state(facts)
        aged_from = facts.aged_from or self.today
        priority = facts.priority or Priority.NORMAL
        due_at, hold = facts.due_at or FAR_FUTURE, facts.hold_until(aged_from)
        level, until = _urgency(self._pressure(facts.type, facts.setting, due_at, hold), self.now)
        return {
            "workspace_id": self.actor.workspace_id,
            "reference": facts.task,
            "type": facts.type,
            "setting": facts.setting,
            "state": state,
            "priority": priority,
            "priority_rank": PRIORITY_RANKS[priority],
            "urgency": int(level),
            "urgency_until": until,
            "facility": facts.facility,
            "skill": facts.skill,
            "payer_class": facts.payer_class,
            "working_drg": facts.working_drg,
            "charges_usd": facts.charges_usd,
            "second_review": bool(facts.second_review),
            "aged_from": aged_from,
            "bill_hold_until": hold,
            "due_at": due_at,
            "owner_id": owner,
            "worked_by_id": self.roster.find(facts.worked_by, facts.line, "worked_by"),
            "claimed_at": self.now if owner and state is not TaskState.COMPLETED else None,
            "started_at": self.now if state is TaskState.IN_PROGRESS else None,
            "completed_at": self.now if state is TaskState.COMPLETED else None,
            "wake_at": None,
            "created_at": self.now,
        }

    def _owner_and_state(self, facts: TaskFacts) -> tuple[int | None, TaskState]:
        """Work of somebody the desk does not know waits in the queue; a hold stays a hold, without an owner."""
        if facts.state is TaskState.AVAILABLE:
            return None, facts.state
        owner = self.roster.find(facts.owner, facts.line)
        if owner is None and facts.state in ACTIVE:
            return None, TaskState.AVAILABLE
        return owner, facts.state

    def _keep_records(self, records: list[NewRecord]) -> None:
        """Given references first, so that a minted one never takes the place of one that people use."""
        for named in (True, False):
            part = [record for record in records if (record.reference is not None) is named]
            if not named:
                minted = self._mint(Record, Prefix.RECORD, len(part))
                for record, reference in zip(part, minted, strict=True):
                    record.reference = reference
            ids = self._insert(Record, [self._record_row(record) for record in part])
            for record in part:
                record.id = ids[record.reference or ""]

    def _record_row(self, record: NewRecord) -> dict[str, Any]:
        return {
            "workspace_id": self.actor.workspace_id,
            "reference": record.reference,
            "facility": record.facility,
            "sensitive": tuple(record.sensitive),
            "external_key": record.external_key,
            "created_at": self.now,
        }

    def _keep_tasks(self, plan: TaskPlan, rows: list[dict[str, Any]]) -> None:
        self._name_tasks(rows)
        for task, row in zip(plan.tasks, rows, strict=True):
            row["record_id"] = task.record.id
            row["restricted"] = not RESTRICTED.isdisjoint(plan.sensitive_of(task.record))
            self.report.references[task.facts.line] = row["reference"]
        ids = self._insert(ReviewTask, rows)
        self._write_history((ids[row["reference"]], row["owner_id"], None, row["state"]) for row in rows)
        holds = [
            {"workspace_id": self.actor.workspace_id, "task_id": ids[row["reference"]], "reason": task.facts.hold, "opened_at": self.now}
            for task, row in zip(plan.tasks, rows, strict=True)
            if row["state"] is TaskState.ON_HOLD
        ]  # fmt: skip
        self._insert_silently(TaskHold, holds)

    def _name_tasks(self, rows: list[dict[str, Any]]) -> None:
        """Mint a reference for every task that has none yet, and none that another line of the file brings."""
        given = {row["reference"] for row in rows if row["reference"]}
        unnamed = [row for row in rows if not row["reference"]]
        minted = [name for name in self._mint(ReviewTask, Prefix.TASK, len(unnamed) + len(given)) if name not in given]
        for row, reference in zip(unnamed, minted, strict=False):
            row["reference"] = reference

    def _change(self, changes: list[Change]) -> None:
        """Write what is different, with the place in the queue that follows from it."""
        for change in changes:
            task = change.task
            for name, value in change.values.items():
                setattr(task, name, value)
            task.priority_rank = PRIORITY_RANKS[task.priority]
            pressure = self._pressure(task.type, task.setting, task.due_at, task.bill_hold_until)
            level, task.urgency_until = _urgency(pressure, self.now)
            task.urgency = int(level)
        self.session.flush()
        self._write_history(
            (change.task.id, change.task.owner_id, change.task.state, change.task.state) for change in changes
        )

    def _grow_sensitive(self, plan: TaskPlan) -> None:
        for record_id, categories in plan.sensitive.items():
            where = (Record.workspace_id == self.actor.workspace_id, Record.id == record_id)
            self.session.execute(sa.update(Record).where(*where).values(sensitive=tuple(categories)))
            if not RESTRICTED.isdisjoint(categories):
                self.session.execute(
                    sa.update(ReviewTask)
                    .where(ReviewTask.workspace_id == self.actor.workspace_id, ReviewTask.record_id == record_id)
                    .values(restricted=True)
                )

    def _pressure(self, type_: Any, setting: Any, due_at: datetime, hold: date | None) -> Pressure:  # noqa: ANN401 - words
        return Pressure(type_, setting, due_at, hold, self.actor.legal_zone, self.actor.legal_state)

    def _write_history(self, tasks: Iterable[tuple[int, int | None, TaskState | None, TaskState]]) -> None:
        rows = [
            {
                "workspace_id": self.actor.workspace_id, "task_id": task_id, "event": TaskEvent.IMPORTED,
                "actor_id": self.actor.person_id, "owner_id": owner_id, "from_state": before, "to_state": after,
                "reason": None, "note": None, "at": self.now,
            }
            for task_id, owner_id, before, after in tasks
        ]  # fmt: skip
        self._insert_silently(TaskHistory, rows)

    def _mint(self, table: type[Record | ReviewTask], prefix: Prefix, count: int) -> list[str]:
        return free_references(self.session, table.reference, self.actor.workspace_id, prefix, count) if count else []

    def _insert(self, table: type[Record | ReviewTask], rows: list[dict[str, Any]]) -> Mapping[str, int]:
        """Insert in bulk and give back the keys by reference.

        Asked for afterwards: returned by the insert itself, they would make one statement of thousands of values, which PostgreSQL's driver reads slowly.
        """
        self._insert_silently(table, rows)
        ids: dict[str, int] = {}
        for part in in_parts(row["reference"] for row in rows):
            where = (table.workspace_id == self.actor.workspace_id, table.reference.in_(part))
            ids.update(
                (row.reference, row.id)
                for row in self.session.execute(sa.select(table.id, table.reference).where(*where))
            )
        return ids

    def _insert_silently(self, table: type[Base], rows: list[dict[str, Any]]) -> None:
        """Straight on the connection: the session's bookkeeping would double the time."""
        for part in in_parts(rows):
            self.session.connection().execute(sa.insert(table), part)


@lru_cache(maxsize=20_000)
def _urgency(pressure: Pressure, now: datetime) -> Any:  # noqa: ANN401 - as bot.reviews.priority gives it
    """Many lines of a file press alike, and business days take time to count."""
    return urgency(pressure, now)
