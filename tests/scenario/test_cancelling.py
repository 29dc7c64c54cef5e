"""A supervisor cancels a task that somebody works on."""

from __future__ import annotations

from jobs.cards import sweep_cards
from tests.scenario.conftest import Office


def test_a_task_is_cancelled_from_its_card_and_its_owner_hears_why(office: Office) -> None:
    task = office.new_task()
    office.priya.command("/assign", f"{task} @Noor Haddad")
    office.deliver_notices()
    letter = office.noor.sees(f"assigned you {task}")
    assert "task_start" in letter.action_ids()

    office.priya.command("/tasks", task)
    card = office.priya.sees(f"{task} · Data quality check · claimed")
    office.priya.choose(card, "task_more:more", f"cancel|{task}")
    form = office.priya.needs_modal("Cancel the task")
    assert "The owner is told." in form.text
    office.priya.submit(form, {"reason": "duplicate", "note": "MRN 4471182 is there twice"})
    again = office.priya.needs_modal("Cancel the task")
    assert "Nothing was kept" in again.text
    office.priya.submit(again)
    office.priya.sees(f"{task} is cancelled.")

    office.clock.move(seconds=10)
    office.deliver_notices()
    sweep_cards(office.desk)
    [shown] = [message for message in office.noor.messages() if message.ts == letter.ts]
    assert f"{task} is cancelled now." in shown.text
    assert shown.action_ids() == []
    office.noor.sees(f"cancelled {task}: duplicate. It is off your list")
