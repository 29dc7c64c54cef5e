"""The reminders of one request as moments: which points its clock, its authorization and its waiting have, and when each falls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import add_business_days, is_business_day
from bot.errors import Refusal
from bot.roi.due_reminders import ReminderPoint, authorization_reminders, pending_reminders, reminder_schedule
from bot.roi.due_rules import Audience, OnlyIf, PartOfDay, ReminderKind, RuleBook
from bot.roi.reckoning import reckon
from storage.tables import RoiRequest
from storage.words import AuthorizationStatus, RequestState

#: When people look at their desk, and when their working day ends, in their own zone.
START_OF_DAY, END_OF_DAY = time(9), time(17)
#: How far beyond today the daily reminders of an overdue request are laid out.
HORIZON = timedelta(days=14)
#: Of several points of one moment the heaviest is said.
_WEIGHT = {ReminderKind.DUE_TODAY: 1, ReminderKind.OVERDUE: 2}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of the schedule and the moment (UTC) it falls on."""

    point: ReminderPoint
    at: datetime


def moments(rulebook: RuleBook, request: RoiRequest, zone: str, now: datetime) -> list[Moment]:
    """Every reminder of a request as it stands, in order of time, daily ones from two weeks back to two weeks on."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    laid_out = (
        Moment(one, _moment(one, request, place))
        for point in _points(rulebook, request, today, place)
        if _called_for(point, request)
        for one in _each_day(point, today, rulebook.calendar_of(request.legal_state))
    )
    return sorted(laid_out, key=lambda moment: (moment.at, _WEIGHT.get(moment.point.kind, 0)))


def _points(rulebook: RuleBook, request: RoiRequest, today: date, place: ZoneInfo) -> Iterator[ReminderPoint]:
    yield from _of_the_clock(rulebook, request)
    if request.authorization is AuthorizationStatus.VALID and request.authorization_expires_on is not None:
        yield from authorization_reminders(rulebook, request.authorization_expires_on, request.legal_state)
    if request.state is RequestState.PENDING:
        since = request.changed_at.astimezone(place).date()
        yield from pending_reminders(rulebook, since, today + HORIZON, request.legal_state)


def _of_the_clock(rulebook: RuleBook, request: RoiRequest) -> Iterable[ReminderPoint]:
    """The schedule of the stored due date: that date was promised, even if the rules have changed since."""
    calendar = rulebook.calendar_of(request.legal_state)
    try:
        reckoned = reckon(rulebook, request)
    except Refusal:
        return _least(request, calendar)
    due = replace(reckoned, due_on=request.due_on, effective_due_on=request.effective_due_on)
    return reminder_schedule(due, request.received_on)


def _least(request: RoiRequest, calendar: str | None) -> Iterable[ReminderPoint]:
    """What nobody may miss, for a request whose rule is gone: the day itself, and overdue."""
    overdue_on = add_business_days(request.due_on, 1, calendar)
    return (
        ReminderPoint(ReminderKind.DUE_TODAY, request.effective_due_on, Audience.OWNER, days_left=0),
        ReminderPoint(ReminderKind.OVERDUE, overdue_on, Audience.SUPERVISOR, daily=True),
    )


def _called_for(point: ReminderPoint, request: RoiRequest) -> bool:
    if point.at is PartOfDay.HALF_OF_THE_TIME and point.on < request.created_at.date():
        # It came here after its day: overdue is what is to be said of it.
        return False
    match point.only_if:
        case OnlyIf.UNASSIGNED:
            return request.owner_id is None
        case OnlyIf.NOT_IN_QA:
            return request.state not in {RequestState.QA_REVIEW, RequestState.READY_TO_SEND}
        case OnlyIf.CAN_BE_EXTENDED:
            return not request.extended
    return True


def _each_day(point: ReminderPoint, today: date, calendar: str | None) -> Iterator[ReminderPoint]:
    """A daily point on each of its business days near today; any other as it is."""
    if not point.daily:
        yield point
        return
    day = max(point.on, today - HORIZON)
    while day <= max(today, point.on) + HORIZON:
        if is_business_day(day, calendar):
            yield replace(point, on=day)
        day += timedelta(days=1)


def _moment(point: ReminderPoint, request: RoiRequest, place: ZoneInfo) -> datetime:
    ends = datetime.combine(point.on, END_OF_DAY, place)
    match point.at:
        case PartOfDay.HALF_OF_THE_TIME:
            half = request.created_at + (ends - request.created_at) / 2
            return max(half, request.created_at).astimezone(UTC)
        case PartOfDay.TWO_HOURS_BEFORE:
            return (ends - timedelta(hours=2)).astimezone(UTC)
    return datetime.combine(point.on, START_OF_DAY, place).astimezone(UTC)
