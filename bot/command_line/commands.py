"""All commands of ``chartdesk``."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from bot.command_line.lazy import Entry, LazyGroup

_HERE = "bot.command_line"


class Commands(LazyGroup):
    """What ``chartdesk`` knows."""

    entries = (
        Entry("run", f"{_HERE}.run", "Serve Slack and tick the clock in one command."),
        Entry("web", f"{_HERE}.web", "Serve Slack only: one process of several."),
        Entry("clock", f"{_HERE}.clock", "Tick the clock only: reminders, deadlines, deliveries."),
        Entry("sandbox", f"{_HERE}.sandbox", "Try the bot in a browser, without Slack."),
        Entry("doctor", f"{_HERE}.doctor", "Look at everything the bot needs and say what to do."),
        Entry("db", f"{_HERE}.db", "Bring the database up to date, or look how it stands."),
        Entry("codes", f"{_HERE}.codes", "The code sets that are loaded."),
        Entry("code", f"{_HERE}.code", "Look up a medical code by words or by its number."),
        Entry("disclosures", f"{_HERE}.disclosures", "The accounting of disclosures of a record, as CSV."),
        Entry("import", f"{_HERE}.import_file", "Take over tasks or releases from a CSV file, or tasks from FHIR."),
        Entry("export", f"{_HERE}.export_file", "Hand review tasks over as CSV or FHIR."),
        Entry("people", f"{_HERE}.people", "Coworkers and their roles."),
        Entry("privacy", f"{_HERE}.privacy", "Look for patient information in texts."),
        Entry("audit", f"{_HERE}.audit", "Check the audit trail."),
        Entry("manifest", f"{_HERE}.manifest", "Print the Slack app manifest."),
    )


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chartdesk {version('chartdesk')}")
        raise typer.Exit


def _chartdesk(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Chartdesk: a Slack bot for medical-records specialists and their supervisors."""


def build() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="chartdesk", cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    app.callback()(_chartdesk)
    return app
