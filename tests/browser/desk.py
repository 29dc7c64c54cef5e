"""A sandbox started as a person would start it, and its page, used as a person uses it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Locator, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, PATH

#: A browser beside a busy machine: patience costs nothing when all goes well.
PATIENCE_MS = 60_000


class Desk:
    """The page of the sandbox, used as a person uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen: str | re.Pattern[str] = ""

    def act_as(self, name: str) -> None:
        """Choose who to be, and put away what they had open."""
        [chosen] = self.page.get_by_test_id("acting-as").select_option(label=name)
        expect(self.page.locator(f"body[data-drawn-for='{chosen}']")).to_be_attached(timeout=PATIENCE_MS)
        while (close := self.page.get_by_test_id("modal-close")).count():
            close.first.click()
            expect(close).to_have_count(0, timeout=PATIENCE_MS)
        self.page.get_by_test_id("place-direct").click()
        self.seen = ""

    def type(self, text: str) -> None:
        """Write into the composer and send; what is typed while a form is still closing goes nowhere."""
        expect(self.page.get_by_test_id("modal-close")).to_have_count(0, timeout=PATIENCE_MS)
        box = self.page.get_by_test_id("composer-text")
        box.fill(text)
        expect(box).to_have_value(text)
        self.page.get_by_test_id("composer-text-send").click()

    def sees(self, words: str | re.Pattern[str]) -> str:
        """Wait until these words are on the page. The newest message that says them is the one looked at; all of its words come back."""
        expect(self.page.get_by_text(words).last).to_be_visible(timeout=PATIENCE_MS)
        self.seen = words
        return "".join(self._message().all_inner_texts())

    def press(self, label: str) -> None:
        """Press a button of the message looked at; where it has none of this label, the newest on the page."""
        inside = self._message().get_by_role("button", name=label, exact=True)
        (inside if inside.count() else self.page.get_by_role("button", name=label, exact=True)).last.click()

    def _message(self) -> Locator:
        """The message looked at: notices may come in below it at any time."""
        return self.page.get_by_role("article").filter(has_text=self.seen).last

    def press_for_window(self, label: str) -> None:
        """Press a button that opens a window; once more when the page was just drawing itself anew, or the three seconds of a click ran out."""
        for _ in range(3):
            self.press(label)
            try:
                expect(self.page.get_by_test_id("modal-close").last).to_be_visible(timeout=PATIENCE_MS / 6)
            except AssertionError:
                continue
            return

    def press_until(self, label: str, words: str) -> None:
        """Press a button until these words are on the page; once more when the page was just drawing itself anew."""
        for _ in range(2):
            self.press(label)
            try:
                expect(self.page.get_by_text(words).last).to_be_visible(timeout=PATIENCE_MS / 4)
            except AssertionError:
                continue
            self.seen = words
            return
        self.sees(words)

    def choose(self, field: str, label: str) -> None:
        """Choose in a menu of a form."""
        self.page.locator(f"input[data-testid='{field}']").click()
        offered = self.page.get_by_role("listbox").get_by_role("option", name=re.compile(re.escape(label)))
        offered.first.click()

    def pick(self, field: str, typed: str, label: str) -> None:
        """Type into a menu that asks the bot for its choices, and take one."""
        self.page.locator(f"input[data-testid='{field}']").fill(typed)
        self.page.get_by_role("option", name=re.compile(re.escape(label))).first.click()

    def menu(self, action: str, label: str) -> None:
        """Choose in the newest menu behind ⋯."""
        self.page.get_by_test_id(f"{action}:more").last.click()
        item = self.page.get_by_role("menuitem", name=label)
        expect(item).to_be_in_viewport(timeout=PATIENCE_MS)
        item.click()

    def send_file(self, name: str, text: str) -> None:
        """Send a file to the bot."""
        expect(self.page.get_by_test_id("modal-close")).to_have_count(0, timeout=PATIENCE_MS)
        given: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        self.page.get_by_test_id("composer-text-file").set_input_files(given)
        expect(self.page.get_by_text(name, exact=True)).to_be_visible(timeout=PATIENCE_MS)
        self.page.get_by_test_id("composer-text-send").click()

    def write(self, field: str, text: str) -> None:
        """Write into a larger input of a form."""
        self.page.locator(f"textarea[data-testid={field}]").fill(text)

    def submit(self) -> None:
        """Send the form."""
        self.page.get_by_test_id("modal-submit").click()

    def reference(self, prefix: str) -> str:
        """The last reference of a kind in the message looked at, or else on the page."""
        texts = [self.page.get_by_test_id("timeline").inner_text(), *self._message().all_inner_texts()]
        return [found for text in texts for found in re.findall(rf"{prefix}-\w{{5}}", text)][-1]


@contextmanager
def running_sandbox(folder: Path, code_set: Path) -> Iterator[str]:
    """`chartdesk sandbox` in a folder of its own, with the code set already read; gives the address of its page."""
    (folder / "var").mkdir()
    shutil.copy(code_set, folder / "var" / "code-set.db")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bot", "sandbox", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=os.environ, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        assert f"http://127.0.0.1:{port}" in line
        yield f"http://127.0.0.1:{port}"
        running.send_signal(signal.SIGTERM)
        assert running.wait(40) == 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=PATH, args=FLAGS)
        yield running
        running.close()


@contextmanager
def open_desk(browser: Browser, url: str) -> Iterator[Desk]:
    """The page of a sandbox. An error of the page itself fails the test."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(url)
    yield Desk(page)
    page.close()
    assert problems == []
