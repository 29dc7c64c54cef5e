"""New work is counted without names and without floods; what is urgent is offered to one person on shift after the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.reviews import work
from bot.reviews.claims import claim
from bot.reviews.leases import look_at_idle
from bot.team.escalations import tell_bill_holds
from bot.team.new_work import NewWork, count_new_work, offer_urgent
from storage.tables import Notice, Workspace
from storage.words import NoticeKind, Priority, Role, Sensitive, TaskSetting, TaskType
from tests.clinic import Clinic


def tick(clinic: Clinic, rule: Any) -> Any:
    return clinic.desk.run_as_desk(clinic.workspace_id, "clock", rule)


def set_channel(clinic: Clinic, channel: str | None = "C0QUEUE") -> None:
    with clinic.database.write() as session:
        session.query(Workspace).filter_by(id=clinic.workspace_id).update({"queue_channel": channel})


def offers(clinic: Clinic) -> list[str]:
    """Who was offered something urgent, in order."""
    names = {clinic.key_of(who): name for name, who in clinic.people.items()}
    return [names[notice.recipient_id] for notice in clinic.notices(kind=NoticeKind.URGENT_WORK)]


def test_without_a_channel_nothing_is_counted(team: Clinic) -> None:
    team.task()
    assert tick(team, count_new_work) is None


def test_counts_begin_with_what_comes_next_and_are_gathered_for_minutes(team: Clinic) -> None:
    team.task()
    set_channel(team)
    assert tick(team, count_new_work) is None, "what was there before is not new"
    for _ in range(3):
        team.task(type=TaskType.CODING)
    team.task(type=TaskType.DENIAL_REVIEW)
    team.task(type=TaskType.CODING, sensitive=(Sensitive.VIP,))
    assert tick(team, count_new_work) is None, "the channel heard something a moment ago"
    team.clock.move(minutes=15)
    assert tick(team, count_new_work) == NewWork("C0QUEUE", ((TaskType.CODING, 3), (TaskType.DENIAL_REVIEW, 1)), 5)
    assert tick(team, count_new_work) is None, "said once"
    team.clock.move(minutes=20)
    assert tick(team, count_new_work) is None, "nothing new"
    team.task()
    told = tick(team, count_new_work)
    assert (told.total, told.waiting) == (1, 6)


def test_what_was_taken_at_once_or_is_restricted_is_not_announced(team: Clinic) -> None:
    set_channel(team)
    tick(team, count_new_work)
    team.owned_task(team.people["Noor"])
    team.task(sensitive=(Sensitive.EMPLOYEE,))
    team.clock.move(hours=1)
    assert tick(team, count_new_work) is None


def test_an_urgent_task_is_offered_to_one_after_the_other_until_it_is_taken(team: Clinic) -> None:
    team.owned_task(team.people["Noor"])
    task = team.task(priority=Priority.URGENT)
    tick(team, offer_urgent)
    tick(team, offer_urgent)
    assert offers(team) == ["Tomas"], "the one with the least in hand, once"
    team.clock.move(minutes=10)
    tick(team, offer_urgent)
    assert offers(team) == ["Tomas", "Noor"]
    team.clock.move(hours=2)
    tick(team, offer_urgent)
    assert offers(team) == ["Tomas", "Noor"], "nobody is asked twice"
    team.desk.change(team.people["Noor"], claim, None, task)
    team.person("Ana", Role.SPECIALIST)
    tick(team, offer_urgent)
    assert "Ana" not in offers(team)


def test_nobody_is_asked_for_two_at_the_same_time(team: Clinic) -> None:
    for _ in range(5):
        team.task(priority=Priority.CRITICAL)
    assert tick(team, offer_urgent) == 2
    assert sorted(offers(team)) == ["Noor", "Tomas"]
    assert tick(team, offer_urgent) == 0


@pytest.mark.parametrize(
    "settings",
    [
        {"skills": ("ed",)},
        {"facilities": ("F9",)},
        {"hours_start": 0, "hours_end": 60},
        {"away": True},
        {"active": False},
    ],
)
def test_only_people_on_shift_who_may_do_it_are_asked(team: Clinic, settings: dict[str, Any]) -> None:
    if settings.pop("away", False):
        settings["away_until"] = team.clock() + timedelta(days=1)
    team.person("Noor", Role.SPECIALIST, **settings)
    team.person("Tomas", Role.AUDITOR)
    team.task(priority=Priority.URGENT, skill="inpatient", facility="F1")
    assert tick(team, offer_urgent) == 0


def test_who_is_at_the_limit_is_not_asked(team: Clinic) -> None:
    team.person("Tomas", Role.AUDITOR)
    team.owned_task(team.people["Noor"])
    team.allow_active(1)
    team.task(priority=Priority.URGENT)
    assert tick(team, offer_urgent) == 0


def test_a_patient_in_danger_breaks_through_and_ordinary_urgency_does_not(team: Clinic) -> None:
    team.task(type=TaskType.MPI_REVIEW, setting=TaskSetting.OVERLAY)
    tick(team, offer_urgent)
    assert [notice.breaks_through for notice in team.notices(kind=NoticeKind.URGENT_WORK)] == [True]
    team.clock.move(minutes=11)
    team.task(priority=Priority.URGENT)
    tick(team, offer_urgent)
    with team.database.read() as session:
        kinds = session.query(Notice.breaks_through).filter_by(workspace_id=team.workspace_id, kind=NoticeKind.URGENT_WORK)
        assert {row[0] for row in kinds} == {True, False}


def test_restricted_records_and_ordinary_work_are_not_offered(team: Clinic) -> None:
    team.task(priority=Priority.CRITICAL, sensitive=(Sensitive.VIP,))
    team.task(priority=Priority.HIGH)
    assert tick(team, offer_urgent) == 0


def test_supervisors_hear_once_a_day_that_bill_holds_pass_while_nobody_has_the_work(team: Clinic) -> None:
    yesterday = team.clock().date() - timedelta(days=1)
    team.owned_task(team.people["Noor"], type=TaskType.CODING, bill_hold_until=yesterday)
    assert tick(team, tell_bill_holds) == 0, "somebody has it"
    team.task(type=TaskType.CODING, bill_hold_until=yesterday)
    assert tick(team, tell_bill_holds) == 1
    assert tick(team, tell_bill_holds) == 0
    team.clock.move(days=1)
    assert tick(team, tell_bill_holds) == 1
    team.clock.move(hours=-6)  # five o'clock in the morning in New York
    assert tick(team, tell_bill_holds) == 0


def test_a_task_that_comes_back_idle_a_second_time_is_told_to_the_supervisors(team: Clinic) -> None:
    task = team.task()
    for times in range(2):
        team.desk.change(team.people["Noor"], claim, None, task)
        for _ in range(2):
            team.clock.move(days=3)
            tick(team, look_at_idle)
        assert len(team.notices(kind=NoticeKind.TASK_RETURNED_TWICE)) == times
    assert team.row(task)["owner_id"] is None


def test_a_return_by_hand_does_not_count_as_idle(team: Clinic) -> None:
    from storage.words import ReturnReason

    task = team.owned_task(team.people["Noor"])
    team.desk.change(team.people["Noor"], work.return_task, None, task, ReturnReason.END_OF_SHIFT)
    team.desk.change(team.people["Noor"], claim, None, task)
    for _ in range(2):
        team.clock.move(days=3)
        tick(team, look_at_idle)
    assert team.notices(kind=NoticeKind.TASK_RETURNED_TWICE) == []
