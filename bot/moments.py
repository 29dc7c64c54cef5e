"""How moments and days read in a sentence."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo


def local_day(moment: datetime, zone: str) -> date:
    """The day it is in a zone at a moment: in New York it is still yesterday when London has midnight."""
    return moment.astimezone(ZoneInfo(zone)).date()


def local_time(moment: datetime, zone: str, now: datetime) -> str:
    """A moment in a reader's zone: ``14:05`` today, else ``Nov 23, 14:05``."""
    local = moment.astimezone(ZoneInfo(zone))
    if local.date() == now.astimezone(ZoneInfo(zone)).date():
        return f"{local:%H:%M}"
    return f"{local:%b} {local.day}, {local:%H:%M}"


def days(count: int) -> str:
    """``1 day``, ``3 days``."""
    return "1 day" if count == 1 else f"{count} days"


def start_of_work(day: date, zone: str) -> datetime:
    """When people look at their desk on a day: eight o'clock in their zone."""
    return datetime.combine(day, time(8), ZoneInfo(zone))
