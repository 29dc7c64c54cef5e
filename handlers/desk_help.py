"""/desk: help with examples, and a person's own settings."""

from __future__ import annotations

from bot.actors import whoami
from bot.commands import read_word
from bot.people import keep_settings, own_settings
from bot.views import desk_help as views
from bot.views.ids import ActionId, CallbackId
from bot.views.layout import say
from bot.views.reports import ReportChoice, ReportKind
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, FormCall
from handlers.reports import show_report

#: A person sees their own accuracy over so many weeks.
OWN_WEEKS = 12


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("desk", on_desk_command)
    boundary.action(ActionId.SETTINGS_OPEN, on_settings_click)
    boundary.form(CallbackId.SETTINGS_FORM, on_settings_submission)


def on_desk_command(call: CommandCall) -> None:
    """``/desk`` explains, ``/desk settings`` opens the form, ``/desk report`` shows how accurate one's own coding was."""
    match read_word(call.text or "help", ["help", "settings", "report"], command="desk"):
        case "settings":
            _open_settings(call)
        case "report":
            show_report(call, ReportChoice(ReportKind.MINE, OWN_WEEKS))
        case _:
            call.reply(views.help_message(call.look(whoami)))


def on_settings_click(call: ActionCall) -> None:
    """*My working hours* under the help and on the Home."""
    _open_settings(call)


def on_settings_submission(call: FormCall) -> None:
    """The settings form."""
    said = views.read_settings_form(call.values)
    call.change(keep_settings, said.start, said.end, said.workdays, digest=said.digest, weekly=said.weekly)
    told = say(f"Kept: notices reach you from {said.start} to {said.end} on your working days.")
    call.finish(told)


def _open_settings(call: Call) -> None:
    call.open(views.settings_form(call.look(own_settings), call.form_context()))
