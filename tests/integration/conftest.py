"""The same clinic on both kinds of database, and processes of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import migrations
from storage.database import Database
from tests.clinic import Clinic, copied, migrated_file, open_clinic
from tests.desk_fixtures import StandingClock
from tests.servers import PostgresServer


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; copy it."""
    return migrated_file(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The URL of a migrated PostgreSQL database; copy it."""
    url = postgres.fresh_database()
    database = Database.open(url)
    migrations.upgrade(database)
    database.close()
    return url


@pytest.fixture
def migrated_postgres_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of this test's own."""
    url = postgres.fresh_database(postgres_template)
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def clinic(request: pytest.FixtureRequest, tmp_path: Path, clock: StandingClock) -> Iterator[Clinic]:
    """A desk with one workspace, on each kind of database."""
    with open_clinic(_url(request, tmp_path), clock) as opened:
        yield opened


@pytest.fixture
def sqlite_clinic(empty_database: Path, tmp_path: Path, clock: StandingClock) -> Iterator[Clinic]:
    """A desk with one workspace on SQLite."""
    with open_clinic(copied(empty_database, tmp_path), clock) as opened:
        yield opened


@pytest.fixture
def postgres_clinic(migrated_postgres_url: str, clock: StandingClock) -> Iterator[Clinic]:
    """A desk with one workspace on PostgreSQL."""
    with open_clinic(migrated_postgres_url, clock) as opened:
        yield opened


def _url(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return copied(request.getfixturevalue("empty_database"), folder)
    return str(request.getfixturevalue("migrated_postgres_url"))
