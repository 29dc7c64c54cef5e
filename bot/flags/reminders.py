"""Silence around a flag: who is to act next is reminded after two and after four of their business days, and then their supervisors are told.

A reminder is a row: each flag carries the moment the clock looks at it again, and what is said is a notice with its own key, so it is said once ever.
Days count in the reader's own calendar: their working days, holidays and leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor, as_actor
from bot.calendar import HORIZON_DAYS
from bot.errors import Stale
from bot.flags.cards import FlagCard, card, find_flag, require_sight, standing_of
from bot.flags.states import DECIDERS, SETTLED, TURN_OF_FLAGGED, steps_for
from bot.people import coworkers, names
from storage.tables import AccuracyFlag, Person, Workspace
from storage.words import FlagState, NoticeKind, Role, Subject

#: Business days of silence after which who is to act is reminded.
REMIND_AFTER = (2, 4)
#: The business day after the last reminder the supervisors are told.
OVERSEE_AFTER = 5
BATCH = 100
#: How long a flag that waits for nobody is left alone.
LOOK_AGAIN = timedelta(days=1)
_LOOKED_AT = sa.literal_column("accuracy_flags.remind_at IS NOT NULL", sa.Boolean)


class NothingToSnooze(Stale):
    """This flag is settled, so nobody is reminded of it any more."""


def remind_silent(session: Session, clock: Actor, now: datetime) -> int:
    """Look at a batch of flags whose moment has come; returns how many were looked at."""
    due = session.scalars(
        sa.select(AccuracyFlag)
        .where(AccuracyFlag.workspace_id == clock.workspace_id, _LOOKED_AT, AccuracyFlag.remind_at <= now)
        .order_by(AccuracyFlag.remind_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    if due:
        workspace = session.scalars(sa.select(Workspace).where(Workspace.id == clock.workspace_id)).one()
        for flag in due:
            _look_at(session, workspace, now, flag)
        session.flush()
    return len(due)


def snooze(session: Session, actor: Actor, now: datetime, reference: str) -> tuple[FlagCard, datetime]:
    """Remind this person of a flag again at the start of their next working day, unless it moves before; returns when.

    :raises NoSuchFlag, NotYourFlag: when it is not theirs to see.
    :raises NothingToSnooze: when it is settled.
    """
    flag = find_flag(session, actor.workspace_id, reference)
    require_sight(session, actor, flag)
    if flag.state in SETTLED or flag.quiet_since is None:
        raise NothingToSnooze
    person = names(session, actor.workspace_id, [actor.id])[actor.id]
    at = notices.next_day_at(person, now)
    overseen = person.id not in {one.id for one in _next_to_act(session, flag)}
    _tell(session, person, at, flag, f"snoozed.{at.date()}", overseen=overseen)
    return card(session, actor, now, flag), at


def business_days_after(person: Person, since: datetime, number: int) -> datetime:
    """The moment (UTC) so many of a person's working days after ``since``, at the same time of day; days of their leave do not count."""
    place, left = ZoneInfo(person.zone), number
    local = since.astimezone(place)
    day = local.date()
    for _ in range(HORIZON_DAYS):
        if left == 0:
            break
        day += timedelta(days=1)
        left -= _works_on(person, day)
    return datetime.combine(day, local.time(), place).astimezone(UTC)


def _works_on(person: Person, day: date) -> bool:
    hours = notices.working_hours(person)
    if not hours.has_shift_on(day):
        return False
    begins = datetime.combine(day, hours.start, ZoneInfo(person.zone))
    until, starts = person.away_until, person.away_from
    return until is None or begins >= until or (starts is not None and begins < starts)


def _look_at(session: Session, workspace: Workspace, now: datetime, flag: AccuracyFlag) -> None:
    """Say what is due, once for each person and point, and note when to look again."""
    since = flag.quiet_since or now
    actors = _next_to_act(session, flag)
    later = [_remind(session, now, flag, person, since, REMIND_AFTER, overseen=False) for person in actors]
    if actors:
        begun = actors[0]
        overseers = [
            one for one in coworkers(session, workspace.id, Role.SUPERVISOR) if one.id not in {person.id for person in actors}
        ]
        at = business_days_after(begun, since, OVERSEE_AFTER)
        later += [_remind_at(session, now, flag, one, at, "oversee", overseen=True) for one in overseers]
    upcoming = [moment for moment in later if moment is not None]
    flag.remind_at = min(upcoming) if upcoming else (None if actors else now + LOOK_AGAIN)


def _remind(
    session: Session, now: datetime, flag: AccuracyFlag, person: Person, since: datetime, points: Sequence[int], *, overseen: bool
) -> datetime | None:
    """Remind one person of the latest point that has come; returns the next one, None after the last."""
    moments = [(point, business_days_after(person, since, point)) for point in points]
    come = [point for point, at in moments if at <= now]
    if come:
        _tell(session, person, now, flag, str(come[-1]), overseen=overseen)
    return next((at for _, at in moments if at > now), None)


def _remind_at(
    session: Session, now: datetime, flag: AccuracyFlag, person: Person, at: datetime, point: str, *, overseen: bool
) -> datetime | None:
    if at > now:
        return at
    _tell(session, person, now, flag, point, overseen=overseen)
    return None


def _tell(session: Session, person: Person, at: datetime, flag: AccuracyFlag, point: str, *, overseen: bool) -> None:
    since = flag.quiet_since or at
    notices.tell(
        session, person, at, NoticeKind.FLAG_WAITS, Subject.FLAG, flag.id,
        key=f"flag_waits:{flag.id}:{person.id}:{int(since.timestamp())}:{point}",
        quiet_since=since.isoformat(), overseen=overseen,
    )  # fmt: skip


def _next_to_act(session: Session, flag: AccuracyFlag) -> list[Person]:
    """Whose turn it is: the person flagged; else of those who may act the supervisors, or, where none may, the auditors."""
    standing = standing_of(session, flag)
    if flag.state in TURN_OF_FLAGGED and flag.flagged_id is not None and not standing.vacant:
        return list(names(session, flag.workspace_id, [flag.flagged_id]).values())
    workspace = session.scalars(sa.select(Workspace).where(Workspace.id == flag.workspace_id)).one()
    able = [
        person
        for person in coworkers(session, flag.workspace_id, *DECIDERS)
        if steps_for(as_actor(person, workspace), flag, standing)
    ]
    if flag.state is FlagState.CORRECTED and (reporters := [person for person in able if person.id in standing.reporters]):
        return reporters
    return [person for person in able if Role.SUPERVISOR in person.roles] or able
