"""Skills, facilities, leave, clearance and roles: kept by those who may, checked word by word, written down."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import notices
from bot.actors import NoSuchPerson
from bot.errors import BadInput, NotAllowed
from bot.people import is_away
from bot.reviews.leases import look_at_idle
from bot.team.people import Coworker, Kept, LastAdmin, keep_coworker, people_page
from storage.tables import Person
from storage.words import NoticeKind, Role, TaskState
from tests.clinic import Clinic


def keep(clinic: Clinic, name: str, by: str = "Priya", **said: Any) -> Coworker:
    form = {"skills": "", "facilities": "", "staff_code": None, "works_restricted": False, **said}
    return clinic.desk.change(clinic.people[by], keep_coworker, None, clinic.people[name].user_id, Kept(**form))


def row(clinic: Clinic, name: str) -> Person:
    with clinic.database.read() as session:
        return session.query(Person).filter_by(workspace_id=clinic.workspace_id, id=clinic.key_of(clinic.people[name])).one()


def test_words_are_stored_once_sorted_and_spelt_as_the_tasks_spell_them(team: Clinic) -> None:
    team.task(facility="F1")
    kept = keep(team, "Noor", skills="Inpatient, ed;ed", facilities="f1 Annex", staff_code="SP-03", works_restricted=True)
    assert (kept.skills, kept.facilities, kept.staff_code, kept.works_restricted) == (("ed", "inpatient"), ("Annex", "F1"), "sp-03", True)
    assert [entry.facts for entry in team.audit(action="person_kept")] == [
        {"changed": ["facilities", "skills", "staff_code", "works_restricted"]}
    ]
    keep(team, "Noor", skills="ed inpatient", facilities="F1, Annex", staff_code="sp-03", works_restricted=True)
    assert len(team.audit(action="person_kept")) == 1, "nothing changed, so nothing is written"


@pytest.mark.parametrize(
    ("said", "field", "told"),
    [
        ({"skills": "two words and <b>"}, "skills", "one word of letters"),
        ({"skills": "w" * 31}, "skills", "one word of letters"),
        ({"facilities": " ".join(f"F{n}" for n in range(13))}, "facilities", "At most 12"),
        ({"staff_code": "a b"}, "staff_code", "such as sp-03"),
        ({"staff_code": "TAKEN"}, "staff_code", "Tomas has this staff code"),
        ({"away_last": date(2026, 11, 22)}, "away_until", "over already|before it begins"),
        ({"away_first": date(2026, 12, 2), "away_last": date(2026, 12, 1)}, "away_until", "before it begins"),
        ({"away_first": date(2026, 12, 2)}, "away_until", "last day"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_kept(team: Clinic, said: dict[str, Any], field: str, told: str) -> None:
    team.person("Tomas", Role.SPECIALIST, staff_code="taken")
    with pytest.raises(BadInput, match=told) as refused:
        keep(team, "Noor", **said)
    assert refused.value.field == field
    assert team.audit(action="person_kept") == []


def test_a_leave_begins_and_ends_at_midnight_where_the_person_is(team: Clinic) -> None:
    team.person("Noor", Role.SPECIALIST, zone="America/Los_Angeles")
    kept = keep(team, "Noor", away_first=date(2026, 11, 25), away_last=date(2026, 11, 27))
    assert (kept.away_first, kept.away_last) == (date(2026, 11, 25), date(2026, 11, 27))
    noor = row(team, "Noor")
    assert (noor.away_from, noor.away_until) == (datetime(2026, 11, 25, 8, tzinfo=UTC), datetime(2026, 11, 28, 8, tzinfo=UTC))
    assert not is_away(noor, team.clock())
    assert is_away(noor, datetime(2026, 11, 26, 20, tzinfo=UTC))
    assert notices.leaves_at(noor, datetime(2026, 11, 24, 17, tzinfo=UTC)) == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert notices.leaves_at(noor, datetime(2026, 11, 25, 7, tzinfo=UTC)) == datetime(2026, 11, 30, 16, tzinfo=UTC), "a Monday, at eight"


def test_an_idle_task_does_not_go_back_during_a_leave(team: Clinic) -> None:
    task = team.owned_task(team.people["Noor"])
    keep(team, "Noor", away_first=date(2026, 11, 24), away_last=date(2026, 12, 4))
    team.clock.move(days=9)
    assert team.desk.run_as_desk(team.workspace_id, "clock", look_at_idle)
    assert team.row(task)["state"] is TaskState.CLAIMED
    assert NoticeKind.TASK_RETURNED_IDLE not in {notice.kind for notice in team.notices()}


def test_roles_are_for_an_admin_and_one_admin_stays(team: Clinic) -> None:
    team.person("Ada", Role.ADMIN)
    with pytest.raises(NotAllowed):
        keep(team, "Noor", roles=(Role.SUPERVISOR,))
    kept = keep(team, "Noor", by="Ada", roles=(Role.AUDITOR, Role.SPECIALIST))
    assert set(kept.roles) == {Role.AUDITOR, Role.SPECIALIST}
    assert team.audit(action="roles_granted")[0].facts == {"roles": ["auditor"]}
    with pytest.raises(LastAdmin):
        keep(team, "Ada", by="Ada", roles=())
    keep(team, "Noor", by="Ada", roles=(Role.ADMIN,))
    assert keep(team, "Ada", by="Ada", roles=()).roles == ()


def test_only_supervisors_and_admins_see_and_keep_people(team: Clinic) -> None:
    for who in ("Noor", "Grace"):
        with pytest.raises(NotAllowed):
            team.desk.look(team.people[who], people_page)
        with pytest.raises(NotAllowed):
            keep(team, "Tomas", by=who)


def test_three_hundred_people_are_paged(team: Clinic) -> None:
    for number in range(40):
        team.person(f"P{number:03}", Role.SPECIALIST)
    page = team.desk.look(team.people["Priya"], people_page, 10_000)
    assert (page.total, page.page, len(page.people)) == (45, 4, 5)


def test_who_left_slack_can_be_given_nothing_until_they_come_back(team: Clinic) -> None:
    noor = team.people["Noor"]
    team.desk.know_profile(noor, name="Noor", zone="", deleted=True)
    with pytest.raises(NoSuchPerson):
        keep(team, "Noor")
    assert len(team.audit(action="person_left")) == 1
    team.desk.know_profile(noor, name="Noor", zone="", deleted=True)
    team.desk.know_profile(noor, name="Noor", zone="")
    assert [entry.action for entry in team.audit(subject="person")] == ["person_left", "person_came_back"]
    assert keep(team, "Noor").name == "Noor"


def test_a_leave_that_is_over_is_no_leave(team: Clinic) -> None:
    kept = keep(team, "Noor", away_last=team.clock().date())
    assert kept.away_last == team.clock().date()
    team.clock.move(days=2)
    page = team.desk.look(team.people["Priya"], people_page)
    assert [one.away_last for one in page.people if one.name == "Noor"] == [None]
    assert not is_away(row(team, "Noor"), team.clock() + timedelta(days=1))
