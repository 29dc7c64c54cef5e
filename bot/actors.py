"""Who acts, and what their roles let them do. Deny by default: without a role a person may look up codes and read the help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.errors import NotAllowed, NotFound
from bot.spoken import spoken
from storage.tables import Person, Workspace
from storage.words import Role

#: The roles that may take review tasks.
WORKERS = (Role.SPECIALIST, Role.AUDITOR, Role.SUPERVISOR)
#: The roles that may work requests for release of information.
RELEASERS = (Role.ROI_SPECIALIST, Role.SUPERVISOR, Role.PRIVACY_OFFICER)

#: The columns that :func:`actor_of` reads.
_OF_PERSON = ("id", "slack_user_id", "name", "zone", "roles", "skills", "works_restricted")
_OF_WORKSPACE = ("id", "legal_zone", "legal_state", "active_task_limit")


class NoRoleYet(NotAllowed):
    """You have no role at this desk yet. Ask an admin to give you one; until then /code and /desk work."""


class NoSuchPerson(NotFound):
    """Nobody at this desk goes by that name. Pick the person with @, and have an admin give them a role first."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as Slack names them, before the desk has looked."""

    team_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the database knows them at this moment. The clock and the command line have no ``person_id``."""

    workspace_id: int
    person_id: int | None
    slack_user_id: str | None
    name: str
    zone: str
    legal_zone: str
    legal_state: str | None
    roles: frozenset[Role]
    skills: tuple[str, ...] = ()
    active_task_limit: int = 5
    source: str = "slack"
    works_restricted: bool = False

    @property
    def sees_restricted(self) -> bool:
        """Whether restricted records that are not in their hands are shown to them: those who share them out, and those who are cleared."""
        return self.works_restricted or self.has(Role.SUPERVISOR, Role.PRIVACY_OFFICER)

    def has(self, *roles: Role) -> bool:
        """Whether the actor has one of these roles."""
        return not self.roles.isdisjoint(roles)

    def require(self, *roles: Role) -> None:
        """Let only these roles pass.

        :raises NoRoleYet: for somebody without any role.
        :raises NotAllowed: for everybody else, naming the roles that may.
        """
        if self.has(*roles):
            return
        if not self.roles:
            raise NoRoleYet
        names = " or ".join(spoken(role) for role in roles)
        raise NotAllowed(f"This is for the role of {names}. An admin can give it to you.")

    @property
    def id(self) -> int:
        """The person's key.

        :raises NotAllowed: for the clock and the command line, which are nobody.
        """
        if self.person_id is None:
            raise NotAllowed("Only a person can do this.")
        return self.person_id


def actor(session: Session, who: Identity, *, lock: bool = False) -> Actor:
    """Look up who acts, with their roles as they are now.

    :param lock: take the person's row for this transaction: it orders their own changes, keeps their limits exact and their audit chain straight.
        A lock that leaves the key alone: rows that point at this person, such as a notice to them, are not kept waiting.
    :raises NoSuchPerson: when the desk has never met them, or they were deactivated.
    """
    row = session.execute(_lookup(lock=lock), {"team": who.team_id, "user": who.user_id}).mappings().first()
    if row is None:
        raise NoSuchPerson
    return actor_of(cast("Mapping[str, Any]", row))


@cache
def _lookup(*, lock: bool) -> sa.Select[Any]:
    query = actor_columns(sa.bindparam("team", type_=sa.Text), sa.bindparam("user", type_=sa.Text))
    return query.with_for_update(of=Person, key_share=True) if lock else query


def as_actor(person: Person, workspace: Workspace) -> Actor:
    """The actor a person is."""
    row = {f"person_{name}": getattr(person, name) for name in _OF_PERSON}
    return actor_of(row | {f"desk_{name}": getattr(workspace, name) for name in _OF_WORKSPACE})


def actor_columns(team: sa.ColumnElement[str], user: sa.ColumnElement[str]) -> sa.Select[Any]:
    """What an actor is made of, as a statement or a part of one; :func:`actor_of` reads it."""
    return (
        sa.select(
            *(getattr(Person, name).label(f"person_{name}") for name in _OF_PERSON),
            *(getattr(Workspace, name).label(f"desk_{name}") for name in _OF_WORKSPACE),
        )
        .join(Workspace, Workspace.id == Person.workspace_id)
        .where(Workspace.team_id == team, Person.slack_user_id == user, Person.active, Workspace.active)
    )


def actor_of(row: Mapping[str, Any]) -> Actor:
    """The actor in a row with :func:`actor_columns`."""
    return Actor(
        workspace_id=row["desk_id"],
        person_id=row["person_id"],
        slack_user_id=row["person_slack_user_id"],
        name=row["person_name"],
        zone=row["person_zone"],
        legal_zone=row["desk_legal_zone"],
        legal_state=row["desk_legal_state"],
        roles=_roles(row["person_roles"]),
        skills=row["person_skills"],
        active_task_limit=row["desk_active_task_limit"],
        works_restricted=row["person_works_restricted"],
    )


@cache
def _roles(roles: tuple[Role, ...]) -> frozenset[Role]:
    """Few combinations are in use."""
    return frozenset(roles)


def desk_actor(session: Session, workspace_id: int, source: str) -> Actor:
    """The actor of the clock or the command line in one workspace; locks the workspace's row to keep its audit chain straight."""
    workspace = session.scalars(sa.select(Workspace).where(Workspace.id == workspace_id).with_for_update(key_share=True)).one()
    return Actor(
        workspace_id=workspace.id,
        person_id=None,
        slack_user_id=None,
        name=source,
        zone=workspace.legal_zone,
        legal_zone=workspace.legal_zone,
        legal_state=workspace.legal_state,
        roles=frozenset(Role),
        active_task_limit=workspace.active_task_limit,
        source=source,
    )


def whoami(_session: Session, actor: Actor, _now: datetime) -> Actor:
    """The person who asks, as the desk knows them."""
    return actor
