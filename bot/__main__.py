"""``chartdesk`` and ``python -m bot``: the command line."""

from __future__ import annotations

import os
import sys

from bot.command_line.commands import build
from bot.errors import Refusal

#: What was asked cannot be done; the same number typer gives for a command it does not understand.
REFUSED = 2


def main() -> None:
    """Run one command. What can be expected to go wrong is one sentence on standard error and exit code 2, without a traceback."""
    try:
        build()(prog_name="chartdesk")
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.sentence}\n")
        sys.exit(REFUSED)
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter's own last flush must not complain about it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
