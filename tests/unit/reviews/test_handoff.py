"""Offering a task to a named person: accepting, declining, expiring, and everything that takes an offer back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.actors import NoSuchPerson
from bot.errors import Refusal
from bot.reviews import handoff, work
from bot.reviews.cards import open_card
from bot.reviews.claims import NotForTheQueue, OwnWorkUnderReview, TooManyActive
from bot.reviews.handoff import OfferedAlready, OfferGone, OfferToOneself
from bot.reviews.takers import CannotTakeTasks, NotCleared, PersonAway
from bot.reviews.work import NotYours
from bot.team.assign import assign
from jobs.leases import sweep_leases
from storage.tables import TaskOffer
from storage.words import HoldReason, NoticeKind, OfferState, ReturnReason, Role, Sensitive, TaskEvent, TaskState
from tests.clinic import Clinic


@pytest.fixture
def people(clinic: Clinic) -> Clinic:
    """Noor, who has a task; Tomas, whom she asks; Priya, who supervises."""
    clinic.person("Noor", Role.SPECIALIST)
    clinic.person("Tomas", Role.SPECIALIST)
    clinic.person("Priya", Role.SUPERVISOR)
    return clinic


def offered(clinic: Clinic, **facts: Any) -> str:
    task = clinic.owned_task(clinic.people["Noor"], **facts)
    clinic.desk.change(clinic.people["Noor"], handoff.offer, None, task, clinic.people["Tomas"].user_id)
    return task


def offers(clinic: Clinic) -> list[OfferState]:
    with clinic.database.read() as session:
        return [
            row.state
            for row in session.query(TaskOffer).filter_by(workspace_id=clinic.workspace_id).order_by(TaskOffer.id)
        ]


def told(clinic: Clinic, name: str) -> list[NoticeKind]:
    key = clinic.key_of(clinic.people[name])
    return [notice.kind for notice in clinic.notices() if notice.recipient_id == key]


def test_the_task_stays_the_givers_until_it_is_accepted(people: Clinic) -> None:
    task = offered(people)
    assert people.row(task)["owner_id"] == people.key_of(people.people["Noor"])
    assert people.desk.look(people.people["Noor"], open_card, task).offered_to == people.people["Tomas"].user_id

    card = people.desk.change(people.people["Tomas"], handoff.accept, None, task)

    assert (card.owner_is_reader, card.state, card.offered_to) == (True, TaskState.CLAIMED, None)
    assert told(people, "Noor") == [NoticeKind.OFFER_ACCEPTED]
    assert [row.event for row in people.history(task)][-2:] == [TaskEvent.OFFERED, TaskEvent.HANDED_OVER]
    assert people.audit(action="task_handed_over")[0].actor_id == people.key_of(people.people["Tomas"])
    assert people.desk.change(people.people["Tomas"], handoff.accept, None, task).owner_is_reader
    assert len(people.history(task)) == 4


def test_a_hold_stays_a_hold_when_it_changes_hands(people: Clinic) -> None:
    people.allow_active(1)
    task = people.owned_task(people.people["Noor"])
    people.desk.change(people.people["Noor"], work.hold, None, task, [HoldReason.LATE_CHARGES])
    people.desk.change(people.people["Noor"], handoff.offer, None, task, people.people["Tomas"].user_id)
    people.owned_task(people.people["Tomas"])
    card = people.desk.change(people.people["Tomas"], handoff.accept, None, task)
    assert (card.state, card.holds) == (TaskState.ON_HOLD, (HoldReason.LATE_CHARGES,))


def test_one_offer_at_a_time_and_a_new_one_after_it_was_declined(people: Clinic) -> None:
    task = offered(people)
    with pytest.raises(OfferedAlready):
        people.desk.change(people.people["Noor"], handoff.offer, None, task, people.people["Priya"].user_id)
    people.desk.change(people.people["Tomas"], handoff.decline, None, task)
    assert told(people, "Noor") == [NoticeKind.OFFER_DECLINED]
    people.desk.change(people.people["Noor"], handoff.offer, None, task, people.people["Priya"].user_id)
    assert offers(people) == [OfferState.DECLINED, OfferState.OPEN]
    with pytest.raises(OfferGone):
        people.desk.change(people.people["Tomas"], handoff.accept, None, task)


def test_an_offer_expires_after_a_working_day_of_the_one_asked(people: Clinic) -> None:
    task = offered(people)  # Monday 11:00 in New York: eight of Tomas's working hours end on Tuesday at 10:00
    people.clock.move(hours=22, minutes=59)
    assert sweep_leases_without_idle(people) == [OfferState.OPEN]
    people.clock.move(minutes=1)
    with pytest.raises(OfferGone, match="was offered until 10:00"):
        people.desk.change(people.people["Tomas"], handoff.accept, None, task)
    assert sweep_leases_without_idle(people) == [OfferState.EXPIRED]
    assert NoticeKind.OFFER_EXPIRED in told(people, "Noor")
    sweep_leases_without_idle(people)
    assert told(people, "Noor").count(NoticeKind.OFFER_EXPIRED) == 1


def sweep_leases_without_idle(clinic: Clinic) -> list[OfferState]:
    clinic.desk.run_as_desk(clinic.workspace_id, "clock", handoff.expire_offers)
    return offers(clinic)


TAKEN_BACK: dict[str, Callable[[Clinic, str], Any]] = {
    "returned": lambda desk, task: desk.desk.change(
        desk.people["Noor"], work.return_task, None, task, ReturnReason.END_OF_SHIFT
    ),
    "assigned": lambda desk, task: desk.desk.change(
        desk.people["Priya"], assign, None, task, desk.people["Priya"].user_id
    ),
    "left idle": lambda desk, _task: [(desk.clock.move(days=2), sweep_leases(desk.desk)) for _ in range(2)],
}


@pytest.mark.parametrize("how", TAKEN_BACK)
def test_what_takes_the_task_away_takes_the_offer_back(people: Clinic, how: str) -> None:
    task = offered(people)
    TAKEN_BACK[how](people, task)
    assert offers(people) in ([OfferState.CANCELLED], [OfferState.EXPIRED])
    before = people.row(task)
    with pytest.raises(OfferGone):
        people.desk.change(people.people["Tomas"], handoff.accept, None, task)
    assert people.row(task) == before


def test_completing_takes_the_offer_back(people: Clinic) -> None:
    task = offered(people)
    people.desk.change(people.people["Noor"], work.start, None, task)
    people.desk.change(people.people["Noor"], work.complete, None, task)
    assert offers(people) == [OfferState.CANCELLED]


def test_the_limit_and_ones_own_work_hold_when_accepting(people: Clinic) -> None:
    people.allow_active(1)
    task = offered(people)
    people.owned_task(people.people["Tomas"])
    with pytest.raises(TooManyActive):
        people.desk.change(people.people["Tomas"], handoff.accept, None, task)
    people.allow_active(5)
    people.change_task(task, worked_by_id=people.key_of(people.people["Tomas"]))
    with pytest.raises(OwnWorkUnderReview):
        people.desk.change(people.people["Tomas"], handoff.accept, None, task)
    assert offers(people) == [OfferState.OPEN]


def test_whom_a_task_cannot_be_offered_to(people: Clinic) -> None:
    noor = people.people["Noor"]
    away = people.person("Away", Role.SPECIALIST, away_until=people.clock() + timedelta(days=2))
    grace = people.person("Grace", Role.ROI_SPECIALIST)
    people.person("Noor", Role.SPECIALIST, works_restricted=True)
    task = people.owned_task(noor)
    secret = people.task(sensitive=(Sensitive.VIP,))
    people.desk.change(people.people["Priya"], assign, None, secret, noor.user_id)
    refusals: list[tuple[str, str, type[Refusal]]] = [
        (task, noor.user_id, OfferToOneself),
        (task, away.user_id, PersonAway),
        (task, grace.user_id, CannotTakeTasks),
        (task, "U0UNKNOWN", NoSuchPerson),
        (secret, people.people["Tomas"].user_id, NotCleared),
    ]
    for which, whom, refusal in refusals:
        with pytest.raises(refusal):
            people.desk.change(noor, handoff.offer, None, which, whom)
    with pytest.raises(NotYours):
        people.desk.change(people.people["Tomas"], handoff.offer, None, task, noor.user_id)
    assert offers(people) == []


def test_a_restricted_task_goes_from_one_who_is_cleared_to_another(people: Clinic) -> None:
    noor, tomas = people.people["Noor"], people.people["Tomas"]
    for name in ("Noor", "Tomas"):
        people.person(name, Role.SPECIALIST, works_restricted=True)
    secret = people.task(sensitive=(Sensitive.VIP,))
    people.desk.change(people.people["Priya"], assign, None, secret, noor.user_id)
    people.desk.change(noor, handoff.offer, None, secret, tomas.user_id)

    people.person("Tomas", Role.SPECIALIST, works_restricted=False)
    with pytest.raises(NotForTheQueue):
        people.desk.change(tomas, handoff.accept, None, secret)
    people.person("Tomas", Role.SPECIALIST, works_restricted=True)
    assert people.desk.change(tomas, handoff.accept, None, secret).owner == tomas.user_id
