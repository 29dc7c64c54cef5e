"""What can go wrong with the database while a process starts or a command runs, as one sentence an operator can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bot.errors import Refusal
from bot.settings import Settings
from storage import migrations
from storage.database import DatabaseUrlError


class CannotGoOn(Refusal):
    """Something this command needs is not there."""


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
