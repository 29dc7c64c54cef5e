"""The coworkers of a desk: meeting them, finding them, giving and taking roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor, Identity, NoSuchPerson
from bot.calendar import WorkingHours
from storage.tables import Person, Workspace
from storage.words import Role, Subject


def meet(session: Session, who: Identity, now: datetime, admins: Iterable[str] = ()) -> Person:
    """Make sure the desk knows this workspace and this person, and return the person. Idempotent; a new person has no role.

    :param admins: Slack ids that are admins by the installation's own settings.
    """
    workspace = session.scalars(sa.select(Workspace).where(Workspace.team_id == who.team_id)).first()
    if workspace is None:
        _insert_once(
            session, Workspace, ["team_id"], team_id=who.team_id, name=who.team_id, created_at=now, active=True
        )
        workspace = session.scalars(sa.select(Workspace).where(Workspace.team_id == who.team_id)).one()
    _insert_once(
        session, Person, ["workspace_id", "slack_user_id"],
        workspace_id=workspace.id, slack_user_id=who.user_id, name=who.user_id, created_at=now,
    )  # fmt: skip
    person = session.scalars(
        sa.select(Person).where(Person.workspace_id == workspace.id, Person.slack_user_id == who.user_id)
    ).one()
    if who.user_id in {*admins, workspace.installed_by} and Role.ADMIN not in person.roles:
        person.roles = tuple(sorted({*person.roles, Role.ADMIN}))
    return person


def know_profile(person: Person, now: datetime, *, name: str, zone: str) -> None:
    """Take over what Slack says about a coworker: the name they go by and their time zone."""
    person.name = name[:200] or person.slack_user_id
    person.zone = zone or person.zone
    person.profile_read_at = now


def come_or_go(session: Session, by: Actor, now: datetime, person: Person, *, active: bool) -> None:
    """Somebody left, or came back. Who left can do nothing and be given nothing; what is in their hands stays until a supervisor moves it."""
    person.active = active
    audit.record(session, by, now, "person_came_back" if active else "person_left", Subject.PERSON, person.slack_user_id)


def _insert_once(session: Session, table: type[Workspace | Person], unique: list[str], **values: object) -> None:
    """Insert unless another process did the same at this moment."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(table).values(**values).on_conflict_do_nothing(index_elements=unique))


def person_named(session: Session, workspace_id: int, slack_user_id: str) -> Person:
    """The active coworker with this Slack id.

    :raises NoSuchPerson: when there is none in this workspace.
    """
    found = session.scalars(
        sa.select(Person).where(
            Person.workspace_id == workspace_id, Person.slack_user_id == slack_user_id, Person.active
        )
    ).first()
    if found is None:
        raise NoSuchPerson
    return found


def person_ever(session: Session, workspace_id: int, slack_user_id: str) -> Person:
    """The coworker with this Slack id, also one who has left.

    :raises NoSuchPerson: when there was none in this workspace.
    """
    found = session.scalars(
        sa.select(Person).where(Person.workspace_id == workspace_id, Person.slack_user_id == slack_user_id)
    ).first()
    if found is None:
        raise NoSuchPerson
    return found


def is_away(person: Person, now: datetime) -> bool:
    """Whether somebody is on leave at this moment."""
    began = person.away_from is None or person.away_from <= now
    return began and person.away_until is not None and person.away_until > now


def person_by_key(session: Session, workspace_id: int, key: int) -> Person:
    """The coworker with this key, whom another row of the desk names."""
    return session.scalars(sa.select(Person).where(Person.workspace_id == workspace_id, Person.id == key)).one()


def coworkers(session: Session, workspace_id: int, *roles: Role) -> list[Person]:
    """Active coworkers with one of these roles (all, when none is named), by name."""
    found = session.scalars(
        sa.select(Person).where(Person.workspace_id == workspace_id, Person.active).order_by(Person.name, Person.id)
    )
    return [person for person in found if not roles or not set(roles).isdisjoint(person.roles)]


def roster(session: Session, team_id: str) -> list[str]:
    """The names coworkers of a workspace go by."""
    return list(
        session.scalars(
            sa.select(Person.name)
            .join(Workspace, Workspace.id == Person.workspace_id)
            .where(Workspace.team_id == team_id, Person.active)
        )
    )


def names(session: Session, workspace_id: int, ids: Iterable[int | None]) -> dict[int, Person]:
    """People by key, for showing who did what."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    rows = session.scalars(sa.select(Person).where(Person.workspace_id == workspace_id, Person.id.in_(wanted)))
    return {person.id: person for person in rows}


def grant(session: Session, by: Actor, now: datetime, person: Person, *roles: Role) -> tuple[Role, ...]:
    """Give a person roles, and write it down. Returns all their roles.

    :raises NotAllowed: unless an admin (or the command line) does it.
    """
    by.require(Role.ADMIN)
    person.roles = tuple(sorted({*person.roles, *roles}))
    _record_roles(session, by, now, person, "roles_granted", roles)
    return person.roles


def revoke(session: Session, by: Actor, now: datetime, person: Person, *roles: Role) -> tuple[Role, ...]:
    """Take roles from a person, and write it down. Returns the roles left.

    :raises NotAllowed: unless an admin (or the command line) does it.
    """
    by.require(Role.ADMIN)
    person.roles = tuple(sorted(set(person.roles) - set(roles)))
    _record_roles(session, by, now, person, "roles_revoked", roles)
    return person.roles


def _record_roles(
    session: Session, by: Actor, now: datetime, person: Person, action: str, roles: Iterable[Role]
) -> None:
    audit.record(session, by, now, action, Subject.PERSON, person.slack_user_id, roles=sorted(roles))


def own_settings(session: Session, actor: Actor, _now: datetime) -> Person:
    """The row of the person who asks, with their working hours."""
    return session.scalars(
        sa.select(Person).where(Person.workspace_id == actor.workspace_id, Person.id == actor.id)
    ).one()


def keep_settings(
    session: Session,
    actor: Actor,
    now: datetime,
    start: str,
    end: str,
    workdays: Iterable[str],
    *,
    digest: bool,
    weekly: bool,
) -> Person:
    """Store somebody's own working hours (``HH:MM`` in their zone), working days and which regular messages they want.

    :param digest: a morning digest.
    :param weekly: the report on the team's week, which only supervisors are asked about; of anybody else it changes nothing.

    :raises BadInput: for no working day, naming the field.
    """
    person = own_settings(session, actor, now)
    days = tuple(sorted(set(workdays)))
    WorkingHours.of_minutes(_minutes(start), _minutes(end), days)
    person.hours_start, person.hours_end, person.workdays, person.digest = _minutes(start), _minutes(end), days, digest
    if Role.SUPERVISOR in person.roles:
        person.weekly_report = weekly
    audit.record(session, actor, now, "settings_kept", Subject.PERSON, person.slack_user_id)
    return person


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
