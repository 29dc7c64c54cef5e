"""``chartdesk import``: work from the EHR."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from bot.actors import Actor, desk_actor
from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_json, write_line
from bot.command_line.workspaces import WorkspaceOption, choose_workspace
from bot.database_trouble import CannotGoOn
from bot.desk import utc_now
from bot.intake.columns import ColumnSet
from bot.intake.means import Means
from bot.intake.report import ImportReport, Problem
from bot.intake.request_words import REQUEST_COLUMNS
from bot.intake.requests import import_requests
from bot.intake.sheet import Sheet, read_sheet
from bot.intake.task_words import TASK_COLUMNS
from bot.intake.tasks import import_tasks
from bot.privacy.guard import Guard
from bot.progress import progress_bar
from bot.roi.due_rules import load_rules

app = typer.Typer(no_args_is_help=True, help="Take over tasks or releases from a CSV file.")

#: Takes a read file and what an import works with, in a transaction of the desk.
Import = Callable[[Session, Actor, Sheet, Means], ImportReport]
#: Problems a person is shown; a program gets all of them.
SHOWN = 20

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="A CSV file, as a spreadsheet or an EHR exports it.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]
DropOption = Annotated[
    bool,
    typer.Option(
        "--drop-identifiers", help="Leave out columns that look like patient identifiers, instead of refusing the file."
    ),
]
MapOption = Annotated[
    Path | None,
    typer.Option(
        "--map", metavar="FILE", help="Write which line became which reference. The desk itself keeps no such list."
    ),
]


@app.command()
def tasks(
    file: FileArgument,
    dry_run: DryRunOption = False,
    drop_identifiers: DropOption = False,
    references: MapOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over review tasks. The same file again changes nothing."""

    def taken(session: Session, actor: Actor, sheet: Sheet, means: Means) -> ImportReport:
        return import_tasks(session, actor, utc_now(), sheet, means)

    report = _carry_out(file, TASK_COLUMNS, taken, workspace, dry_run=dry_run, drop_identifiers=drop_identifiers)
    _finish(report, references, as_json=as_json)


@app.command()
def roi(
    file: FileArgument,
    dry_run: DryRunOption = False,
    drop_identifiers: DropOption = False,
    references: MapOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over releases of information. The same file again changes nothing."""
    rulebook = load_rules()

    def taken(session: Session, actor: Actor, sheet: Sheet, means: Means) -> ImportReport:
        return import_requests(session, actor, utc_now(), sheet, means, rulebook)

    report = _carry_out(file, REQUEST_COLUMNS, taken, workspace, dry_run=dry_run, drop_identifiers=drop_identifiers)
    _finish(report, references, as_json=as_json)


def _carry_out(
    file: Path, columns: ColumnSet, taken: Import, workspace: str | None, *, dry_run: bool, drop_identifiers: bool
) -> ImportReport:
    sheet = read_sheet(_bytes_of(file), columns, drop_identifiers=drop_identifiers)
    with installation() as (settings, database), progress_bar() as tell:
        means = Means(Guard.load(), settings.secret_key(), dry_run, tell)
        with database.write() as session:
            chosen = choose_workspace(session, workspace)
            return taken(session, desk_actor(session, chosen.id, "command line"), sheet, means)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CannotGoOn(f"{file} cannot be read: {error.strerror}.") from None


def _finish(report: ImportReport, references: Path | None, *, as_json: bool) -> None:
    """Print the report; exit code 1 tells a program that some lines were rejected."""
    if references is not None and not report.dry_run:
        _write_map(references, report.references)
    if as_json:
        print_json(report.as_json())
    else:
        _tell(report)
    raise typer.Exit(1 if report.rejected else 0)


def _write_map(path: Path, references: Mapping[int, str]) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("line", "reference"))
            writer.writerows(sorted(references.items()))
    except OSError as error:
        raise CannotGoOn(f"The import is done, but {path} cannot be written: {error.strerror}.") from None


def _tell(report: ImportReport) -> None:
    counts = ", ".join(f"{count:,} {name}" for name, count in report.counts().items())
    write_line(f"{'Would import' if report.dry_run else 'Imported'} {report.kind}: {counts}.")
    if report.dropped:
        write_line(f"Left out, because they identify patients: {', '.join(report.dropped)}.")
    if report.ignored:
        write_line(f"Not needed, and left out: {', '.join(report.ignored)}.")
    _tell_problems("Rejected", report.rejected)
    _tell_problems("Please note", report.warnings)


def _tell_problems(heading: str, problems: list[Problem]) -> None:
    if not problems:
        return
    write_line(f"{heading}:")
    for problem in problems[:SHOWN]:
        write_line(f"  {problem}")
    if len(problems) > SHOWN:
        write_line(f"  and {len(problems) - SHOWN:,} more; --json shows all.")
