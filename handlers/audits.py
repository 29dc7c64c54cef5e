"""Audits in Slack: drawing samples, the auditor's worksheet, and what coders read of it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.actors import whoami
from bot.audits.cases import next_case, samples_progress, waiting_cases, worksheet
from bot.audits.samples import AUDITORS, draw_sample, drawn_again, target_sample
from bot.audits.worksheets import agree, edit
from bot.views import audit_forms as forms
from bot.views import audits as views
from bot.views.ids import ActionId, CallbackId
from bot.views.layout import say
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, FormCall

#: A sample is drawn from the last so many days unless somebody chooses others.
USUAL_SPAN = timedelta(days=30)


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.AUDIT_DRAW, on_draw_click)
    boundary.action(ActionId.AUDIT_TARGET, on_target_click)
    boundary.action(ActionId.AUDIT_CHECK, on_check_click)
    boundary.action(ActionId.AUDIT_NEXT, on_next_click)
    boundary.action(ActionId.AUDIT_OPEN, on_open_click)
    boundary.action(ActionId.AUDIT_PAGE, on_page_click)
    boundary.action(ActionId.AUDIT_AGREE, on_agree_click)
    boundary.action(ActionId.AUDIT_EDIT, on_edit_click)
    boundary.form(CallbackId.AUDIT_DRAW_FORM, on_draw_submission)
    boundary.form(CallbackId.AUDIT_TARGET_FORM, on_target_submission)
    boundary.form(CallbackId.AUDIT_EDIT_FORM, on_edit_submission)


def show_samples(call: Call) -> None:
    """``/team audits``: the samples and how far they are."""
    call.reply(views.samples_message(call.look(samples_progress)))


def show_cases(call: Call) -> None:
    """``/tasks audits``: what waits for this auditor."""
    call.reply(views.case_list(call.look(waiting_cases)))


def on_draw_click(call: ActionCall) -> None:
    """*Draw a sample* opens its form, over the last thirty days."""
    reader = call.look(whoami)
    reader.require(*AUDITORS)
    today = call.desk.now().astimezone(ZoneInfo(reader.legal_zone)).date()
    call.open(forms.draw_form(call.form_context(), today - USUAL_SPAN, today))


def on_target_click(call: ActionCall) -> None:
    """*Choose charts* opens its form."""
    call.look(whoami).require(*AUDITORS)
    call.open(forms.target_form(call.form_context()))


def on_check_click(call: ActionCall) -> None:
    """*Draw again to check* proves that chance chose a sample."""
    number = int(call.value)
    call.reply(views.checked_message(number, same=call.look(drawn_again, number)))


def on_next_click(call: ActionCall) -> None:
    """*My next chart* opens the worksheet of the case that has waited longest."""
    sheet = call.look(next_case)
    if sheet is None:
        call.reply(say("No chart waits for your audit. Thank you."))
    else:
        call.show(views.worksheet_message(sheet), views.worksheet_window(sheet))


def on_open_click(call: ActionCall) -> None:
    """*Open* in a list or a notice shows the worksheet."""
    sheet = call.look(worksheet, int(call.value))
    call.reveal(views.worksheet_message(sheet), views.worksheet_window(sheet))


def on_page_click(call: ActionCall) -> None:
    """*Previous* and *Next* under the list of cases."""
    call.replace(views.case_list(call.look(waiting_cases, int(call.value))))


def on_agree_click(call: ActionCall) -> None:
    """*Agree* finds the whole case right."""
    sheet = call.change(agree, int(call.value))
    call.show(views.worksheet_message(sheet), views.worksheet_window(sheet))


def on_edit_click(call: ActionCall) -> None:
    """*Change codes* opens its form with the coder's codes filled in."""
    call.open(forms.edit_form(call.look(worksheet, int(call.value)), call.form_context(call.value)))


def on_draw_submission(call: FormCall) -> None:
    """The form that draws a sample."""
    said = forms.read_draw_form(call.values)
    call.finish(views.drawn_message(call.change(draw_sample, said.which, said.size)))


def on_target_submission(call: FormCall) -> None:
    """The form that takes charts for audit on purpose."""
    call.finish(views.drawn_message(call.change(target_sample, forms.read_target_form(call.values))))


def on_edit_submission(call: FormCall) -> None:
    """The form that changes the codes of a case."""
    said = forms.read_edit_form(call.values)
    sheet = call.change(
        edit, int(call.subject), said.codes, said.root_reason, call.accept_text(said.note), looked_at=said.looked_at
    )
    call.finish(views.worksheet_message(sheet), views.worksheet_window(sheet))
