"""A desk for tests: a real database, the real guard and the real code set, with a time that stands still until it is moved."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.codes.search.index import CodeIndex
from bot.codes.shipped import load_shipped_edition
from bot.desk import Desk
from bot.settings import Settings
from storage import migrations
from storage.database import Database

#: A Monday morning in November, when everybody in the United States is at work.
MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


class StandingClock:
    """A time that moves only when told."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.moment = now

    def __call__(self) -> datetime:
        """The time now."""
        return self.moment

    def move(self, **step: float) -> datetime:
        """Let time pass."""
        self.moment += timedelta(**step)
        return self.moment


@pytest.fixture
def clock() -> StandingClock:
    """Monday, 16:00 UTC."""
    return StandingClock()


@pytest.fixture(scope="session")
def code_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database with the shipped code set, made once a run for all workers; copy it, never write into it."""
    shared = tmp_path_factory.getbasetemp()
    folder = shared.parent if shared.name.startswith("popen-") else shared
    path = folder / "code-set.db"
    with (folder / "code-set.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _make(path.with_suffix(".making"))
            path.with_suffix(".making").rename(path)
    return path


@pytest.fixture(scope="session")
def code_index(code_set: Path) -> CodeIndex:
    """The search index of the shipped code set, loaded once for each worker."""
    database = Database.open(f"sqlite:///{code_set}")
    index = CodeIndex.load(database)
    database.close()
    return index


@pytest.fixture
def settings(tmp_path: Path, code_set: Path) -> Settings:
    """Settings of an installation with one workspace and a database of this test's own."""
    copy = tmp_path / "desk.db"
    shutil.copy(code_set, copy)
    return Settings(
        _env_file=None,
        slack_bot_token="xoxb-test",
        slack_signing_secret="test-signing-secret",
        database_url=f"sqlite:///{copy}",
        chartdesk_secret_key="a key for tests only",
    )


@pytest.fixture
def desk(settings: Settings, clock: StandingClock, code_index: CodeIndex) -> Iterator[Desk]:
    """An open desk."""
    opened = Desk.open(settings, clock)
    opened._codes = code_index
    yield opened
    opened.close()


def _make(path: Path) -> None:
    database = Database.open(f"sqlite:///{path}")
    migrations.upgrade(database)
    load_shipped_edition(database, MONDAY)
    CodeIndex.load(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
