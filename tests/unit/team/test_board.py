"""The team's board: every number is what the tasks behind it say, and only a supervisor sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotAllowed, Stale
from bot.reviews import queries, work
from bot.reviews.claims import claim_next
from bot.reviews.queries import QueryStep
from bot.team.board import Countdown, TeamBoard, slice_page, team_board
from bot.team.slices import Slice, SliceKind
from storage.words import HoldReason, QueryCategory, Role, TaskType
from tests.clinic import Clinic, task_facts


def board(clinic: Clinic) -> TeamBoard:
    return clinic.desk.look(clinic.people["Priya"], team_board)


def behind(clinic: Clinic, kind: SliceKind, value: str = "") -> set[str]:
    page = clinic.desk.look(clinic.people["Priya"], slice_page, Slice(kind, value).pack())
    return {card.reference for card in page.cards}


def test_the_backlog_by_type_age_and_facility(team: Clinic) -> None:
    today = team.clock().date()
    for kind, facility, age in (("coding", "F1", 0), ("coding", "F2", 5), ("coding", None, 40), ("denial_review", "F1", 8)):
        team.task(type=TaskType(kind), facility=facility, aged_from=today - timedelta(days=age))
    seen = board(team)
    assert (seen.waiting, seen.oldest_days) == (4, 40)
    assert [(row.name, row.ages) for row in seen.types] == [("coding", (1, 1, 0, 1)), ("denial_review", (0, 0, 1, 0))]
    assert {row.name: row.total for row in seen.facilities} == {"F1": 2, "F2": 1, "": 1}
    assert len(behind(team, SliceKind.TYPE, "coding")) == 3
    assert len(behind(team, SliceKind.FACILITY, "F1")) == 2
    assert [len(behind(team, SliceKind.AGE, first)) for first in ("0", "3", "8", "31")] == [1, 1, 1, 1]


def test_at_risk_is_what_nobody_has_and_ends_within_two_days(team: Clinic) -> None:
    now, today = team.clock(), team.clock().date()
    near = team.task(due_at=now + timedelta(hours=48))
    team.task(due_at=now + timedelta(hours=49))
    past = team.task(due_at=now - timedelta(days=3))
    tomorrow = team.task(bill_hold_until=today + timedelta(days=1))
    team.task(bill_hold_until=today + timedelta(days=2))
    mine = team.owned_task(team.people["Noor"], due_at=now)
    seen = board(team)
    assert seen.at_risk == 3
    assert behind(team, SliceKind.RISK) == {near, past, tomorrow}
    assert mine not in behind(team, SliceKind.RISK)


def test_countdowns_of_bill_holds_and_delinquent_charts_go_on_in_peoples_hands(team: Clinic) -> None:
    today = team.clock().date()
    over = team.owned_task(team.people["Noor"], type=TaskType.CODING, bill_hold_until=today - timedelta(days=1))
    soon = team.task(type=TaskType.CODING, bill_hold_until=today + timedelta(days=3))
    team.task(type=TaskType.CODING, bill_hold_until=today + timedelta(days=4))
    late = team.task(type=TaskType.CHART_COMPLETION, aged_from=today - timedelta(days=31))
    near = team.task(type=TaskType.DEFICIENCY_ANALYSIS, aged_from=today - timedelta(days=30))
    team.task(type=TaskType.CODING, aged_from=today - timedelta(days=60))
    seen = board(team)
    assert (seen.bill_holds, seen.charts) == (Countdown(1, 1), Countdown(1, 1))
    assert (behind(team, SliceKind.BILL, "over"), behind(team, SliceKind.BILL, "soon")) == ({over}, {soon})
    assert (behind(team, SliceKind.CHART, "over"), behind(team, SliceKind.CHART, "soon")) == ({late}, {near})


def test_holds_by_reason_load_by_person_and_queries_past_their_clock(team: Clinic) -> None:
    noor, tomas = team.people["Noor"], team.people["Tomas"]
    held, asked = team.owned_task(noor), team.owned_task(noor)
    team.owned_task(tomas)
    team.desk.change(noor, work.hold, None, held, [HoldReason.LATE_CHARGES, HoldReason.PAYER_EDIT])
    team.desk.change(noor, queries.move_query, None, asked, QueryStep.SENT, QueryCategory.SPECIFICITY)
    assert board(team).queries == Countdown(0, 1)
    team.clock.move(hours=49)
    team.person("Noor", Role.SPECIALIST, active=False)
    team.person("Tomas", Role.SPECIALIST, away_until=team.clock() + timedelta(days=1))
    team.person("Ana", Role.SPECIALIST)

    seen = board(team)

    assert seen.holds == ((HoldReason.LATE_CHARGES, 1), (HoldReason.PAYER_EDIT, 1))
    assert [(load.name, load.active, load.on_hold, load.away, load.left) for load in seen.loads] == [
        ("Noor", 1, 1, False, True), ("Tomas", 1, 0, True, False), ("Ana", 0, 0, False, False),
    ]  # fmt: skip
    assert (seen.queries, behind(team, SliceKind.QUERY)) == (Countdown(1, 0), {asked})
    assert behind(team, SliceKind.HOLD, "payer_edit") == {held}
    assert behind(team, SliceKind.OWNER, noor.user_id) == {held, asked}


def test_what_is_done_leaves_the_board(team: Clinic) -> None:
    noor = team.people["Noor"]
    task = team.owned_task(noor, bill_hold_until=team.clock().date())
    team.desk.change(noor, work.start, None, task)
    team.desk.change(noor, work.complete, None, task)
    seen = board(team)
    assert (seen.in_hand, seen.done_today, seen.bill_holds) == (0, 1, Countdown(0, 0))
    team.clock.move(days=2)
    assert board(team).done_today == 0


def test_ten_thousand_tasks_are_counted_and_paged(team: Clinic) -> None:
    team.tasks([task_facts(team.clock, facility=f"F{number % 40}") for number in range(2_000)])
    seen = board(team)
    assert (seen.waiting, len(seen.facilities)) == (2_000, 40)
    last = team.desk.look(team.people["Priya"], slice_page, "all:", 10_000)
    assert (last.page, last.total, len(last.cards)) == (249, 2_000, 8)


def test_it_is_for_the_supervisor_alone(team: Clinic) -> None:
    for who in ("Noor", "Grace"):
        with pytest.raises(NotAllowed):
            team.desk.look(team.people[who], team_board)
        with pytest.raises(NotAllowed):
            team.desk.look(team.people[who], slice_page, "all:")


def test_another_workspace_sees_nothing_of_it(team: Clinic) -> None:
    team.task(type=TaskType.CODING)
    other = team.neighbour()
    paul = other.person("Paul", Role.SUPERVISOR)
    assert other.desk.look(paul, team_board).waiting == 0
    assert other.desk.look(paul, slice_page, "type:coding").total == 0


@pytest.mark.parametrize("text", ["", "type:nonsense", "age:4", "age:x", "hold:", "moon:1", "|", "owner"])
def test_a_button_of_an_older_board_is_answered_with_a_sentence(team: Clinic, text: str) -> None:
    if text == "owner":
        assert team.desk.look(team.people["Priya"], slice_page, text).total == 0
        return
    with pytest.raises(Stale, match="/team shows it as it stands now"):
        team.desk.look(team.people["Priya"], slice_page, text)


def test_a_claim_is_on_the_board_at_once(team: Clinic) -> None:
    team.task()
    team.desk.change(team.people["Tomas"], claim_next, None)
    seen = board(team)
    assert (seen.waiting, seen.in_hand) == (0, 1)
