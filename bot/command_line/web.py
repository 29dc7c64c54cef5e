"""``chartdesk web``: the process that answers Slack."""

from __future__ import annotations

import typer

from bot import processes
from bot.command_line.opening import installation
from bot.settings import require_slack

app = typer.Typer()


@app.command()
def web() -> None:
    """Serve Slack only, by Socket Mode with SLACK_APP_TOKEN and by HTTP without. Run as many as you need."""
    with installation() as (settings, _):
        require_slack(settings)
    raise typer.Exit(processes.web(settings))
