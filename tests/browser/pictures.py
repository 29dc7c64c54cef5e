"""Takes the README's pictures from a running sandbox: ``make run``, then ``python -m tests.browser.pictures http://127.0.0.1:8765``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, PATH

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def type_into(page: Page, text: str, until: str) -> None:
    """Send a line and wait for its answer."""
    page.get_by_test_id("composer-text").fill(text)
    page.get_by_test_id("composer-text-send").click()
    expect(page.get_by_text(until).last).to_be_visible(timeout=15_000)


def specialist(page: Page) -> None:
    """A lookup and a claimed task."""
    page.get_by_test_id("acting-as").select_option(label="Noor Haddad")
    page.get_by_test_id("place-records-desk").click()
    type_into(page, "/code klebsiella pneumonia", "Codes for")
    type_into(page, "/claim", "is yours.")
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / "sandbox.png")


def supervisor(page: Page) -> None:
    """The Home of the supervisor."""
    page.get_by_test_id("acting-as").select_option(label="Priya Nair")
    page.get_by_test_id("place-home").click()
    expect(page.get_by_text("The team's work")).to_be_visible(timeout=15_000)
    page.screenshot(path=FOLDER / "home.png")


def auditor(page: Page) -> None:
    """The worksheet of a chart that waits to be audited."""
    page.get_by_test_id("acting-as").select_option(label="Tomás Lindqvist")
    page.get_by_test_id("place-direct").click()
    page.get_by_role("button", name="Open the next", exact=True).last.click()
    sheet = page.locator(".message", has_text="to be audited").last
    expect(sheet).to_be_visible(timeout=15_000)
    page.wait_for_timeout(500)
    sheet.screenshot(path=FOLDER / "worksheet.png")


def flag(page: Page) -> None:
    """The card of a flag, as the person whose work it is about sees it."""
    page.get_by_test_id("acting-as").select_option(label="Noor Haddad")
    page.get_by_test_id("place-direct").click()
    card = page.locator(".message", has_text="a colleague saw something").last
    expect(card).to_be_visible(timeout=15_000)
    page.wait_for_timeout(500)
    card.screenshot(path=FOLDER / "flag.png")


def reports(page: Page) -> None:
    """The pictures of reports, as they are sent."""
    page.get_by_test_id("acting-as").select_option(label="Priya Nair")
    page.get_by_test_id("place-direct").click()
    for words, until, alt, name in (
        ("/team report", "Week by week", "Accuracy of coding, random samples", "accuracy"),
        ("/team report reasons", "audit findings", "Root reasons, most frequent first", "root-reasons"),
    ):
        type_into(page, words, until)
        page.get_by_role("button", name="Picture", exact=True).last.click()
        drawn = page.get_by_alt_text(re.compile(alt)).last
        expect(drawn).to_be_visible(timeout=15_000)
        address = drawn.get_attribute("src") or ""
        (FOLDER / f"{name}.png").write_bytes(page.request.get(urljoin(page.url, address)).body())


def main(url: str) -> None:
    """Take all of them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PATH, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1060})
        page.goto(url)
        specialist(page)
        supervisor(page)
        auditor(page)
        flag(page)
        reports(page)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
