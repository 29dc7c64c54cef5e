"""``chartdesk sandbox``: the bot in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.database_trouble import database_trouble
from bot.sandbox_run import DEFAULT_PORT, run_sandbox
from bot.settings import load_settings

app = typer.Typer()


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the browser finds it.")] = DEFAULT_PORT,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the desk of the last time.")] = False,
) -> None:
    """Try the bot in a browser, without Slack: a stand-in workspace with invented people and tasks."""
    with database_trouble(load_settings()):
        raise typer.Exit(run_sandbox(port, keep=keep))
