"""The team's board: the backlog by kind, age and facility, what is at risk, what waits for what, who has how much, and the countdowns.

A handful of aggregate statements, whatever the number of tasks; each is limited to tasks that are open, which partial indexes find.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.people import coworkers, is_away, names
from bot.reviews.cards import TaskCard, cards
from bot.team.slices import (
    AGES,
    IN_HAND,
    ON_HOLD,
    OVER,
    SOON,
    WAITING,
    Day,
    Slice,
    age_of,
    at_risk,
    bill_hold,
    chart,
    chart_is,
    conditions,
    read_slice,
)
from storage.tables import Person, PhysicianQuery, ReviewTask, TaskHold, Workspace
from storage.words import HoldReason, Role

#: How many tasks a page of the drill-down shows: as many as one group of checkboxes takes at a glance.
PAGE = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the backlog: how many wait, by age bucket (see :data:`bot.team.slices.AGES`), and how many of them are at risk."""

    name: str
    ages: tuple[int, ...]
    at_risk: int

    @property
    def total(self) -> int:
        """How many wait."""
        return sum(self.ages)


@dataclass(frozen=True, slots=True)
class Load:
    """What is in one person's hands. ``left``: they do not work here any more."""

    slack_user_id: str
    name: str
    active: int
    on_hold: int
    away: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Countdown:
    """How many are past a date, and how many come near it."""

    over: int
    soon: int


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """Everything a supervisor sees of the team at one moment."""

    waiting: int
    at_risk: int
    oldest_days: int
    in_hand: int
    on_hold: int
    done_today: int
    types: tuple[Row, ...]
    facilities: tuple[Row, ...]
    holds: tuple[tuple[HoldReason, int], ...]
    loads: tuple[Load, ...]
    bill_holds: Countdown
    charts: Countdown
    queries: Countdown
    chart_days: int


@dataclass(frozen=True, slots=True)
class SlicePage:
    """A page of the tasks behind a number of the board; ``page`` counts from 0."""

    slice: Slice
    cards: tuple[TaskCard, ...]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // PAGE), 1)


@dataclass(slots=True)
class _Tally:
    """What the waiting tasks sum up to."""

    waiting: int = 0
    at_risk: int = 0
    oldest: date | None = None
    countdowns: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    rows: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def team_board(session: Session, actor: Actor, now: datetime) -> TeamBoard:
    """The board as it stands now.

    :raises NotAllowed: unless a supervisor asks: it tells how much each person has in hand.
    """
    actor.require(Role.SUPERVISOR)
    day = _day(session, actor, now)
    tally = _waiting(session, actor, day)
    loads, held = _loads(session, actor, day, tally)
    return TeamBoard(
        waiting=tally.waiting,
        at_risk=tally.at_risk,
        oldest_days=(day.today - tally.oldest).days if tally.oldest else 0,
        in_hand=sum(load.active for load in loads),
        on_hold=held,
        done_today=_done(session, actor, now),
        types=_rows(tally, "type"),
        facilities=_rows(tally, "facility"),
        holds=_holds(session, actor),
        loads=loads,
        bill_holds=Countdown(*tally.countdowns[:2]),
        charts=Countdown(*tally.countdowns[2:]),
        queries=_queries(session, actor, now),
        chart_days=day.chart_days,
    )


def slice_page(session: Session, actor: Actor, now: datetime, text: str, page: int = 0) -> SlicePage:
    """A page of the tasks behind a number, best first; a page past the end is the last one.

    :raises NotAllowed: unless a supervisor asks.
    :raises Stale: when the text comes from a board of an older version.
    """
    actor.require(Role.SUPERVISOR)
    which = read_slice(text)
    where = conditions(actor, which, _day(session, actor, now))
    total = session.scalar(sa.select(sa.func.count()).select_from(ReviewTask).where(*where)) or 0
    page = max(min(page, (total - 1) // PAGE), 0)
    rows = session.scalars(
        sa.select(ReviewTask)
        .where(*where)
        .order_by(ReviewTask.urgency, ReviewTask.priority_rank, ReviewTask.aged_from, ReviewTask.id)
        .limit(PAGE)
        .offset(page * PAGE)
    ).all()
    return SlicePage(which, tuple(cards(session, actor, now, rows)), page, total)


def _day(session: Session, actor: Actor, now: datetime) -> Day:
    days = session.scalar(sa.select(Workspace.chart_days).where(Workspace.id == actor.workspace_id))
    return Day.of(actor, now, days or 30)


def _sums(day: Day) -> list[sa.ColumnElement[int]]:
    """Bill holds over and soon, charts over and soon."""
    found = (bill_hold(day, OVER), bill_hold(day, SOON), chart(day, OVER), chart(day, SOON))
    return [_count(condition) for condition in found]


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count().filter(condition)


def _waiting(session: Session, actor: Actor, day: Day) -> _Tally:
    """One pass over what waits, in the order of an index that holds all it needs: kind, facility and day. Ages and charts follow from the day."""
    rows = session.execute(
        sa.select(
            ReviewTask.type, ReviewTask.facility, ReviewTask.aged_from, sa.func.count(), _count(at_risk(day)),
            _count(bill_hold(day, OVER)), _count(bill_hold(day, SOON)),
        )
        .where(ReviewTask.workspace_id == actor.workspace_id, WAITING)
        .group_by(ReviewTask.type, ReviewTask.facility, ReviewTask.aged_from)
    )  # fmt: skip
    tally = _Tally()
    for kind, facility, since, count, risky, over, soon in rows:
        tally.waiting += count
        tally.at_risk += risky
        tally.oldest = min(tally.oldest or since, since)
        late, near = (count if chart_is(day, side, kind, since) else 0 for side in (OVER, SOON))
        _add(tally.countdowns, (over, soon, late, near))
        bucket = age_of(day, since)
        for key in (("type", kind.value), ("facility", facility or "")):
            ages = tally.rows.setdefault(key, [0] * (len(AGES) + 1))
            ages[bucket] += count
            ages[-1] += risky
    return tally


def _add(totals: list[int], more: Iterable[int]) -> None:
    for at, count in enumerate(more):
        totals[at] += count


def _rows(tally: _Tally, which: str) -> tuple[Row, ...]:
    found = [Row(name, tuple(ages[:-1]), ages[-1]) for (what, name), ages in tally.rows.items() if what == which]
    return tuple(sorted(found, key=lambda row: (-row.total, row.name)))


def _loads(session: Session, actor: Actor, day: Day, tally: _Tally) -> tuple[tuple[Load, ...], int]:
    """Who has how much, the fullest hands first, and how much is on hold in all. The countdowns go on for what is in hand."""
    counts: dict[int, list[int]] = {}
    for at, state in enumerate((IN_HAND, ON_HOLD)):
        rows = session.execute(
            sa.select(ReviewTask.owner_id, sa.func.count(), *_sums(day))
            .where(ReviewTask.workspace_id == actor.workspace_id, state)
            .group_by(ReviewTask.owner_id)
        )
        for owner, count, *sums in rows:
            counts.setdefault(owner or 0, [0, 0])[at] += count
            _add(tally.countdowns, sums)
    held = sum(count[1] for count in counts.values())
    people = {person.id: person for person in coworkers(session, actor.workspace_id, Role.SPECIALIST)}
    people |= names(session, actor.workspace_id, counts.keys() - people.keys())
    return _sorted_loads(people.values(), counts, day.now), held


def _sorted_loads(people: Iterable[Person], counts: dict[int, list[int]], now: datetime) -> tuple[Load, ...]:
    found = [
        Load(person.slack_user_id, person.name, active, held, away=is_away(person, now), left=not person.active)
        for person in people
        for active, held in (counts.get(person.id, [0, 0]),)
    ]
    return tuple(sorted(found, key=lambda load: (-load.active, -load.on_hold, load.name)))


def _holds(session: Session, actor: Actor) -> tuple[tuple[HoldReason, int], ...]:
    rows = session.execute(
        sa.select(TaskHold.reason, sa.func.count())
        .join(ReviewTask, ReviewTask.id == TaskHold.task_id)
        .where(
            TaskHold.workspace_id == actor.workspace_id,
            ReviewTask.workspace_id == actor.workspace_id,
            ON_HOLD,
            TaskHold.closed_at.is_(None),
        )
        .group_by(TaskHold.reason)
    )
    return tuple(sorted(((reason, count) for reason, count in rows), key=lambda row: (-row[1], row[0])))


def _queries(session: Session, actor: Actor, now: datetime) -> Countdown:
    """Physician queries past their clock, and the open ones that are not."""
    late, all_open = session.execute(
        sa.select(_count(PhysicianQuery.escalate_at <= now), sa.func.count()).where(
            PhysicianQuery.workspace_id == actor.workspace_id,
            sa.literal_column("physician_queries.state = 'open'", sa.Boolean),
        )
    ).one()
    return Countdown(late, all_open - late)


def _done(session: Session, actor: Actor, now: datetime) -> int:
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(ReviewTask)
            .where(
                ReviewTask.workspace_id == actor.workspace_id,
                sa.literal_column("review_tasks.state = 'completed'", sa.Boolean),
                ReviewTask.completed_at >= now - timedelta(hours=24),
            )
        )
        or 0
    )
