"""Who may take what, and what the others hear."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.actors import NoRoleYet
from bot.errors import BadInput, NotAllowed
from bot.reviews import work
from bot.reviews.cards import Restricted, open_card
from bot.reviews.claims import (
    AlreadyTaken,
    NotForTheQueue,
    OtherSkill,
    OwnWorkUnderReview,
    QueueEmpty,
    TooManyActive,
    claim,
    claim_next,
)
from bot.reviews.history import task_history
from bot.reviews.lists import TaskList, task_page
from bot.reviews.states import Step
from bot.reviews.takers import CannotTakeTasks, NotCleared, PersonAway
from bot.reviews.tasks import NoSuchTask
from bot.team.assign import assign
from storage.words import HoldReason, NoticeKind, ReturnReason, Role, Sensitive, TaskState, TaskType
from tests.clinic import Clinic, clean


def test_the_loser_hears_who_has_it_and_since_when_in_their_own_zone(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    tomas = clinic.person("Tomas", Role.SPECIALIST, zone="America/Los_Angeles")
    task = clinic.owned_task(noor)
    clinic.clock.move(hours=2)
    with pytest.raises(AlreadyTaken) as told:
        clinic.desk.change(tomas, claim, None, task)
    assert told.value.sentence == f"Noor has {task} since 08:00. /claim takes the next one."


def test_a_finished_task_is_told_as_finished_and_not_as_somebodys(clinic: Clinic) -> None:
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, work.start, None, task)
    clinic.desk.change(noor, work.complete, None, task)
    for who in (noor, tomas):
        with pytest.raises(AlreadyTaken, match=f"{task} is completed"):
            clinic.desk.change(who, claim, None, task)


def test_a_second_click_of_the_owner_is_answered_with_the_card(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    assert clinic.desk.change(noor, claim, None, task).owner_is_reader
    assert len(clinic.history(task)) == 2
    assert len(clinic.audit(action="task_claimed")) == 1


@pytest.mark.parametrize("mark", [Sensitive.VIP, Sensitive.EMPLOYEE])
def test_a_restricted_record_never_comes_from_the_queue(clinic: Clinic, mark: Sensitive) -> None:
    noor, priya = clinic.person("Noor", Role.SPECIALIST), clinic.person("Priya", Role.SUPERVISOR)
    task = clinic.task(sensitive=(mark,))

    for who in (noor, priya):
        with pytest.raises(QueueEmpty):
            clinic.desk.change(who, claim_next, None)
        with pytest.raises(NotForTheQueue):
            clinic.desk.change(who, claim, None, task)
    assert clinic.desk.look(noor, task_page, TaskList.QUEUE).total == 0
    assert clinic.desk.look(noor, task_page, TaskList.FOUND, words=task).total == 0
    for look in (open_card, task_history):
        with pytest.raises(Restricted):
            clinic.desk.look(noor, look, task)
    assert Step.CLAIM not in clinic.desk.look(priya, open_card, task).may

    with pytest.raises(NotCleared, match="Noor is not cleared for such records"):
        clinic.desk.change(priya, assign, None, task, noor.user_id)
    clinic.person("Noor", Role.SPECIALIST, works_restricted=True)
    assert clinic.desk.look(noor, task_page, TaskList.QUEUE).total == 1
    clinic.desk.change(priya, assign, None, task, noor.user_id)
    assert clinic.desk.change(noor, work.start, None, task).state is TaskState.IN_PROGRESS


def test_somebody_cleared_takes_a_restricted_task_by_its_reference_and_never_by_next(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST, works_restricted=True, skills=("cardiology",))
    task, other_skill = clinic.task(sensitive=(Sensitive.VIP,)), clinic.task(sensitive=(Sensitive.VIP,), skill="neurology")
    own = clinic.task(sensitive=(Sensitive.EMPLOYEE,))
    clinic.change_task(own, worked_by_id=clinic.key_of(noor))

    with pytest.raises(QueueEmpty):
        clinic.desk.change(noor, claim_next, None)
    with pytest.raises(OtherSkill):
        clinic.desk.change(noor, claim, None, other_skill)
    with pytest.raises(OwnWorkUnderReview):
        clinic.desk.change(noor, claim, None, own)
    assert Step.CLAIM in clinic.desk.look(noor, open_card, task).may
    assert clinic.desk.change(noor, claim, None, task).owner_is_reader
    assert [entry.reference for entry in clinic.audit(action="task_claimed")] == [task]
    assert clinic.row(task)["look_at"] is not None, "it has a lease like any other"

    clinic.allow_active(1)
    with pytest.raises(TooManyActive):
        clinic.desk.change(noor, claim, None, clinic.task(sensitive=(Sensitive.VIP,)))


def test_a_supervisor_hears_how_a_restricted_task_is_given_away(clinic: Clinic) -> None:
    priya = clinic.person("Priya", Role.SUPERVISOR)
    task = clinic.task(sensitive=(Sensitive.VIP,))
    with pytest.raises(NotForTheQueue, match=f"/assign {task} @person"):
        clinic.desk.change(priya, claim, None, task)


def test_nobody_reviews_their_own_work(clinic: Clinic) -> None:
    noor, priya = clinic.person("Noor", Role.AUDITOR), clinic.person("Priya", Role.SUPERVISOR)
    task = clinic.task(type=TaskType.RETROSPECTIVE_AUDIT)
    clinic.change_task(task, worked_by_id=clinic.key_of(noor))

    with pytest.raises(QueueEmpty):
        clinic.desk.change(noor, claim_next, None)
    with pytest.raises(OwnWorkUnderReview):
        clinic.desk.change(noor, claim, None, task)
    with pytest.raises(OwnWorkUnderReview, match="Noor's own work"):
        clinic.desk.change(priya, assign, None, task, noor.user_id)
    assert Step.CLAIM not in clinic.desk.look(noor, open_card, task).may
    assert clinic.row(task)["state"] is TaskState.AVAILABLE


def test_skills_narrow_the_queue_and_no_skills_listed_means_all(clinic: Clinic) -> None:
    cardio = clinic.person("Cardio", Role.SPECIALIST, skills=("cardiology",))
    anybody = clinic.person("Anybody", Role.SPECIALIST)
    neuro = clinic.task(skill="neurology")
    plain = clinic.task()

    assert clinic.desk.change(cardio, claim_next, None).reference == plain
    with pytest.raises(OtherSkill, match=neuro):
        clinic.desk.change(cardio, claim, None, neuro)
    assert clinic.desk.change(anybody, claim_next, None).reference == neuro


@pytest.mark.parametrize("role", [Role.ROI_SPECIALIST, Role.PRIVACY_OFFICER, Role.ADMIN])
def test_other_roles_take_no_tasks_and_are_offered_none(clinic: Clinic, role: Role) -> None:
    who, task = clinic.person("Other", role), clinic.task()
    with pytest.raises(NotAllowed):
        clinic.desk.change(who, claim_next, None)
    with pytest.raises(NotAllowed):
        clinic.desk.change(who, claim, None, task)
    if role is Role.PRIVACY_OFFICER:
        assert Step.CLAIM not in clinic.desk.look(who, open_card, task).may


def test_without_a_role_one_hears_whom_to_ask(clinic: Clinic) -> None:
    with pytest.raises(NoRoleYet, match="Ask an admin"):
        clinic.desk.change(clinic.person("New"), claim_next, None)


def test_holds_do_not_count_against_the_limit_but_coming_back_does(clinic: Clinic) -> None:
    clinic.allow_active(2)
    noor = clinic.person("Noor", Role.SPECIALIST)
    first = clinic.owned_task(noor)
    clinic.desk.change(noor, work.hold, None, first, [HoldReason.UNSIGNED_NOTE])
    for _ in range(2):
        clinic.owned_task(noor)
    clinic.task()
    with pytest.raises(TooManyActive, match="2 active tasks"):
        clinic.desk.change(noor, claim_next, None)
    with pytest.raises(TooManyActive):
        clinic.desk.change(noor, work.resume, None, first)
    assert clinic.row(first)["state"] is TaskState.ON_HOLD


def test_a_reference_is_read_in_any_spelling_and_an_unknown_one_is_said_so(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.task()
    with pytest.raises(NoSuchTask, match="No review task here is called RV-22222"):
        clinic.desk.change(noor, claim, None, "rv 22222")
    with pytest.raises(BadInput, match="another kind of reference"):
        clinic.desk.change(noor, claim, None, "ROI-22222")
    assert clinic.desk.change(noor, claim, None, f"`{task.lower().replace('-', ' ')}`").reference == task


def test_assigning_tells_both_people_and_takes_the_task_over(clinic: Clinic) -> None:
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    priya = clinic.person("Priya", Role.SUPERVISOR)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, work.hold, None, task, [HoldReason.LATE_CHARGES], None, clean("waits for charges"))

    clinic.desk.change(priya, assign, None, task, tomas.user_id)

    told = {(notice.kind, notice.recipient_id) for notice in clinic.notices()}
    assert told == {
        (NoticeKind.TASK_ASSIGNED, clinic.key_of(tomas)),
        (NoticeKind.TASK_TAKEN_BACK, clinic.key_of(noor)),
    }
    assert clinic.desk.look(tomas, open_card, task).holds == ()
    assert clinic.row(task)["wake_at"] is None


def test_assigning_to_somebody_who_cannot_leaves_everything_as_it_was(clinic: Clinic) -> None:
    priya = clinic.person("Priya", Role.SUPERVISOR)
    away = clinic.person("Away", Role.SPECIALIST, away_until=clinic.clock() + timedelta(days=3))
    releases = clinic.person("Grace", Role.ROI_SPECIALIST)
    task = clinic.task()
    before = clinic.row(task)
    with pytest.raises(PersonAway, match="Away is on leave"):
        clinic.desk.change(priya, assign, None, task, away.user_id)
    with pytest.raises(CannotTakeTasks, match="Grace has no role"):
        clinic.desk.change(priya, assign, None, task, releases.user_id)
    with pytest.raises(NotAllowed):
        clinic.desk.change(away, assign, None, task, away.user_id)
    assert clinic.row(task) == before
    assert clinic.notices() == []


def test_a_returned_task_keeps_its_place_and_its_reason(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    first, _second = clinic.task(), clinic.task()
    clinic.desk.change(noor, claim_next, None)
    clinic.desk.change(noor, work.return_task, None, first, ReturnReason.NOT_MY_SKILL, clean("ask cardiology"))
    last = clinic.history(first)[-1]
    assert (last.reason, last.note, last.owner_id) == (ReturnReason.NOT_MY_SKILL, "ask cardiology", None)
    assert clinic.desk.change(noor, claim_next, None).reference == first
