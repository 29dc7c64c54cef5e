"""What the desk has already of the records and tasks a file names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.tables import Record, ReviewTask
from storage.words import TaskSetting, TaskType

T = TypeVar("T")

#: How many values one query asks for.
AT_ONCE = 5_000


@dataclass(slots=True)
class KnownWork:
    """Records by reference, by keyed hash and by key; tasks by reference, and by what they are on which record."""

    records: dict[str, Record] = field(default_factory=dict)
    by_id: dict[int, Record] = field(default_factory=dict)
    keyed: dict[str, Record] = field(default_factory=dict)
    tasks: dict[str, ReviewTask] = field(default_factory=dict)
    on_record: dict[tuple[int, TaskType, TaskSetting | None], ReviewTask] = field(default_factory=dict)

    @classmethod
    def of(
        cls, session: Session, workspace_id: int, records: Iterable[str], keys: Iterable[str], tasks: Iterable[str]
    ) -> KnownWork:
        """Ask for everything a file names, in a few queries whatever its length."""
        known = cls()
        for part in in_parts(records):
            known._take(session.scalars(_records(workspace_id).where(Record.reference.in_(part))))
        for part in in_parts(keys):
            known._take(session.scalars(_records(workspace_id).where(Record.external_key.in_(part))))
        for part in in_parts(tasks):
            for task in session.scalars(_tasks(workspace_id).where(ReviewTask.reference.in_(part))):
                known.tasks[task.reference] = task
        for ids in in_parts({task.record_id for task in known.tasks.values()}):
            known._take(session.scalars(_records(workspace_id).where(Record.id.in_(ids))))
        for ids in in_parts(known.by_id):
            for task in session.scalars(
                _tasks(workspace_id).where(ReviewTask.record_id.in_(ids)).order_by(ReviewTask.id)
            ):
                known.on_record[task.record_id, task.type, task.setting] = task
        return known

    def _take(self, records: Iterable[Record]) -> None:
        for record in records:
            self.records[record.reference] = self.by_id[record.id] = record
            if record.external_key:
                self.keyed[record.external_key] = record


def in_parts(values: Iterable[T]) -> Iterator[list[T]]:
    """Values in lists that fit into one query."""
    left = iter(values)
    while part := list(islice(left, AT_ONCE)):
        yield part


def _records(workspace_id: int) -> sa.Select[Record]:
    return sa.select(Record).where(Record.workspace_id == workspace_id)


def _tasks(workspace_id: int) -> sa.Select[ReviewTask]:
    return sa.select(ReviewTask).where(ReviewTask.workspace_id == workspace_id)
