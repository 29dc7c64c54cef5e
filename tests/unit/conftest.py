"""A clinic on SQLite for the unit tests of rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic import Clinic, copied, migrated_file, open_clinic
from tests.desk_fixtures import StandingClock


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; copy it."""
    return migrated_file(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def clinic(empty_database: Path, tmp_path: Path, clock: StandingClock) -> Iterator[Clinic]:
    """A desk with one workspace and no people yet."""
    with open_clinic(copied(empty_database, tmp_path), clock) as opened:
        yield opened
