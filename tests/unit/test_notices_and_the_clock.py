"""When the clock is moved by an hour, and in zones that are half an hour or three quarters off: mornings come once, and in the morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest import day_begun
from bot.notices import leaves_at, next_day_at
from storage.tables import Person
from storage.words import Role

EVERY_DAY = ("1", "2", "3", "4", "5", "6", "7")
#: The nights on which clocks are moved, on either half of the earth, and zones that are :30 and :45 off (one of them moves by half an hour).
NIGHTS = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Dublin", date(2026, 3, 29)),
    ("Europe/Dublin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Adelaide", date(2026, 10, 4)),
    ("Asia/Kolkata", date(2026, 3, 8)),
    ("Asia/Kathmandu", date(2026, 3, 8)),
    ("Pacific/Chatham", date(2026, 9, 27)),
]


def coworker(zone: str, start: int, end: int, **settings: object) -> Person:
    told = {
        "zone": zone, "hours_start": start, "hours_end": end, "workdays": EVERY_DAY, "works_holidays": True, "away_until": None,
        "digest": True, "roles": (Role.SPECIALIST,), "slack_user_id": "U1", "name": "Noor", **settings,
    }  # fmt: skip
    return Person(**told)


def mornings(person: Person, night: date) -> dict[date, list[datetime]]:
    """The minutes, of the three days round that night, at which each day's digest would be written."""
    place = ZoneInfo(person.zone)
    now = datetime(night.year, night.month, night.day, tzinfo=place).astimezone(UTC) - timedelta(days=1)
    found: dict[date, list[datetime]] = {}
    for _ in range(3 * 24 * 12):
        if (day := day_begun(person, now)) is not None:
            found.setdefault(day, []).append(now)
        now += timedelta(minutes=5)
    return found


@pytest.mark.parametrize(("zone", "night"), NIGHTS)
@pytest.mark.parametrize(("start", "end"), [(8 * 60, 17 * 60), (2 * 60 + 30, 11 * 60), (1 * 60 + 30, 9 * 60), (22 * 60, 6 * 60)])
def test_each_day_has_one_morning_at_the_start_of_its_shift(zone: str, night: date, start: int, end: int) -> None:
    person = coworker(zone, start, end)
    found = mornings(person, night)
    wanted = [night - timedelta(days=1), night, night + timedelta(days=1)]
    assert set(wanted) <= set(found)
    for day in wanted:
        first = found[day][0].astimezone(ZoneInfo(zone))
        begins = datetime.combine(day, datetime.min.time()) + timedelta(minutes=start)
        late = first.replace(tzinfo=None) - begins
        assert timedelta() <= late <= timedelta(hours=1)
        assert found[day][-1] - found[day][0] <= timedelta(hours=5)


@pytest.mark.parametrize(("zone", "night"), NIGHTS)
def test_what_waits_for_the_morning_leaves_at_eight_whatever_the_night_did(zone: str, night: date) -> None:
    person, place = coworker(zone, 8 * 60, 17 * 60), ZoneInfo(zone)
    evening = datetime(night.year, night.month, night.day, 20, tzinfo=place).astimezone(UTC) - timedelta(days=1)
    for leaves in (leaves_at(person, evening), next_day_at(person, evening)):
        local = leaves.astimezone(place)
        assert (local.hour, local.minute) == (8, 0)
        assert local.date() == night


def test_the_hour_that_comes_twice_does_not_make_two_mornings() -> None:
    """A shift from 1:30 on the night of the autumn change: 1:30 comes twice, the day is the same."""
    found = mornings(coworker("America/New_York", 90, 600), date(2026, 11, 1))
    first = found[date(2026, 11, 1)][0]
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert sorted(found) == [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2)]


@pytest.mark.parametrize("settings", [{"roles": ()}, {"away_until": datetime(2026, 12, 1, tzinfo=UTC)}])
def test_who_is_away_or_has_no_role_has_no_morning(settings: dict[str, object]) -> None:
    person = coworker("UTC", 480, 1020, **settings)
    assert day_begun(person, datetime(2026, 11, 23, 9, tzinfo=UTC)) is None
