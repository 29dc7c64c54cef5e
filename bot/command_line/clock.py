"""``chartdesk clock``: the process that reminds."""

from __future__ import annotations

import typer

from bot import processes
from bot.command_line.opening import installation

app = typer.Typer()


@app.command()
def clock() -> None:
    """Tick the clock only: reminders, deadlines and the sending of messages. Any number may run; nothing is sent twice."""
    with installation() as (settings, _):
        pass
    raise typer.Exit(processes.clock(settings))
