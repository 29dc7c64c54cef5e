"""Which task comes first, and why. The order is stored with each task so that the queue is one index scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.calendar import add_business_days, business_day_on_or_before
from storage.columns import FAR_FUTURE
from storage.words import Priority, TaskSetting, TaskType

#: A due date this many business days away, or nearer, lifts a task. One on a day off counts as the business day before it.
DUE_SOON_DAYS = 2

PRIORITY_RANKS = {
    Priority.CRITICAL: 0,
    Priority.URGENT: 1,
    Priority.HIGH: 2,
    Priority.NORMAL: 3,
    Priority.LOW: 4,
}


class Urgency(IntEnum):
    """The first key of the queue, most pressing first."""

    PATIENT_SAFETY = 0
    DUE_SOON = 1
    PAST_BILL_HOLD = 2
    ORDINARY = 3


@dataclass(frozen=True, slots=True)
class Pressure:
    """What presses on a task: what it is, and its two dates (the bill hold in the facility's legal zone)."""

    type: TaskType
    setting: TaskSetting | None
    due_at: datetime
    bill_hold_until: date | None
    legal_zone: str
    legal_state: str | None


def urgency(pressure: Pressure, now: datetime) -> tuple[Urgency, datetime]:
    """How urgent a task is now, and until when that holds (far in the future when it cannot change by itself).

    Order: an overlay endangers a patient; then a legal or payer due date within two business days; then a bill hold that is over.
    """
    if pressure.type is TaskType.MPI_REVIEW and pressure.setting is TaskSetting.OVERLAY:
        return Urgency.PATIENT_SAFETY, FAR_FUTURE
    lifts_at, hold_ends = _due_soon_from(pressure), _bill_hold_ends(pressure)
    if lifts_at <= now:
        return Urgency.DUE_SOON, FAR_FUTURE
    if hold_ends <= now:
        return Urgency.PAST_BILL_HOLD, lifts_at
    return Urgency.ORDINARY, min(lifts_at, hold_ends)


def why(level: Urgency, priority: Priority, age_days: int) -> str:
    """One sentence that says why this task is on top."""
    match level:
        case Urgency.PATIENT_SAFETY:
            return "On top because two patients may share one record: patient safety comes first."
        case Urgency.DUE_SOON:
            return "On top because its due date is within two business days or past."
        case Urgency.PAST_BILL_HOLD:
            return "On top because its bill hold is over."
    days = "1 day" if age_days == 1 else f"{age_days} days"
    if priority in {Priority.NORMAL, Priority.LOW}:
        return f"On top because it is the oldest in line: {days}."
    return f"On top because its priority is {priority} and it is {days} old."


def _due_soon_from(pressure: Pressure) -> datetime:
    if pressure.due_at >= FAR_FUTURE:
        return FAR_FUTURE
    zone = ZoneInfo(pressure.legal_zone)
    last = business_day_on_or_before(pressure.due_at.astimezone(zone).date(), pressure.legal_state)
    day = add_business_days(last, -DUE_SOON_DAYS, pressure.legal_state)
    return datetime.combine(day, time(), zone)


def _bill_hold_ends(pressure: Pressure) -> datetime:
    if pressure.bill_hold_until is None:
        return FAR_FUTURE
    return datetime.combine(pressure.bill_hold_until + timedelta(days=1), time(), ZoneInfo(pressure.legal_zone))
