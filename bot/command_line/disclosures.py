"""``chartdesk disclosures``: the accounting of disclosures of one record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.actors import desk_actor
from bot.command_line.opening import installation
from bot.command_line.showing import write_line
from bot.command_line.workspaces import WorkspaceOption, choose_workspace
from bot.database_trouble import CannotGoOn
from bot.desk import utc_now
from bot.errors import Refusal
from bot.roi.accounting import account

app = typer.Typer(help="The accounting of disclosures of a record, as CSV.")

RecordArgument = Annotated[str, typer.Argument(metavar="RECORD", help="The record's reference, RR-….")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there instead of standard output.")]


@app.command()
def disclosures(record: RecordArgument, out: OutOption = None, workspace: WorkspaceOption = None) -> None:
    """Print what was disclosed of a record in the last six years. That it was read out goes into the audit trail."""
    if out is not None and out.exists():
        raise CannotGoOn(f"{out} is there already. Choose another name, so that nothing is lost.")
    with installation() as (_, database), database.write() as session:
        actor = desk_actor(session, choose_workspace(session, workspace).id, "command line")
        try:
            told = account(session, actor, utc_now(), record)
        except Refusal as refusal:
            raise CannotGoOn(refusal.sentence) from None
    if out is None:
        sys.stdout.buffer.write(told.csv)
        sys.stdout.flush()
        return
    try:
        out.write_bytes(told.csv)
    except OSError as error:
        raise CannotGoOn(f"{out} cannot be written: {error.strerror}.") from None
    write_line(f"{told.lines} lines about {told.record}, {told.since} to {told.until}, in {out}.")
