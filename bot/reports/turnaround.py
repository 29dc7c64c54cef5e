"""How long finished tasks took from the day they came to the desk, by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.audits.population import COMPLETED
from bot.reports.periods import Weeks, last_weeks
from storage.spans import whole_hours
from storage.tables import ReviewTask
from storage.words import Role, TaskType


@dataclass(frozen=True, slots=True)
class Turnaround:
    """Finished tasks of one kind. Hours of the calendar from arrival to completion: half took at most ``median_hours``, nine of ten ``slow_hours``."""

    type: TaskType
    done: int
    median_hours: int
    slow_hours: int


@dataclass(frozen=True, slots=True)
class TurnaroundReport:
    """How long work took over some weeks, most frequent kind first."""

    weeks: Weeks
    lines: tuple[Turnaround, ...]


def turnaround(session: Session, reader: Actor, now: datetime, weeks: int = 4) -> TurnaroundReport:
    """How long the tasks took that were finished in the last ``weeks`` weeks.

    :raises NotAllowed: unless a supervisor or an auditor asks.
    :raises WeeksOutOfRange: for a number of weeks that cannot be.
    """
    reader.require(Role.SUPERVISOR, Role.AUDITOR)
    span = last_weeks(reader, now, weeks)
    hours: dict[TaskType, dict[int, int]] = defaultdict(dict)
    for kind, took, count in session.execute(_counted(reader, span)):
        hours[kind][max(took, 0)] = hours[kind].get(max(took, 0), 0) + count
    lines = [
        Turnaround(kind, sum(counts.values()), percentile(counts, 50), percentile(counts, 90)) for kind, counts in hours.items()
    ]
    return TurnaroundReport(span, tuple(sorted(lines, key=lambda line: (-line.done, line.type))))


def percentile(counts: Mapping[int, int], percent: int) -> int:
    """The smallest value that at least ``percent`` of all counted have not exceeded (nearest rank).

    :param counts: how often each value was counted.
    :raises ValueError: when nothing was counted.
    """
    total, reached = sum(counts.values()), 0
    for value, count in sorted(counts.items()):
        reached += count
        if reached * 100 >= total * percent:
            return value
    raise ValueError("Nothing was counted.")


def _counted(reader: Actor, weeks: Weeks) -> sa.Select[TaskType, int, int]:
    """How many tasks of each kind took how many hours; the database counts, so a million tasks are some thousand rows."""
    took = whole_hours(ReviewTask.created_at, ReviewTask.completed_at).label("took")
    return (
        sa.select(ReviewTask.type, took, sa.func.count())
        .where(
            ReviewTask.workspace_id == reader.workspace_id,
            COMPLETED,
            ReviewTask.completed_at >= weeks.begins,
            ReviewTask.completed_at < weeks.ends,
        )
        .group_by(ReviewTask.type, sa.text("took"))
    )
