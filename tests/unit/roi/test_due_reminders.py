"""Reminders come in time, in business days, to the one they are for, and only while they make sense."""

from __future__ import annotations

from datetime import date

import pytest

from bot.calendar import is_business_day
from bot.roi.due_dates import DueDate, RuleBook, due_date, load_rules
from bot.roi.due_reminders import ReminderPoint, authorization_reminders, pending_reminders, reminder_schedule
from bot.roi.due_rules import Audience, OnlyIf, PartOfDay, ReminderKind
from storage.words import RequestType

SAMPLE_DAYS = [date(2026, month, day) for month in range(1, 13) for day in (1, 9, 18, 27)]


@pytest.fixture(scope="module")
def rulebook() -> RuleBook:
    return load_rules()


def days_of(points: list[ReminderPoint], audience: Audience, *kinds: ReminderKind) -> list[str]:
    return [
        f"{point.on:%m-%d}" for point in points if point.audience is audience and (point.kind in kinds or not kinds)
    ]


class TestTheOwner:
    def test_a_fifteen_day_clock_reminds_five_two_one_and_on_the_morning(self, rulebook: RuleBook) -> None:
        received = date(2026, 11, 3)
        points = reminder_schedule(due_date(rulebook, RequestType.PATIENT_ACCESS, "TX", received), received)
        assert days_of(points, Audience.OWNER) == ["11-18", "11-23", "11-24", "11-25"]
        assert [point.days_left for point in points if point.audience is Audience.OWNER] == [5, 2, 1, 0]
        assert points[-2].kind is ReminderKind.DUE_TODAY

    def test_a_thirty_day_clock_asks_on_day_20_and_calls_on_day_25_for_the_extension(self, rulebook: RuleBook) -> None:
        received = date(2026, 11, 3)
        due = due_date(rulebook, RequestType.PATIENT_ACCESS, "OH", received)
        points = reminder_schedule(due, received)
        assert days_of(points, Audience.OWNER, ReminderKind.DUE_SOON) == ["11-18", "11-25", "12-01", "12-02"]
        assert days_of(points, Audience.OWNER, ReminderKind.EXTEND_OR_FINISH) == ["11-23"]
        assert days_of(points, Audience.OWNER, ReminderKind.LAST_CALL_EXTENSION) == ["11-27"]  # the 28th is a Saturday

    def test_a_contractors_thirty_days_have_no_extension_to_ask_about(self, rulebook: RuleBook) -> None:
        letter = date(2026, 11, 2)
        due = due_date(rulebook, RequestType.PAYER_ADR, "OH", letter, letter_on=letter, requester_type="upic")
        kinds = {point.kind for point in reminder_schedule(due, letter) if point.audience is Audience.OWNER}
        assert kinds == {ReminderKind.DUE_SOON}

    def test_once_extended_nobody_asks_again_and_the_long_clock_holds(self, rulebook: RuleBook) -> None:
        received = date(2026, 10, 22)
        due = due_date(rulebook, RequestType.PATIENT_ACCESS, "OH", received, extended=True)
        points = reminder_schedule(due, received)
        assert [point.days_left for point in points if point.audience is Audience.OWNER] == [20, 10, 5, 2]
        assert {point.kind for point in points if point.audience is Audience.OWNER} == {ReminderKind.DUE_SOON}

    def test_a_forty_five_day_clock_reminds_from_twenty_days_on(self, rulebook: RuleBook) -> None:
        letter = date(2026, 10, 14)
        due = due_date(rulebook, RequestType.PAYER_ADR, "AZ", date(2026, 10, 19), letter_on=letter)
        points = reminder_schedule(due, date(2026, 10, 19))
        assert days_of(points, Audience.OWNER) == ["10-28", "11-12", "11-19", "11-24"]

    def test_a_one_day_clock_reminds_at_half_of_the_time(self, rulebook: RuleBook) -> None:
        friday = date(2026, 11, 20)
        due = due_date(rulebook, RequestType.CONTINUITY_OF_CARE, "OH", friday)
        owner = [point for point in reminder_schedule(due, friday) if point.audience is Audience.OWNER]
        assert [(point.on, point.at) for point in owner] == [(date(2026, 11, 23), PartOfDay.HALF_OF_THE_TIME)]

    def test_days_before_receipt_are_left_out(self, rulebook: RuleBook) -> None:
        late = date(2026, 11, 23)
        due = due_date(rulebook, RequestType.PAYER_ADR, "IL", late, letter_on=date(2026, 10, 14))
        assert days_of(reminder_schedule(due, late), Audience.OWNER) == ["11-24"]

    def test_what_comes_on_its_last_day_is_still_said(self, rulebook: RuleBook) -> None:
        today = date(2026, 11, 24)
        due = due_date(rulebook, RequestType.SUBPOENA, "OH", today, letter_on=date(2026, 11, 10), letter_due_on=today)
        assert ReminderKind.DUE_TODAY in {point.kind for point in reminder_schedule(due, today)}


class TestTheSupervisor:
    def test_hears_of_nobody_owning_it_of_the_last_two_days_and_then_daily(self, rulebook: RuleBook) -> None:
        received = date(2026, 11, 3)
        points = reminder_schedule(due_date(rulebook, RequestType.PATIENT_ACCESS, "TX", received), received)
        supervisor = [point for point in points if point.audience is Audience.SUPERVISOR]
        assert [(point.kind, f"{point.on:%m-%d}", point.only_if, point.daily) for point in supervisor] == [
            (ReminderKind.UNASSIGNED, "11-05", OnlyIf.UNASSIGNED, False),
            (ReminderKind.DUE_SOON, "11-23", None, False),
            (ReminderKind.OVERDUE, "11-27", None, True),  # the day after Thanksgiving
        ]

    def test_two_hours_before_the_end_of_a_one_day_clock(self, rulebook: RuleBook) -> None:
        received = date(2026, 11, 17)
        due = due_date(rulebook, RequestType.CONTINUITY_OF_CARE, "OH", received)
        first = next(point for point in reminder_schedule(due, received) if point.audience is Audience.SUPERVISOR)
        assert (first.on, first.at, first.kind) == (
            date(2026, 11, 18),
            PartOfDay.TWO_HOURS_BEFORE,
            ReminderKind.LAST_HOURS,
        )

    def test_ten_days_before_a_long_deadline_only_if_quality_has_not_seen_it(self, rulebook: RuleBook) -> None:
        letter = date(2026, 11, 9)
        due = due_date(rulebook, RequestType.PAYER_ADR, "IL", letter, letter_on=letter)
        points = [point for point in reminder_schedule(due, letter) if point.audience is Audience.SUPERVISOR]
        assert [(point.kind, f"{point.on:%m-%d}", point.only_if) for point in points] == [
            (ReminderKind.NOT_IN_QA, "12-10", OnlyIf.NOT_IN_QA),
            (ReminderKind.OVERDUE, "12-28", None),
        ]


class TestAlways:
    def every_due_date(self, rulebook: RuleBook) -> list[tuple[DueDate, date]]:
        return [
            (due_date(rulebook, kind, state, received, letter_on=received, letter_due_on=date(2027, 2, 1)), received)
            for kind in RequestType
            for state in (None, "CA", "TX", "NY")
            for received in SAMPLE_DAYS
        ]

    def test_reminders_fall_on_business_days_after_receipt_in_order_and_never_twice(self, rulebook: RuleBook) -> None:
        for due, received in self.every_due_date(rulebook):
            points = reminder_schedule(due, received)
            assert points, due.rule_id
            assert points == sorted(points, key=lambda point: (point.on, point.audience, point.kind))
            assert len(set(points)) == len(points)
            for point in points:
                assert is_business_day(point.on, due.calendar_state)
                assert point.on > received or point.on == due.effective_due_on
                assert point.on <= due.effective_due_on or point.kind is ReminderKind.OVERDUE

    def test_the_supervisor_always_hears_when_it_is_overdue(self, rulebook: RuleBook) -> None:
        for due, received in self.every_due_date(rulebook):
            overdue = [point for point in reminder_schedule(due, received) if point.kind is ReminderKind.OVERDUE]
            assert [point.on > due.due_on for point in overdue] == [True]


class TestAuthorizationsAndWaiting:
    def test_an_authorization_that_ends_is_said_two_weeks_and_three_days_before(self, rulebook: RuleBook) -> None:
        points = authorization_reminders(rulebook, date(2027, 4, 30), "CO")
        assert [(point.kind, f"{point.on:%m-%d}", point.audience) for point in points] == [
            (ReminderKind.AUTHORIZATION_EXPIRING, "04-16", Audience.OWNER),
            (ReminderKind.AUTHORIZATION_EXPIRING, "04-27", Audience.OWNER),
            (ReminderKind.AUTHORIZATION_EXPIRED, "05-03", Audience.SUPERVISOR),
        ]

    def test_waiting_is_asked_about_every_three_days_and_after_ten_by_the_supervisor(self, rulebook: RuleBook) -> None:
        points = pending_reminders(rulebook, date(2026, 11, 3), date(2026, 11, 20), "OH")
        assert days_of(points, Audience.OWNER) == ["11-06", "11-12", "11-17", "11-20"]
        assert days_of(points, Audience.SUPERVISOR) == ["11-18"]

    def test_a_short_wait_is_not_asked_about(self, rulebook: RuleBook) -> None:
        assert pending_reminders(rulebook, date(2026, 11, 3), date(2026, 11, 5), "OH") == []
