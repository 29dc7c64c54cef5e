"""/team: what supervisors and auditors look at together."""

from __future__ import annotations

from bot.commands import read_word
from bot.views.reports import read_report_words
from handlers.audits import show_samples
from handlers.boundary import Boundary
from handlers.call import CommandCall
from handlers.reports import show_report

#: The words of /team.
WORDS = ("audits", "report")


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("team", on_team_command)


def on_team_command(call: CommandCall) -> None:
    """``/team audits`` and ``/team report``."""
    match read_word(call.word or "report", WORDS, command="team"):
        case "audits":
            show_samples(call)
        case _:
            show_report(call, read_report_words(call.text.partition(" ")[2]))
