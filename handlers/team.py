"""/team: what supervisors and auditors look at together."""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.commands import read_word
from bot.team.board import slice_page, team_board
from bot.team.orders import AssignWhat
from bot.views import team as views
from bot.views.assigning import assigned_window
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.reports import read_report_words
from handlers import team_people
from handlers.assign import carry_out
from handlers.audits import show_samples
from handlers.boundary import Boundary
from handlers.call import ActionCall, CommandCall, FormCall
from handlers.exports import show_exports
from handlers.home import refresh_home
from handlers.intake import tell_how_to_import
from handlers.reports import show_report

#: The words of /team.
WORDS = ("board", "audits", "report", "people", "settings", "import", "export")


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    team_people.register(boundary)
    boundary.command("team", on_team_command)
    boundary.action(ActionId.TEAM_SLICE, on_slice_choice)
    boundary.action(ActionId.TEAM_PAGE, on_page_click)
    boundary.form(CallbackId.TEAM_SLICE_FORM, on_slice_submission)


def on_team_command(call: CommandCall) -> None:
    """``/team`` shows the board; ``/team audits`` and ``/team report``."""
    match read_word(call.word or "board", WORDS, command="team"):
        case "people":
            team_people.show_people(call)
        case "settings":
            team_people.open_limits(call)
        case "board":
            call.reply(views.board_message(call.look(team_board)))
        case "audits":
            show_samples(call, call.text.partition(" ")[2].strip())
        case "import":
            tell_how_to_import(call)
        case "export":
            show_exports(call)
        case _:
            show_report(call, read_report_words(call.text.partition(" ")[2]))


def on_slice_choice(call: ActionCall) -> None:
    """A number of the board was chosen: the tasks behind it."""
    call.open(views.slice_form(call.look(slice_page, call.value), call.form_context(call.value)))


def on_page_click(call: ActionCall) -> None:
    """*Previous* and *Next* in the tasks behind a number."""
    which, page = views.read_turn(call.value)
    call.update(views.slice_form(call.look(slice_page, which, page), call.form_context(which)))


def on_slice_submission(call: FormCall) -> View:
    """Tasks behind a number were chosen for somebody: the window tells what became of it, with *Undo*."""
    order = views.read_slice_form(call.values)
    if not order.names_work:
        raise AssignWhat("Choose at least one task.", field=str(Field.TASKS))
    if not order.names_people:
        raise AssignWhat("Choose who gets it.", field=str(Field.PEOPLE))
    done = carry_out(call, order)
    call.later(lambda: refresh_home(call))
    return assigned_window(done)
