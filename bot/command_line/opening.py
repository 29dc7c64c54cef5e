"""Opening an installation for one command, and turning what can go wrong with its database into a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bot.errors import Refusal
from bot.settings import Settings, load_settings
from storage import migrations
from storage.database import Database, DatabaseUrlError


class CannotGoOn(Refusal):
    """Something this command needs is not there."""


@contextmanager
def installation(*, migrated: bool = True) -> Iterator[tuple[Settings, Database]]:
    """The settings and the database of this installation.

    :param migrated: refuse a database whose tables are of another age than this program.
    :raises SettingsError: when a setting is wrong.
    :raises CannotGoOn: when the database is not migrated, or does not answer; also from inside the block.
    """
    settings = load_settings()
    with database_trouble(settings):
        database = Database.open(settings.database_url)
        try:
            if migrated:
                migrations.require_current(database)
            yield settings, database
        finally:
            database.close()


@contextmanager
def database_trouble(settings: Settings) -> Iterator[None]:
    """Turn what a database can do to us into one sentence.

    :raises CannotGoOn: with it.
    """
    try:
        yield
    except (migrations.NotMigrated, migrations.NoSuchRevision, DatabaseUrlError) as error:
        raise CannotGoOn(str(error)) from None
    except sa.exc.OperationalError as error:
        raise CannotGoOn(sentence_about(error, settings)) from None
    except OSError as error:
        if error.filename is None:
            raise
        raise CannotGoOn(f"{error.filename} cannot be used: {error.strerror}.") from None


def sentence_about(error: sa.exc.OperationalError, settings: Settings) -> str:
    """What an operator can do about a database that does not do its work. Never shows a password."""
    where = sa.make_url(settings.database_url).render_as_string(hide_password=True)
    said = str(error.orig).strip().partition("\n")[0].rstrip(".")
    if "locked" in said:
        return "The database is busy: another process is writing a lot. Try again in a moment."
    if "no such table" in said:
        return f"The database {where} lacks tables. Run: chartdesk db upgrade"
    return f"The database {where} cannot be used: {said}. Check DATABASE_URL, and that the server runs."
