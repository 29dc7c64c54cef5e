"""Slack's date markup, written out for the zone of the person who reads it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_TOKEN = re.compile(r"\{(\w+)\}")


def write_date(timestamp: int, template: str, zone: ZoneInfo, now: datetime) -> str:
    """The template with its tokens (``{date_short_pretty}``, ``{time}`` …) replaced; unknown tokens stay."""
    moment = datetime.fromtimestamp(timestamp, UTC).astimezone(zone)
    today = now.astimezone(zone)
    return _TOKEN.sub(lambda found: _write_token(found[1], moment, today) or found[0], template)


def _write_token(token: str, moment: datetime, today: datetime) -> str:
    if token.endswith("_pretty"):
        return _near_day(moment, today) or _write_token(token.removesuffix("_pretty"), moment, today)
    day = moment.day
    written = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%m/%d/%Y}",
        "date_short": f"{moment:%b} {day}, {moment:%Y}",
        "date": f"{moment:%B} {day}{_ordinal(day)}, {moment:%Y}",
        "date_long": f"{moment:%A}, {moment:%B} {day}{_ordinal(day)}, {moment:%Y}",
        "day_divider": f"{moment:%A}, {moment:%B} {day}{_ordinal(day)}",
        "time": f"{moment.hour % 12 or 12}:{moment:%M %p}",
        "time_secs": f"{moment.hour % 12 or 12}:{moment:%M:%S %p}",
        "ago": _ago(moment, today),
    }
    return written.get(token, "")


def _near_day(moment: datetime, today: datetime) -> str:
    days = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return days.get((moment.date() - today.date()).days, "")


def _ordinal(day: int) -> str:
    if 10 < day % 100 < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _ago(moment: datetime, today: datetime) -> str:
    distance = abs(today - moment)
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        count = distance // length
        if count:
            words = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"{words} ago" if moment <= today else f"in {words}"
    return "just now"
