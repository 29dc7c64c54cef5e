"""The weekly report to supervisors: one message at the start of their first working day of the week, about the week that is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.digest import day_begun
from bot.people import coworkers
from bot.reports.periods import WEEK
from bot.reports.week import WeeklyReport, reported_monday, weekly_report
from storage.tables import Notice, Person
from storage.words import NoticeKind, Role, Subject


def write_weekly_reports(session: Session, clock: Actor, now: datetime) -> int:
    """Put last week's report into the outbox for every supervisor who wants it and whose first working day of this week has begun; returns how many were new.

    Once for each person and week: a clock that stood still for weeks writes the last one alone.
    """
    monday = reported_monday(clock, now)
    supervisors = coworkers(session, clock.workspace_id, Role.SUPERVISOR)
    begun = [person for person in supervisors if person.weekly_report and _week_begun(person, now, monday)]
    keys = {person.id: f"weekly_report:{person.id}:{monday}" for person in begun}
    known = set(
        session.scalars(
            sa.select(Notice.dedupe_key).where(Notice.workspace_id == clock.workspace_id, Notice.dedupe_key.in_(keys.values()))
        )
    )
    return sum(
        notices.tell(
            session, person, now, NoticeKind.WEEKLY_REPORT, Subject.PERSON, person.id,
            key=keys[person.id], monday=monday.isoformat(),
        )
        for person in begun
        if keys[person.id] not in known
    )  # fmt: skip


def last_week(session: Session, reader: Actor, now: datetime, notice: Notice) -> WeeklyReport | None:
    """What the report says as things are now; None when its week is not the last one any more, or when there is nothing to say."""
    if not reader.has(Role.SUPERVISOR) or notice.facts.get("monday") != reported_monday(reader, now).isoformat():
        return None
    report = weekly_report(session, reader, now)
    return None if report.is_empty else report


def _week_begun(person: Person, now: datetime, monday: date) -> bool:
    """Whether a working day of this person has begun in the week after the reported one. Where their Monday comes before the legal zone's, they wait for it."""
    day = day_begun(person, now)
    return day is not None and day - timedelta(days=day.weekday()) == monday + WEEK
