"""Storing what a part of a file brings: records, tasks, holds and history, a few statements for any number of lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.intake.known_work import in_parts
from bot.intake.report import ImportReport
from bot.intake.roster import Roster
from bot.intake.task_lines import TaskFacts
from bot.intake.task_plan import Change, NewRecord, NewTask, TaskPlan
from bot.references import Prefix, free_references
from bot.reviews.priority import PRIORITY_RANKS, Pressure, urgency
from bot.reviews.states import ACTIVE
from bot.reviews.tasks import RESTRICTED
from storage.columns import FAR_FUTURE, Base
from storage.tables import Record, ReviewTask, TaskHistory, TaskHold
from storage.words import Priority, TaskEvent, TaskState


@dataclass(slots=True)
class TaskStore:
    """Writes a plan, a few statements for any number of lines."""

    session: Session
    actor: Actor
    now: datetime
    today: date
    roster: Roster
    report: ImportReport
    given: frozenset[str]

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
        unnamed = [record for record in records if record.reference is None]
        for record, reference in zip(unnamed, self._mint(Record, Prefix.RECORD, len(unnamed)), strict=True):
            record.reference = reference
        ids = self._insert(Record, [self._record_row(record) for record in records])
        for record in records:
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
        """Mint a reference for every task that has none yet."""
        unnamed = [row for row in rows if not row["reference"]]
        for row, reference in zip(unnamed, self._mint(ReviewTask, Prefix.TASK, len(unnamed)), strict=True):
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
        """References that nothing has, and that no line of the file brings: a minted one never takes the place of one that people use."""
        return free_references(self.session, table.reference, self.actor.workspace_id, prefix, count, self.given)

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
