"""Reports in Slack: in words at once, as a picture or a file on demand, to the person who asked and nobody else."""

from __future__ import annotations

from bot.audits.cases import own_findings
from bot.pictures import reports as pictures
from bot.pictures.drawing import Picture
from bot.reports import files
from bot.reports.accuracy import AccuracyReport, own_accuracy, team_accuracy
from bot.reports.reasons import root_reasons
from bot.reports.turnaround import turnaround
from bot.views import reports as views
from bot.views.audits import own_findings_blocks
from bot.views.ids import ActionId
from bot.views.layout import Message
from bot.views.reports import ReportChoice, ReportKind, read_choice
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.REPORT_SHOW, on_show_click)
    boundary.action(ActionId.REPORT_OPEN, on_open_click)
    boundary.action(ActionId.REPORT_PICTURE, on_picture_click)
    boundary.action(ActionId.REPORT_FILE, on_file_click)


def show_report(call: Call, choice: ReportChoice) -> None:
    """``/team report`` and ``/desk report``."""
    call.reply(_message(call, choice))


def on_show_click(call: ActionCall) -> None:
    """Another report, or another grouping, in place of the one shown."""
    call.replace(_message(call, read_choice(call.value)))


def on_open_click(call: ActionCall) -> None:
    """A report from a notice, which stays where it is."""
    show_report(call, read_choice(call.value))


def on_picture_click(call: ActionCall) -> None:
    """*Picture* sends the report drawn, by direct message."""
    call.post_picture(_picture(call, read_choice(call.value)), "Here is the picture you asked for; nobody else sees it.")


def on_file_click(call: ActionCall) -> None:
    """*As a file* sends the report as CSV, by direct message, and writes that down."""
    choice = read_choice(call.value)
    content = _file(call, choice)
    call.change(files.note_export, choice.pack(), content.count(b"\n") - 1)
    call.post_file(f"{choice.kind}.csv", content, title=f"{choice.kind}.csv", comment="Here is the file you asked for; nobody else sees it.")


def _message(call: Call, choice: ReportChoice) -> Message:
    match choice.kind:
        case ReportKind.TURNAROUND:
            return views.turnaround_message(call.look(turnaround, choice.weeks), choice)
        case ReportKind.REASONS:
            return views.reasons_message(call.look(root_reasons, choice.weeks), choice)
        case ReportKind.MINE:
            told = views.accuracy_message(_accuracy(call, choice), choice)
            return Message(told.text, [*told.blocks, *own_findings_blocks(call.look(own_findings))])
        case _:
            return views.accuracy_message(_accuracy(call, choice), choice)


def _accuracy(call: Call, choice: ReportChoice) -> AccuracyReport:
    if choice.kind is ReportKind.MINE:
        return call.look(own_accuracy, choice.weeks)
    return call.look(team_accuracy, choice.weeks, choice.grouping)


def _picture(call: Call, choice: ReportChoice) -> Picture:
    match choice.kind:
        case ReportKind.TURNAROUND:
            return pictures.turnaround_picture(call.look(turnaround, choice.weeks))
        case ReportKind.REASONS:
            return pictures.reasons_picture(call.look(root_reasons, choice.weeks))
        case _:
            mine = choice.kind is ReportKind.MINE
            return pictures.accuracy_picture(_accuracy(call, choice), "Accuracy of my coding" if mine else "Accuracy of coding")


def _file(call: Call, choice: ReportChoice) -> bytes:
    match choice.kind:
        case ReportKind.TURNAROUND:
            return files.turnaround_file(call.look(turnaround, choice.weeks))
        case ReportKind.REASONS:
            return files.reasons_file(call.look(root_reasons, choice.weeks))
        case _:
            return files.accuracy_file(_accuracy(call, choice))
