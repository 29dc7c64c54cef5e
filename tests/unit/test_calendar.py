"""Business days follow the facility's calendar; working hours follow a person's wall clock, also when it jumps."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import (
    WorkingHours,
    add_business_days,
    add_working_hours,
    business_day_on_or_before,
    business_days_between,
    is_business_day,
    is_holiday,
    is_working_moment,
    next_working_moment,
    previous_business_day,
    working_hours_between,
)
from bot.errors import BadInput

STATES = [None, *sorted(holidays.country_holidays("US").subdivisions)]
NEW_YORK = "America/New_York"
DAYTIME = WorkingHours(time(8), time(17), holidays=None)
NIGHT = WorkingHours(time(22), time(6), holidays=None)
ALWAYS = WorkingHours(time(0), time(0), frozenset(range(1, 8)), holidays=None)
CLOCKS = (NEW_YORK, "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns", "UTC")
ten_years = st.dates(date(2024, 1, 1), date(2033, 12, 31))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2033, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(zone: str, text: str, fold: int = 0) -> datetime:
    """A wall-clock time as the instant it is (in UTC: Python calls an ambiguous local time unequal to every other
    zone's).
    """
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def federal_holidays_by_law(year: int) -> set[date]:
    """5 U.S.C.

    6103, worked out from its text: a Saturday is observed on the Friday before, a Sunday on the Monday after.
    """

    def nth(month: int, weekday: int, number: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))

    may = date(year, 5, 31)
    moving = {
        nth(1, 0, 3),
        nth(2, 0, 3),
        may - timedelta(days=may.weekday()),
        nth(9, 0, 1),
        nth(10, 0, 2),
        nth(11, 3, 4),
    }
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    shift = {5: -1, 6: 1}
    observed = {day + timedelta(days=shift.get(day.weekday(), 0)) for day in (*fixed, date(year + 1, 1, 1))}
    return {day for day in moving | observed if day.year == year}


class TestBusinessDays:
    @pytest.mark.parametrize("year", range(2022, 2035))
    def test_federal_business_days_are_those_of_the_law(self, year: int) -> None:
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        by_law = federal_holidays_by_law(year)
        assert [day for day in days if is_business_day(day) != (day.weekday() < 5 and day not in by_law)] == []

    def test_a_state_keeps_its_own_calendar(self) -> None:
        friday_after_thanksgiving, columbus_day = date(2026, 11, 27), date(2026, 10, 12)
        assert [is_business_day(friday_after_thanksgiving, state) for state in (None, "CA", "IL")] == [
            True,
            False,
            True,
        ]
        assert [is_business_day(columbus_day, state) for state in (None, "TX", "NY")] == [False, True, False]

    def test_the_observed_day_is_a_day_off_too(self) -> None:
        assert is_holiday(date(2026, 7, 3))  # the Fourth of July is a Saturday in 2026
        assert not is_business_day(date(2022, 12, 26))

    def test_small_letters_and_spaces_are_read_and_other_letters_refused_by_name(self) -> None:
        assert is_business_day(date(2026, 11, 27), " ca ") is False
        with pytest.raises(BadInput, match="“ZZ” is no US state") as refused:
            is_business_day(date(2026, 11, 27), "ZZ")
        assert refused.value.field == "legal_state"

    def test_known_answers_across_a_holiday(self) -> None:
        assert add_business_days(date(2026, 10, 29), 15, "WA") == date(2026, 11, 20)
        assert add_business_days(date(2026, 11, 3), 15, "TX") == date(2026, 11, 25)
        assert add_business_days(date(2026, 11, 20), -15, "WA") == date(2026, 10, 29)

    def test_before_and_on_or_before(self) -> None:
        saturday, friday, thursday = date(2026, 11, 28), date(2026, 11, 27), date(2026, 11, 26)
        assert business_day_on_or_before(saturday) == friday == business_day_on_or_before(friday)
        assert previous_business_day(friday) == date(2026, 11, 25)  # Thursday is Thanksgiving
        assert business_day_on_or_before(thursday) == date(2026, 11, 25)

    @settings(max_examples=150, deadline=None)
    @given(day=ten_years, number=st.integers(-60, 60), state=st.sampled_from(STATES))
    def test_counting_there_and_back_agree(self, day: date, number: int, state: str | None) -> None:
        reached = add_business_days(day, number, state)
        assert business_days_between(day, reached, state) == number
        assert number == 0 or is_business_day(reached, state)


class TestWorkingHours:
    def test_a_notice_at_night_waits_for_the_morning_and_on_friday_for_monday(self) -> None:
        assert next_working_moment(at(NEW_YORK, "2026-11-18T22:10"), DAYTIME, NEW_YORK) == at(
            NEW_YORK, "2026-11-19T08:00"
        )
        assert next_working_moment(at(NEW_YORK, "2026-11-20T17:00"), DAYTIME, NEW_YORK) == at(
            NEW_YORK, "2026-11-23T08:00"
        )

    def test_within_the_hours_it_is_now_and_comes_back_in_utc(self) -> None:
        now = at(NEW_YORK, "2026-11-18T08:00")
        assert next_working_moment(now, DAYTIME, NEW_YORK) == now
        assert next_working_moment(now, DAYTIME, NEW_YORK).tzinfo is UTC

    def test_the_end_belongs_to_the_evening(self) -> None:
        assert is_working_moment(at(NEW_YORK, "2026-11-18T16:59:59"), DAYTIME, NEW_YORK)
        assert not is_working_moment(at(NEW_YORK, "2026-11-18T17:00"), DAYTIME, NEW_YORK)

    def test_holidays_are_days_off_unless_somebody_works_on_them(self) -> None:
        thanksgiving = at(NEW_YORK, "2026-11-26T10:00")
        assert next_working_moment(thanksgiving, WorkingHours(), NEW_YORK) == at(NEW_YORK, "2026-11-27T08:00")
        californian = WorkingHours(holidays="CA")
        assert next_working_moment(thanksgiving, californian, NEW_YORK) == at(NEW_YORK, "2026-11-30T08:00")
        assert is_working_moment(thanksgiving, DAYTIME, NEW_YORK)

    def test_a_night_shift_belongs_to_the_day_it_starts_on(self) -> None:
        saturday_morning, sunday_night = at(NEW_YORK, "2026-11-21T05:59"), at(NEW_YORK, "2026-11-22T23:00")
        assert is_working_moment(saturday_morning, NIGHT, NEW_YORK)
        assert not is_working_moment(sunday_night, NIGHT, NEW_YORK)
        assert next_working_moment(sunday_night, NIGHT, NEW_YORK) == at(NEW_YORK, "2026-11-23T22:00")

    def test_hours_from_a_profile_may_end_at_midnight(self) -> None:
        evening = WorkingHours.of_minutes(16 * 60, 24 * 60, ("1", "2", "3", "4", "5"))
        assert is_working_moment(at(NEW_YORK, "2026-11-18T23:59"), evening, NEW_YORK)
        assert not is_working_moment(at(NEW_YORK, "2026-11-19T00:00"), evening, NEW_YORK)

    @pytest.mark.parametrize(
        ("zone", "utc"), [("Asia/Kolkata", "02:30"), ("Asia/Kathmandu", "02:15"), ("Pacific/Chatham", "18:15")]
    )
    def test_zones_with_half_and_quarter_hours(self, zone: str, utc: str) -> None:
        start = next_working_moment(at(zone, "2026-11-18T05:00"), DAYTIME, zone)
        assert f"{start:%H:%M}" == utc

    @pytest.mark.parametrize("weekdays", [frozenset[int](), frozenset({0}), frozenset({1, 8})])
    def test_hours_without_a_working_day_are_refused(self, weekdays: frozenset[int]) -> None:
        with pytest.raises(BadInput, match="at least one working day"):
            WorkingHours(weekdays=weekdays)

    @pytest.mark.parametrize(("start", "end"), [(-1, 60), (1440, 60), (0, 1441)])
    def test_minutes_outside_the_day_are_refused(self, start: int, end: int) -> None:
        with pytest.raises(BadInput, match="between 00:00 and 24:00"):
            WorkingHours.of_minutes(start, end, (1,))

    @pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
    def test_an_unknown_zone_is_refused_by_name(self, zone: str) -> None:
        with pytest.raises(BadInput, match="is no time zone"):
            is_working_moment(at(NEW_YORK, "2026-11-18T10:00"), DAYTIME, zone)


class TestWhenTheClockJumps:
    """New York: 8 March 2026 02:00 becomes 03:00; 1 November 2026 02:00 becomes 01:00 again. Both are Sundays."""

    sundays = frozenset({7})

    def test_a_start_that_does_not_exist_is_the_moment_of_the_jump(self) -> None:
        hours = WorkingHours(time(2, 30), time(9), self.sundays, holidays=None)
        start = next_working_moment(at(NEW_YORK, "2026-03-08T00:00"), hours, NEW_YORK)
        assert start == at(NEW_YORK, "2026-03-08T03:00") == datetime(2026, 3, 8, 7, tzinfo=UTC)
        assert working_hours_between(start, start + timedelta(days=1), hours, NEW_YORK) == 6

    def test_an_end_that_does_not_exist_is_the_moment_of_the_jump(self) -> None:
        hours = WorkingHours(time(1), time(2, 30), self.sundays, holidays=None)
        assert is_working_moment(at(NEW_YORK, "2026-03-08T01:59"), hours, NEW_YORK)
        assert not is_working_moment(at(NEW_YORK, "2026-03-08T03:00"), hours, NEW_YORK)

    def test_a_start_that_comes_twice_is_the_first(self) -> None:
        hours = WorkingHours(time(1, 30), time(3), self.sundays, holidays=None)
        start = next_working_moment(at(NEW_YORK, "2026-11-01T00:00"), hours, NEW_YORK)
        assert start == at(NEW_YORK, "2026-11-01T01:30", fold=0) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
        assert working_hours_between(start, start + timedelta(days=1), hours, NEW_YORK) == 2.5

    def test_an_end_that_comes_twice_is_the_second(self) -> None:
        hours = WorkingHours(time(0), time(1, 30), self.sundays, holidays=None)
        assert is_working_moment(at(NEW_YORK, "2026-11-01T01:20", fold=1), hours, NEW_YORK)
        assert not is_working_moment(at(NEW_YORK, "2026-11-01T01:30", fold=1), hours, NEW_YORK)

    @pytest.mark.parametrize(("evening", "real_hours"), [("2026-03-07T22:00", 7), ("2026-10-31T22:00", 9)])
    def test_a_night_shift_has_the_hours_it_really_has(self, evening: str, real_hours: float) -> None:
        saturdays = WorkingHours(time(22), time(6), frozenset({6}), holidays=None)
        start = at(NEW_YORK, evening)
        assert working_hours_between(start, start + timedelta(days=1), saturdays, NEW_YORK) == real_hours

    def test_moments_given_in_local_time_count_the_same(self) -> None:
        place = ZoneInfo(NEW_YORK)
        start = datetime(2026, 3, 7, 23, tzinfo=place)
        end = datetime(2026, 3, 8, 5, tzinfo=place)
        saturdays = WorkingHours(time(22), time(6), frozenset({6}), holidays=None)
        assert working_hours_between(start, end, saturdays, NEW_YORK) == 5
        assert add_working_hours(start, 5, saturdays, NEW_YORK) == end

    def test_a_jump_of_half_an_hour(self) -> None:
        hours = WorkingHours(time(2, 15), time(9), self.sundays, holidays=None)
        start = next_working_moment(at("Australia/Lord_Howe", "2026-10-04T00:00"), hours, "Australia/Lord_Howe")
        assert start == at("Australia/Lord_Howe", "2026-10-04T02:30")

    def test_a_day_that_a_country_left_out_has_no_shift(self) -> None:
        samoa = "Pacific/Apia"  # 30 December 2011, a Friday, never was
        thursday_night = at(samoa, "2011-12-29T20:00")
        assert next_working_moment(thursday_night, DAYTIME, samoa) == at(samoa, "2012-01-02T08:00")


class TestCountingHours:
    def test_eight_hours_of_work_from_the_afternoon_end_the_next_afternoon(self) -> None:
        claimed = at(NEW_YORK, "2026-11-19T15:00")
        assert add_working_hours(claimed, 4, DAYTIME, NEW_YORK) == at(NEW_YORK, "2026-11-20T10:00")
        assert add_working_hours(claimed, 8, DAYTIME, NEW_YORK) == at(NEW_YORK, "2026-11-20T14:00")
        assert add_working_hours(claimed, 12, DAYTIME, NEW_YORK) == at(NEW_YORK, "2026-11-23T09:00")

    def test_a_full_day_ends_at_its_end_and_not_the_next_morning(self) -> None:
        assert add_working_hours(at(NEW_YORK, "2026-11-19T06:00"), 9, DAYTIME, NEW_YORK) == at(
            NEW_YORK, "2026-11-19T17:00"
        )

    def test_the_weekend_does_not_count(self) -> None:
        friday, monday = at(NEW_YORK, "2026-11-20T16:00"), at(NEW_YORK, "2026-11-23T09:30")
        assert working_hours_between(friday, monday, DAYTIME, NEW_YORK) == 2.5
        assert working_hours_between(monday, friday, DAYTIME, NEW_YORK) == 0

    def test_round_the_clock_the_day_of_the_jump_counts_as_long_as_it_was(self) -> None:
        for day, long in (("2026-03-08", 23), ("2026-11-01", 25), ("2026-11-02", 24)):
            midnight = at(NEW_YORK, f"{day}T00:00")
            next_midnight = at(NEW_YORK, f"{date.fromisoformat(day) + timedelta(days=1)}T00:00")
            assert working_hours_between(midnight, next_midnight, ALWAYS, NEW_YORK) == long

    def test_an_hour_that_belongs_to_two_shifts_counts_once(self) -> None:
        cuba = "America/Havana"  # midnight comes twice on 1 November 2026: it ends one day and starts the next
        saturday, monday = at(cuba, "2026-10-31T00:00"), at(cuba, "2026-11-02T00:00")
        assert working_hours_between(saturday, monday, ALWAYS, cuba) == 49

    def test_negative_hours_are_a_mistake_of_the_caller(self) -> None:
        with pytest.raises(ValueError, match="0 or more"):
            add_working_hours(at(NEW_YORK, "2026-11-19T06:00"), -1, DAYTIME, NEW_YORK)

    @settings(max_examples=150, deadline=None)
    @given(
        start=moments,
        number=st.integers(1, 200).map(lambda quarters: quarters / 4),
        zone=st.sampled_from(CLOCKS),
        hours=st.sampled_from([DAYTIME, NIGHT, ALWAYS, WorkingHours(time(6, 30), time(14, 45))]),
    )
    def test_adding_and_counting_agree(self, start: datetime, number: float, zone: str, hours: WorkingHours) -> None:
        reached = add_working_hours(start, number, hours, zone)
        assert working_hours_between(start, reached, hours, zone) == pytest.approx(number)
        assert is_working_moment(reached - timedelta(microseconds=1), hours, zone)

    @settings(max_examples=150, deadline=None)
    @given(now=moments, zone=st.sampled_from(sorted(zoneinfo.available_timezones())))
    def test_the_next_working_moment_is_the_first_minute_of_work(self, now: datetime, zone: str) -> None:
        found = next_working_moment(now, DAYTIME, zone)
        assert found >= now
        assert is_working_moment(found, DAYTIME, zone)
        assert working_hours_between(now, found, DAYTIME, zone) == 0
        local = found.astimezone(ZoneInfo(zone))
        assert local.isoweekday() < 6
        assert local.hour >= 8
