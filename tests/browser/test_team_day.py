"""A specialist's and a supervisor's day in a browser: the sandbox as anybody can try it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chromium import needs_chromium
from tests.browser.desk import PATIENCE_MS, Desk

pytestmark = needs_chromium


def counted(desk: Desk, word: str) -> int:
    """A number on the newest board."""
    return int(re.findall(rf"{word}\s+(\d+)", desk.page.get_by_test_id("timeline").inner_text())[-1])


def test_the_supervisor_shares_out_work_and_takes_it_back(desk: Desk) -> None:
    desk.act_as("Priya Nair")
    desk.type("/team")
    desk.sees("Backlog by type")
    waiting = counted(desk, "Waiting")

    desk.type("/assign next 6 coding @Noor Haddad @Tomás Lindqvist")
    desk.sees("6 tasks assigned.")
    desk.press("Undo")
    desk.sees("Undone: 6 tasks back where they were before.")
    desk.type("/team")
    expect(desk.page.get_by_text("Backlog by type")).to_have_count(2, timeout=PATIENCE_MS)
    assert counted(desk, "Waiting") == waiting


def test_from_a_number_of_the_board_into_somebodys_hands(desk: Desk) -> None:
    desk.act_as("Priya Nair")
    desk.type("/team")
    desk.sees("Backlog by type")
    desk.press("Show")
    window = desk.page.get_by_role("dialog")
    expect(window.get_by_text("Assign these")).to_be_visible(timeout=PATIENCE_MS)
    boxes = window.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    desk.choose("people", "Noor Haddad")
    desk.submit()
    desk.sees("2 tasks assigned.")
    window.get_by_role("button", name="Close").last.click()

    desk.act_as("Noor Haddad")
    desk.sees("assigned you 2 tasks")


def test_leave_limits_and_everything_of_somebody(desk: Desk) -> None:
    desk.act_as("Noor Haddad")
    desk.type("/claim")
    desk.sees("is yours.")

    desk.act_as("Priya Nair")
    desk.type("/team settings")
    desk.page.get_by_role("textbox", name="Active tasks a person may have").fill("12")
    desk.submit()
    desk.sees("Kept. The new limits hold from now on")
    desk.type("/assign everything of @Noor Haddad to @Tomás Lindqvist")
    desk.sees(re.compile(r"\d+ tasks? assigned\."))

    desk.act_as("Noor Haddad")
    desk.type("/tasks")
    desk.sees("You have no tasks.")


def test_a_specialist_holds_with_reasons_and_finds_it_again(desk: Desk) -> None:
    desk.act_as("Tomás Lindqvist")
    desk.type("/claim list denial_review")
    desk.sees("Only: denial_review")
    desk.press("Open")
    desk.sees("On top because")
    desk.press("Claim")
    desk.sees("is yours.")
    task = desk.reference("RV")
    desk.press("Hold")
    desk.choose("reasons", "Missing document")
    desk.choose("reasons", "Late charges")
    desk.submit()
    desk.sees(f"{task} is on hold and stays yours.")
    desk.type("/tasks holds")
    desk.sees(re.compile("waits for missing document, late charges"))


def test_the_home_of_the_supervisor_is_the_board(desk: Desk) -> None:
    desk.act_as("Priya Nair")
    desk.page.get_by_test_id("place-home").click()
    desk.sees("Backlog by facility")
    desk.sees("In people's hands")
