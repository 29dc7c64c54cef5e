"""Opening an installation for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.database_trouble import database_trouble
from bot.settings import Settings, load_settings
from storage import migrations
from storage.database import Database


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
