"""One Chromium and one sandbox for the tests of a file, and the page anew for each test; for tests of the page itself one with a demo app behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.sandbox.delivery import HttpDelivery
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.server import SandboxServer
from tests.browser.desk import Desk, chromium, open_desk, running_sandbox
from tests.browser.scene import Scene
from tests.unit.sandbox.demo_bot import DEMO_SETUP, HttpBot, Recorder, build_demo_app


@pytest.fixture(scope="module")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory, code_set: Path) -> Iterator[str]:
    """A sandbox of this file's own."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), code_set) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of this machine."""
    with chromium() as running:
        yield running


@pytest.fixture
def desk(browser: Browser, sandbox_url: str) -> Iterator[Desk]:
    """The page of the sandbox."""
    with open_desk(browser, sandbox_url) as opened:
        yield opened


@pytest.fixture
def stage(browser: Browser) -> Iterator[Callable[[int, int], Scene]]:
    """Makes a page of a given width and height. An error of the page itself fails the test."""
    with ExitStack() as stack:

        def build(width: int = 1400, height: int = 900) -> Scene:
            workspace = workspace_for_demo(DEMO_SETUP)
            recorder = Recorder()
            server = stack.enter_context(SandboxServer(workspace))
            secret = workspace.credentials.signing_secret
            app = build_demo_app(workspace.credentials.bot_token, server.api_url, secret, recorder)
            delivery = HttpDelivery(stack.enter_context(HttpBot(app)).url, secret)
            stack.callback(delivery.close)
            server.deliver_by(delivery)
            page = browser.new_page(viewport={"width": width, "height": height})
            stack.callback(page.close)
            problems: list[str] = []
            page.on("pageerror", lambda error: problems.append(str(error)))
            stack.callback(lambda: _no_problems(problems))
            page.goto(server.url)
            expect(page.get_by_test_id("acting-as")).to_have_value("U0NOOR001")
            return Scene(workspace, server, recorder, page)

        yield build


def _no_problems(problems: list[str]) -> None:
    assert problems == []


@pytest.fixture
def scene(stage: Callable[[int, int], Scene]) -> Scene:
    """The page on a screen of usual size."""
    return stage(1400, 900)
