"""Patient information is refused on every way in, and nothing of it is kept."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables import GuardEvent, TaskHistory
from tests.scenario.conftest import Office

SECRET = "pt John Okonkwo MRN 61744441 wrong side"


def test_a_note_with_patient_data_comes_back_redacted_and_only_that_is_saved(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim")
    office.noor.click(office.noor.sees(task), "task_return")
    form = office.noor.needs_modal("Return to the queue")

    office.noor.submit(form, {"reason": "end_of_shift", "note": SECRET})

    again = office.noor.needs_modal("Return to the queue")
    assert again.submit_label == "Save redacted"
    assert "Looks like" in again.text
    assert "61744441" not in again.text.replace(SECRET, "")
    office.noor.submit(again)
    office.noor.sees("back in the queue")
    with office.desk.database.read() as session:
        notes = session.scalars(sa.select(TaskHistory.note).execution_options(all_workspaces=True)).all()
        events = session.scalars(sa.select(GuardEvent).execution_options(all_workspaces=True)).all()
    assert any(note and "[MRN]" in note for note in notes)
    assert not any(note and "61744441" in note for note in notes)
    assert [event.labels for event in events] == [{"NAME": 1, "MRN": 1}]


def test_a_command_with_patient_data_is_refused_without_repeating_it(office: Office) -> None:
    office.noor.command("/code", SECRET)

    answer = office.noor.sees("Looks like")
    assert "Okonkwo" not in answer.text
    assert "61744441" not in answer.text


def test_a_message_with_patient_data_is_neither_kept_nor_quoted(office: Office) -> None:
    office.noor.says(SECRET)

    answer = office.noor.sees("I kept nothing of it")
    assert "61744441" not in answer.text


def test_a_file_is_not_read(office: Office) -> None:
    office.noor.says("see here", files={"chart.csv": b"MRN,Name\n1,A\n"})
    office.noor.sees("so I opened no file")
