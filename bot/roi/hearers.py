"""Who hears a reminder of a release: its owner, the supervisors, and whoever stands in for somebody who is not there, because a legal clock does not wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bot import notices
from bot.people import coworkers
from bot.roi.due_reminders import ReminderPoint
from bot.roi.due_rules import Audience, ReminderKind
from storage.tables import Person, RoiRequest
from storage.words import Role


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who is told of a point, and for whom they stand in: a Slack id, None where it concerns themselves."""

    person: Person
    point: ReminderPoint
    instead_of: str | None = None


@dataclass(frozen=True)
class Roster:
    """The active coworkers of a workspace, read once for many requests."""

    people: dict[int, Person]

    @classmethod
    def of(cls, session: Session, workspace_id: int) -> Roster:
        """Who works there now."""
        return cls({person.id: person for person in coworkers(session, workspace_id)})

    @cached_property
    def supervisors(self) -> tuple[Person, ...]:
        """Who oversees the releases."""
        return self._with(Role.SUPERVISOR)

    def owner_of(self, request: RoiRequest) -> Person | None:
        """Who has a request in hand; None for nobody, or somebody who has left."""
        return self.people.get(request.owner_id or 0)

    def stand_ins(self, absent: Person, now: datetime) -> tuple[Person, ...]:
        """Who is told in place of somebody who is not there: the supervisors who are, else the privacy officers who are."""
        for role in (Role.SUPERVISOR, Role.PRIVACY_OFFICER):
            there = tuple(one for one in self._with(role) if one.id != absent.id and not notices.misses(one, now))
            if there:
                return there
        return ()

    def _with(self, role: Role) -> tuple[Person, ...]:
        return tuple(person for person in self.people.values() if role in person.roles)


def hearers(roster: Roster, request: RoiRequest, points: Iterable[ReminderPoint], now: datetime, due_by: datetime) -> list[Hearer]:
    """Whom to tell of points whose moment has come: each person of the latest one that concerns them.

    Who is on leave, or does not work again before ``due_by``, reads it when they are back; somebody else reads it now.
    """
    owner = roster.owner_of(request)
    told = {person.id: Hearer(person, point) for point in points for person in _concerned(point, owner, roster)}
    for one in list(told.values()):
        if notices.misses(one.person, now, due_by):
            for other in roster.stand_ins(one.person, now):
                told.setdefault(other.id, Hearer(other, one.point, one.person.slack_user_id))
    return list(told.values())


def _concerned(point: ReminderPoint, owner: Person | None, roster: Roster) -> tuple[Person, ...]:
    """What is past concerns both; what the owner should hear goes to the supervisors while there is no owner."""
    owners = (owner,) if owner else ()
    if point.kind in {ReminderKind.OVERDUE, ReminderKind.AUTHORIZATION_EXPIRED}:
        return (*owners, *roster.supervisors)
    if point.audience is Audience.OWNER:
        return owners or roster.supervisors
    return roster.supervisors
