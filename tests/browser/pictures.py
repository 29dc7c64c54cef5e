"""Takes the README's pictures from a running sandbox: ``make run``, then ``python -m tests.browser.pictures http://127.0.0.1:8765``."""

from __future__ import annotations

import sys
from pathlib import Path

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


def main(url: str) -> None:
    """Take both."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PATH, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1060})
        page.goto(url)
        specialist(page)
        supervisor(page)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
