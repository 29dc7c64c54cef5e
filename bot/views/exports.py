"""Exports: the choice of a form."""

from __future__ import annotations

from bot.exports.tasks import ExportFormat
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, section

_LABELS = {ExportFormat.CSV: "CSV for a spreadsheet", ExportFormat.FHIR: "FHIR Task bundle"}


def export_message() -> Message:
    """What can be exported, and how."""
    text = "I send you all open review tasks as a file, for nobody else to see. That you took it is written down."
    buttons = [button(label, ActionId.EXPORT_FILE, str(form), key=str(form)) for form, label in _LABELS.items()]
    return Message(text, [section(text), actions(*buttons)])
