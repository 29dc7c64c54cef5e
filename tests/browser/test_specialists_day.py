"""What passes between people in a browser: urgent work that is offered, a hand-over, a task that is cancelled, and coding that ends with its codes."""

from __future__ import annotations

import re

from tests.browser.chromium import needs_chromium
from tests.browser.desk import Desk

pytestmark = needs_chromium


def claim_from(desk: Desk, words: str) -> str:
    """Claim a task out of the queue narrowed by words; returns its reference."""
    desk.type(f"/claim list {words}")
    desk.sees(f"Only: {words}")
    listed = desk.page.locator(".message", has_text=f"Only: {words}").last.inner_text()
    task = re.findall(r"RV-\w{5}", listed)[-1]
    desk.type(f"/claim {task}")
    desk.sees(f"{task} is yours.")
    return task


def offered(desk: Desk, giver: str, words: str, *, to: str) -> str:
    """Claim a task and offer it to somebody, who then looks at the offer; returns its reference."""
    desk.act_as(giver)
    task = claim_from(desk, words)
    desk.menu("task_more", "Hand over to somebody")
    desk.choose("person", to)
    desk.submit()
    desk.sees(f"{task} is offered. It stays yours until they accept.")
    desk.act_as(to)
    desk.sees(f"asks whether you can take {task} over.")
    return task


def test_urgent_work_comes_to_whoever_is_on_shift(desk: Desk) -> None:
    desk.act_as("Noor Haddad")
    desk.sees("yet, and it is urgent. Can you claim it? Whoever claims it first has it.")
    card = desk.page.locator(".message", has_text="and it is urgent").last
    [task] = set(re.findall(r"Nobody has (RV-\w{5})", card.inner_text()))
    card.get_by_role("button", name="Claim", exact=True).click()
    desk.sees(f"{task} is yours.")


def test_a_task_is_handed_over_and_both_hear_of_it(desk: Desk) -> None:
    task = offered(desk, "Noor Haddad", "insurance_verification", to="Tomás Lindqvist")
    desk.press("Accept")
    desk.sees(f"{task} is yours now.")

    desk.act_as("Noor Haddad")
    desk.sees(f"has taken {task} over. It is no longer in your hands.")


def test_an_offer_that_is_declined_stays_where_it_was(desk: Desk) -> None:
    task = offered(desk, "Tomás Lindqvist", "denial_review", to="Priya Nair")
    desk.press("Decline")
    desk.sees(f"You declined {task}. It stays where it was.")

    desk.act_as("Tomás Lindqvist")
    desk.sees(f"cannot take {task} over. It is still yours.")


def test_coding_ends_with_its_codes_and_a_look_at_what_the_check_says(desk: Desk) -> None:
    desk.act_as("Tomás Lindqvist")
    task = claim_from(desk, "coding ed")
    desk.press("Start")
    desk.sees(re.compile(f"{task} · Coding, ED · in progress"))
    desk.press_for_window("Complete")
    desk.pick("codes", "fracture lower end of radius", "S52.50")
    desk.submit()
    desk.sees("or tick “Keep these codes” below.")
    desk.page.get_by_text("Keep these codes: I looked").click()
    desk.submit()
    desk.sees(f"{task} is completed. Thank you.")


def test_a_cancelled_task_leaves_its_owners_hands_with_the_reason(desk: Desk) -> None:
    desk.act_as("Noor Haddad")
    task = claim_from(desk, "chart_completion")

    desk.act_as("Priya Nair")
    desk.type(f"/tasks {task}")
    desk.sees(re.compile(f"{task} · Chart completion, inpatient · claimed"))
    desk.menu("task_more", "Cancel the task")
    desk.choose("reason", "Duplicate")
    desk.submit()
    desk.sees(f"{task} is cancelled.")

    desk.act_as("Noor Haddad")
    desk.sees(f"cancelled {task}: duplicate. It is off your list")
