"""Somebody goes on leave: all that is in their hands finds other hands with one step, and can come back with one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.actors import NoSuchPerson
from bot.errors import Refusal
from bot.reviews import handoff, work
from bot.reviews.takers import PersonAway
from bot.team.assign import Assigned, NobodyForIt
from bot.team.everything import NothingInHand, SameHands, hand_on_everything
from bot.team.orders import read_order
from bot.team.undo import undo
from storage.tables import TaskHold, TaskOffer
from storage.words import HoldReason, NoticeKind, OfferState, Role, Sensitive, TaskState
from tests.clinic import Clinic


def hand_on(clinic: Clinic, typed: str) -> Assigned:
    for name, who in clinic.people.items():
        typed = typed.replace(f"@{name}", f"<@{who.user_id}>")
    return clinic.desk.change(clinic.people["Priya"], hand_on_everything, None, read_order(typed))


def owner(clinic: Clinic, task: str) -> int | None:
    found: int | None = clinic.row(task)["owner_id"]
    return found


def test_active_tasks_holds_offers_and_releases_find_other_hands(team: Clinic) -> None:
    noor, tomas = team.people["Noor"], team.people["Tomas"]
    active, held = team.owned_task(noor), team.owned_task(noor)
    team.desk.change(noor, work.hold, None, held, [HoldReason.LATE_CHARGES], (team.clock() + timedelta(days=3)).date())
    asked = team.owned_task(tomas)
    team.desk.change(tomas, handoff.offer, None, asked, noor.user_id)
    team.person("Noor", Role.SPECIALIST, Role.ROI_SPECIALIST)
    release = team.request(owner_id=team.key_of(noor))

    done = hand_on(team, "everything of @Noor to @Tomas @Grace")

    assert (set(done.tasks), done.requests, done.offers) == ({active, held}, 1, 1)
    assert {share.name: share.got for share in done.shares} == {"Tomas": 2, "Grace": 1}
    assert owner(team, active) == owner(team, held) == team.key_of(tomas)
    assert team.row(held)["state"] is TaskState.ON_HOLD, "what waits still waits"
    with team.database.read() as session:
        assert session.query(TaskHold).filter_by(workspace_id=team.workspace_id, closed_at=None).count() == 1
        assert [row.state for row in session.query(TaskOffer).filter_by(workspace_id=team.workspace_id)] == [OfferState.DECLINED]
    assert team.request_row(release).owner_id == team.key_of(team.people["Grace"])
    kinds = [notice.kind for notice in team.notices() if notice.recipient_id == team.key_of(tomas)]
    assert kinds.count(NoticeKind.TASKS_ASSIGNED) == 1
    assert NoticeKind.OFFER_DECLINED in kinds


def test_it_can_be_undone_with_one_step(team: Clinic) -> None:
    noor = team.people["Noor"]
    team.person("Noor", Role.SPECIALIST, Role.ROI_SPECIALIST)
    active, release = team.owned_task(noor), team.request(owner_id=team.key_of(noor))
    done = hand_on(team, "everything of @Noor to @Tomas @Grace")
    undone = team.desk.change(team.people["Priya"], undo, None, done.number)
    assert (undone.tasks, undone.requests) == (1, 1)
    assert owner(team, active) == team.request_row(release).owner_id == team.key_of(noor)


def test_the_team_gets_it_by_load_without_those_on_leave(team: Clinic) -> None:
    team.person("Ana", Role.SPECIALIST, away_until=team.clock() + timedelta(days=1))
    team.person("Ben", Role.SPECIALIST)
    for _ in range(2):
        team.owned_task(team.people["Tomas"])
    mine = [team.owned_task(team.people["Noor"]) for _ in range(4)]
    done = hand_on(team, "everything of @Noor to team")
    assert {share.name: share.got for share in done.shares if share.got} == {"Ben": 3, "Tomas": 1}
    assert team.key_of(team.people["Ana"]) not in {owner(team, task) for task in mine}


def test_somebody_who_has_left_can_be_relieved_too(team: Clinic) -> None:
    task = team.owned_task(team.people["Noor"])
    team.person("Noor", Role.SPECIALIST, active=False)
    hand_on(team, "everything of @Noor to @Tomas")
    assert owner(team, task) == team.key_of(team.people["Tomas"])


def test_what_nobody_may_take_stays_and_is_named(team: Clinic) -> None:
    team.person("Noor", Role.SPECIALIST, works_restricted=True)
    plain, secret = team.owned_task(team.people["Noor"]), team.task(sensitive=(Sensitive.EMPLOYEE,))
    team.change_task(secret, state=TaskState.CLAIMED, owner_id=team.key_of(team.people["Noor"]))
    done = hand_on(team, "everything of @Noor to @Tomas")
    assert done.tasks == (plain,)
    assert done.left == (f"{secret} stays: nobody of these people may take it.",)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("everything of @Tomas to @Noor", NothingInHand),
        ("everything of @Noor to @Noor", SameHands),
        ("everything of @Noor to @Away", PersonAway),
        ("everything of <@U0STRANGER> to @Noor", NoSuchPerson),
        ("everything of @Noor to @Grace", NobodyForIt),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(team: Clinic, typed: str, kind: type[Refusal]) -> None:
    team.person("Away", Role.SPECIALIST, away_until=team.clock() + timedelta(days=1))
    task = team.owned_task(team.people["Noor"])
    with pytest.raises(kind):
        hand_on(team, typed)
    assert owner(team, task) == team.key_of(team.people["Noor"])
    assert team.notices() == []
