"""Many tasks with one step: fair, explained, audited one by one, told once; and for a minute it can be undone exactly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.actors import NoSuchPerson
from bot.errors import AlreadyDone, BadInput, NotAllowed, Refusal
from bot.reviews import handoff, work
from bot.reviews.takers import CannotTakeTasks, PersonAway
from bot.reviews.tasks import NoSuchTask
from bot.team.assign import Assigned, NobodyForIt, NothingToAssign, assign, assign_many
from bot.team.hands import BotsDoNotWork
from bot.team.orders import Order, read_order
from bot.team.undo import NothingToUndo, TooLateToUndo, Undone, undo
from storage.tables import TaskOffer, Workspace
from storage.words import HoldReason, NoticeKind, OfferState, Role, Sensitive, TaskEvent, TaskState, TaskType
from tests.clinic import Clinic, task_facts


def share(clinic: Clinic, typed: str, by: str = "Priya", once: str | None = None) -> Assigned:
    """What somebody types after /assign, with names for people."""
    for name, who in clinic.people.items():
        typed = typed.replace(f"@{name}", f"<@{who.user_id}>")
    return clinic.desk.change(clinic.people[by], assign_many, once, read_order(typed))


def take_back(clinic: Clinic, done: Assigned, by: str = "Priya") -> Undone:
    return clinic.desk.change(clinic.people[by], undo, None, done.number)


def got(done: Assigned) -> dict[str, int]:
    return {share.name: share.got for share in done.shares}


def told(clinic: Clinic, name: str) -> list[NoticeKind]:
    key = clinic.key_of(clinic.people[name])
    return [notice.kind for notice in clinic.notices() if notice.recipient_id == key]


def owners(clinic: Clinic, tasks: list[str]) -> list[int | None]:
    return [clinic.row(task)["owner_id"] for task in tasks]


def many(clinic: Clinic, count: int, **facts: Any) -> list[str]:
    return clinic.tasks([task_facts(clinic.clock, **facts)] * count)


def nothing_changed(clinic: Clinic, tasks: list[str]) -> None:
    assert all(clinic.row(task)["state"] is TaskState.AVAILABLE for task in tasks)
    assert clinic.audit(action="task_assigned") == []
    assert clinic.notices() == []


def test_several_references_go_to_one_person_who_is_told_once(team: Clinic) -> None:
    tasks = many(team, 12)
    done = share(team, f"{' '.join(tasks)} @Noor")

    assert set(done.tasks) == set(tasks)
    assert got(done) == {"Noor": 12}
    assert {team.row(task)["state"] for task in tasks} == {TaskState.CLAIMED}
    assert told(team, "Noor") == [NoticeKind.TASKS_ASSIGNED]
    assert [row.reference for row in team.audit(action="task_assigned")] == list(done.tasks), "each task is in the audit trail"
    assert [row.event for row in team.history(tasks[0])][-1] is TaskEvent.ASSIGNED


def test_the_next_of_a_kind_are_the_best_of_the_queue(team: Clinic) -> None:
    many(team, 3, type=TaskType.DENIAL_REVIEW)
    new = many(team, 2, type=TaskType.CODING, facility="F1")
    old = many(team, 2, type=TaskType.CODING, facility="F1", aged_from=team.clock().date() - timedelta(days=9))
    assert set(share(team, "next 3 coding F1 @Noor").tasks) == {*old, new[0]}


def test_an_even_split_counts_what_people_have_in_hand(team: Clinic) -> None:
    for _ in range(3):
        team.owned_task(team.people["Noor"])
    many(team, 7)
    done = share(team, "next 7 @Noor @Tomas")
    assert got(done) == {"Noor": 2, "Tomas": 5}
    assert {share.name: share.had for share in done.shares} == {"Noor": 3, "Tomas": 0}


def test_who_got_nothing_is_told_with_the_reason(team: Clinic) -> None:
    team.person("Ana", Role.SPECIALIST, away_until=team.clock() + timedelta(days=3))
    team.person("Ben", Role.SPECIALIST, skills=("ed",))
    team.person("Tomas", Role.SPECIALIST, skills=("inpatient",))
    for _ in range(4):
        team.owned_task(team.people["Noor"])
    many(team, 2, skill="inpatient")
    done = share(team, "next 2 team")
    assert {share.name: (share.got, share.why) for share in done.shares} == {
        "Tomas": (2, ""), "Noor": (0, "has 4 already"), "Ana": (0, "on leave"), "Ben": (0, "other skills or facilities"),
    }  # fmt: skip
    assert told(team, "Ben") == []


def test_restricted_records_never_come_with_next_and_go_to_the_cleared_only(team: Clinic) -> None:
    secret = many(team, 2, sensitive=(Sensitive.VIP,))
    with pytest.raises(NothingToAssign):
        share(team, "next 5 @Noor")
    team.person("Tomas", Role.SPECIALIST, works_restricted=True)
    done = share(team, f"{' '.join(secret)} @Noor @Tomas")
    assert got(done) == {"Tomas": 2, "Noor": 0}


def test_what_has_ended_meanwhile_is_left_out_and_named(team: Clinic) -> None:
    first, second = many(team, 2)
    team.desk.change(team.people["Noor"], work_through(team, first), None)
    done = share(team, f"{first} {second} @Tomas")
    assert done.tasks == (second,)
    assert done.left == (f"{first} is completed, so nobody can work on it any more.",)


def work_through(clinic: Clinic, reference: str) -> Any:
    def rule(session: Any, actor: Any, now: Any) -> None:
        from bot.reviews.claims import claim

        claim(session, actor, now, reference)
        work.start(session, actor, now, reference)
        work.complete(session, actor, now, reference)

    return rule


def test_the_same_request_twice_is_one_assignment(team: Clinic) -> None:
    many(team, 6)
    share(team, "next 2 @Noor", once="command:1")
    with pytest.raises(AlreadyDone):
        share(team, "next 2 @Noor", once="command:1")
    assert len(team.audit(action="task_assigned")) == 2


BAD = {
    "an unknown reference among good ones": ("{task} RV-22222 @Noor", NoSuchTask, "called RV-22222. Nothing was assigned"),
    "somebody the desk does not know": ("{task} <@U0STRANGER> @Noor", NoSuchPerson, "Nobody at this desk"),
    "somebody who has left": ("{task} @Gone @Noor", NoSuchPerson, "Nobody at this desk"),
    "the bot itself": ("{task} <@U0THEBOT> @Noor", BotsDoNotWork, "Choose a person"),
    "somebody without the role": ("next 1 @Grace", CannotTakeTasks, "Grace has no role"),
    "somebody on leave": ("next 1 @Away", PersonAway, "Away is on leave"),
    "nobody with the skill": ("next 1 @Ed", NobodyForIt, "skills and facilities"),
    "words that narrow nothing": ("next 1 codign @Noor", BadInput, "Did you mean “coding”"),
    "a kind that is not there": ("next 1 coding @Noor", NothingToAssign, "nothing was assigned"),
    "nobody named": ("{task}", BadInput, "Name the tasks and the person"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_gets_a_sentence_and_changes_nothing(team: Clinic, what: str) -> None:
    typed, kind, sentence = BAD[what]
    team.person("Gone", Role.SPECIALIST, active=False)
    team.person("Away", Role.SPECIALIST, away_until=team.clock() + timedelta(days=1))
    team.person("Ed", Role.SPECIALIST, skills=("ed",))
    with team.database.write() as session:
        session.query(Workspace).filter_by(id=team.workspace_id).update({"bot_user_id": "U0THEBOT"})
    tasks = many(team, 1, skill="inpatient")
    with pytest.raises(kind, match=sentence):
        share(team, typed.format(task=tasks[0]))
    nothing_changed(team, tasks)


def test_only_a_supervisor_may(team: Clinic) -> None:
    tasks = many(team, 1)
    with pytest.raises(NotAllowed):
        share(team, f"{tasks[0]} @Noor", by="Noor")
    nothing_changed(team, tasks)


def test_undo_puts_everything_back_as_it_was(team: Clinic) -> None:
    waiting, held, offered = many(team, 1)[0], team.owned_task(team.people["Noor"]), team.owned_task(team.people["Noor"])
    team.desk.change(team.people["Noor"], work.hold, None, held, [HoldReason.UNSIGNED_NOTE], (team.clock() + timedelta(days=2)).date())
    team.desk.change(team.people["Noor"], handoff.offer, None, offered, team.people["Priya"].user_id)
    what = ("state", "owner_id", "claimed_at", "started_at", "wake_at")
    before = [{name: team.row(task)[name] for name in what} for task in (waiting, held, offered)]
    team.clock.move(minutes=3)

    done = share(team, f"{waiting} {held} {offered} @Tomas")
    assert owners(team, [waiting, held, offered]) == [team.key_of(team.people["Tomas"])] * 3
    team.clock.move(seconds=59)
    undone = take_back(team, done)

    assert (undone.tasks, undone.kept) == (3, ())
    assert [{name: team.row(task)[name] for name in what} for task in (waiting, held, offered)] == before
    with team.database.read() as session:
        assert [row.state for row in session.query(TaskOffer).filter_by(workspace_id=team.workspace_id)] == [OfferState.OPEN]
    assert team.desk.change(team.people["Noor"], work.resume, None, held).state is TaskState.IN_PROGRESS
    assert team.history(waiting)[-1].event is TaskEvent.ASSIGNMENT_UNDONE
    assert len(team.audit(action="task_assignment_undone")) == 3


def test_what_was_touched_since_stays_and_is_named(team: Clinic) -> None:
    first, second = many(team, 2)
    done = share(team, f"{first} {second} @Noor")
    team.desk.change(team.people["Noor"], work.start, None, first)
    undone = take_back(team, done)
    assert (undone.tasks, undone.kept) == (1, (first,))
    assert team.row(first)["state"] is TaskState.IN_PROGRESS
    assert team.row(second)["state"] is TaskState.AVAILABLE


def test_undo_works_for_a_minute_once_and_for_who_did_it(team: Clinic) -> None:
    tasks = many(team, 2)
    team.person("Paul", Role.SUPERVISOR)
    done = share(team, "next 2 @Noor")
    with pytest.raises(NothingToUndo):
        take_back(team, done, by="Paul")
    team.clock.move(seconds=61)
    with pytest.raises(TooLateToUndo):
        take_back(team, done)
    again = share(team, f"{tasks[0]} @Tomas {tasks[1]}")
    take_back(team, again)
    with pytest.raises(NothingToUndo, match="undone before"):
        take_back(team, again)


def test_one_task_can_be_undone_too(team: Clinic) -> None:
    [task] = many(team, 1)
    done = team.desk.change(team.people["Priya"], assign, None, task, team.people["Noor"].user_id)
    assert take_back(team, done).tasks == 1
    assert team.row(task)["state"] is TaskState.AVAILABLE


@pytest.mark.parametrize("number", [0, -1, 10**9])
def test_undoing_what_never_was_is_refused(team: Clinic, number: int) -> None:
    with pytest.raises(NothingToUndo):
        team.desk.change(team.people["Priya"], undo, None, number)


def test_an_order_without_work_or_people_changes_nothing(team: Clinic) -> None:
    for order in (Order(), Order(to=("U0NOOR",)), Order(count=3)):
        with pytest.raises(Refusal):
            team.desk.change(team.people["Priya"], assign_many, None, order)
