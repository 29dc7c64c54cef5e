"""Insurance verification and deficiency analysis end with statuses only."""

from __future__ import annotations

import pytest

from bot.reviews import work
from bot.reviews.checklists import CHECKLISTS, ChecksNeeded
from storage.tables import TaskCheck
from storage.words import CheckItem, PayerClass, Role, TaskState, TaskType
from tests.clinic import Clinic


def kept(clinic: Clinic) -> dict[CheckItem, str]:
    with clinic.database.read() as session:
        return {row.item: row.answer for row in session.query(TaskCheck).filter_by(workspace_id=clinic.workspace_id)}


@pytest.mark.parametrize("kind", CHECKLISTS)
def test_every_line_is_answered_from_its_choices_before_the_task_ends(clinic: Clinic, kind: TaskType) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor, type=kind)
    clinic.desk.change(noor, work.start, None, task)
    answers = {item: choices[0] for item, choices in CHECKLISTS[kind].items()}
    for item in answers:
        for wrong in ({**answers, item: "12345"}, {key: answer for key, answer in answers.items() if key is not item}):
            with pytest.raises(ChecksNeeded) as told:
                clinic.desk.change(noor, work.complete, None, task, checks=wrong)
            assert told.value.field == item
    assert (kept(clinic), clinic.row(task)["state"]) == ({}, TaskState.IN_PROGRESS)

    clinic.desk.change(noor, work.complete, None, task, checks=answers)
    assert kept(clinic) == answers


def test_the_payer_class_found_is_the_tasks_payer_class(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor, type=TaskType.INSURANCE_VERIFICATION)
    clinic.desk.change(noor, work.start, None, task)
    answers = {item: choices[-1] for item, choices in CHECKLISTS[TaskType.INSURANCE_VERIFICATION].items()}
    clinic.desk.change(noor, work.complete, None, task, checks={**answers, CheckItem.PAYER_CLASS: "medicaid"})
    assert clinic.row(task)["payer_class"] is PayerClass.MEDICAID
