"""How long finished tasks took from the day they came to the desk, by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

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
    """How long work took over some weeks, most frequent kind first. ``trend``: the most frequent kind week by week, None where none was finished."""

    weeks: Weeks
    lines: tuple[Turnaround, ...]
    trend: tuple[Turnaround | None, ...] = ()


#: How often work of one kind took so many hours.
Hours = dict[int, int]


def turnaround(session: Session, reader: Actor, now: datetime, weeks: int = 4) -> TurnaroundReport:
    """How long the tasks took that were finished in the last ``weeks`` weeks.

    :raises NotAllowed: unless a supervisor or an auditor asks.
    :raises WeeksOutOfRange: for a number of weeks that cannot be.
    """
    reader.require(Role.SUPERVISOR, Role.AUDITOR)
    span = last_weeks(reader, now, weeks)
    by_week = _hours(session, reader, span)
    whole: dict[TaskType, Hours] = defaultdict(lambda: defaultdict(int))
    for (_, kind), counts in by_week.items():
        for took, count in counts.items():
            whole[kind][took] += count
    lines = sorted((_line(kind, counts) for kind, counts in whole.items()), key=lambda line: (-line.done, line.type))
    if not lines:
        return TurnaroundReport(span, ())
    first = lines[0].type
    trend = (by_week.get((number, first)) for number in range(len(span.mondays)))
    return TurnaroundReport(span, tuple(lines), tuple(_line(first, counts) if counts else None for counts in trend))


def turnaround_by_week(session: Session, reader: Actor, weeks: Weeks) -> list[dict[TaskType, Turnaround]]:
    """How long each kind of task took, for each of some weeks. Who may see it is for the caller to check."""
    found: list[dict[TaskType, Turnaround]] = [{} for _ in weeks.mondays]
    for (week, kind), counts in _hours(session, reader, weeks).items():
        found[week][kind] = _line(kind, counts)
    return found


def _line(kind: TaskType, counts: Mapping[int, int]) -> Turnaround:
    return Turnaround(kind, sum(counts.values()), percentile(counts, 50), percentile(counts, 90))


def _hours(session: Session, reader: Actor, weeks: Weeks) -> dict[tuple[int, TaskType], Hours]:
    """Counted week by week: each is a range of the index, and smaller to sort than the whole."""
    found: dict[tuple[int, TaskType], Hours] = defaultdict(lambda: defaultdict(int))
    for number, (begins, ends) in enumerate(pairwise((*weeks.bounds, weeks.ends))):
        for kind, took, count in session.execute(_counted(reader, begins, ends)):
            found[number, kind][max(took, 0)] += count
    return dict(found)


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


def _counted(reader: Actor, begins: datetime, ends: datetime) -> sa.Select[TaskType, int, int]:
    """How many tasks of each kind took how many hours; the database counts, so a million tasks are some thousand rows."""
    took = whole_hours(ReviewTask.created_at, ReviewTask.completed_at).label("took")
    return (
        sa.select(ReviewTask.type, took, sa.func.count())
        .where(
            ReviewTask.workspace_id == reader.workspace_id,
            COMPLETED,
            ReviewTask.completed_at >= begins,
            ReviewTask.completed_at < ends,
        )
        .group_by(ReviewTask.type, sa.text("took"))
    )
