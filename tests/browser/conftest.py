"""One Chromium and one sandbox for the tests of a file, and the page anew for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.desk import Desk, chromium, open_desk, running_sandbox


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
