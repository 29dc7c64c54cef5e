"""A work list in a browser: a supervisor sends a file, says once what its columns are, looks at what would come of it, and presses Import."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.chromium import needs_chromium
from tests.browser.desk import PATIENCE_MS, Desk

pytestmark = needs_chromium

HEADER = "Ticket,What,How soon,Remark\n"
FIRST = HEADER + "A-1,coding,high,hello\nA-2,denial_review,normal,\nA-3,codding,normal,\n"
SECOND = HEADER + "B-1,coding,high,\nB-2,data_quality_check,low,\n"
DAMAGED = HEADER + "C-1,coding,high,\nC-2,coding\n"
COLUMNS = {"external_key": "Ticket", "task_type": "What", "priority": "How soon"}


def test_headers_of_the_house_are_matched_once_and_the_list_is_checked_and_imported(desk: Desk) -> None:
    desk.act_as("Priya Nair")
    desk.send_file("monday.csv", FIRST)
    desk.sees("names no column this import knows")
    desk.press_for_window("Match columns")
    desk.sees("Choose for each field the column it stands in.")
    for field, column in COLUMNS.items():
        desk.choose(f"column:{field}", column)
    desk.submit()

    desk.sees("Checked 3 lines of review tasks. Nothing is stored yet.")
    desk.sees("Line 4, task_type: is not a word of the list; did you mean coding?")
    desk.press("Import")
    desk.sees("Imported: review tasks")
    desk.sees("The same file again changes nothing.")
    expect(desk.page.get_by_role("link", name=re.compile(r"references\.csv"))).to_be_visible(timeout=PATIENCE_MS)


def test_the_next_file_of_the_house_needs_no_form(desk: Desk) -> None:
    desk.act_as("Priya Nair")
    desk.send_file("tuesday.csv", SECOND)
    desk.sees("Checked 2 lines of review tasks. Nothing is stored yet.")
    desk.press("Import")
    expect(desk.page.get_by_role("link", name=re.compile(r"references\.csv"))).to_have_count(2, timeout=PATIENCE_MS)
    desk.send_file("tuesday-again.csv", SECOND)
    desk.sees("There is nothing new in this file.")


def test_a_damaged_file_is_answered_with_the_line_that_is_wrong(desk: Desk) -> None:
    desk.act_as("Priya Nair")
    desk.send_file("damaged.csv", DAMAGED)
    desk.sees("I could not check this file, and stored nothing of it.")
    desk.sees(re.compile("line 3 has 2 cells, but the header has 4"))


def test_a_file_of_somebody_else_is_not_opened(desk: Desk) -> None:
    desk.act_as("Noor Haddad")
    desk.send_file("list.csv", SECOND)
    desk.sees("Work lists are brought in by supervisors, so I opened no file.")
