"""A supervisor looks at the board, opens what is behind a number, and gives it to people with one click."""

from __future__ import annotations

from datetime import timedelta

from storage.words import TaskType
from tests.scenario.conftest import Office


def test_from_a_number_to_the_tasks_to_a_persons_hands(office: Office) -> None:
    tasks = [office.new_task(type=TaskType.DENIAL_REVIEW, due_at=office.clock() + timedelta(hours=20)) for _ in range(3)]
    office.new_task()

    office.priya.command("/team")
    board = office.priya.sees("At risk in 48 hours, nobody has it")
    assert "Denial review: *3* (0–2 days 3) · 3 at risk" in board.text
    office.priya.click(board, "team_slice:atriskinhoursnobodyhasit")
    window = office.priya.needs_modal("At risk, nobody has it")
    refused = office.priya.submit(window)
    assert refused.errors["tasks"] == "Choose at least one task."
    refused = office.priya.submit(window, {"tasks": tasks[:2]})
    assert refused.errors["people"] == "Choose who gets it."
    office.priya.submit(window, {"people": ["U0NOOR001"]})

    told = office.priya.needs_modal("Assigned")
    assert "2 tasks assigned." in told.text
    office.priya.click(told, "assign_undo")
    assert "Undone: 2 tasks" in office.priya.needs_modal("Undone").text
    office.deliver_notices()
    assert office.noor.messages() == []


def test_the_tasks_behind_a_number_are_paged_in_place(office: Office) -> None:
    for _ in range(11):
        office.new_task()
    office.priya.command("/team")
    office.priya.click(office.priya.sees("See the queue"), "team_slice:all")
    window = office.priya.needs_modal("The queue")
    assert "Page 1 of 2" in window.text
    office.priya.click(window, "team_page:next")
    second = office.priya.needs_modal("The queue")
    assert "Page 2 of 2" in second.text
    office.priya.click(second, "task_open")
    assert office.priya.modal().title.startswith("RV-")  # type: ignore[union-attr]


def test_the_home_of_a_supervisor_is_the_same_board(office: Office) -> None:
    for _ in range(2):
        office.new_task(facility="North")
    home = office.priya.open_home()
    assert home is not None
    assert "Backlog by facility" in home.text
    assert "North: *2*" in home.text
    office.noor.command("/claim")
    office.noor.sees("is yours.")
    again = office.priya.open_home()
    assert again is not None
    assert "In people's hands" in again.text


def test_a_specialist_sees_no_board(office: Office) -> None:
    office.noor.command("/team")
    office.noor.sees("This is for the role of supervisor")
