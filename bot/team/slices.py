"""Parts of the team's work, by one word each: what a number on the board counts, and the tasks behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.actors import Actor
from bot.errors import Stale
from bot.moments import local_day
from storage.tables import Person, PhysicianQuery, ReviewTask, TaskHold
from storage.tables.reviews import AVAILABLE
from storage.words import HoldReason, TaskType

#: A task nobody has is at risk when its due date or the end of its bill hold is this near, or past.
AT_RISK = timedelta(hours=48)
#: The first day of age of each bucket of the backlog; the last one has no end.
AGES = (0, 3, 8, 31)
#: Days before a chart is delinquent in which the countdown shows it.
CHART_NOTICE = 7
#: How far ahead the countdown of bill holds looks, in days.
BILL_NOTICE = 3
#: What makes a chart delinquent when it is not finished in time after discharge (42 CFR 482.24(c)(4)(vii): 30 days; the number is a setting of the workspace).
CHARTS = (TaskType.CHART_COMPLETION, TaskType.DEFICIENCY_ANALYSIS)

#: States as literal conditions: a bound parameter would keep PostgreSQL from using the partial indexes.
IN_HAND = sa.literal_column("review_tasks.state IN ('claimed', 'in_progress')", sa.Boolean)
ON_HOLD = sa.literal_column("review_tasks.state = 'on_hold'", sa.Boolean)
WAITING = ReviewTask.state == AVAILABLE
OPEN = sa.or_(WAITING, IN_HAND, ON_HOLD)


class SliceKind(StrEnum):
    """What a part of the work has in common."""

    ALL = "all"
    TYPE = "type"
    FACILITY = "facility"
    AGE = "age"
    RISK = "risk"
    HOLD = "hold"
    OWNER = "owner"
    BILL = "bill"
    CHART = "chart"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Slice:
    """One part: ``value`` is a type, a facility, the first day of an age bucket, a hold reason, a Slack id, or which side of a countdown."""

    kind: SliceKind
    value: str = ""

    def pack(self) -> str:
        """As the value of a button."""
        return f"{self.kind}:{self.value}"


OVER, SOON = "over", "soon"


def read_slice(text: str) -> Slice:
    """Read it back.

    :raises Stale: when it is none, because it comes from a board of an older version.
    """
    kind, _, value = text.partition(":")
    try:
        found = Slice(SliceKind(kind), value)
        _condition_of(found, _ANY_DAY)
    except (ValueError, KeyError, OverflowError) as error:
        raise Stale("This board is from before. /team shows it as it stands now.") from error
    return found


@dataclass(frozen=True, slots=True)
class Day:
    """What the countdowns count from: the day in the facility's legal zone, the moment, and after how many days a chart is delinquent."""

    today: date
    now: datetime
    chart_days: int

    @classmethod
    def of(cls, actor: Actor, now: datetime, chart_days: int) -> Day:
        """The day at this moment."""
        return cls(local_day(now, actor.legal_zone), now, chart_days)


_ANY_DAY = Day(date(2000, 1, 1), datetime(2000, 1, 1, tzinfo=UTC), 30)


def at_risk(day: Day) -> sa.ColumnElement[bool]:
    """A due date or the end of a bill hold within 48 hours, or past."""
    ends = day.today + AT_RISK
    return sa.or_(ReviewTask.due_at <= day.now + AT_RISK, ReviewTask.bill_hold_until < ends)


def of_age(day: Day, first: int) -> sa.ColumnElement[bool]:
    """As old as an age bucket says."""
    bucket = AGES.index(first)
    oldest = [ReviewTask.aged_from > day.today - timedelta(days=AGES[bucket + 1])] if bucket + 1 < len(AGES) else []
    youngest = [ReviewTask.aged_from <= day.today - timedelta(days=first)] if first else []
    return sa.and_(sa.true(), *youngest, *oldest)


def age_of(day: Day, since: date) -> int:
    """The bucket of :data:`AGES` that a task which is work since that day lies in."""
    old = (day.today - since).days
    return sum(old >= first for first in AGES[1:])


def bill_hold(day: Day, side: str) -> sa.ColumnElement[bool]:
    """A bill hold that is over, or one that ends within three days."""
    if side == OVER:
        return ReviewTask.bill_hold_until < day.today
    return ReviewTask.bill_hold_until.between(day.today, day.today + timedelta(days=BILL_NOTICE))


def chart(day: Day, side: str) -> sa.ColumnElement[bool]:
    """A chart that is delinquent, or one that will be within a week."""
    due_from = day.today - timedelta(days=day.chart_days)
    late = ReviewTask.aged_from < due_from
    soon = ReviewTask.aged_from.between(due_from, due_from + timedelta(days=CHART_NOTICE))
    return sa.and_(ReviewTask.type.in_(CHARTS), late if side == OVER else soon)


def chart_is(day: Day, side: str, kind: TaskType, since: date) -> bool:
    """The same for one kind and day."""
    left = (since - day.today).days + day.chart_days
    return kind in CHARTS and (left < 0 if side == OVER else 0 <= left <= CHART_NOTICE)


def conditions(actor: Actor, which: Slice, day: Day) -> list[sa.ColumnElement[bool]]:
    """What a task must be to lie in a slice of this workspace."""
    return [ReviewTask.workspace_id == actor.workspace_id, *_condition_of(which, day, actor.workspace_id)]


def _condition_of(which: Slice, day: Day, workspace_id: int = 0) -> list[sa.ColumnElement[bool]]:
    value = which.value
    made: dict[SliceKind, Any] = {
        SliceKind.ALL: lambda: [WAITING],
        SliceKind.TYPE: lambda: [WAITING, ReviewTask.type == TaskType(value)],
        SliceKind.FACILITY: lambda: [WAITING, ReviewTask.facility == value if value else ReviewTask.facility.is_(None)],
        SliceKind.AGE: lambda: [WAITING, of_age(day, int(value))],
        SliceKind.RISK: lambda: [WAITING, at_risk(day)],
        SliceKind.HOLD: lambda: [ON_HOLD, _held_for(workspace_id, HoldReason(value))],
        SliceKind.OWNER: lambda: [sa.or_(IN_HAND, ON_HOLD), _owned_by(workspace_id, value)],
        SliceKind.BILL: lambda: [OPEN, bill_hold(day, value)],
        SliceKind.CHART: lambda: [OPEN, chart(day, value)],
        SliceKind.QUERY: lambda: [_asked_too_long(workspace_id, day.now)],
    }
    found: list[sa.ColumnElement[bool]] = made[which.kind]()
    return found


def _held_for(workspace_id: int, reason: HoldReason) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        TaskHold.workspace_id == workspace_id, TaskHold.task_id == ReviewTask.id, TaskHold.closed_at.is_(None), TaskHold.reason == reason
    )


def _owned_by(workspace_id: int, slack_user_id: str) -> sa.ColumnElement[bool]:
    person = sa.select(Person.id).where(Person.workspace_id == workspace_id, Person.slack_user_id == slack_user_id)
    return ReviewTask.owner_id == person.scalar_subquery()


def _asked_too_long(workspace_id: int, now: datetime) -> sa.ColumnElement[bool]:
    late = sa.select(PhysicianQuery.task_id).where(
        PhysicianQuery.workspace_id == workspace_id,
        sa.literal_column("physician_queries.state = 'open'", sa.Boolean),
        PhysicianQuery.escalate_at <= now,
    )
    return ReviewTask.id.in_(late)
