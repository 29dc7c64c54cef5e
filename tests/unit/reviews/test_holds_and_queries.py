"""What a task waits for: reasons one by one, and the physician query with its own clock."""

from __future__ import annotations

import pytest

from bot.errors import Stale
from bot.reviews import work
from bot.reviews.cards import open_card
from bot.reviews.claims import claim_next
from bot.reviews.holds import NothingChosen, change_reasons
from bot.reviews.queries import QUERY_STEPS, CategoryNeeded, QueryStep, move_query
from bot.reviews.work import NotYours, StillWaiting, WakeInThePast
from jobs.leases import sweep_leases
from storage.tables import PhysicianQuery
from storage.words import HoldReason, NoticeKind, QueryCategory, QueryOutcome, QueryState, ReturnReason, Role, TaskState
from tests.clinic import Clinic

ABOUT = QueryCategory.SPECIFICITY


def queries(clinic: Clinic) -> list[tuple[QueryState, QueryOutcome | None]]:
    with clinic.database.read() as session:
        rows = session.query(PhysicianQuery).filter_by(workspace_id=clinic.workspace_id).order_by(PhysicianQuery.id)
        return [(row.state, row.outcome) for row in rows]


def test_reasons_are_settled_and_added_one_by_one(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, work.hold, None, task, [HoldReason.UNSIGNED_NOTE, HoldReason.LATE_CHARGES])

    card = clinic.desk.change(noor, change_reasons, None, task, [HoldReason.UNSIGNED_NOTE], [HoldReason.SYSTEM])

    assert (card.state, card.holds) == (TaskState.ON_HOLD, (HoldReason.LATE_CHARGES, HoldReason.SYSTEM))
    assert clinic.audit(action="task_waits_changed")[0].facts == {"settled": ["unsigned_note"], "opened": ["system"]}
    assert clinic.desk.change(noor, change_reasons, None, task, card.holds).holds == ()
    assert clinic.desk.change(noor, work.resume, None, task).state is TaskState.IN_PROGRESS


def test_what_changes_nothing_or_is_not_theirs_is_refused(clinic: Clinic) -> None:
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    with pytest.raises(Stale):
        clinic.desk.change(noor, change_reasons, None, task, (), [HoldReason.SYSTEM])
    clinic.desk.change(noor, work.hold, None, task, [HoldReason.SYSTEM])
    history = len(clinic.history(task))
    for settled, opened in (((), ()), ((HoldReason.PAYER_EDIT,), ()), ((), (HoldReason.SYSTEM,))):
        with pytest.raises(NothingChosen):
            clinic.desk.change(noor, change_reasons, None, task, settled, opened)
    with pytest.raises(WakeInThePast):
        clinic.desk.change(noor, change_reasons, None, task, (), (), clinic.clock().date())
    with pytest.raises(NotYours):
        clinic.desk.change(tomas, change_reasons, None, task, (HoldReason.SYSTEM,))
    assert len(clinic.history(task)) == history


def test_another_day_to_be_woken_is_enough_of_a_change_and_wakes_again(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    monday = clinic.clock().date()
    clinic.desk.change(noor, work.hold, None, task, [HoldReason.SYSTEM], monday.replace(day=24))
    clinic.clock.move(days=1)
    sweep_leases(clinic.desk)
    clinic.desk.change(noor, change_reasons, None, task, (), (), monday.replace(day=25))
    clinic.clock.move(days=1)
    for _ in range(2):
        sweep_leases(clinic.desk)
    assert len(clinic.notices(kind=NoticeKind.HOLD_WAKES)) == 2


def test_a_query_goes_from_draft_to_its_outcome(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    for step, state in (
        (QueryStep.DRAFTED, QueryState.DRAFT),
        (QueryStep.SENT, QueryState.OPEN),
        (QueryStep.ANSWERED, QueryState.ANSWERED),
    ):
        assert clinic.desk.change(noor, move_query, None, task, step, ABOUT).query is state
    assert clinic.desk.change(noor, move_query, None, task, QueryStep.DISAGREE).query is None
    assert queries(clinic) == [(QueryState.CLOSED, QueryOutcome.DISAGREE)]
    clinic.desk.change(noor, move_query, None, task, QueryStep.SENT, ABOUT)
    clinic.desk.change(noor, move_query, None, task, QueryStep.CANCELLED)
    assert queries(clinic)[1] == (QueryState.CANCELLED, None)


def test_no_step_is_taken_from_where_it_does_not_begin(clinic: Clinic) -> None:
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    with pytest.raises(CategoryNeeded) as told:
        clinic.desk.change(noor, move_query, None, task, QueryStep.SENT)
    assert told.value.field == "category"
    with pytest.raises(NotYours):
        clinic.desk.change(tomas, move_query, None, task, QueryStep.SENT, ABOUT)
    clinic.desk.change(noor, move_query, None, task, QueryStep.SENT, ABOUT)
    for step in (step for step, (sources, _, _) in QUERY_STEPS.items() if QueryState.OPEN not in sources):
        with pytest.raises(Stale):
            clinic.desk.change(noor, move_query, None, task, step, ABOUT)
    assert queries(clinic) == [(QueryState.OPEN, None)]


def test_completion_waits_for_the_query_and_closing_it_settles_the_reason(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, work.start, None, task)
    clinic.desk.change(noor, move_query, None, task, QueryStep.SENT, ABOUT)
    with pytest.raises(StillWaiting, match="physician query, which is open"):
        clinic.desk.change(noor, work.complete, None, task)
    clinic.desk.change(noor, work.hold, None, task, [HoldReason.PHYSICIAN_QUERY_OPEN, HoldReason.SYSTEM])
    assert clinic.desk.change(noor, move_query, None, task, QueryStep.NO_RESPONSE).holds == (HoldReason.SYSTEM,)
    clinic.desk.change(noor, work.resume, None, task)
    assert clinic.desk.change(noor, work.complete, None, task).state is TaskState.COMPLETED


def test_a_query_stays_with_the_task_when_it_changes_hands(clinic: Clinic) -> None:
    noor, tomas = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, move_query, None, task, QueryStep.SENT, ABOUT)
    clinic.desk.change(noor, work.return_task, None, task, ReturnReason.END_OF_SHIFT)


    assert clinic.desk.change(tomas, claim_next, None).query is QueryState.OPEN
    clinic.desk.change(tomas, move_query, None, task, QueryStep.ANSWERED)


def test_a_query_nobody_answers_goes_to_the_supervisors_once(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    for name in ("Priya", "Omar"):
        clinic.person(name, Role.SUPERVISOR)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, move_query, None, task, QueryStep.SENT, ABOUT)
    clinic.clock.move(hours=47, minutes=59)
    sweep_leases(clinic.desk)
    assert clinic.notices(kind=NoticeKind.QUERY_OVERDUE) == []
    clinic.clock.move(minutes=1)
    for _ in range(2):
        sweep_leases(clinic.desk)
    assert len(clinic.notices(kind=NoticeKind.QUERY_OVERDUE)) == 2
    assert clinic.desk.look(noor, open_card, task).query is QueryState.OPEN
