"""``chartdesk doctor``: everything the bot leans on, looked at one after the other."""

from __future__ import annotations

import typer

from bot.command_line.checks import Check, examine
from bot.command_line.showing import JsonOption, print_json, write_line

app = typer.Typer()


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Look at everything the bot needs and say what to do. Exit code 1 when something is wrong."""
    checks = examine()
    if as_json:
        print_json([{"check": check.name, "ok": check.ok, "says": check.says} for check in checks])
    else:
        for check in checks:
            write_line(_line(check))
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


def _line(check: Check) -> str:
    return f"{'ok     ' if check.ok else 'problem'}  {check.name}: {check.says}"
