"""The coworkers as a supervisor keeps them: what each can do and where, leave, clearance for restricted records, and by an admin their roles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.errors import BadInput, Refusal
from bot.people import coworkers, grant, person_named, revoke
from bot.team.hands import loads_of
from storage.tables import Person, ReviewTask
from storage.words import Role, Subject

#: How many people a page shows.
PAGE = 10
#: How many skills and facilities a person may have; the column holds no more.
MOST_WORDS = 12
_STAFF_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}", re.IGNORECASE)


class LastAdmin(Refusal):
    """Somebody must stay admin, or nobody could give roles any more. Make somebody else admin first."""


@dataclass(frozen=True, slots=True)
class Coworker:
    """One person as the list and the form show them. ``away_first`` and ``away_last`` are the first and the last day of their leave, in their zone."""

    slack_user_id: str
    name: str
    zone: str
    roles: tuple[Role, ...]
    skills: tuple[str, ...]
    facilities: tuple[str, ...]
    staff_code: str | None
    works_restricted: bool
    away_first: date | None
    away_last: date | None
    active_tasks: int


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of coworkers by name; ``page`` counts from 0.."""

    people: tuple[Coworker, ...]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // PAGE), 1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a form says about somebody. ``skills`` and ``facilities`` as typed; ``roles`` is None where they were not asked for."""

    skills: str
    facilities: str
    staff_code: str | None
    works_restricted: bool
    away_first: date | None = None
    away_last: date | None = None
    roles: tuple[Role, ...] | None = None


def people_page(session: Session, actor: Actor, now: datetime, page: int = 0) -> PeoplePage:
    """A page of coworkers; a page past the end is the last one.

    :raises NotAllowed: unless a supervisor or an admin asks.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    here = (Person.workspace_id == actor.workspace_id, Person.active)
    total = session.scalar(sa.select(sa.func.count()).select_from(Person).where(*here)) or 0
    page = max(min(page, (total - 1) // PAGE), 0)
    rows = session.scalars(
        sa.select(Person).where(*here).order_by(Person.name, Person.id).limit(PAGE).offset(page * PAGE)
    ).all()
    return PeoplePage(_coworkers(session, actor, now, rows), page, total)


def coworker(session: Session, actor: Actor, now: datetime, slack_user_id: str) -> Coworker:
    """One person for the form.

    :raises NoSuchPerson: when the desk does not know them.
    :raises NotAllowed: unless a supervisor or an admin asks.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    return _coworkers(session, actor, now, [person_named(session, actor.workspace_id, slack_user_id)])[0]


def keep_coworker(session: Session, actor: Actor, now: datetime, slack_user_id: str, said: Kept) -> Coworker:
    """Store what a form says about somebody, and write down what changed.

    :raises BadInput: naming the field: a word that is no skill or facility, a leave that ends before it begins, a staff code somebody else has.
    :raises LastAdmin: when nobody would be admin any more.
    :raises NotAllowed: unless a supervisor or an admin does it; roles are for an admin alone.
    :raises NoSuchPerson: when the desk does not know them.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    person = person_named(session, actor.workspace_id, slack_user_id)
    wanted = _wanted(session, person, now, said)
    changed = sorted(name for name, value in wanted.items() if getattr(person, name) != value)
    for name in changed:
        setattr(person, name, wanted[name])
    if changed:
        audit.record(session, actor, now, "person_kept", Subject.PERSON, person.slack_user_id, changed=changed)
    if said.roles is not None:
        _keep_roles(session, actor, now, person, said.roles)
    session.flush()
    return _coworkers(session, actor, now, [person])[0]


def _wanted(session: Session, person: Person, now: datetime, said: Kept) -> dict[str, Any]:
    leaves, back = _leave(person, now, said.away_first, said.away_last)
    return {
        "skills": read_words(said.skills, "skills"),
        "facilities": _spelt_as_in_tasks(session, person, read_words(said.facilities, "facilities")),
        "staff_code": _staff_code(session, person, said.staff_code),
        "works_restricted": said.works_restricted,
        "away_from": leaves,
        "away_until": back,
    }


def read_words(text: str, field: str) -> tuple[str, ...]:
    """Words separated by commas or spaces, as they are stored: sorted, each once.

    :raises BadInput: for one that is too long or has other characters, and for too many.
    """
    found = tuple(sorted({word.lower() if field == "skills" else word for word in re.split(r"[,;\s]+", text.strip()) if word}))
    if len(found) > MOST_WORDS:
        raise BadInput(f"At most {MOST_WORDS}, please.", field=field)
    if not all(_WORD.fullmatch(word) for word in found):
        raise BadInput("Separate them by commas; each is one word of letters, digits, - and _, such as inpatient or F1.", field=field)
    return found


def _spelt_as_in_tasks(session: Session, person: Person, facilities: tuple[str, ...]) -> tuple[str, ...]:
    """Facilities as the tasks spell them: ``f1`` is meant as ``F1``."""
    known = {
        word: session.scalars(
            sa.select(ReviewTask.facility)
            .where(ReviewTask.workspace_id == person.workspace_id, sa.func.lower(ReviewTask.facility) == word.lower())
            .limit(1)
        ).first()
        for word in facilities
    }
    return tuple(sorted({known[word] or word for word in facilities}))


def _leave(person: Person, now: datetime, first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day to the end of the last one, in the person's zone."""
    if first is None and last is None:
        return None, None
    place = ZoneInfo(person.zone)
    today = now.astimezone(place).date()
    first = first or today
    if last is None:
        raise BadInput("Choose the last day of the leave too.", field="away_until")
    if last < first:
        raise BadInput("The leave ends before it begins.", field="away_until")
    if last < today:
        raise BadInput("This leave is over already. Clear both days.", field="away_until")
    return datetime.combine(first, time(), place), datetime.combine(last + timedelta(days=1), time(), place)


def _staff_code(session: Session, person: Person, typed: str | None) -> str | None:
    if typed is None:
        return None
    code = typed.lower()
    if not _STAFF_CODE.fullmatch(code):
        raise BadInput("A staff code holds up to 40 letters, digits, dots and hyphens, such as sp-03.", field="staff_code")
    other = session.scalars(
        sa.select(Person.name).where(
            Person.workspace_id == person.workspace_id, sa.func.lower(Person.staff_code) == code, Person.id != person.id
        )
    ).first()
    if other is not None:
        raise BadInput(f"{other} has this staff code already.", field="staff_code")
    return code


def _keep_roles(session: Session, actor: Actor, now: datetime, person: Person, roles: Sequence[Role]) -> None:
    given, taken = set(roles) - set(person.roles), set(person.roles) - set(roles)
    if Role.ADMIN in taken and {one.id for one in coworkers(session, actor.workspace_id, Role.ADMIN)} <= {person.id}:
        raise LastAdmin(field="roles")
    if given:
        grant(session, actor, now, person, *given)
    if taken:
        revoke(session, actor, now, person, *taken)


def _coworkers(session: Session, actor: Actor, now: datetime, people: Sequence[Person]) -> tuple[Coworker, ...]:
    loads = loads_of(session, actor.workspace_id, [person.id for person in people])
    return tuple(_coworker(person, now, loads[person.id]) for person in people)


def _coworker(person: Person, now: datetime, load: int) -> Coworker:
    place = ZoneInfo(person.zone)
    away = person.away_until is not None and person.away_until > now
    return Coworker(
        slack_user_id=person.slack_user_id,
        name=person.name,
        zone=person.zone,
        roles=person.roles,
        skills=person.skills,
        facilities=person.facilities,
        staff_code=person.staff_code,
        works_restricted=person.works_restricted,
        away_first=person.away_from.astimezone(place).date() if away and person.away_from else None,
        away_last=(person.away_until.astimezone(place) - timedelta(seconds=1)).date() if away and person.away_until else None,
        active_tasks=load,
    )
