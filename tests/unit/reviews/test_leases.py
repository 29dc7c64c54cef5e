"""Idle tasks are asked about and go back, by the owner's own calendar; holds wake on their day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.reviews import work
from bot.reviews.claims import claim
from bot.reviews.creation import TaskFacts
from jobs.leases import sweep_leases
from storage.words import HoldReason, NoticeKind, ReturnReason, Role, TaskState
from tests.clinic import Clinic, task_facts


def kinds(clinic: Clinic) -> list[NoticeKind]:
    return [notice.kind for notice in clinic.notices()]


def at(clinic: Clinic, day: int, hour: int, minute: int = 0) -> None:
    """Move to a moment in November, New York time, and let the clock look."""
    clinic.clock.moment = datetime(2026, 11, day, hour + 5, minute, tzinfo=UTC)
    sweep_leases(clinic.desk)


def test_four_working_hours_nudge_and_eight_return(clinic: Clinic) -> None:
    task = clinic.owned_task(clinic.person("Noor", Role.SPECIALIST))  # Monday 11:00
    at(clinic, 23, 14, 59)
    assert kinds(clinic) == []
    at(clinic, 23, 15)
    assert kinds(clinic) == [NoticeKind.TASK_IDLE]
    at(clinic, 24, 9, 59)  # Monday 11 to 17 and Tuesday 8 to 10
    assert clinic.row(task)["state"] is TaskState.CLAIMED
    at(clinic, 24, 10)
    at(clinic, 24, 10)

    assert (clinic.row(task)["state"], clinic.row(task)["owner_id"]) == (TaskState.AVAILABLE, None)
    assert kinds(clinic) == [NoticeKind.TASK_IDLE, NoticeKind.TASK_RETURNED_IDLE]
    last = clinic.history(task)[-1]
    assert (last.reason, last.actor_id) == (ReturnReason.IDLE, None)
    assert len(clinic.audit(action="task_returned")) == 1


def test_any_step_begins_the_lease_anew(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    at(clinic, 23, 15)
    clinic.desk.change(noor, work.start, None, task)
    at(clinic, 24, 9, 59)
    assert kinds(clinic) == [NoticeKind.TASK_IDLE]
    at(clinic, 24, 10)
    assert kinds(clinic) == [NoticeKind.TASK_IDLE, NoticeKind.TASK_IDLE]
    assert clinic.row(task)["state"] is TaskState.IN_PROGRESS


def test_a_clock_that_stood_still_nudges_before_it_returns(clinic: Clinic) -> None:
    task = clinic.owned_task(clinic.person("Noor", Role.SPECIALIST))
    at(clinic, 30, 9)  # a week later
    assert (kinds(clinic), clinic.row(task)["state"]) == ([NoticeKind.TASK_IDLE], TaskState.CLAIMED)
    at(clinic, 30, 12, 59)
    assert clinic.row(task)["state"] is TaskState.CLAIMED
    at(clinic, 30, 13)
    assert clinic.row(task)["state"] is TaskState.AVAILABLE


def test_evenings_weekends_holidays_and_leave_do_not_count(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    clinic.clock.moment = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)  # Wednesday 16:00, before Thanksgiving
    task = clinic.task()
    clinic.desk.change(noor, claim, None, task)
    at(clinic, 27, 10, 59)  # one hour on Wednesday, none on Thursday, three on Friday
    assert kinds(clinic) == []
    clinic.person("Noor", Role.SPECIALIST, away_until=datetime(2026, 12, 2, 13, tzinfo=UTC))
    at(clinic, 30, 16)
    assert kinds(clinic) == []
    clinic.clock.moment = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)  # four hours after coming back
    sweep_leases(clinic.desk)
    assert kinds(clinic) == [NoticeKind.TASK_IDLE]
    assert clinic.row(task)["state"] is TaskState.CLAIMED


def test_a_hold_has_no_lease_and_wakes_its_owner_once_on_its_day(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, work.hold, None, task, [HoldReason.SYSTEM], datetime(2026, 11, 30, tzinfo=UTC).date())
    at(clinic, 30, 7, 59)
    assert kinds(clinic) == []
    for _ in range(3):
        at(clinic, 30, 8)
    assert kinds(clinic) == [NoticeKind.HOLD_WAKES]
    assert clinic.row(task)["state"] is TaskState.ON_HOLD


@pytest.mark.parametrize("count", [1, 150])
def test_every_workspace_and_every_task_is_looked_at_in_batches(clinic: Clinic, count: int) -> None:
    clinic.allow_active(count)
    noor = clinic.person("Noor", Role.SPECIALIST)
    other = clinic.neighbour()
    other.owned_task(other.person("Else", Role.SPECIALIST))
    for task in clinic.tasks([task_of(clinic) for _ in range(count)]):
        clinic.desk.change(noor, claim, None, task)
    clinic.clock.move(days=1)
    sweep_leases(clinic.desk)
    assert len(clinic.notices(kind=NoticeKind.TASK_IDLE)) == count
    assert len(other.notices(kind=NoticeKind.TASK_IDLE)) == 1
    assert sweep_leases(clinic.desk) == 0


def task_of(clinic: Clinic) -> TaskFacts:

    return task_facts(clinic.clock, aged_from=clinic.clock().date() - timedelta(days=1))
