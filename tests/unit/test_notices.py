"""When something may be said to whom: once, and only while they are at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import is_working_moment
from bot.errors import BadInput
from bot.notices import leaves_at, tell, withdraw, working_hours
from bot.people import keep_settings
from storage.tables import Person
from storage.words import NoticeKind, NoticeState, Role, Subject
from tests.clinic import Clinic

ZONES = ["America/New_York", "America/Los_Angeles", "America/Phoenix", "Asia/Manila", "Asia/Kolkata", "Europe/Dublin", "UTC"]


def coworker(zone: str = "America/New_York", **settings: object) -> Person:
    """Monday to Friday, eight to five."""
    told = {
        "hours_start": 480, "hours_end": 1020, "workdays": ("1", "2", "3", "4", "5"), "works_holidays": False,
        "away_until": None, "slack_user_id": "U1", "name": "Noor", **settings,
    }  # fmt: skip
    return Person(zone=zone, **told)


def local(zone: str, *moment: int) -> datetime:
    """A wall-clock time in a zone, in UTC."""
    return datetime(*moment, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_in_working_hours_at_once_else_at_the_start_of_the_next_day(zone: str) -> None:
    person = coworker(zone)
    at_work = local(zone, 2026, 11, 23, 9, 30)
    assert leaves_at(person, at_work) == at_work
    assert leaves_at(person, local(zone, 2026, 11, 23, 18, 0)) == local(zone, 2026, 11, 24, 8, 0)
    assert leaves_at(person, local(zone, 2026, 11, 23, 3, 0)) == local(zone, 2026, 11, 23, 8, 0)
    assert leaves_at(person, local(zone, 2026, 11, 20, 17, 0)) == local(zone, 2026, 11, 23, 8, 0)


def test_over_the_weekend_and_a_federal_holiday_it_waits() -> None:
    zone = "America/Chicago"
    evening_before_thanksgiving = local(zone, 2026, 11, 25, 17, 30)
    assert leaves_at(coworker(zone), evening_before_thanksgiving) == local(zone, 2026, 11, 27, 8, 0)
    assert leaves_at(coworker(zone, works_holidays=True), evening_before_thanksgiving) == local(zone, 2026, 11, 26, 8, 0)


def test_on_leave_it_waits_for_the_first_shift_afterwards() -> None:
    zone = "America/Denver"
    saturday = local(zone, 2026, 12, 5, 0, 0)
    assert leaves_at(coworker(zone, away_until=saturday), local(zone, 2026, 11, 30, 9, 0)) == local(zone, 2026, 12, 7, 8, 0)
    assert leaves_at(coworker(zone, away_until=saturday), local(zone, 2026, 12, 8, 9, 0)) == local(zone, 2026, 12, 8, 9, 0)


def test_a_night_shift_reaches_into_the_next_day() -> None:
    night = coworker("America/New_York", hours_start=22 * 60, hours_end=6 * 60, workdays=("5",))
    assert leaves_at(night, local("America/New_York", 2026, 11, 21, 3, 0)) == local("America/New_York", 2026, 11, 21, 3, 0)
    assert leaves_at(night, local("America/New_York", 2026, 11, 21, 7, 0)) == local("America/New_York", 2026, 11, 27, 22, 0)


@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    start=st.integers(0, 1439),
    end=st.integers(0, 1440),
    days=st.sets(st.sampled_from("1234567"), min_size=1),
    away=st.none() | st.integers(-48, 24 * 20),
)
def test_whatever_the_hours_it_leaves_on_shift_and_never_before_now_or_the_end_of_leave(
    zone: str, now: datetime, start: int, end: int, days: set[str], away: int | None
) -> None:
    until = None if away is None else now + timedelta(hours=away)
    person = coworker(zone, hours_start=start, hours_end=end, workdays=tuple(days), away_until=until)
    leaves = leaves_at(person, now)
    assert leaves >= now
    assert until is None or leaves >= until
    assert is_working_moment(leaves, working_hours(person), zone)


def test_the_same_thing_is_said_once(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    assert say(clinic, noor.user_id, "first")
    assert not say(clinic, noor.user_id, "first")
    assert say(clinic, noor.user_id, "second")
    assert [notice.dedupe_key for notice in clinic.notices()] == ["first", "second"]


def test_the_same_key_in_another_workspace_is_another_notice(clinic: Clinic) -> None:
    neighbour = clinic.neighbour()
    for one in (clinic, neighbour):
        assert say(one, one.person("Noor").user_id, "first")
    assert [len(one.notices()) for one in (clinic, neighbour)] == [1, 1]


def test_what_is_taken_back_does_not_leave_and_what_left_stays(clinic: Clinic) -> None:
    noor = clinic.person("Noor")
    for key in ("sent", "waiting"):
        say(clinic, noor.user_id, key)
    with clinic.database.write() as session:
        session.get_one(type(clinic.notices()[0]), clinic.notices()[0].id).state = NoticeState.SENT
        withdraw(session, clinic.workspace_id, Subject.PERSON, 7, NoticeKind.WELCOME)
    assert [notice.state for notice in clinic.notices()] == [NoticeState.SENT, NoticeState.CANCELLED]


def test_ones_own_hours_are_kept_and_wrong_ones_named(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    kept = clinic.desk.change(noor, keep_settings, None, "22:00", "06:30", ["7", "6", "6"], digest=False, weekly=False)
    assert (kept.hours_start, kept.hours_end, kept.workdays, kept.digest) == (1320, 390, ("6", "7"), False)
    assert kept.weekly_report, "only supervisors are asked"
    with pytest.raises(BadInput) as told:
        clinic.desk.change(noor, keep_settings, None, "08:00", "17:00", [], digest=True, weekly=True)
    assert told.value.field == "workdays"


def say(clinic: Clinic, user_id: str, key: str) -> bool:
    """Put a notice into the outbox."""
    with clinic.database.write() as session:
        person = session.query(Person).filter_by(workspace_id=clinic.workspace_id, slack_user_id=user_id).one()
        return tell(session, person, clinic.clock(), NoticeKind.WELCOME, Subject.PERSON, 7, key=key)
