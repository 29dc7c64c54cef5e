"""A supervisor takes a task out of the work: for a reason, whoever has it, and for good."""

from __future__ import annotations

import pytest

from bot.errors import NotAllowed, Stale
from bot.reviews import handoff, work
from bot.reviews.claims import AlreadyTaken, QueueEmpty, claim, claim_next
from bot.reviews.history import task_history
from bot.reviews.queries import QueryStep, escalate_queries, move_query
from bot.team.assign import assign
from bot.team.undo import undo
from storage.tables import PhysicianQuery, TaskHold
from storage.words import CancelReason, HoldReason, NoticeKind, QueryCategory, QueryState, Role, TaskEvent, TaskState
from tests.clinic import Clinic, clean


def test_it_ends_with_all_that_hangs_on_it_and_the_owner_is_told(clinic: Clinic) -> None:
    noor, tomas, priya = clinic.person("Noor", Role.SPECIALIST), clinic.person("Tomas", Role.SPECIALIST), clinic.person("Priya", Role.SUPERVISOR)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, move_query, None, task, QueryStep.SENT, QueryCategory.SPECIFICITY)
    clinic.desk.change(noor, handoff.offer, None, task, tomas.user_id)
    clinic.desk.change(noor, work.hold, None, task, [HoldReason.PHYSICIAN_QUERY_OPEN])

    shown = clinic.desk.change(priya, work.cancel, None, task, CancelReason.ENCOUNTER_CANCELLED, clean("see the worklist"))

    assert (shown.state, shown.owner, shown.may, shown.holds, shown.offered_to) == (TaskState.CANCELLED, None, frozenset(), (), None)
    last = clinic.desk.look(priya, task_history, task)[0]
    assert (last.event, last.reason, last.note) == (TaskEvent.CANCELLED, CancelReason.ENCOUNTER_CANCELLED, "see the worklist")
    [entry] = clinic.audit(action="task_cancelled")
    assert (entry.reference, entry.actor_id, entry.facts) == (task, clinic.key_of(priya), {"reason": "encounter_cancelled"})
    [told] = clinic.notices(kind=NoticeKind.TASK_CANCELLED)
    assert (told.recipient_id, told.facts["reason"]) == (clinic.key_of(noor), "encounter_cancelled")
    with clinic.database.read() as session:
        assert session.query(TaskHold).filter_by(workspace_id=clinic.workspace_id, closed_at=None).count() == 0
        assert session.query(PhysicianQuery).filter_by(workspace_id=clinic.workspace_id).one().state is QueryState.CANCELLED


def test_nobody_is_reminded_of_its_query_and_nobody_can_take_it(clinic: Clinic) -> None:
    noor, priya = clinic.person("Noor", Role.SPECIALIST), clinic.person("Priya", Role.SUPERVISOR)
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, move_query, None, task, QueryStep.SENT, QueryCategory.SPECIFICITY)
    clinic.desk.change(priya, work.cancel, None, task, CancelReason.DUPLICATE)

    clinic.clock.move(days=5)
    assert clinic.desk.run_as_desk(clinic.workspace_id, "clock", escalate_queries) == 0
    with pytest.raises(AlreadyTaken, match="is cancelled"):
        clinic.desk.change(noor, claim, None, task)
    with pytest.raises(QueueEmpty):
        clinic.desk.change(noor, claim_next, None)
    with pytest.raises(Stale, match="is cancelled"):
        clinic.desk.change(priya, assign, None, task, noor.user_id)


def test_only_a_supervisor_may_and_never_what_is_done(clinic: Clinic) -> None:
    noor, priya = clinic.person("Noor", Role.SPECIALIST), clinic.person("Priya", Role.SUPERVISOR)
    task = clinic.owned_task(noor)
    with pytest.raises(NotAllowed, match="supervisor"):
        clinic.desk.change(noor, work.cancel, None, task, CancelReason.DUPLICATE)
    clinic.desk.change(noor, work.start, None, task)
    clinic.desk.change(noor, work.complete, None, task)
    with pytest.raises(Stale, match="is completed now"):
        clinic.desk.change(priya, work.cancel, None, task, CancelReason.DUPLICATE)
    assert clinic.audit(action="task_cancelled") == []


def test_a_second_click_changes_nothing_and_an_undo_does_not_bring_it_back(clinic: Clinic) -> None:
    noor, priya = clinic.person("Noor", Role.SPECIALIST), clinic.person("Priya", Role.SUPERVISOR)
    task = clinic.task()
    made = clinic.desk.change(priya, assign, None, task, noor.user_id)
    for reason in (CancelReason.DUPLICATE, CancelReason.DONE_ELSEWHERE):
        assert clinic.desk.change(priya, work.cancel, None, task, reason).state is TaskState.CANCELLED
    assert len(clinic.audit(action="task_cancelled")) == len(clinic.notices(kind=NoticeKind.TASK_CANCELLED)) == 1

    assert clinic.desk.change(priya, undo, None, made.number).kept == (task,)
    assert clinic.row(task)["state"] is TaskState.CANCELLED
