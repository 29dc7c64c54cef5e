"""The whole story in a browser: `chartdesk sandbox` started as a person would, and then only the page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urljoin

from playwright.sync_api import expect

from tests.browser.chromium import needs_chromium
from tests.browser.desk import PATIENCE_MS, Desk

pytestmark = needs_chromium


def test_a_specialist_looks_up_claims_and_finishes(desk: Desk) -> None:
    desk.act_as("Noor Haddad")
    desk.type("/code e119")
    desk.sees("E11.9 Type 2 diabetes mellitus without complications")
    desk.type("/code pneumnia klebsiella")
    desk.sees("Pneumonia due to Klebsiella pneumoniae")

    desk.type("/claim")
    desk.sees("patient safety comes first")
    desk.press("Start")
    desk.sees(re.compile("in progress"))
    desk.press("Complete")
    desk.sees(re.compile("completed"))


def test_a_problem_is_flagged_and_talked_over_until_its_correction_is_verified(desk: Desk) -> None:
    desk.act_as("Noor Haddad")
    desk.type("/claim")
    desk.sees("is yours.")
    task = desk.reference("RV")

    desk.act_as("Tomás Lindqvist")
    desk.type(f"/flag {task}")
    desk.choose("flag_group", "Diagnosis")
    desk.choose("flag_type", "Laterality")
    expect(desk.page.locator("input[data-testid=severity]")).to_have_value("Low")
    desk.page.locator("input[data-testid=citation]").fill("i.b.13")
    desk.write("note", "The left side is documented on page two")
    desk.submit()
    desk.sees("is reported. Thank you.")
    desk.sees("Section I.B.13")
    flag = desk.reference("FL")

    desk.act_as("Noor Haddad")
    desk.sees(f"Please look at {flag}: a colleague saw something on {task}")
    desk.press("Acknowledge")
    desk.sees(f"{flag} · Laterality · low · acknowledged")
    desk.press("Disagree")
    desk.write("note", "The side is not in the final report")
    desk.submit()
    desk.sees(f"{flag} · Laterality · low · rebutted")

    desk.act_as("Priya Nair")
    desk.sees(f"{flag} is rebutted now.")
    desk.press("Uphold")
    desk.write("note", "The addendum names it")
    desk.submit()
    desk.sees(f"{flag} · Laterality · low · upheld")

    desk.act_as("Noor Haddad")
    desk.page.get_by_test_id("thread-link").last.click()
    desk.sees("The addendum names it")
    desk.sees("It is your turn: the card above has the buttons.")
    desk.page.get_by_test_id("thread-text").fill("Found it, thank you")
    desk.page.get_by_test_id("thread-text-send").click()
    desk.sees(f"Noted on {flag}.")
    desk.press("Corrected")
    desk.sees(f"{flag} is corrected now.")

    desk.act_as("Tomás Lindqvist")
    desk.page.get_by_test_id("thread-link").last.click()
    desk.sees("Found it, thank you")
    desk.press("Verify")
    desk.sees(f"{flag} · Laterality · low · verified")
    desk.press("Close")
    desk.sees(f"{flag} · Laterality · low · closed")


def test_a_critical_problem_stops_a_release_until_it_is_put_right_and_closed(desk: Desk) -> None:
    desk.act_as("Grace Okafor")
    desk.type("/roi")
    desk.sees("Page 1 of")
    desk.press("Open")
    desk.sees("A setting, not legal advice")
    release = desk.reference("ROI")

    # The supervisor reports it: everybody's four messages a day are needed further down.
    desk.act_as("Priya Nair")
    desk.type(f"/flag {release}")
    desk.choose("flag_type", "Released to the wrong recipient")
    desk.sees("Severity: critical.")
    desk.write("note", "The fax number belongs to another clinic")
    desk.submit()
    desk.sees("The privacy officer is told now, and releases from this record wait.")
    flag = desk.reference("FL")

    desk.act_as("Daniel Cho")
    desk.sees(re.compile(rf"{flag} is critical\. Releases from RR-\w{{5}} wait until it is verified or overturned."))

    desk.act_as("Grace Okafor")
    desk.type(f"/roi {release}")
    desk.sees(f"The critical flag {flag} is open on this record. Delivery waits until it is verified or overturned.")
    desk.sees(f"Please look at {flag}: a colleague saw something on {release}")
    desk.press("Acknowledge")
    desk.sees(f"{flag} · Released to the wrong recipient · critical · acknowledged")
    desk.press("Accept")
    desk.sees(f"{flag} · Released to the wrong recipient · critical · accepted")
    desk.press("Corrected")
    desk.sees(f"{flag} · Released to the wrong recipient · critical · corrected")

    desk.act_as("Priya Nair")
    desk.type(f"/flag {flag}")
    desk.sees("Waits to be verified by somebody else.")
    desk.press("Verify")
    desk.sees(f"{flag} · Released to the wrong recipient · critical · verified")
    desk.press("Close")
    desk.sees(f"{flag} · Released to the wrong recipient · critical · closed")

    desk.act_as("Grace Okafor")
    desk.sees(f"{release} may go on: the critical flag {flag} on its record is settled.")


def test_patient_data_in_a_note_comes_back_redacted(desk: Desk) -> None:
    desk.act_as("Tomás Lindqvist")
    desk.type("/claim")
    desk.sees("is yours.")
    desk.press("Return")
    desk.choose("reason", "End of shift")
    desk.page.locator("textarea[data-testid=note]").fill("pt John Okonkwo MRN 61744441")
    desk.submit()
    desk.sees("Nothing was kept")
    expect(desk.page.locator("textarea[data-testid='note~2']")).to_have_value(re.compile(r"\[MRN\]"))
    desk.submit()
    desk.sees("is back in the queue")


def test_a_release_is_worked_and_the_morning_told_of_it(desk: Desk) -> None:
    desk.act_as("Grace Okafor")
    # Reminders keep holidays, and this test is run on any day; the digest of somebody who works then comes all the same.
    desk.sees(re.compile(r"\d+ days overdue"))
    desk.type("/roi")
    desk.sees("Page 1 of")
    desk.press("Open")
    desk.sees("A setting, not legal advice")


def test_the_supervisor_assigns_and_the_person_sees_it(desk: Desk) -> None:
    desk.act_as("Priya Nair")
    desk.type("/tasks queue")
    desk.sees(re.compile(r"The queue \(\d+\)"))
    task = desk.reference("RV")
    desk.type(f"/assign {task} @Noor Haddad")
    desk.sees(f"now has {task}")

    desk.act_as("Noor Haddad")
    desk.sees(f"assigned you {task}")


def test_every_role_has_a_home(desk: Desk) -> None:
    for name, words in (
        ("Noor Haddad", "My tasks"),
        ("Grace Okafor", "My pending releases"),
        ("Priya Nair", "The team's work"),
    ):
        desk.act_as(name)
        desk.page.get_by_test_id("place-home").click()
        desk.sees(re.compile(words))


def test_a_release_is_logged_extended_and_seen_on_the_timeline(desk: Desk) -> None:
    desk.act_as("Grace Okafor")
    desk.type("/roi new")
    desk.choose("request_type", "Patient access")
    desk.choose("legal_state", "IL")
    desk.submit()
    desk.sees(re.compile(r"ROI-\w{5} is logged: due in \d+ days"))
    release = desk.reference("ROI")

    desk.page.get_by_test_id("roi_more:more").last.click()
    desk.page.get_by_role("menuitem", name="Extend the deadline").click()
    desk.choose("reason", "Large volume")
    promised = date.today() + timedelta(days=50)  # noqa: DTZ011 - the day this browser shows
    desk.page.locator("input[data-testid=promised_on]").fill(promised.isoformat())
    desk.submit()
    desk.sees("Send the letter with the reason and the new date first")
    desk.page.get_by_label("The letter with the reason and the new date has gone").check()
    desk.submit()
    desk.sees(f"{release} is extended: due in")

    desk.act_as("Priya Nair")
    desk.type("/roi timeline")
    picture = desk.page.get_by_role("img", name=re.compile(r"pending releases on .* Nearest first: ROI-"))
    expect(picture).to_be_visible(timeout=PATIENCE_MS)


def test_a_release_goes_from_its_authorization_to_the_accounting_of_disclosures(desk: Desk) -> None:
    desk.act_as("Grace Okafor")
    desk.type("/roi new")
    desk.choose("request_type", "Research")
    desk.submit()
    desk.sees(re.compile(r"ROI-\w{5} is logged"))
    release = desk.reference("ROI")
    desk.sees("A valid authorization is required. Check it and record the result.")

    desk.press_for_window("Record authorization")
    desk.choose("authorization", "Valid")
    desk.submit()
    desk.sees("Not ticked: what is released, who discloses it")
    desk.choose("authorization", "Waiver")
    desk.submit()
    desk.sees(f"The authorization of {release} is recorded: waiver")
    desk.press_for_window("Answer accounting")
    desk.page.get_by_label("No", exact=True).check()
    desk.submit()
    desk.sees("must go into the accounting of disclosures")
    desk.page.get_by_label("Yes, list it").check()
    desk.submit()
    desk.sees(f"{release} goes into the accounting of disclosures")

    desk.press_until("Ready to fulfill", f"{release} · Research · ready to fulfill")
    desk.page.get_by_test_id("roi_more:more").last.click()
    desk.page.get_by_role("menuitem", name="Another step").click()
    desk.choose("state", "On hold")
    desk.submit()
    desk.sees("You pause it. It stays in your hands")
    desk.submit()
    desk.sees(f"{release} is on hold now")
    for label, state in (("Resume", "ready to fulfill"), ("Start retrieval", "retrieval"), ("Send to QA", "QA review")):
        desk.press_until(label, f"{release} · Research · {state}")

    desk.act_as("Priya Nair")
    desk.type(f"/roi {release}")
    desk.sees(f"{release} · Research · QA review")
    desk.press_until("Pass QA", f"{release} · Research · ready to send")
    desk.act_as("Grace Okafor")
    desk.type(f"/roi {release}")
    desk.sees(f"{release} · Research · ready to send")
    desk.press_until("Delivered", f"{release} · Research · delivered")

    record = desk.reference("RR")
    desk.type(f"/roi disclosures {record}")
    desk.sees(f"1 disclosure of {record}: the file is in your direct messages")
    file = desk.page.get_by_role("link", name=f"Accounting of disclosures of {record}").get_attribute("href")
    told = desk.page.request.get(urljoin(desk.page.url, file or "")).text()
    assert f",research,research,copies of the record,not recorded,{release}" in told


def test_the_clocks_stand_on_home_with_the_nearest_on_top(desk: Desk) -> None:
    desk.act_as("Grace Okafor")
    desk.page.get_by_test_id("place-home").click()
    desk.sees(re.compile(r"My pending releases \(\d+\)"))
    late = [int(days) for days in re.findall(r"(\d+) days overdue", desk.page.locator("main").inner_text())]
    assert late == sorted(late, reverse=True)
    assert late[0] > 1



def test_from_a_sample_to_a_worksheet_to_a_report_with_its_picture(desk: Desk) -> None:
    desk.act_as("Priya Nair")
    desk.type("/team audits")
    desk.sees(re.compile("4 charts of 30: 0 agreed, 0 with changes, 4 open"))
    desk.press("Draw a sample")
    desk.submit()
    desk.sees(re.compile(r"Audit 5 is drawn: 5 charts of 30 by 1 coder, by chance with the seed \w+"))

    desk.act_as("Tomás Lindqvist")
    desk.sees("5 charts of audit 5 wait for you.")
    desk.press("Open the next")
    desk.sees(re.compile(r"RV-\w{5} · audit \d · to be audited"))
    desk.press("Agree")
    desk.sees(re.compile(r"RV-\w{5} · audit \d · found right"))
    desk.press("Next chart")
    desk.sees(re.compile(r"RV-\w{5} · audit \d · to be audited"))
    desk.press("Change codes")
    desk.page.locator("input[data-testid=codes]").fill("A41.9")
    desk.page.get_by_role("option", name=re.compile("Sepsis, unspecified")).click()
    desk.choose("root_reason", "Documentation missed")
    desk.page.locator("textarea[data-testid=note]").fill("The culture was positive on the second day.")
    desk.page.get_by_text("Keep these codes").click()
    desk.submit()
    desk.sees(re.compile(r"RV-\w{5} · audit \d · changes found"))
    desk.sees("2 of 3 codes as the auditor would assign them")

    desk.act_as("Noor Haddad")
    desk.sees("found something to learn from")
    desk.sees("The culture was positive on the second day.")

    desk.act_as("Priya Nair")
    desk.type("/team audits 4")
    desk.sees("lakeside")
    desk.type("/team report")
    desk.sees("Week by week, random samples")
    desk.press("Picture")
    expect(desk.page.get_by_alt_text(re.compile("Accuracy of coding, random samples")).last).to_be_visible(timeout=PATIENCE_MS)


def test_a_second_review_is_done_on_its_worksheet_and_reported_by_itself(desk: Desk) -> None:
    desk.act_as("Tomás Lindqvist")
    desk.type("/tasks queue second_level_review")
    desk.sees(re.compile(r"RV-\w{5} · Second-level review"))
    review = desk.reference("RV")
    desk.type(f"/claim {review}")
    desk.sees(f"{review} is yours.")
    desk.press("Start")
    desk.sees(re.compile(f"{review} · Second-level review.* · in progress"))
    desk.press("Worksheet")
    desk.sees(re.compile(rf"RV-\w{{5}} · second-level review {review} · to be reviewed"))
    desk.press("Agree")
    desk.sees(re.compile(rf"RV-\w{{5}} · second-level review {review} · found right"))

    desk.act_as("Priya Nair")
    desk.type("/team report")
    desk.sees("Second-level reviews, which estimate nothing")
