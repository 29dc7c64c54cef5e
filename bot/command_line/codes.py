"""``chartdesk codes``: the code sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.actors import desk_actor
from bot.codes.catalogue import editions
from bot.codes.importing.carry_out import Imported, Outcome, announce, import_files
from bot.codes.importing.naming import read_wishes
from bot.codes.storing import remove_retired
from bot.codes.telling import tell_about_edition, workspace_ids
from bot.command_line.opening import installation
from bot.command_line.showing import JsonOption, print_json, print_table, write_line
from bot.desk import utc_now
from bot.progress import progress_bar
from bot.settings import Settings
from storage.coordination import open_coordinator
from storage.database import Database

app = typer.Typer(no_args_is_help=True, help="The code sets that are loaded.")


@app.callback()
def codes() -> None:
    """The code sets that are loaded."""


@app.command("list")
def list_editions(as_json: JsonOption = False) -> None:
    """List every edition that can be searched."""
    with installation() as (_, database), database.read() as session:
        found = editions(session)
    if as_json:
        keys = ("system", "slug", "title", "valid_from", "valid_to", "concept_count")
        print_json([{key: getattr(edition, key) for key in keys} for edition in found])
        return
    rows = [
        (
            edition.system,
            edition.title,
            edition.valid_from,
            edition.valid_to or "no end yet",
            f"{edition.concept_count:,}",
        )
        for edition in found
    ]
    print_table(
        ("System", "Edition", "Valid from", "To", "Codes"), rows, "No code set is loaded. Run: chartdesk db upgrade"
    )


@app.command("import")
def import_editions(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Official code files, an index or a table, or your own CSV; zip or plain.")
    ],
    system: Annotated[str | None, typer.Option("--system", help="Which code system a CSV is, such as cpt.")] = None,
    edition: Annotated[str | None, typer.Option("--edition", help="What to call the edition, such as 2026-10.")] = None,
    starts: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day the edition applies.")] = None,
    ends: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day the edition applies.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read code files into the catalogue, all or nothing. The same files again change nothing."""
    now = utc_now()
    wishes = read_wishes(system, edition, starts, ends, now.date())
    with installation() as (settings, database), progress_bar() as tell:
        done = import_files(database, files, wishes, now, progress=tell, dry_run=dry_run)
        if not dry_run:
            _spread(settings, database, done)
            remove_retired(database)
    if as_json:
        print_json({"editions": [_as_json(one) for one in done.editions], "left_out": done.left_out, "dry_run": dry_run})
    else:
        _show(done, dry_run=dry_run)


def _spread(settings: Settings, database: Database, done: Outcome) -> None:
    """Tell running processes at once, and specialists by a notice: once each, also when an import was killed before it came to that."""
    coordinator = open_coordinator(settings.redis_url)
    announce(coordinator)
    coordinator.close()
    for one in done.editions:
        if one.edition is not None and one.new_codes:
            for workspace_id in _workspaces(database):
                with database.write() as session:
                    tell_about_edition(session, desk_actor(session, workspace_id, "command line"), utc_now(), one.edition)


def _workspaces(database: Database) -> list[int]:
    with database.read() as session:
        return workspace_ids(session)


def _as_json(one: Imported) -> dict[str, object]:
    keys = ("system", "slug", "title", "codes", "terms", "terms_without_code", "unchanged")
    return {key: getattr(one, key) for key in keys}


def _show(done: Outcome, *, dry_run: bool) -> None:
    for one in done.editions:
        write_line(_sentence(one, dry_run=dry_run))
    for name in done.left_out:
        write_line(f"{name} is an addenda file: it lists changes, not codes, and was not loaded.")


def _sentence(one: Imported, *, dry_run: bool) -> str:
    if one.unchanged:
        return f"{one.title} is loaded from these files already. Nothing changed."
    what = [f"{one.codes:,} codes"] if one.new_codes else []
    what += [f"{one.terms:,} search terms"] if one.terms else []
    lost = f" {one.terms_without_code:,} terms lead to codes this edition lacks and were left out." if one.terms_without_code else ""
    return f"{'Would import' if dry_run else 'Imported'} {one.title} ({one.system}, {one.slug}): {', '.join(what)}.{lost}"
