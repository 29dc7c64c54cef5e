"""The roles of the sandbox's people, and their working hours: a shift that is on right now, so that reminders come while you watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Identity
from bot.people import know_profile, meet
from storage.tables import Person, Workspace
from storage.words import Role

SHIFT_BEGAN = timedelta(hours=2)
SHIFT_MINUTES = 12 * 60
DAY_MINUTES = 24 * 60
#: Nobody is new any more, or all of their coding would be looked at twice.
AT_THE_DESK_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One coworker of the demonstration."""

    user_id: str
    name: str
    zone: str
    roles: tuple[Role, ...]


DEMO_ROLES: dict[str, tuple[Role, ...]] = {
    "U0NOOR001": (Role.SPECIALIST,),
    "U0TOMAS01": (Role.SPECIALIST, Role.AUDITOR),
    "U0GRACE01": (Role.ROI_SPECIALIST,),
    "U0PRIYA01": (Role.SUPERVISOR, Role.ADMIN),
    "U0DANIEL1": (Role.PRIVACY_OFFICER,),
}


def settle_people(session: Session, team_id: str, team_name: str, people: list[DemoPerson], now: datetime) -> Workspace:
    """Make the workspace and its people known, with roles, and put everybody on shift."""
    for one in people:
        person = meet(session, Identity(team_id, one.user_id), now)
        know_profile(person, now, name=one.name, zone=one.zone)
        person.roles = one.roles
        person.created_at = min(person.created_at, now - AT_THE_DESK_FOR)
        put_on_shift(person, now)
    workspace = session.scalars(sa.select(Workspace).where(Workspace.team_id == team_id)).one()
    workspace.name = team_name
    return workspace


def put_on_shift(person: Person, now: datetime) -> None:
    """Let a shift of twelve hours have begun two hours ago, every day of the week."""
    local = (now - SHIFT_BEGAN).astimezone(ZoneInfo(person.zone))
    person.hours_start = (local.hour * 60 + local.minute) // 30 * 30
    person.hours_end = (person.hours_start + SHIFT_MINUTES) % DAY_MINUTES
    person.workdays = ("1", "2", "3", "4", "5", "6", "7")
    person.works_holidays = True
