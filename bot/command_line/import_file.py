"""``chartdesk import``: work from the EHR."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from sqlalchemy.orm import Session

from bot.actors import Actor, desk_actor
from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_json, write_line
from bot.command_line.workspaces import WorkspaceOption, choose_workspace
from bot.database_trouble import CannotGoOn
from bot.desk import utc_now
from bot.intake.carry_out import carry_out
from bot.intake.columns import joined, looks_identifying
from bot.intake.mapping import header_hash, headings, remember
from bot.intake.means import Means
from bot.intake.opening import COLUMNS, FileKind, importer, open_source
from bot.intake.problems import Problem
from bot.intake.report import ImportReport
from bot.intake.sheet import look_at_header
from bot.intake.source import GivenFile
from bot.privacy.guard import Guard
from bot.progress import progress_bar
from bot.roi.due_rules import load_rules
from storage.database import Database

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="Take over tasks or releases from a CSV file, or tasks from FHIR.")

#: Problems a person is shown; a program gets all of them.
SHOWN = 20

FileArgument = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A CSV file, as a spreadsheet or an EHR exports it; for tasks also a FHIR bundle or ndjson."),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]
DropOption = Annotated[
    bool,
    typer.Option(
        "--drop-identifiers", help="Leave out columns that look like patient identifiers, instead of refusing the file."
    ),
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column", metavar="HEADER=FIELD", help="Say what a header means, for this file and those to come. FIELD is a column such as due_date."
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
    column: ColumnOption = None,
    references: MapOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over review tasks, from CSV or FHIR. The same file again changes nothing; one that was stopped goes on where it was."""
    report = _carry_out(
        FileKind.TASKS, file, column or (), references, workspace, dry_run=dry_run, drop_identifiers=drop_identifiers
    )
    _finish(report, as_json=as_json)


@app.command()
def roi(
    file: FileArgument,
    dry_run: DryRunOption = False,
    drop_identifiers: DropOption = False,
    column: ColumnOption = None,
    references: MapOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over releases of information. The same file again changes nothing; one that was stopped goes on where it was."""
    report = _carry_out(
        FileKind.REQUESTS, file, column or (), references, workspace, dry_run=dry_run, drop_identifiers=drop_identifiers
    )
    _finish(report, as_json=as_json)


class _Transactions:
    """Carries out rules for the command line, each in a transaction of its own."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self.database = database
        self.workspace_id = workspace_id

    def __call__(self, rule: Callable[[Session, Actor, datetime], T]) -> T:
        with self.database.write() as session:
            return rule(session, desk_actor(session, self.workspace_id, "command line"), utc_now())


def _carry_out(
    kind: FileKind, path: Path, said: Sequence[str], references: Path | None, workspace: str | None, *, dry_run: bool, drop_identifiers: bool
) -> ImportReport:
    file, guard = _given(path), Guard.load()
    with installation() as (settings, database), progress_bar() as tell, _map_file(None if dry_run else references) as mapped:
        with database.read() as session:
            transact = _Transactions(database, choose_workspace(session, workspace).id)
        secret = settings.secret_key()
        if said:
            meanings = _meanings(file, said, secret, transact.workspace_id)
            transact(lambda session, actor, now: remember(session, actor, now, COLUMNS[kind], meanings))
        with database.read() as session:
            known = headings(session, transact.workspace_id, COLUMNS[kind], secret, guard)
        source = open_source(file, kind, known, drop_identifiers=drop_identifiers)
        means = Means(guard, secret, dry_run, tell, mapped)
        return carry_out(importer(kind, source, means, load_rules()), transact)


def _given(path: Path) -> GivenFile:
    try:
        with path.open("rb"):
            return GivenFile.at(path)
    except OSError as error:
        raise CannotGoOn(f"{path} cannot be read: {error.strerror}.") from None


def _meanings(file: GivenFile, said: Sequence[str], secret: bytes, workspace_id: int) -> dict[str, str]:
    """What somebody said about headers of this file, by the hash they are remembered by. ``HEADER=`` says that nothing of ours is there."""
    _, cells = look_at_header(file)
    known, meanings = {joined(cell) for cell in cells}, {}
    for one in said:
        header, equals, field = one.rpartition("=")
        if not equals or joined(header) not in known:
            raise CannotGoOn(f"--column {one}: the file has no such header.")
        if looks_identifying(header):
            raise CannotGoOn(f"--column {one}: that column looks like a patient identifier, and is never taken over.")
        meanings[header_hash(secret, workspace_id, header)] = field
    return meanings


@contextmanager
def _map_file(path: Path | None) -> Iterator[Callable[[int, str], None]]:
    """Where which line became which reference is written, part by part, so that a stopped import has told what it did."""
    if path is None:
        yield lambda _line, _reference: None
        return
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("line", "reference"))
            yield lambda line, reference: writer.writerow((line, reference))
    except OSError as error:
        if error.filename != str(path):
            raise
        raise CannotGoOn(f"{path} cannot be written: {error.strerror}.") from None


def _finish(report: ImportReport, *, as_json: bool) -> None:
    """Print the report; exit code 1 tells a program that some lines were rejected."""
    if as_json:
        print_json(report.as_json())
    else:
        _tell(report)
    raise typer.Exit(1 if report.rejected_lines else 0)


def _tell(report: ImportReport) -> None:
    counts = ", ".join(f"{count:,} {name}" for name, count in report.counts().items())
    write_line(f"{'Would import' if report.dry_run else 'Imported'} {report.kind}: {counts}.")
    if report.dropped:
        write_line(f"Left out, because they identify patients: {', '.join(report.dropped)}.")
    if report.ignored:
        write_line(f"Not needed, and left out: {', '.join(report.ignored)}.")
    _tell_problems("Rejected", report.rejected, report.more_problems)
    _tell_problems("Please note", report.warnings, report.more_warnings)


def _tell_problems(heading: str, problems: list[Problem], more: int) -> None:
    if not problems:
        return
    write_line(f"{heading}:")
    for problem in problems[:SHOWN]:
        write_line(f"  {problem}")
    if len(problems) + more > SHOWN:
        write_line(f"  and {len(problems) + more - SHOWN:,} more; --json shows them.")
