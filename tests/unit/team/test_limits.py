"""The limits of a desk are set in a form, checked, written down, and hold at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import BadInput, NotAllowed
from bot.reviews import queries, work
from bot.reviews.leases import look_at_idle
from bot.reviews.queries import QueryStep
from bot.reviews.second_review import rules_of
from bot.reviews.work import NoDrg
from bot.team.limits import RANGES, keep_limits, limits
from storage.tables import PhysicianQuery, ReviewTask
from storage.words import QueryCategory, TaskSetting, TaskState, TaskType
from tests.clinic import Clinic


def keep(clinic: Clinic, by: str = "Priya", **changed: int | str | None) -> bool:
    as_it_is = clinic.desk.look(clinic.people["Priya"], limits)
    return clinic.desk.change(clinic.people[by], keep_limits, None, replace(as_it_is, **changed))  # type: ignore[arg-type]


def test_what_changed_is_written_down_from_what_to_what(team: Clinic) -> None:
    assert not keep(team, active_task_limit=7)
    assert keep(team, queue_channel="C0QUEUE")
    assert [entry.facts["changed"] for entry in team.audit(action="limits_kept")] == [
        {"active_task_limit": [100, 7]}, {"queue_channel": [None, "C0QUEUE"]}
    ]  # fmt: skip
    assert not keep(team), "nothing changed"
    assert len(team.audit(action="limits_kept")) == 2


@pytest.mark.parametrize("name", RANGES)
def test_a_number_out_of_its_range_is_named(team: Clinic, name: str) -> None:
    keep(team, active_task_limit=5)
    least, most = RANGES[name]
    for wrong in (least - 1, most + 1):
        with pytest.raises(BadInput, match=f"from {least} to {most}") as refused:
            keep(team, **{name: wrong})
        assert refused.value.field == name


def test_a_task_goes_back_later_than_its_owner_is_asked(team: Clinic) -> None:
    keep(team, active_task_limit=5)
    with pytest.raises(BadInput) as refused:
        keep(team, nudge_hours=8, return_hours=8)
    assert refused.value.field == "return_hours"


def test_they_are_for_supervisors_and_admins(team: Clinic) -> None:
    with pytest.raises(NotAllowed):
        keep(team, by="Noor")


def test_hours_of_idle_tasks_hold_at_once(team: Clinic) -> None:
    keep(team, active_task_limit=5, nudge_hours=1, return_hours=2)
    task = team.owned_task(team.people["Noor"])
    team.clock.move(hours=1)
    team.desk.run_as_desk(team.workspace_id, "clock", look_at_idle)
    assert team.row(task)["nudged_at"] == team.clock()
    team.clock.move(hours=1)
    team.desk.run_as_desk(team.workspace_id, "clock", look_at_idle)
    assert team.row(task)["state"] is TaskState.AVAILABLE


def test_a_query_is_escalated_after_the_hours_set(team: Clinic) -> None:
    keep(team, active_task_limit=5, query_hours=72)
    task = team.owned_task(team.people["Noor"])
    team.desk.change(team.people["Noor"], queries.move_query, None, task, QueryStep.SENT, QueryCategory.SPECIFICITY)
    with team.database.read() as session:
        asked = session.query(PhysicianQuery).filter_by(workspace_id=team.workspace_id).one()
        assert asked.escalate_at is not None
        assert (asked.escalate_at - team.clock()).total_seconds() == 72 * 3600


def finished(team: Clinic, drg: str | None) -> list[ReviewTask]:
    """The second reviews after one coding task."""
    noor = team.people["Noor"]
    task = team.owned_task(noor, type=TaskType.CODING, setting=TaskSetting.INPATIENT, working_drg="0470")

    def rule(session: Any, actor: Any, now: Any) -> ReviewTask | None:
        row = session.query(ReviewTask).filter_by(workspace_id=actor.workspace_id, reference=task).one()
        row.final_drg, row.completed_at = work.read_drg(drg), now
        from bot.reviews.second_review import review_again

        return review_again(session, actor, now, row)

    made = team.desk.change(noor, rule, None)
    return [made] if made else []


def test_another_drg_asks_for_a_second_review_and_the_same_one_does_not(team: Clinic) -> None:
    keep(team, active_task_limit=5, new_coder_days=0, sample_percent=0)
    with team.database.read() as session:
        assert (rules_of(session, team.workspace_id).new_coder_days, rules_of(session, team.workspace_id).sample_percent) == (0, 0)
    assert finished(team, "470") == finished(team, None) == []
    assert len(finished(team, "469")) == 1
    assert team.audit(action="second_review_created")[0].facts["rule"] == "drg_change"


@pytest.mark.parametrize("typed", ["DRG 470", "47a", "12345", "-1", ""])
def test_a_drg_is_a_number(typed: str) -> None:
    with pytest.raises(NoDrg):
        work.read_drg(typed)
