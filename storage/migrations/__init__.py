"""Migrations: the tables as they came to be, step by step, carried out by Alembic without any file outside this package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from storage.database import Database

#: The first revision, which builds the desk from nothing.
FIRST = "0001"
#: What PostgreSQL's advisory lock is called, so that two processes never migrate at once. Any number nobody else uses.
LOCK = 7_214_306_001
#: How long a process waits on SQLite for another one that migrates, in milliseconds.
PATIENCE_MS = 120_000


class NotMigrated(Exception):  # noqa: N818 - it is an answer, not an error
    """The database is not at the revision this program was written for. The message is a sentence for the operator."""


class NoSuchRevision(ValueError):  # noqa: N818 - it is an answer, not an error
    """There is no such revision."""


def head() -> str:
    """The revision this program was written for."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(database: Database) -> str | None:
    """The revision the database is at, or None while it has no tables of ours."""
    with database.read() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def require_current(database: Database) -> None:
    """Let a program start only on the tables it was written for.

    :raises NotMigrated: with what to do.
    """
    found, wanted = current(database), head()
    if found == wanted:
        return
    if found is None:
        raise NotMigrated("This database has no tables yet. Run: chartdesk db upgrade")
    if found not in known():
        raise NotMigrated(
            f"This database was made by a newer Chartdesk (revision {found}). Install that version, or use another DATABASE_URL."
        )
    raise NotMigrated(f"This database is at revision {found} and has to be at {wanted}. Run: chartdesk db upgrade")


def known() -> tuple[str, ...]:
    """Every revision this program knows, newest first."""
    return tuple(step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions())


def upgrade(database: Database, revision: str = "head") -> str:
    """Bring the tables to a revision, all steps in one transaction, and return it. A second process that does the same waits and finds it done.

    :raises NotMigrated: when the database is newer than this program.
    :raises NoSuchRevision: for a revision nobody knows.
    """
    with _alone(database) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and found not in known():
            raise NotMigrated(f"This database was made by a newer Chartdesk (revision {found}). Install that version.")
        _carry_out(command.upgrade, connection, revision)
        return str(MigrationContext.configure(connection).get_current_revision())


def downgrade(database: Database, revision: str) -> str | None:
    """Take the tables back to a revision (``base``: to nothing), all steps in one transaction, and return it.

    :raises NoSuchRevision: for a revision nobody knows.
    """
    with _alone(database) as connection:
        _carry_out(command.downgrade, connection, revision)
        return MigrationContext.configure(connection).get_current_revision()


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _carry_out(step: Any, connection: sa.Connection, revision: str) -> None:  # noqa: ANN401 - one of Alembic's commands
    try:
        step(_config(connection), revision)
    except CommandError as error:
        raise NoSuchRevision(
            f"There is no revision {revision!r}. This program knows: {', '.join(known())}, and base for none."
        ) from error


@contextmanager
def _alone(database: Database) -> Iterator[sa.Connection]:
    """A connection in a transaction that no other migrating process can hold at the same time."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            yield from _alone_on_sqlite(connection)
            return
        with connection.begin():
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            yield connection


def _alone_on_sqlite(connection: sa.Connection) -> Iterator[sa.Connection]:
    """Foreign keys are off while a step may rebuild a table others point at, and looked at again before the end.

    The pragmas must come before the transaction, and the connection must not return to the pool with them.
    """
    driver: Any = connection.connection.driver_connection
    connection.detach()
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
    with connection.begin():
        yield connection
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise sa.exc.IntegrityError(
                "PRAGMA foreign_key_check", None, ValueError(f"{len(broken)} rows point nowhere")
            )
