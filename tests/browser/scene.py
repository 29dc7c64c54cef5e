"""The page of a sandbox with a demo app behind it, for tests of the page itself."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from bot.sandbox.acting import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.unit.sandbox.demo_bot import Recorder


@dataclass
class Scene:
    """A page, and what stands behind it."""

    workspace: Workspace
    server: SandboxServer
    recorder: Recorder
    page: Page

    def person(self, user_id: str = "U0NOOR001") -> Person:
        return self.server.person(user_id)

    def send(self, text: str) -> None:
        """Write into the composer and press Enter."""
        box = self.page.get_by_test_id("composer-text")
        box.fill(text)
        box.press("Enter")

    def see(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def visit(self, place: str) -> None:
        self.page.get_by_test_id(f"place-{place}").click()


def pick(page: Page, name: str, typed: str, label: str) -> None:
    """Type into a picker and choose with the mouse."""
    box = page.get_by_test_id(name).last
    box.click()
    box.fill(typed)
    page.locator('li[role="option"]').filter(has_text=label).first.click()
