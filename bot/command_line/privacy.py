"""``chartdesk privacy``: the PHI guard for programs and for trying."""

from __future__ import annotations

import json
import sys

import typer

from bot.command_line.showing import JsonOption, read_lines, write_line
from bot.privacy.guard import Guard
from bot.privacy.stream import scan_stream

app = typer.Typer(no_args_is_help=True, help="Look for patient information in texts.")


@app.callback()
def privacy() -> None:
    """Look for patient information in texts."""


@app.command()
def scan(as_json: JsonOption = False) -> None:
    """Read one text a line from standard input and say where it looks like patient information. Nothing is stored.

    With --json each line is a JSON string and each answer a JSON object; offsets count characters, the end is not included.
    """
    if as_json:
        scan_stream(read_lines(), _write)
        return
    guard, answers = Guard.load(), list[str]()
    for number, line in enumerate(read_lines(), start=1):
        scan_stream([json.dumps(line.rstrip("\r\n"))], answers.append, guard)
        write_line(_told(number, answers.pop()))


def _write(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


def _told(number: int, answer: str) -> str:
    said = json.loads(answer)
    if "error" in said:
        return f"{number}: could not be checked"
    found = [f"{one['label']} at {one['start']}–{one['end']} ({one['action']})" for one in said["findings"]]
    return f"{number}: {', '.join(found) or 'clean'}"
