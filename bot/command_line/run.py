"""``chartdesk run``: web and clock together."""

from __future__ import annotations

import typer

from bot import processes
from bot.database_trouble import database_trouble
from bot.settings import load_settings

app = typer.Typer()


@app.command()
def run() -> None:
    """Serve Slack and tick the clock in one command. Brings the database up to date first."""
    settings = load_settings()
    with database_trouble(settings):
        raise typer.Exit(processes.run(settings))
