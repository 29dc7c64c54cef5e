"""One guard for all tests of the guard: it holds no state."""

from __future__ import annotations

import pytest

from bot.privacy.guard import Guard


@pytest.fixture(scope="session")
def guard() -> Guard:
    return Guard.load(roster=["Brenda Castillo", "Tom O'Malley"])
