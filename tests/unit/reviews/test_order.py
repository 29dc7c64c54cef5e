"""The order of the queue: patient safety, near due dates, bill holds that are over, then priority, age and arrival."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calendar import business_days_between
from bot.reviews.cards import open_card
from bot.reviews.claims import claim_next
from bot.reviews.creation import TaskFacts
from bot.reviews.lists import TaskList, task_page
from bot.reviews.priority import Urgency
from jobs.urgency import sweep_urgency
from storage.columns import FAR_FUTURE
from storage.words import Priority, Role, TaskSetting, TaskType
from tests.clinic import NEW_YORK, Clinic, task_facts
from tests.desk_fixtures import MONDAY

PRIORITIES = [Priority.CRITICAL, Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW]
TODAY = MONDAY.astimezone(ZoneInfo(NEW_YORK)).date()


@st.composite
def facts(draw: st.DrawFn) -> TaskFacts:
    """Any task that waits, its dates around today so that each rule has something to say."""
    identity = draw(st.booleans())
    days = st.integers(-6, 9)
    due = draw(st.none() | days)
    hold = draw(st.none() | days)
    return TaskFacts(
        type=TaskType.MPI_REVIEW if identity else TaskType.DATA_QUALITY_CHECK,
        setting=draw(st.sampled_from([TaskSetting.OVERLAY, TaskSetting.OVERLAP])) if identity else None,
        priority=draw(st.sampled_from(PRIORITIES)),
        aged_from=TODAY - timedelta(days=draw(st.integers(0, 30))),
        due_at=FAR_FUTURE if due is None else MONDAY + timedelta(days=due, hours=draw(st.integers(-10, 10))),
        bill_hold_until=None if hold is None else TODAY + timedelta(days=hold),
    )


def level(one: TaskFacts, now: datetime) -> int:
    """The rule as a person would say it, without a look at how it is stored."""
    zone = ZoneInfo(NEW_YORK)
    today = now.astimezone(zone).date()
    if one.setting is TaskSetting.OVERLAY:
        return 0
    if one.due_at < FAR_FUTURE and business_days_between(today, one.due_at.astimezone(zone).date()) <= 2:
        return 1
    if one.bill_hold_until is not None and one.bill_hold_until < today:
        return 2
    return 3


def in_order(told: list[TaskFacts], names: list[str], now: datetime) -> list[str]:
    """The references as a plain sort puts them."""
    ranked = [
        (level(one, now), PRIORITIES.index(one.priority), one.aged_from, arrival)
        for arrival, one in enumerate(told)
    ]
    return [names[arrival] for *_, arrival in sorted(ranked)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(facts(), min_size=2, max_size=7))
def test_claims_come_in_the_order_of_a_plain_sort(clinic: Clinic, told: list[TaskFacts]) -> None:
    desk = clinic.neighbour()
    noor = desk.person("Noor", Role.SPECIALIST)
    desk.allow_active(100)
    names = desk.tasks(told)

    claimed = [desk.desk.change(noor, claim_next, None).reference for _ in names]

    assert claimed == in_order(told, names, MONDAY)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(facts(), min_size=2, max_size=7), hours=st.integers(1, 24 * 8))
def test_the_clock_keeps_the_queue_in_order_as_dates_come_nearer(clinic: Clinic, told: list[TaskFacts], hours: int) -> None:
    desk = clinic.neighbour()
    priya = desk.person("Priya", Role.SUPERVISOR)
    desk.clock.moment = MONDAY
    names = desk.tasks(told)

    now = desk.clock.move(hours=hours)
    sweep_urgency(desk.desk)
    listed = [card.reference for card in desk.desk.look(priya, task_page, TaskList.QUEUE, 0, 50).cards]
    desk.clock.moment = MONDAY

    assert listed == in_order(told, names, now)


def test_an_overlay_comes_before_everything_and_says_why(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.task(priority=Priority.CRITICAL, due_at=MONDAY - timedelta(days=3))
    overlay = clinic.task(type=TaskType.MPI_REVIEW, setting=TaskSetting.OVERLAY, priority=Priority.LOW)
    card = clinic.desk.change(noor, claim_next, None)
    assert card.reference == overlay
    assert card.urgency is Urgency.PATIENT_SAFETY
    assert "two patients may share one record" in card.why


def test_two_business_days_leap_over_thanksgiving(clinic: Clinic) -> None:
    """Wednesday to Monday: the holiday and the weekend do not count, the Friday after it does."""
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.clock.moment = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    older = clinic.task(aged_from=date(2026, 10, 1), priority=Priority.CRITICAL)
    due_monday = clinic.task(due_at=datetime(2026, 11, 30, 22, 0, tzinfo=UTC))
    due_tuesday = clinic.task(due_at=datetime(2026, 12, 1, 22, 0, tzinfo=UTC))
    taken = [clinic.desk.change(noor, claim_next, None).reference for _ in range(3)]
    assert taken == [due_monday, older, due_tuesday]


def test_a_bill_hold_counts_through_its_last_day_in_the_legal_zone(clinic: Clinic) -> None:
    """23:30 in New York on the last day is the next day in UTC already, and the hold still runs."""
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.clock.moment = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    held = clinic.task(bill_hold_until=date(2026, 11, 23))
    assert clinic.desk.look(noor, open_card, held).urgency is Urgency.ORDINARY
    clinic.clock.move(hours=1)
    assert clinic.desk.look(noor, open_card, held).urgency is Urgency.PAST_BILL_HOLD


def test_thousands_of_tasks_whose_day_has_come_are_settled_in_one_sweep(clinic: Clinic) -> None:
    told = [task_facts(clinic.clock, bill_hold_until=date(2026, 11, 24)) for _ in range(1100)]
    clinic.tasks(told)
    clinic.clock.move(days=3)
    assert sweep_urgency(clinic.desk) == 1100
    assert sweep_urgency(clinic.desk) == 0

