"""Business days of a facility and working hours of a person.

**Holidays.** They come from the ``holidays`` package: the federal holidays of the United States by default, and a
state's or territory's own calendar when its two letters are given. The package's *public* category is used: for a state
that is what its government keeps, with days the federal government does not have (the Friday after Thanksgiving in
California) and without some it has (Columbus Day in Texas). Both the day itself and the day it is observed on count as
holidays. Which calendar a court would apply is a question for counsel; see the notice in ``bot/roi/due_rules.toml``.

**Working hours** are wall-clock times in a person's zone. Where the clock jumps: a start or end that does not exist
that night falls on the moment of the jump; a start that exists twice is the first of the two, an end that exists twice
is the second. So no minute of a shift is lost and none is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from bot.errors import BadInput

#: The calendar of the federal government, where no state is known.
FEDERAL = "US"
#: The states, territories and the District of Columbia. Written out: the package's own list costs 0.2 s of every start, for it loads all countries.
STATES = frozenset(
    {
        "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID", "IL", "IN", "KS", "KY",
        "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK",
        "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UM", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
    }
)  # fmt: skip
SATURDAY = 6
MINUTES_OF_A_DAY = 24 * 60
ONE_DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
#: No chain of holidays and days off is longer; beyond it the working hours make no sense.
HORIZON_DAYS = 400


def is_holiday(day: date, state: str | None = None) -> bool:
    """Whether the day is a public holiday, or the day one is observed on.

    :param state: two letters of a state or territory; the federal holidays when left out.
    :raises BadInput: letters that are no state.
    """
    return day in _holidays_of(_calendar_name(state), day.year)


def is_business_day(day: date, state: str | None = None) -> bool:
    """Whether the day is neither Saturday, Sunday nor a holiday of the calendar (see :func:`is_holiday`)."""
    return day.isoweekday() < SATURDAY and not is_holiday(day, state)


def add_business_days(day: date, number: int, state: str | None = None) -> date:
    """The ``number``-th business day after ``day``, which itself does not count; a negative number counts back, 0 is
    ``day``.
    """
    step = ONE_DAY if number > 0 else -ONE_DAY
    left = abs(number)
    while left:
        day += step
        left -= is_business_day(day, state)
    return day


def business_days_between(start: date, end: date, state: str | None = None) -> int:
    """How many business days away ``end`` is: those after ``start``, up to and with ``end``; negative when ``end`` is
    earlier.

    So ``business_days_between(day, add_business_days(day, n)) == n`` for every ``n``.
    """
    if end < start:
        return -sum(is_business_day(end + timedelta(days=n), state) for n in range((start - end).days))
    return sum(is_business_day(start + timedelta(days=n + 1), state) for n in range((end - start).days))


def previous_business_day(day: date, state: str | None = None) -> date:
    """The last business day before ``day``."""
    return add_business_days(day, -1, state)


def business_day_on_or_before(day: date, state: str | None = None) -> date:
    """``day`` when it is a business day, else the one before: the *effective* day of a date that falls on a day off."""
    return day if is_business_day(day, state) else previous_business_day(day, state)


def is_state(letters: str) -> bool:
    """Whether these are the two letters of a state, a territory or the District of Columbia."""
    return letters.strip().upper() in STATES


def _calendar_name(state: str | None) -> str:
    if state is None or state.strip().upper() in {"", FEDERAL}:
        return FEDERAL
    if not is_state(state):
        raise BadInput(f"“{state}” is no US state. Use its two letters, such as CA.", field="legal_state")
    return state.strip().upper()


@lru_cache(maxsize=2048)
def _holidays_of(name: str, year: int) -> frozenset[date]:
    subdivision = None if name == FEDERAL else name
    return frozenset(holidays.country_holidays("US", subdiv=subdivision, years=year, observed=True))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a person works: from ``start`` to ``end`` (exclusive) on ``weekdays`` (ISO: 1 is Monday), in their own zone.

    An ``end`` that is not later than ``start`` is on the next day, so 22:00 to 06:00 is a night shift that belongs to
    the weekday it starts on, and 00:00 to 00:00 is the whole day. On ``holidays`` (a calendar as in :func:`is_holiday`,
    the federal one by default, None for somebody who works on them) no shift starts.

    :raises BadInput: no weekday, or a number that is none.
    """

    start: time = time(8)
    end: time = time(17)
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: str | None = FEDERAL

    def __post_init__(self) -> None:
        """Check what a form or an import may get wrong."""
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise BadInput("Choose at least one working day, 1 (Monday) to 7 (Sunday).", field="workdays")

    @classmethod
    def of_minutes(
        cls, start: int, end: int, weekdays: Iterable[int | str], holidays: str | None = FEDERAL
    ) -> WorkingHours:
        """Build them from minutes after local midnight (0 to 1440) and ISO weekday numbers.

        :raises BadInput: a minute or a weekday outside its range.
        """
        if not (0 <= start < MINUTES_OF_A_DAY and 0 <= end <= MINUTES_OF_A_DAY):
            raise BadInput("Working hours lie between 00:00 and 24:00.", field="hours")
        numbers = frozenset(int(weekday) for weekday in weekdays)
        return cls(_time_of(start), _time_of(end), numbers, holidays)

    def has_shift_on(self, day: date) -> bool:
        """Whether a shift starts on this local day."""
        return day.isoweekday() in self.weekdays and not (self.holidays and is_holiday(day, self.holidays))


def is_working_moment(now: datetime, hours: WorkingHours, zone: str) -> bool:
    """Whether ``now`` (aware) lies within a shift.

    :raises BadInput: an unknown zone.
    """
    instant = now.astimezone(UTC)
    return any(begin <= instant < end for begin, end in _shifts(instant, hours, zone, days=3))


def next_working_moment(now: datetime, hours: WorkingHours, zone: str) -> datetime:
    """``now`` when it is within a shift, else the start of the next shift; in UTC.

    :raises BadInput: an unknown zone, or hours with no shift within the next year.
    """
    instant = now.astimezone(UTC)
    for begin, end in _shifts(instant, hours, zone):
        if instant < end:
            return max(instant, begin)
    raise BadInput("These working hours have no working time within a year.", field="hours")


def add_working_hours(start: datetime, number: float, hours: WorkingHours, zone: str) -> datetime:
    """The moment (UTC) at which ``number`` hours of work have passed since ``start``; shifts count, what lies between
    does not.

    Hours are real hours: a night shift over the spring change is one shorter than its clock says.

    :raises BadInput: an unknown zone, or hours with no shift within a year.
    :raises ValueError: a negative number.
    """
    if number < 0:
        raise ValueError(f"{number:g} working hours cannot be added; give 0 or more")
    left, reached = timedelta(hours=number), start.astimezone(UTC)
    while left > timedelta():
        begin = next_working_moment(reached, hours, zone)
        end = next(end for first, end in _shifts(begin, hours, zone, days=3) if first <= begin < end)
        reached = min(begin + left, end)
        left -= reached - begin
    return reached


def working_hours_between(start: datetime, end: datetime, hours: WorkingHours, zone: str) -> float:
    """How many hours of work lie between two moments; 0.0 when ``end`` is not later.

    :raises BadInput: an unknown zone.
    """
    # In UTC first: Python subtracts two moments of one zone by their wall clocks.
    counted_to, until, total = start.astimezone(UTC), end.astimezone(UTC), timedelta()
    days = max(0, (until - counted_to).days) + 4
    for first, last in _shifts(counted_to, hours, zone, days=days):
        begin, finish = max(first, counted_to), min(last, until)
        if begin < finish:
            total += finish - begin
            counted_to = finish
    return total / timedelta(hours=1)


def _shifts(
    now: datetime, hours: WorkingHours, zone: str, days: int = HORIZON_DAYS
) -> Iterator[tuple[datetime, datetime]]:
    """Shifts in UTC, from the one that starts on the local day before ``now``, for so many local days."""
    place = _zone(zone)
    yesterday = now.astimezone(place).date() - ONE_DAY
    for day in (yesterday + timedelta(days=n) for n in range(days)):
        if hours.has_shift_on(day):
            ends_on = day if hours.start < hours.end else day + ONE_DAY
            begin = _instant(datetime.combine(day, hours.start), place, fold=0)
            end = _instant(datetime.combine(ends_on, hours.end), place, fold=1)
            if begin < end:
                yield begin, end


def _instant(wall: datetime, place: ZoneInfo, fold: int) -> datetime:
    """The UTC instant of a wall-clock time; ``fold`` chooses between two, and in a gap it is the moment of the jump."""
    instant = wall.replace(tzinfo=place, fold=fold).astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) == wall:
        return instant
    # In a gap the two readings lie on either side of the jump (PEP 495): halve the distance until it is found.
    before = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    offset_after = after.astimezone(place).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(place).utcoffset() == offset_after:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def _time_of(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadInput(f"“{name}” is no time zone. Use a name such as America/Chicago.", field="zone") from error
