"""``chartdesk export``: work for other systems."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from sqlalchemy.orm import Session

from bot.actors import desk_actor
from bot.command_line.opening import installation
from bot.command_line.workspaces import WorkspaceOption, choose_workspace
from bot.database_trouble import CannotGoOn
from bot.desk import utc_now
from bot.exports.asked import pages
from bot.exports.files import written
from bot.exports.tasks import ExportedTask, ExportFormat, note_export, tasks_after
from storage.database import Database

app = typer.Typer(no_args_is_help=True, help="Hand review tasks over as CSV or FHIR.")

_SOURCE = "command line"


@app.callback()
def _export() -> None:
    """Hand review tasks over as CSV or FHIR."""


@app.command()
def tasks(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to write; standard output when left out.")] = None,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="CSV, a FHIR Bundle of Tasks, or FHIR line by line (ndjson).")
    ] = ExportFormat.CSV,
    everything: Annotated[bool, typer.Option("--all", help="Completed and cancelled tasks too.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Export review tasks. That they left is written into the audit trail before they are handed over."""
    with installation() as (_, database):
        with database.read() as session:
            workspace_id = choose_workspace(session, workspace).id
        # Into a file aside first: nothing is handed over that is not in the audit trail.
        with tempfile.TemporaryFile(dir=_folder(file)) as aside:
            count = _write(aside, pages(partial(_page, database, workspace_id, everything)), form)
            with database.write() as session:
                note_export(session, desk_actor(session, workspace_id, _SOURCE), utc_now(), form, count)
            aside.seek(0)
            _hand_over(aside, file)
    sys.stderr.write(f"{count:,} tasks exported.\n")


def _page(database: Database, workspace_id: int, everything: bool, after: int) -> list[ExportedTask]:
    with database.read() as session:
        return _rows(session, workspace_id, everything, after)


def _rows(session: Session, workspace_id: int, everything: bool, after: int) -> list[ExportedTask]:
    return tasks_after(session, desk_actor(session, workspace_id, _SOURCE), utc_now(), after, ended=everything)


def _write(aside: BinaryIO, found: Iterable[list[ExportedTask]], form: ExportFormat) -> int:
    count = 0

    def counted() -> Iterator[list[ExportedTask]]:
        nonlocal count
        for page in found:
            count += len(page)
            yield page

    aside.writelines(written(counted(), form))
    return count


def _folder(file: Path | None) -> Path | None:
    if file is None:
        return None
    if not file.parent.is_dir():
        raise CannotGoOn(f"{file} cannot be written: there is no folder {file.parent}.")
    return file.parent


def _hand_over(aside: BinaryIO, file: Path | None) -> None:
    blocks = iter(lambda: aside.read(1024 * 1024), b"")
    if file is None:
        for block in blocks:
            sys.stdout.buffer.write(block)
        sys.stdout.flush()
        return
    try:
        with file.open("wb") as target:
            for block in blocks:
                target.write(block)
    except OSError as error:
        raise CannotGoOn(f"{file} cannot be written: {error.strerror}.") from None
