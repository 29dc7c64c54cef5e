"""New work is heard of: counts in a channel, urgent tasks by those on shift, and what passes unseen by the supervisor."""

from __future__ import annotations

from datetime import timedelta

from jobs.cards import sweep_cards
from jobs.leases import sweep_leases
from jobs.new_work import sweep_escalations, sweep_new_work, sweep_urgent
from storage.words import Priority, TaskType
from tests.scenario.conftest import Office


def test_a_channel_hears_how_much_came_and_nothing_about_anybody(office: Office) -> None:
    channel = next(one.id for one in office.workspace.channels.all() if one.name == "records-desk")
    office.priya.command("/team", "settings")
    office.priya.submit(office.priya.needs_modal("Limits of this desk"), {"queue_channel": channel, "queue_minutes": "5"})
    office.priya.sees("Kept. The new limits")
    said = [message.text for message in office.noor.messages(channel)]
    assert any("New work will be counted here" in text for text in said), said

    sweep_new_work(office.desk)
    for _ in range(12):
        office.new_task(type=TaskType.CODING)
    office.clock.move(minutes=6)
    assert sweep_new_work(office.desk) == 1
    assert sweep_new_work(office.desk) == 0
    heard = office.noor.messages(channel)[-1].text
    assert "12 new tasks in the queue: 12 Coding. 12 wait in all" in heard
    assert "RV-" not in heard


def test_an_urgent_task_is_offered_and_the_offer_ends_when_somebody_took_it(office: Office) -> None:
    task = office.new_task(priority=Priority.URGENT)
    sweep_urgent(office.desk)
    office.deliver_notices()
    asked = next(person for person in (office.noor, office.tomas) if person.messages())
    other = office.tomas if asked is office.noor else office.noor
    card = asked.sees(f"Nobody has {task} yet, and it is urgent")
    assert other.messages() == []
    card_before = card.buttons()

    other.command("/claim", task)
    other.sees(f"{task} is yours.")
    office.clock.move(seconds=10)
    sweep_cards(office.desk)
    now = asked.sees(f"{task} is claimed now")
    assert "Claim" not in now.buttons()
    assert "Claim" in card_before


def test_the_claim_button_of_an_offer_takes_it(office: Office) -> None:
    task = office.new_task(priority=Priority.CRITICAL)
    sweep_urgent(office.desk)
    office.deliver_notices()
    asked = next(person for person in (office.noor, office.tomas) if person.messages())
    asked.click(asked.sees("it is urgent"), "task_claim")
    asked.sees(f"{task} is yours.")


def test_the_supervisor_hears_of_bill_holds_and_opens_them(office: Office) -> None:
    office.new_task(type=TaskType.CODING, bill_hold_until=office.clock().date() - timedelta(days=2))
    sweep_escalations(office.desk)
    office.deliver_notices()
    letter = office.priya.sees("1 task is past the bill hold, and nobody has them")
    office.priya.click(letter, "team_slice:over")
    assert "Bill hold over (1)" in office.priya.needs_modal("Bill hold over").text


def test_a_task_left_idle_twice_is_the_supervisors(office: Office) -> None:
    task = office.new_task()
    for _ in range(2):
        office.noor.command("/claim", task)
        office.noor.sees(f"{task} is yours.")
        for _ in range(2):
            office.clock.move(days=3)
            sweep_leases(office.desk)
    office.deliver_notices()
    office.priya.sees(f"{task} came back from idle hands again")
