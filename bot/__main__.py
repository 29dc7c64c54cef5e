"""``chartdesk`` and ``python -m bot``: the command line."""

from __future__ import annotations

import sys

from bot.command_line.commands import build
from bot.errors import Refusal
from bot.logs import set_up_logs

#: What was asked cannot be done; the same number typer gives for a command it does not understand.
REFUSED = 2


def main() -> None:
    """Run one command of this process's own. What is logged goes to standard error: standard output is the command's."""
    set_up_logs("WARNING")
    carry_out()


def carry_out() -> None:
    """Run the command that was typed. What can be expected to go wrong is one sentence on standard error and exit code 2, without a traceback."""
    try:
        build()(prog_name="chartdesk")
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.sentence}\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
