"""What a file of tasks would change: which records and tasks are new, and what is different about those the desk has."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.intake.keys import KeyedHash
from bot.intake.known_work import KnownWork
from bot.intake.problems import Problem
from bot.intake.report import ImportReport
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


class Met:
    """Which record and which task each line of a file was about so far, however long the file is: a few dozen bytes a line."""

    def __init__(self) -> None:
        self._records: dict[int, int] = {}
        self._tasks: dict[int, int] = {}

    def record(self, names: Iterable[str]) -> int:
        """The same number for the same record, by whichever of its names it is met."""
        keys = [hash(name) for name in names]
        number = next((self._records[key] for key in keys if key in self._records), len(self._records))
        for key in keys:
            self._records.setdefault(key, number)
        return number

    def first_line(self, task: Hashable, line: int) -> int:
        """The first line that was about this task: this one, when none was before."""
        return self._tasks.setdefault(hash(task), line)


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
    """Goes through some lines of one file, in their order."""

    def __init__(self, known: KnownWork, keyed: KeyedHash, report: ImportReport, met: Met) -> None:
        self.known = known
        self.keyed = keyed
        self.report = report
        self.met = met
        self.plan = TaskPlan()
        self._new_records: dict[str, NewRecord] = {}

    def go_through(self, lines: Iterable[TaskFacts]) -> TaskPlan:
        """Decide about each line."""
        for facts in lines:
            self._decide(facts)
        return self.plan

    def _decide(self, facts: TaskFacts) -> None:
        key = self.keyed(facts.external_key) if facts.external_key else None
        task = self.known.tasks.get(facts.task or "")
        record = self.known.by_id[task.record_id] if task else self._record(facts, key)
        if self._repeats(facts.task or (self.met.record(_names(facts, key, record)), facts.type, facts.setting), facts):
            return
        if not facts.task:
            task = self.known.on_record.get((record.id or 0, facts.type, facts.setting))
        grown = self._more_sensitive(record, facts)
        if task is None:
            self.plan.tasks.append(NewTask(facts, record))
            self.report.new += 1
        else:
            self._compare(task, facts, grown=grown)

    def _repeats(self, what: Hashable, facts: TaskFacts) -> bool:
        """Whether an earlier line was about the same task; this one is rejected then."""
        before = self.met.first_line(what, facts.line)
        if before == facts.line:
            return False
        told = f"is the same task as {'on ' if facts.unit == 'line' else ''}{facts.unit} {before}"
        self.report.reject([Problem(facts.line, facts.called.get("task_ref", "task_ref"), told, facts.unit)])
        return True

    def _record(self, facts: TaskFacts, key: str | None) -> Record | NewRecord:
        """The record a line names: by its reference, else by the source's key."""
        found = self.known.records.get(facts.record) if facts.record else self.known.keyed.get(key or "")
        if found is not None:
            return found
        names = _names(facts, key) or [facts.task or ""]
        new = next((self._new_records[name] for name in names if name in self._new_records), None)
        if new is None:
            new = NewRecord(facts.record, None if key in self.known.keyed else key, facts.facility)
            self.plan.records.append(new)
        self._new_records.update(dict.fromkeys(names, new))
        return new

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


def _names(facts: TaskFacts, key: str | None, record: Record | NewRecord | None = None) -> list[str]:
    """By what a line names its record: the reference people use, the keyed hash of the source's own key, and both as the desk has them."""
    known = (record.reference, record.external_key) if record else ()
    return [name for name in (facts.record, key, *known) if name]
