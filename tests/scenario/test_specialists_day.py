"""A specialist's day with coworkers: hand-off, holds and queries, idle tasks, choosing from the queue, and cards that keep up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.cards import sweep_cards
from jobs.leases import sweep_leases
from storage.words import TaskSetting, TaskType
from tests.scenario.conftest import Office


def let_time_pass(office: Office, **step: float) -> None:
    """The clock's jobs after some time: what came due, then messages, then cards."""
    office.clock.move(**step)
    sweep_leases(office.desk)
    office.deliver_notices()
    office.clock.move(seconds=4)
    while sweep_cards(office.desk):
        office.clock.move(seconds=4)


def claim_and_offer(office: Office) -> str:
    task = office.new_task()
    office.noor.command("/claim", task)
    office.noor.choose(office.noor.sees("is yours"), "task_more:more", f"offer|{task}")
    office.noor.submit(office.noor.needs_modal("Hand over"), {"person": office.tomas.id})
    office.noor.sees(f"{task} is offered. It stays yours until they accept.")
    return task


def test_a_task_is_handed_over_when_the_other_accepts_and_the_giver_hears(office: Office) -> None:
    task = claim_and_offer(office)
    let_time_pass(office, hours=1)
    asked = office.tomas.sees("asks whether you can take")
    assert {"offer_accept", "offer_decline"} <= set(asked.action_ids())

    office.tomas.click(asked, "offer_accept")
    let_time_pass(office, seconds=5)

    office.noor.sees(f"has taken {task} over")
    office.noor.command("/tasks")
    assert "You have no tasks" in office.noor.ephemerals()[-1].text
    office.tomas.command("/tasks")
    assert task in office.tomas.ephemerals()[-1].text


def test_an_offer_can_be_declined_and_the_task_stays_where_it_was(office: Office) -> None:
    task = claim_and_offer(office)
    let_time_pass(office, hours=1)
    office.tomas.click(office.tomas.sees("asks whether you can take"), "offer_decline")
    let_time_pass(office, seconds=5)
    office.noor.sees(f"cannot take {task} over. It is still yours.")


def test_a_hold_settles_reason_by_reason(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)
    office.noor.click(office.noor.sees("is yours"), "task_hold")
    office.noor.submit(office.noor.needs_modal("Put on hold"), {"reasons": ["unsigned_note", "late_charges"]})

    office.noor.click(office.noor.sees("stays yours"), "task_reasons")
    office.noor.submit(office.noor.needs_modal("What it waits for"), {"settled": ["unsigned_note"], "reasons": ["system"]})

    card = office.noor.sees("waits for what the card shows")
    assert "late charges, system" in card.text
    assert "unsigned note" not in card.text


def test_a_query_runs_with_its_own_clock_and_blocks_completion(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)
    office.noor.click(office.noor.sees("is yours"), "task_start")
    office.noor.choose(office.noor.sees("in progress"), "task_more:more", f"query|{task}")
    office.noor.submit(office.noor.needs_modal("Physician query"), {"category": "specificity", "happened": "sent"})
    noted = office.noor.sees("is noted")

    office.noor.click(noted, "task_complete")
    assert "Settle first" in office.noor.ephemerals()[-1].text
    office.noor.click(noted, "task_hold")
    office.noor.submit(office.noor.needs_modal("Put on hold"), {"reasons": ["physician_query_open"]})
    let_time_pass(office, hours=49)
    office.priya.sees(f"The physician query of {task} has been open")


def test_an_idle_task_is_asked_about_and_then_goes_back(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)
    let_time_pass(office, hours=4, minutes=1)
    office.noor.sees(f"Are you still on {task}?")

    let_time_pass(office, days=1)
    office.noor.sees(f"{task} is back in the queue")
    office.tomas.command("/claim")
    office.tomas.sees(f"{task} is yours")


def test_a_hold_wakes_its_owner_on_the_day_chosen(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)
    office.noor.click(office.noor.sees("is yours"), "task_hold")
    office.noor.submit(office.noor.needs_modal("Put on hold"), {"reasons": ["system"], "wake": "2026-11-24"})
    let_time_pass(office, days=1)
    office.noor.sees(f"You asked to be woken: {task}")


def test_the_queue_is_narrowed_in_words_and_by_a_form(office: Office) -> None:
    ed = office.new_task(type=TaskType.CODING, setting=TaskSetting.ED, facility="F1", aged_from=date(2026, 11, 1))
    others = [
        office.new_task(type=TaskType.CODING, setting=TaskSetting.ED, facility="F2"),
        office.new_task(type=TaskType.DENIAL_REVIEW, facility="F1"),
    ]
    office.noor.command("/claim", "list coding ed f1 7d")
    shown = office.noor.sees("The queue (1)")
    assert ed in shown.text
    assert not any(other in shown.text for other in others)

    office.noor.click(shown, "task_filter")
    office.noor.submit(office.noor.needs_modal("Choose from the queue"), {"kind": "denial_review"})
    assert others[1] in office.noor.sees("denial_review").text

    office.noor.command("/claim", "list codng")
    office.noor.sees("Did you mean “coding”?")
    office.noor.command("/tasks", ed[-3:].lower())
    assert ed in office.noor.sees("Found (1)").text


def test_insurance_verification_ends_with_its_checklist(office: Office) -> None:
    task = office.new_task(type=TaskType.INSURANCE_VERIFICATION)
    office.noor.command("/claim", task)
    office.noor.click(office.noor.sees("is yours"), "task_start")
    office.noor.click(office.noor.sees("in progress"), "task_complete")
    answers = {"payer_class": "medicaid", "plan_active": "yes", "authorization_on_file": "no", "benefits_coordinated": "yes"}
    office.noor.submit(office.noor.needs_modal("Complete"), answers)
    assert "Medicaid" in office.noor.sees("is completed").text


def test_a_card_in_a_message_keeps_up_and_loses_its_buttons_at_the_end(office: Office) -> None:
    task = office.new_task()
    office.priya.command("/assign", f"{task} <@{office.noor.id}>")
    let_time_pass(office, seconds=5)
    before = office.noor.sees(f"assigned you {task}")
    assert "task_start" in before.action_ids()

    office.noor.command("/tasks", task)
    office.noor.click(office.noor.sees(f"{task} · Data"), "task_start")
    office.noor.click(office.noor.sees("in progress"), "task_complete")
    let_time_pass(office, seconds=5)

    after = office.noor.sees(f"{task} is completed now")
    assert after.ts == before.ts
    assert after.action_ids() == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("RV-22222", "No review task here is called RV-22222"),
        ("ROI-22222", "another kind of reference"),
    ],
)
def test_a_task_that_is_not_there_is_said_so(office: Office, words: str, told: str) -> None:
    office.noor.command("/claim", words)
    office.noor.sees(told)


def test_a_stale_card_is_answered_with_how_things_stand(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim", task)
    card = office.noor.sees("is yours")
    office.priya.command("/assign", f"{task} <@{office.tomas.id}>")

    office.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC) + timedelta(minutes=1)
    office.noor.click(card, "task_start")
    assert "in somebody else's hands" in office.noor.ephemerals()[-1].text
