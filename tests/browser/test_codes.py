"""Looking up codes in a browser: results, cards, dates, checks, other systems, menus that fill while somebody types, and plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.codes.importing.carry_out import import_files
from bot.codes.importing.naming import Wishes
from storage.database import Database
from tests.browser.chromium import needs_chromium
from tests.browser.desk import PATIENCE_MS, Desk, open_desk, running_sandbox
from tests.unit.codes.importing import samples

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory, code_set: Path) -> Iterator[str]:
    """A sandbox whose operator imports FY2027, procedures and HCPCS while it runs: a few codes of each."""
    folder = tmp_path_factory.mktemp("sandbox")
    given = {"icd10cm_order_2027.txt": samples.ORDER, "icd10pcs_order_2027.txt": samples.PCS_ORDER, "HCPC2026_OCT_ANWEB.txt": samples.HCPCS}
    for name, text in given.items():
        (folder / name).write_text(text, encoding="utf-8")
    with running_sandbox(folder, code_set) as url:
        database = Database.open(f"sqlite:///{folder / 'var' / 'sandbox.db'}")
        import_files(database, [folder / name for name in given], Wishes(), datetime.now(UTC))
        database.close()
        yield url


@pytest.fixture
def desk(browser: Browser, sandbox_url: str) -> Iterator[Desk]:
    with open_desk(browser, sandbox_url) as opened:
        opened.act_as("Noor Haddad")
        yield opened


def test_a_code_on_a_date_tells_which_edition_applied_and_what_replaced_it(desk: Desk) -> None:
    desk.type("/code R05.9 on 2026-11-03")
    told = desk.sees(re.compile(r"R05\.9 is not valid on Nov 3, 2026 \(ICD-10-CM FY2027\)"))
    assert "In its place: R05.81, R05.82" in told
    desk.type("/code I10 on 2026-05-04")
    told = desk.sees("I10 is valid on May 4, 2026: ICD-10-CM, April 2026 applies.")
    assert "In its place" not in told


def test_a_set_of_codes_is_checked_on_the_day_of_service(desk: Desk) -> None:
    desk.type("/code check E11.9 O24.410 S52.501 on 2026-05-04")
    told = desk.sees(re.compile("3 codes checked: 2 to fix"))
    assert "Excludes1 at E11 names “gestational diabetes" in told
    assert "S52.501 needs a 7th character" in told


def test_a_card_leads_up_and_down_and_its_code_can_be_copied(desk: Desk) -> None:
    desk.type("/code S52.5 in ICD-10-CM on 2026-05-04")
    desk.sees("S52.5 is in ICD-10-CM, April 2026 but not billable. Choose a code below it, such as S52.50.")
    desk.press("S52.50")
    desk.sees("S52.50 Unspecified fracture of the lower end of radius")
    desk.press("Up: S52.5")
    expect(desk.page.get_by_role("button", name="Up: S52", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    desk.sees(re.compile(r"inherited from S52:"))
    desk.press_for_window("Copy")
    expect(desk.page.get_by_test_id("modal").last).to_contain_text("S52.5  Fracture of lower end of radius")


def test_other_systems_are_asked_by_name_by_code_and_by_a_button(desk: Desk) -> None:
    desk.type("/code appendix in icd-10-pcs")
    assert "Resection of Appendix, Open Approach" in desk.sees("Codes for “appendix”")
    desk.type("/code a0001")
    assert "HCPCS Level II, October 2026" in desk.sees("A0001 Wooden crutch, with a handle that glows in the dark")
    desk.type("/code 0DTJ")
    assert "Resection of Appendix, Open Approach" in desk.sees("Codes for “0DTJ”")
    desk.type("/code cough in ICD-10-CM")
    assert "HCPCS Level II, October 2026" not in desk.sees("Codes for “cough”")
    desk.press("In HCPCS Level II")
    assert "HCPCS Level II, October 2026" in desk.sees(re.compile("No code found for “cough”"))


def test_the_shortcut_offers_codes_while_somebody_types(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Shortcuts").click()
    desk.page.get_by_text("Look up a code").last.click()
    desk.page.locator("input[data-testid=query]").fill("crutch")
    expect(desk.page.get_by_role("option", name=re.compile("A0001"))).to_be_visible()
    desk.page.get_by_role("option", name=re.compile("Everything for “crutch”")).click()
    desk.submit()
    desk.sees(re.compile("Codes for “crutch”"))


def test_plain_words_get_codes_and_talk_gets_a_kind_answer(desk: Desk) -> None:
    desk.type("Hi, what's the code for a cough of the morning?")
    assert "R05.81" in desk.sees("Codes for “cough of the morning”")
    desk.type("thanks!")
    desk.sees("You're welcome!")
    desk.type("can I take tomorrow off")
    desk.sees(re.compile("I am not sure what you mean"))


def test_what_is_new_is_told_and_paged(desk: Desk) -> None:
    desk.type("/code new")
    assert "Page 1 of" in desk.sees(re.compile("ICD-10-CM FY2027 against ICD-10-CM, April 2026"))
    desk.press("More")
    assert "ICD-10-CM FY2027 against ICD-10-CM, April 2026" in desk.sees(re.compile("Page 2 of"))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/code", "Type words or a code after /code"),
        ("/code " + "x" * 2990, "Keep it under 300 characters"),
        ("/code 🙂🙂🙂", "No code found for"),
        ("/code '; DROP TABLE code_concepts; --", "DROP TABLE"),
        ("/code 99213 in cpt", "No code system “cpt” is loaded."),
        ("/code E11.9 on 2026-02-30", "is no date of the calendar."),
    ],
)
def test_bad_input_is_answered_in_a_sentence(desk: Desk, typed: str, answer: str) -> None:
    desk.type(typed)
    assert "Something went wrong" not in desk.sees(re.compile(re.escape(answer)))
