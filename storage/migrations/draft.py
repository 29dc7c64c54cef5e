"""``python -m storage.migrations.draft``: write the first migration anew from the tables. For developers, until the first release."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from storage.columns import Base
from storage.database import Database
from storage.migrations import FIRST, _config, upgrade
from storage.migrations.comparing import options

VERSIONS = Path(__file__).parent / "versions"
NAME = "the_desk"


def draft(versions: Path = VERSIONS) -> Path:
    """Write ``versions/0001_the_desk.py`` from the tables as they are now. Refuses when later migrations build on it.

    :raises FileExistsError: naming the later migration.
    """
    first = versions / f"{FIRST}_{NAME}.py"
    later = sorted(path.name for path in versions.glob("[0-9]*.py") if path != first)
    if later:
        raise FileExistsError(f"{later[0]} builds on the first migration: write a new one instead.")
    with tempfile.TemporaryDirectory(dir=versions) as folder:
        return _generate(Path(folder)).replace(first)


def differences(database: Database) -> list[object]:
    """What is different between the tables of a database and ours; empty when nothing is."""
    told = {"compare_type": True, "render_as_batch": options()["render_as_batch"]}
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts=told)
        return list(compare_metadata(context, Base.metadata))


def _generate(folder: Path) -> Path:
    """Compare our tables with an empty database and write the step between them."""
    database = Database.open(f"sqlite:///{folder}/empty.db")
    with database.engine.connect() as connection:
        config = _config(connection)
        config.set_main_option("version_locations", str(folder).replace("%", "%%"))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        command.revision(config, message="The desk.", rev_id=FIRST, autogenerate=True)
    database.close()
    return folder / f"{FIRST}_{NAME}.py"


def main() -> int:
    """Draft, carry it out on an empty database, and say whether it builds exactly our tables."""
    path = draft()
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{folder}/check.db")
        upgrade(database)
        left = differences(database)
        tables = len(sa.inspect(database.engine).get_table_names()) - 1
        database.close()
    sys.stdout.write(f"{path.name}: {tables} tables, {len(left)} differences\n")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
