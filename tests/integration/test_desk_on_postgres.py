"""One working day on a real PostgreSQL, from rule to rule: claim, flag, freeze, release, assign, remind."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import audit
from bot.flags.flow import take_step
from bot.flags.reporting import Problem, report
from bot.flags.states import Step as FlagStep
from bot.home import home_board
from bot.reviews import work
from bot.reviews.cards import open_card
from bot.reviews.claims import claim_next
from bot.reviews.lists import TaskList, backlog, task_page
from bot.roi import work as releases
from bot.roi.blocks import BlockKind
from bot.roi.delivery import DeliveryBlocked, deliver
from bot.roi.requests import open_card as open_request
from bot.team.assign import assign
from jobs.reminders import sweep_reminders
from storage.tables import RoiRequest
from storage.words import (
    AuthorizationStatus,
    DeliveryMethod,
    ErrorType,
    HoldReason,
    NoticeKind,
    RequestState,
    RequestType,
    ReturnReason,
    Role,
    Severity,
    TaskState,
)
from tests.clinic import Clinic, clean


@pytest.fixture
def clinic(postgres_clinic: Clinic) -> Clinic:
    """The desk's people."""
    postgres_clinic.person("Noor", Role.SPECIALIST)
    postgres_clinic.person("Tomas", Role.SPECIALIST, Role.AUDITOR)
    postgres_clinic.person("Grace", Role.ROI_SPECIALIST)
    postgres_clinic.person("Priya", Role.SUPERVISOR)
    return postgres_clinic


def test_a_task_from_the_queue_to_its_end(clinic: Clinic) -> None:
    noor, tomas, priya = (clinic.people[name] for name in ("Noor", "Tomas", "Priya"))
    task = clinic.task()
    change = clinic.desk.change

    assert change(noor, claim_next, "one").reference == task
    change(noor, work.start, "two", task)
    change(noor, work.hold, "three", task, [HoldReason.UNSIGNED_NOTE, HoldReason.LATE_CHARGES], None, clean("waits for the ward"))
    assert clinic.desk.look(priya, task_page, TaskList.HOLDS).total == 1
    change(noor, work.resume, "four", task)
    change(noor, work.return_task, "five", task, ReturnReason.END_OF_SHIFT)
    assert change(priya, assign, "six", task, tomas.user_id).card.owner == tomas.user_id
    change(tomas, work.start, "seven", task)
    change(tomas, work.complete, "eight", task)

    assert [row.event for row in clinic.history(task)] == [
        "created", "claimed", "started", "held", "resumed", "returned", "assigned", "started", "completed",
    ]  # fmt: skip
    assert clinic.desk.look(priya, backlog).done_today == 1
    assert clinic.row(task)["state"] is TaskState.COMPLETED
    with clinic.database.read() as session:
        assert list(audit.breaks(session, clinic.workspace_id)) == []


def test_a_critical_flag_freezes_the_release_until_it_is_settled(clinic: Clinic) -> None:
    noor, tomas, grace = (clinic.people[name] for name in ("Noor", "Tomas", "Grace"))
    task = clinic.owned_task(noor)
    record = clinic.desk.look(noor, open_card, task).record
    request = clinic.request(
        type=RequestType.CONTINUITY_OF_CARE, state=RequestState.READY_TO_SEND, record=record, owner_id=clinic.key_of(grace),
        authorization=AuthorizationStatus.NOT_REQUIRED, accounting=False, delivery_method=DeliveryMethod.DIRECT_MESSAGE,
    )  # fmt: skip
    checked_by_two(clinic, request)

    flag = clinic.desk.change(tomas, report, None, record, Problem(ErrorType.WRONG_PATIENT, None, Severity.CRITICAL))

    assert flag.freezes
    with pytest.raises(DeliveryBlocked, match=flag.reference):
        clinic.desk.change(grace, deliver, None, request)
    assert [block.kind for block in clinic.desk.look(grace, open_request, request).blocks] == [BlockKind.CRITICAL_FLAG]
    assert NoticeKind.RELEASES_FROZEN in {notice.kind for notice in clinic.notices()}

    for who, step in ((noor, FlagStep.ACKNOWLEDGE), (noor, FlagStep.ACCEPT), (noor, FlagStep.CORRECT), (tomas, FlagStep.VERIFY)):
        clinic.desk.change(who, take_step, None, flag.reference, step)
    delivered = clinic.desk.change(grace, deliver, None, request)
    assert delivered.state is RequestState.DELIVERED


def checked_by_two(clinic: Clinic, reference: str) -> None:
    """Grace prepared it and Priya looked at it."""
    with clinic.database.write() as session:
        row = session.scalars(sa.select(RoiRequest).filter_by(workspace_id=clinic.workspace_id, reference=reference)).one()
        row.prepared_by_id, row.checked_by_id = clinic.key_of(clinic.people["Grace"]), clinic.key_of(clinic.people["Priya"])


def test_a_release_comes_due_and_its_owner_is_reminded_once(clinic: Clinic) -> None:
    grace = clinic.people["Grace"]
    request = clinic.request(received_on=clinic.clock().date() - timedelta(days=28), owner_id=None)
    clinic.desk.change(grace, releases.take, None, request)
    for _ in range(3):
        sweep_reminders(clinic.desk)
    kinds = [notice.kind for notice in clinic.notices() if notice.recipient_id == clinic.key_of(grace)]
    assert kinds.count(NoticeKind.RELEASE_DUE) == 1
    board = clinic.desk.look(grace, home_board)
    assert board.releases is not None
    assert [card.reference for card in board.releases.cards] == [request]
