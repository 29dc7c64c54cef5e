"""The morning digest: one message at the start of a person's day with what is in their hands and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import RELEASERS, WORKERS, Actor
from bot.audits.cases import waiting_count
from bot.calendar import is_working_moment
from bot.flags.cards import FlagCard, waiting_for
from bot.moments import local_day
from bot.people import coworkers, is_away, names
from bot.reviews.cards import TaskCard, cards
from bot.reviews.lists import Backlog, TaskList, TaskPage, backlog, task_page
from bot.roi.requests import RequestList, RequestPage, request_page
from storage.tables import Notice, Person, ReviewTask, RoiRequest
from storage.tables.roi import OPEN
from storage.words import NoticeKind, Role, Subject, TaskState

#: How many lines each part shows; the commands show the rest.
LINES = 5
#: A clock that stood still in the morning does not send a morning digest in the afternoon.
MORNING = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Oversight:
    """What a supervisor has to know: the backlog, releases that are late, and releases due soon that nobody has."""

    backlog: Backlog
    overdue: int
    unassigned: int


@dataclass(frozen=True, slots=True)
class Digest:
    """One person's morning. A part that their roles do not include, or that is empty, is None or has no lines. ``audits``: charts to audit."""

    day: date
    tasks: TaskPage | None
    due: TaskPage | None
    waking: tuple[TaskCard, ...]
    flags: tuple[FlagCard, ...]
    releases: RequestPage | None
    oversight: Oversight | None
    audits: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say, so that nothing is sent."""
        pages = (self.tasks, self.due, self.releases)
        work = any(page is not None and page.total for page in pages) or self.waking or self.flags or self.audits
        return not work and (self.oversight is None or not _presses(self.oversight))


def write_digests(session: Session, clock: Actor, now: datetime) -> int:
    """Put today's digest into the outbox for everybody whose day has begun, once for each person and day; returns how many were new."""
    begun = [(person, day) for person in coworkers(session, clock.workspace_id) if person.digest and (day := day_begun(person, now))]
    known = _keys_of(session, clock.workspace_id, [_key(person.id, day) for person, day in begun])
    return sum(
        notices.tell(
            session, person, now, NoticeKind.MORNING_DIGEST, Subject.PERSON, person.id,
            key=_key(person.id, day), day=day.isoformat(),
        )
        for person, day in begun
        if _key(person.id, day) not in known
    )  # fmt: skip


def day_begun(person: Person, now: datetime) -> date | None:
    """The day (of its beginning, in their zone) of the shift this person is at the start of; None for somebody off, away, or without a role."""
    away = is_away(person, now)
    hours = notices.working_hours(person)
    if away or not person.roles or not is_working_moment(now, hours, person.zone):
        return None
    day, starts = _shift_start(hours.start, hours.end, person.zone, now)
    return day if now - starts < MORNING else None


def morning_digest(session: Session, reader: Actor, now: datetime, notice: Notice) -> Digest | None:
    """What the digest says as things are now; None when there is nothing to say, or its day is over."""
    person = names(session, reader.workspace_id, [reader.id])[reader.id]
    hours = notices.working_hours(person)
    day, _ = _shift_start(hours.start, hours.end, reader.zone, now)
    if notice.facts.get("day") != day.isoformat():
        return None
    works, releases = reader.has(*WORKERS), reader.has(*RELEASERS)
    digest = Digest(
        day=day,
        tasks=task_page(session, reader, now, TaskList.MINE, size=LINES) if works else None,
        due=task_page(session, reader, now, TaskList.DUE, size=LINES) if works else None,
        waking=_waking(session, reader, now) if works else (),
        flags=waiting_for(session, reader, now, LINES),
        releases=request_page(session, reader, now, RequestList.MINE, size=LINES) if releases else None,
        oversight=_oversight(session, reader, now) if reader.has(Role.SUPERVISOR) else None,
        audits=waiting_count(session, reader),
    )
    return None if digest.is_empty else digest


def _presses(team: Oversight) -> bool:
    counted = team.backlog
    return any((counted.available, counted.in_hand, counted.on_hold, team.overdue, team.unassigned))


def _key(person_id: int, day: date) -> str:
    return f"digest:{person_id}:{day}"


def _keys_of(session: Session, workspace_id: int, keys: list[str]) -> set[str]:
    rows = sa.select(Notice.dedupe_key).where(Notice.workspace_id == workspace_id, Notice.dedupe_key.in_(keys))
    return set(session.scalars(rows))


def _shift_start(start: time, end: time, zone: str, now: datetime) -> tuple[date, datetime]:
    """The day and moment at which the shift that ``now`` lies in began; a night shift belongs to the evening before."""
    place = ZoneInfo(zone)
    local = now.astimezone(place)
    overnight = start >= end and local.time() < start
    day = local.date() - timedelta(days=1) if overnight else local.date()
    return day, datetime.combine(day, start, place)


def _waking(session: Session, reader: Actor, now: datetime) -> tuple[TaskCard, ...]:
    """Tasks of this person whose hold ends today or ended before."""
    place = ZoneInfo(reader.zone)
    tonight = datetime.combine(now.astimezone(place).date() + timedelta(days=1), time(), place)
    rows = session.scalars(
        sa.select(ReviewTask)
        .where(
            ReviewTask.workspace_id == reader.workspace_id,
            ReviewTask.owner_id == reader.person_id,
            ReviewTask.state == TaskState.ON_HOLD,
            ReviewTask.wake_at < tonight,
        )
        .order_by(ReviewTask.wake_at, ReviewTask.id)
        .limit(LINES)
    ).all()
    return tuple(cards(session, reader, now, rows))


def _oversight(session: Session, reader: Actor, now: datetime) -> Oversight:
    today = local_day(now, reader.legal_zone)
    late, unowned = session.execute(
        sa.select(
            sa.func.count().filter(RoiRequest.effective_due_on < today),
            sa.func.count().filter(RoiRequest.owner_id.is_(None)),
        ).where(RoiRequest.workspace_id == reader.workspace_id, OPEN)
    ).one()
    return Oversight(backlog(session, reader, now), late, unowned)
