"""The weeks a report is about. A week is Monday to Sunday in the workspace's legal zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.actors import Actor
from bot.errors import BadInput
from bot.moments import local_day

WEEK = timedelta(days=7)
MOST_WEEKS = 53


class WeeksOutOfRange(BadInput):
    """A report covers 1 to 53 weeks. Type a number, such as: /team report 12"""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Whole weeks one after the other; ``mondays`` is the first day of each, oldest first."""

    mondays: tuple[date, ...]
    zone: str

    @property
    def starts_on(self) -> date:
        """The first day."""
        return self.mondays[0]

    @property
    def ends_on(self) -> date:
        """The last day, a Sunday; it may still be to come."""
        return self.mondays[-1] + WEEK - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return self.start_of(self.mondays[0])

    @property
    def ends(self) -> datetime:
        """The first moment after the last week."""
        return self.start_of(self.mondays[-1] + WEEK)

    @property
    def bounds(self) -> tuple[datetime, ...]:
        """The first moment of each week, oldest first."""
        return tuple(self.start_of(monday) for monday in self.mondays)

    def number_of(self, moment: sa.orm.InstrumentedAttribute[Any]) -> sa.ColumnElement[int]:
        """In a statement: the number of the week a moment of this span lies in, counted from 0."""
        later = [(moment >= bound, number) for number, bound in reversed(list(enumerate(self.bounds))) if number]
        return sa.case(*later, else_=0) if later else sa.literal(0)

    def start_of(self, day: date) -> datetime:
        """Midnight of a day in the legal zone."""
        return datetime.combine(day, time(), ZoneInfo(self.zone))


def last_weeks(actor: Actor, now: datetime, count: int, *, finished: bool = False) -> Weeks:
    """The last ``count`` weeks with the one that is running, or without it when only ``finished`` ones are meant.

    :raises WeeksOutOfRange: for fewer than one or more than a year.
    """
    if not 1 <= count <= MOST_WEEKS:
        raise WeeksOutOfRange
    today = local_day(now, actor.legal_zone)
    monday = today - timedelta(days=today.weekday()) - (WEEK if finished else timedelta())
    return Weeks(tuple(monday - WEEK * back for back in reversed(range(count))), actor.legal_zone)
