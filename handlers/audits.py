"""Audits in Slack: drawing samples, the auditor's worksheet, and what coders read of it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.actors import whoami
from bot.audits.cases import next_case, waiting_cases, worksheet
from bot.audits.order import cancel_sample, deal_again
from bot.audits.progress import samples_progress
from bot.audits.samples import AUDITORS, draw_sample, drawn_again, target_by_code, target_sample
from bot.audits.worksheets import agree, edit, sheet_to_edit
from bot.moments import local_day
from bot.reports.sample import sample_file, sample_page
from bot.views import audit_forms as forms
from bot.views import audit_page as pages
from bot.views import audits as views
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import say
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, FormCall
from handlers.flags import open_filled_flag_form

#: A sample is drawn from the last so many days unless somebody chooses others.
USUAL_SPAN = timedelta(days=30)


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.AUDIT_DRAW, on_draw_click)
    boundary.action(ActionId.AUDIT_TARGET, on_target_click)
    boundary.action(ActionId.AUDIT_NEXT, on_next_click)
    boundary.action(ActionId.AUDIT_OPEN, on_open_click)
    boundary.action(ActionId.AUDIT_PAGE, on_page_click)
    boundary.action(ActionId.AUDIT_AGREE, on_agree_click)
    boundary.action(ActionId.AUDIT_EDIT, on_edit_click)
    boundary.action(ActionId.AUDIT_FLAG, on_flag_click)
    boundary.action(ActionId.AUDIT_BEGIN, on_begin_click)
    boundary.action(ActionId.AUDIT_SHOW, on_show_click)
    boundary.action(ActionId.AUDIT_CASES, on_cases_page_click)
    boundary.action(ActionId.AUDIT_DEAL, on_deal_click)
    boundary.action(ActionId.AUDIT_MORE, on_more_choice)
    boundary.action(ActionId.AUDIT_FILE, on_file_click)
    boundary.form(CallbackId.AUDIT_CANCEL_FORM, on_cancel_submission)
    boundary.form(CallbackId.AUDIT_DRAW_FORM, on_draw_submission)
    boundary.form(CallbackId.AUDIT_TARGET_FORM, on_target_submission)
    boundary.form(CallbackId.AUDIT_EDIT_FORM, on_edit_submission)


def show_samples(call: Call, number: str = "") -> None:
    """``/team audits``: the samples and how far they are; ``/team audits 3``: one of them."""
    if number:
        call.reply(pages.sample_message(call.look(sample_page, pages.read_number(number))))
    else:
        call.reply(views.samples_message(call.look(samples_progress)))


def show_cases(call: Call) -> None:
    """``/tasks audits``: what waits for this auditor."""
    call.reply(views.case_list(call.look(waiting_cases)))


def on_draw_click(call: ActionCall) -> None:
    """*Draw a sample* opens its form, over the last thirty days."""
    call.open(forms.draw_form(call.form_context(), *_usual_days(call)))


def on_target_click(call: ActionCall) -> None:
    """*Choose charts* opens its form."""
    call.open(forms.target_form(call.form_context(), *_usual_days(call)))


def _usual_days(call: Call) -> tuple[date, date]:
    """The last thirty days, for somebody who may audit."""
    reader = call.look(whoami)
    reader.require(*AUDITORS)
    today = local_day(call.desk.now(), reader.legal_zone)
    return today - USUAL_SPAN, today


def on_show_click(call: ActionCall) -> None:
    """*Open* beside an audit."""
    shown = call.look(sample_page, int(call.value))
    call.reveal(pages.sample_message(shown), pages.sample_window(shown))


def on_cases_page_click(call: ActionCall) -> None:
    """*Previous* and *Next* under the cases of an audit."""
    shown = call.look(sample_page, *pages.read_turn(call.value))
    call.show(pages.sample_message(shown), pages.sample_window(shown))


def on_deal_click(call: ActionCall) -> None:
    """*Deal again* gives what lies with nobody at work to those who are."""
    done = call.change(deal_again, int(call.value))
    shown = call.look(sample_page, done.number)
    call.show(pages.sample_message(shown, pages.dealt_again_words(done)), pages.sample_window(shown, pages.dealt_again_words(done)))


def on_more_choice(call: ActionCall) -> None:
    """The menu behind ⋯ of an audit."""
    what, number = pages.read_more(call.value)
    if what == pages.CHECK:
        call.reply(views.checked_message(number, same=call.look(drawn_again, number)))
    else:
        shown = call.look(sample_page, number)
        call.open(forms.cancel_form(number, shown.progress.open, call.form_context(str(number))))


def on_file_click(call: ActionCall) -> None:
    """*As a file* sends the cases of an audit as CSV, by direct message."""
    name = f"audit-{int(call.value)}.csv"
    content = call.change(sample_file, int(call.value))
    call.post_file(name, content, title=name, comment="Here are the charts of the audit; nobody else sees the file.")


def on_cancel_submission(call: FormCall) -> None:
    """The form that ends an audit early."""
    number = int(call.subject)
    call.change(cancel_sample, number, call.accept_text(call.values.text(Field.NOTE)))
    shown = call.look(sample_page, number)
    call.finish(pages.sample_message(shown), pages.sample_window(shown))


def on_next_click(call: ActionCall) -> None:
    """*My next chart* opens the worksheet of the case that has waited longest."""
    sheet = call.look(next_case)
    if sheet is None:
        call.reply(say("No chart waits for your audit. Thank you."))
    else:
        call.show(views.worksheet_message(sheet), views.worksheet_window(sheet))


def on_begin_click(call: ActionCall) -> None:
    """*Open the next* of the Home and the digest, which stay where they are."""
    sheet = call.look(next_case)
    if sheet is None:
        call.reply(say("No chart waits for your audit. Thank you."))
    else:
        call.reveal(views.worksheet_message(sheet), views.worksheet_window(sheet))


def on_open_click(call: ActionCall) -> None:
    """*Open* in a list or a notice shows the worksheet."""
    sheet = call.look(worksheet, int(call.value))
    call.reveal(views.worksheet_message(sheet), views.worksheet_window(sheet))


def on_page_click(call: ActionCall) -> None:
    """*Previous* and *Next* under the list of cases."""
    call.replace(views.case_list(call.look(waiting_cases, int(call.value))))


def on_agree_click(call: ActionCall) -> None:
    """*Agree* finds the whole case right."""
    sheet = call.change(agree, *views.read_case(call.value))
    call.show(views.worksheet_message(sheet), views.worksheet_window(sheet))


def on_edit_click(call: ActionCall) -> None:
    """*Change codes* opens its form with the coder's codes filled in."""
    sheet = call.look(sheet_to_edit, *views.read_case(call.value))
    call.open(forms.edit_form(sheet, call.form_context(views.pack_case(sheet))))


def on_flag_click(call: ActionCall) -> None:
    """*Flag a problem* on a worksheet opens the flag form, with the code that was changed."""
    open_filled_flag_form(call, views.flag_draft(call.look(worksheet, int(call.value))))


def on_draw_submission(call: FormCall) -> None:
    """The form that draws a sample."""
    said = forms.read_draw_form(call.values)
    call.finish(views.drawn_message(call.change(draw_sample, said.which, said.size)))


def on_target_submission(call: FormCall) -> None:
    """The form that takes charts for audit on purpose."""
    said = forms.read_target_form(call.values)
    drawn = call.change(target_by_code, said.code, said.span) if said.code else call.change(target_sample, said.tasks)
    call.finish(views.drawn_message(drawn))


def on_edit_submission(call: FormCall) -> None:
    """The form that changes the codes of a case."""
    said = forms.read_edit_form(call.values)
    case_id, seen = views.read_case(call.subject)
    note = call.accept_text(said.note)
    sheet = call.change(edit, case_id, said.codes, said.root_reason, note, looked_at=said.looked_at, seen=seen)
    call.finish(views.worksheet_message(sheet), views.worksheet_window(sheet))
