"""Exports in Slack: a supervisor gets the open tasks as a file."""

from __future__ import annotations

from bot.exports.asked import export_file
from bot.exports.files import FILE_NAMES
from bot.exports.tasks import ExportFormat, may_export
from bot.views.exports import export_message
from bot.views.ids import ActionId
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call


def register(boundary: Boundary) -> None:
    """Register every listener of this part; ``/team export`` comes through ``handlers.team``."""
    boundary.action(ActionId.EXPORT_FILE, on_file_click)


def show_exports(call: Call) -> None:
    """``/team export`` asks for the form."""
    call.look(may_export)
    call.reply(export_message())


def on_file_click(call: ActionCall) -> None:
    """A form was chosen: the file comes by direct message."""
    form = ExportFormat(call.value)
    content, count = export_file(call.desk, call.who, form)
    told = f"{count:,} open review {'task' if count == 1 else 'tasks'}. Nobody else sees this file; please keep it where such lists belong."
    call.post_file(FILE_NAMES[form], content, title=FILE_NAMES[form], comment=told)
