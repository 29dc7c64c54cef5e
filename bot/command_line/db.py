"""``chartdesk db``: the database's tables."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_json, write_line
from bot.processes import prepare_codes
from storage import migrations

app = typer.Typer(no_args_is_help=True, help="Bring the database up to date, or look how it stands.")


@app.command()
def upgrade(
    codes: Annotated[bool, typer.Option(help="Read the shipped code set too, when it is not there yet.")] = True,
) -> None:
    """Bring the tables up to date, and read the code set at the first time. Safe to repeat, also from several machines at once."""
    with installation(migrated=False) as (_, database):
        before = migrations.current(database)
        after = migrations.upgrade(database)
        if codes:
            prepare_codes(database)
    was = "was up to date already" if before == after else f"is now at revision {after}"
    write_line(f"The database {was}.")


@app.command()
def current(as_json: JsonOption = False) -> None:
    """Say at which revision the database is, and at which it should be."""
    with installation(migrated=False) as (_, database):
        found, wanted = migrations.current(database), migrations.head()
    if as_json:
        print_json({"current": found, "head": wanted})
    else:
        write_line(f"{found or 'no tables yet'} (this program needs {wanted})")


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="Where to go back to; base takes every table away.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take tables back to an older revision. What only newer revisions hold is lost."""
    if not yes:
        typer.confirm(f"Going back to {revision} deletes what newer tables hold. Go on?", abort=True, err=True)
    with installation(migrated=False) as (_, database):
        after = migrations.downgrade(database, revision)
    write_line(f"The database is now at revision {after}." if after else "The database has no tables any more.")
