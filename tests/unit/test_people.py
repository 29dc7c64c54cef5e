"""Coworkers: met once, found in their own workspace, given roles by an admin only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot import people
from bot.actors import Actor, Identity, NoRoleYet, NoSuchPerson, actor, desk_actor, whoami
from bot.errors import NotAllowed
from storage.tables import Person, Workspace
from storage.words import Role
from tests.clinic import Clinic

STRANGER = Identity("T0STRANGE1", "U0STRANGER")


def counts(clinic: Clinic) -> tuple[int, int]:
    """How many workspaces and people there are."""
    with clinic.database.read() as session:
        workspaces = session.scalar(sa.select(sa.func.count()).select_from(Workspace)) or 0
        return workspaces, session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_a_stranger_is_met_without_any_role_and_only_once(clinic: Clinic) -> None:
    before = counts(clinic)
    assert clinic.desk.meet(STRANGER)
    assert clinic.desk.meet(STRANGER), "their name and zone are still to be read"
    clinic.desk.know_profile(STRANGER, name="Sam Okoro", zone="Europe/Dublin")
    assert not clinic.desk.meet(STRANGER)
    assert counts(clinic) == (before[0] + 1, before[1] + 1)
    met = clinic.desk.look(STRANGER, whoami)
    assert (met.name, met.zone, met.roles) == ("Sam Okoro", "Europe/Dublin", frozenset())
    with pytest.raises(NoRoleYet):
        met.require(Role.SPECIALIST)


def test_many_requests_of_a_stranger_at_once_meet_one_person(clinic: Clinic) -> None:
    before = counts(clinic)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: clinic.desk.meet(STRANGER), range(12)))
    assert counts(clinic) == (before[0] + 1, before[1] + 1)


def test_the_settings_may_name_admins(clinic: Clinic) -> None:
    clinic.desk.settings = clinic.desk.settings.model_copy(update={"chartdesk_admins": (STRANGER.user_id,)})
    clinic.desk.meet(STRANGER)
    assert clinic.desk.look(STRANGER, whoami).roles == {Role.ADMIN}


def test_somebody_who_left_is_nobody_any_more(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST, active=False)
    with pytest.raises(NoSuchPerson):
        clinic.desk.look(noor, whoami)
    with clinic.database.read() as session:
        assert "Noor" not in [person.name for person in people.coworkers(session, clinic.workspace_id)]
        with pytest.raises(NoSuchPerson):
            people.person_named(session, clinic.workspace_id, noor.user_id)


def test_an_empty_name_or_zone_from_slack_does_not_wipe_what_is_known(clinic: Clinic) -> None:
    noor = clinic.person("Noor", zone="America/Denver")
    clinic.desk.know_profile(noor, name="", zone="")
    met = clinic.desk.look(noor, whoami)
    assert (met.name, met.zone) == (noor.user_id, "America/Denver")
    clinic.desk.know_profile(noor, name="N" * 500, zone="UTC")
    assert len(clinic.desk.look(noor, whoami).name) == 200


def test_roles_are_given_and_taken_by_an_admin_and_written_down(clinic: Clinic) -> None:
    admin, noor = clinic.person("Ada", Role.ADMIN), clinic.person("Noor")

    with clinic.database.write() as session:
        by = actor(session, admin, lock=True)
        person = people.person_named(session, clinic.workspace_id, noor.user_id)
        assert people.grant(session, by, clinic.clock(), person, Role.SPECIALIST, Role.AUDITOR) == (Role.AUDITOR, Role.SPECIALIST)
        assert people.grant(session, by, clinic.clock(), person, Role.AUDITOR) == (Role.AUDITOR, Role.SPECIALIST)
        assert people.revoke(session, by, clinic.clock(), person, Role.AUDITOR) == (Role.SPECIALIST,)

    assert [(entry.action, entry.reference, entry.actor_id) for entry in clinic.audit()] == [
        ("roles_granted", noor.user_id, clinic.key_of(admin)),
        ("roles_granted", noor.user_id, clinic.key_of(admin)),
        ("roles_revoked", noor.user_id, clinic.key_of(admin)),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_no_other_role_gives_roles(clinic: Clinic, role: Role) -> None:
    somebody = clinic.person("Somebody", role)
    with clinic.database.write() as session:
        by = actor(session, somebody, lock=True)
        own = people.own_settings(session, by, clinic.clock())
        with pytest.raises(NotAllowed, match="role of admin"):
            people.grant(session, by, clinic.clock(), own, Role.ADMIN)
    assert clinic.desk.look(somebody, whoami).roles == {role}
    assert clinic.audit() == []


def test_coworkers_come_by_name_and_by_role(clinic: Clinic) -> None:
    for name, role in (("Zoe", Role.SUPERVISOR), ("Ada", Role.SPECIALIST), ("Mia", Role.SUPERVISOR)):
        clinic.person(name, role)
    with clinic.database.read() as session:
        found = people.coworkers(session, clinic.workspace_id, Role.SUPERVISOR, Role.ADMIN)
    assert [person.name for person in found] == ["Mia", "Zoe"]


def test_the_clock_and_the_command_line_are_nobody_in_particular(clinic: Clinic) -> None:
    with clinic.database.write() as session:
        clock: Actor = desk_actor(session, clinic.workspace_id, "clock")
    assert clock.has(Role.ADMIN)
    assert clock.source == "clock"
    with pytest.raises(NotAllowed, match="Only a person"):
        _ = clock.id


def test_no_role_and_several_roles_are_said_in_words(clinic: Clinic) -> None:
    grace = clinic.desk.look(clinic.person("Grace", Role.ROI_SPECIALIST), whoami)
    with pytest.raises(NotAllowed) as told:
        grace.require(Role.SPECIALIST, Role.PRIVACY_OFFICER)
    assert told.value.sentence == "This is for the role of specialist or privacy officer. An admin can give it to you."
