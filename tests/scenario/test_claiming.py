"""A specialist's main job: take a task, work it, give it back, finish it."""

from __future__ import annotations

from datetime import date, timedelta

from storage.words import Priority, TaskSetting, TaskType
from tests.scenario.conftest import Office


def test_claim_takes_the_most_pressing_task_and_says_why(office: Office) -> None:
    office.new_task(priority=Priority.URGENT)
    overlay = office.new_task(type=TaskType.MPI_REVIEW, setting=TaskSetting.OVERLAY, priority=Priority.LOW)

    office.noor.command("/claim")

    card = office.noor.sees(f"{overlay} is yours")
    assert "two patients may share one record" in card.text
    assert card.is_ephemeral
    assert {"task_start", "task_hold", "task_return"} <= set(card.action_ids())


def test_a_task_is_started_held_resumed_and_completed_on_its_card(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim")

    office.noor.click(office.noor.sees(task), "task_start")
    office.noor.click(office.noor.sees("in progress"), "task_hold")
    office.noor.submit(office.noor.needs_modal("Put on hold"), {"reasons": ["unsigned_note"], "wake": "2026-11-27"})
    held = office.noor.sees("on hold and stays yours")
    assert "unsigned note" in held.text

    office.noor.click(held, "task_resume")
    office.noor.click(office.noor.sees("in progress"), "task_complete")

    done = office.noor.sees("completed")
    assert not done.action_ids()


def test_a_coding_task_ends_with_its_codes(office: Office) -> None:
    office.new_task(type=TaskType.CODING, setting=TaskSetting.ED)
    office.noor.command("/claim")
    office.noor.click(office.noor.sees("is yours"), "task_start")
    office.noor.click(office.noor.sees("in progress"), "task_complete")
    form = office.noor.needs_modal("Complete")

    offered = office.noor.suggest(form, "codes", "E11.9")
    assert any(text.startswith("E11.9 ") for text in offered.option_texts)
    office.noor.submit(form, {"codes": [offered.option_texts[0]]})

    office.noor.sees("is completed. Thank you.")


def test_the_second_person_hears_who_has_the_task(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)

    office.tomas.command("/claim", task.removeprefix("RV-").lower())

    assert "Noor Haddad has" in office.tomas.sees(task).text


def test_the_sixth_active_task_is_refused(office: Office) -> None:
    for _ in range(6):
        office.new_task()
    for _ in range(6):
        office.noor.command("/claim")

    assert "You have 5 active tasks" in office.noor.ephemerals()[-1].text


def test_a_returned_task_waits_for_somebody_else_with_its_reason(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim")
    office.noor.click(office.noor.sees(task), "task_return")
    office.noor.submit(office.noor.needs_modal("Return to the queue"), {"reason": "end_of_shift"})
    office.noor.sees("back in the queue")

    office.tomas.command("/claim")
    card = office.tomas.sees(f"{task} is yours")
    office.tomas.choose(card, "task_more:more", f"history|{task}")
    assert "end of shift" in office.tomas.needs_modal(task).text


def test_the_queue_can_be_paged_and_opened(office: Office) -> None:
    references = [office.new_task(aged_from=date(2026, 11, 1 + number)) for number in range(10)]
    office.noor.command("/tasks", "queue")

    first = office.noor.sees("The queue (10)")
    assert references[0] in first.text
    assert references[9] not in first.text
    office.noor.click(first, "task_page:next")
    office.noor.click(office.noor.sees(references[9]), "task_open", references[9])
    assert "Claim" in office.noor.sees(f"{references[9]} ·").buttons()


def test_what_was_due_this_morning_is_overdue_in_the_afternoon(office: Office) -> None:
    task = office.new_task(due_at=office.clock() + timedelta(hours=1))
    office.noor.command("/tasks", "queue")
    assert "due today 12:00 PM" in office.noor.sees(task).text

    office.clock.move(hours=2)
    office.noor.command("/tasks", "queue")

    assert "overdue* since today 12:00 PM" in office.noor.sees(task).text
    office.noor.command("/claim", task)
    assert "Overdue since" in office.noor.sees(f"{task} is yours").text


def test_a_mistyped_list_is_answered_with_the_nearest(office: Office) -> None:
    office.noor.command("/tasks", "qeue")
    assert office.noor.sees("Did you mean /tasks queue?").is_ephemeral


def test_an_empty_queue_is_said_kindly(office: Office) -> None:
    office.noor.command("/claim")
    answer = office.noor.sees("Nothing waits for you right now")
    assert "New work appears here as soon as it comes in" in answer.text
    assert not answer.action_ids()
