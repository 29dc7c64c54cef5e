"""When to remind of a release: the points of its clock, of its authorization, and of its waiting.

Which points there are is data (``bot/roi/due_rules.toml``). A point only says *when*; whether it is still called for is
asked when its day has come (see :class:`~bot.roi.due_rules.OnlyIf` and the request's state).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar import add_business_days, business_day_on_or_before
from bot.roi.due_dates import DueDate
from bot.roi.due_rules import Audience, OnlyIf, PartOfDay, ReminderKind, ReminderRule, RuleBook


@dataclass(frozen=True, slots=True)
class ReminderPoint:
    """One reminder: what about, on which day (in the facility's legal zone), to whom, when on that day, and on what
    condition.

    ``days_left`` are the business days to the effective due date, None where the reminder does not count them. A
    ``daily`` one comes again every business day until the request is done.
    """

    kind: ReminderKind
    on: date
    audience: Audience
    days_left: int | None = None
    at: PartOfDay = PartOfDay.START_OF_DAY
    only_if: OnlyIf | None = None
    daily: bool = False


def reminder_schedule(due: DueDate, received_on: date) -> list[ReminderPoint]:
    """Return the reminders of a due date in order of their days.

    Those that would fall on or before the day of receipt are left out, except on the effective due date itself; so are
    the ones about an extension when there is none to make.
    """
    points = [
        _place(rule, due, received_on)
        for rule in due.clock.points
        if rule.only_if is not OnlyIf.CAN_BE_EXTENDED or due.can_be_extended
    ]
    kept = {point for point in points if point.on > received_on or point.on == due.effective_due_on}
    return sorted(kept, key=_order)


def authorization_reminders(rulebook: RuleBook, expires_on: date, legal_state: str | None) -> list[ReminderPoint]:
    """Return the reminders that an authorization ends: to the owner before, to the supervisor when it is over.

    ``expires_on`` is its last valid day; a reminder on a day off comes on the business day before, the last one on the
    first business day on which the authorization is no longer valid.
    """
    calendar = rulebook.calendar_of(legal_state)
    before = [
        ReminderPoint(
            ReminderKind.AUTHORIZATION_EXPIRING,
            business_day_on_or_before(expires_on - timedelta(days=days), calendar),
            Audience.OWNER,
        )
        for days in rulebook.authorization_reminders.owner_days_before
    ]
    over = ReminderPoint(
        ReminderKind.AUTHORIZATION_EXPIRED, add_business_days(expires_on, 1, calendar), Audience.SUPERVISOR
    )
    return sorted([*before, over], key=_order)


def pending_reminders(
    rulebook: RuleBook, pending_since: date, until: date, legal_state: str | None
) -> list[ReminderPoint]:
    """Return the reminders of a request that waits for somebody outside, up to and with ``until``."""
    calendar, told = rulebook.calendar_of(legal_state), rulebook.pending_reminders
    every = list(_every(pending_since, told.owner_every_business_days, until, calendar))
    points = [ReminderPoint(ReminderKind.STILL_PENDING, day, Audience.OWNER) for day in every]
    long = add_business_days(pending_since, told.supervisor_after_business_days, calendar)
    if long <= until:
        points.append(ReminderPoint(ReminderKind.PENDING_LONG, long, Audience.SUPERVISOR))
    return sorted(points, key=_order)


def _every(start: date, business_days: int, until: date, calendar: str | None) -> Iterator[date]:
    day = add_business_days(start, business_days, calendar)
    while day <= until:
        yield day
        day = add_business_days(day, business_days, calendar)


def _place(rule: ReminderRule, due: DueDate, received_on: date) -> ReminderPoint:
    on = _day_of(rule, due, received_on)
    return ReminderPoint(
        kind=rule.kind,
        on=on,
        audience=rule.audience,
        days_left=rule.business_days_before,
        at=rule.at,
        only_if=rule.only_if,
        daily=rule.overdue,
    )


def _day_of(rule: ReminderRule, due: DueDate, received_on: date) -> date:
    if rule.business_days_before is not None:
        return add_business_days(due.effective_due_on, -rule.business_days_before, due.calendar_state)
    if rule.business_days_after is not None:
        return add_business_days(received_on, rule.business_days_after, due.calendar_state)
    if rule.calendar_days_after is not None:
        day = due.starts_on + timedelta(days=rule.calendar_days_after)
        return business_day_on_or_before(day, due.calendar_state)
    return add_business_days(due.due_on, 1, due.calendar_state)


def _order(point: ReminderPoint) -> tuple[date, str, str]:
    return point.on, point.audience, point.kind
