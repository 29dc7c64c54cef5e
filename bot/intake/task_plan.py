"""What a file of tasks would change: which records and tasks are new, and what is different about those the desk has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.intake.keys import KeyedHash
from bot.intake.known_work import KnownWork
from bot.intake.report import ImportReport, Problem
from bot.intake.task_lines import TaskFacts
from bot.reviews.states import ENDED
from storage.tables import Record, ReviewTask
from storage.words import Sensitive

#: Facts the EHR owns: a later file may change them. State and owner belong to the desk once a task is here.
OWNED_BY_SOURCE = (
    "facility",
    "skill",
    "payer_class",
    "working_drg",
    "charges_usd",
    "second_review",
    "due_at",
    "priority",
)


@dataclass(slots=True, eq=False)
class NewRecord:
    """A record the desk has not met; ``reference`` is None until one is minted, ``id`` until it is stored."""

    reference: str | None
    external_key: str | None
    facility: str | None
    sensitive: set[Sensitive] = field(default_factory=set)
    id: int | None = None


@dataclass(slots=True)
class NewTask:
    """A task the desk has not met, on a record it may have."""

    facts: TaskFacts
    record: Record | NewRecord


@dataclass(slots=True)
class Change:
    """What a file says differently about a task the desk has."""

    task: ReviewTask
    values: dict[str, Any]


@dataclass(slots=True)
class TaskPlan:
    """Everything an import is going to store; ``sensitive`` are records of the desk with the categories they have from now on."""

    records: list[NewRecord] = field(default_factory=list)
    tasks: list[NewTask] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    sensitive: dict[int, set[Sensitive]] = field(default_factory=dict)

    def sensitive_of(self, record: Record | NewRecord) -> set[Sensitive]:
        """The categories a record has from now on."""
        return self.sensitive.get(record.id or 0) or set(record.sensitive)


class Planner:
    """Goes through the lines of one file, in their order."""

    def __init__(self, known: KnownWork, keyed: KeyedHash, report: ImportReport) -> None:
        self.known = known
        self.keyed = keyed
        self.report = report
        self.plan = TaskPlan()
        self._seen: dict[object, int] = {}
        self._new_records: dict[str, NewRecord] = {}

    def go_through(self, lines: Iterable[TaskFacts]) -> TaskPlan:
        """Decide about each line."""
        for facts in lines:
            self._decide(facts)
        return self.plan

    def _decide(self, facts: TaskFacts) -> None:
        if facts.task and self._repeats(facts.task, facts):
            return
        task = self.known.tasks.get(facts.task or "")
        record = self.known.by_id[task.record_id] if task else self._record(facts)
        if not facts.task:
            if self._repeats((id(record), facts.type, facts.setting), facts):
                return
            task = self.known.on_record.get((record.id or 0, facts.type, facts.setting))
        grown = self._more_sensitive(record, facts)
        if task is None:
            self.plan.tasks.append(NewTask(facts, record))
            self.report.new += 1
        else:
            self._compare(task, facts, grown=grown)

    def _repeats(self, what: object, facts: TaskFacts) -> bool:
        """Whether an earlier line was about the same task; this one is rejected then."""
        before = self._seen.setdefault(what, facts.line)
        if before == facts.line:
            return False
        self.report.rejected.append(Problem(facts.line, "task_ref", f"is the same task as on line {before}"))
        return True

    def _record(self, facts: TaskFacts) -> Record | NewRecord:
        """The record a line names: by its reference, else by the source's key."""
        key = self.keyed(facts.external_key) if facts.external_key else None
        found = self.known.records.get(facts.record) if facts.record else self.known.keyed.get(key or "")
        if found is not None:
            return found
        handle = facts.record or key or facts.task or ""
        if handle not in self._new_records:
            new = NewRecord(facts.record, None if key in self.known.keyed else key, facts.facility)
            self._new_records[handle] = new
            self.plan.records.append(new)
        return self._new_records[handle]

    def _more_sensitive(self, record: Record | NewRecord, facts: TaskFacts) -> bool:
        """Add the line's categories to its record. An import never takes one away."""
        if isinstance(record, NewRecord):
            record.sensitive.update(facts.sensitive)
            return False
        if self.plan.sensitive_of(record).issuperset(facts.sensitive):
            return False
        self.plan.sensitive[record.id] = {*self.plan.sensitive_of(record), *facts.sensitive}
        return True

    def _compare(self, task: ReviewTask, facts: TaskFacts, *, grown: bool) -> None:
        self.report.references[facts.line] = task.reference
        values = {} if task.state in ENDED else _differences(task, facts)
        if values:
            self.plan.changes.append(Change(task, values))
        if values or grown:
            self.report.updated += 1
        else:
            self.report.unchanged += 1


def _differences(task: ReviewTask, facts: TaskFacts) -> dict[str, Any]:
    """What a line says differently; a blank cell says nothing. An age in days never makes a task younger: yesterday's file changes nothing today."""
    said = {name: getattr(facts, name) for name in OWNED_BY_SOURCE}
    aged_from = facts.aged_from or task.aged_from
    said["aged_from"] = aged_from if facts.aged_exactly else min(aged_from, task.aged_from)
    said["bill_hold_until"] = facts.hold_until(said["aged_from"])
    return {name: value for name, value in said.items() if value is not None and value != getattr(task, name)}
