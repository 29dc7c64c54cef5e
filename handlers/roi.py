"""Pending releases in Slack: /roi, the buttons and forms of the card, and the buttons of reminders."""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk.models.views import View

from bot.commands import read_word
from bot.references import looks_like_reference
from bot.roi import answers, work
from bot.roi.cards import RoiCard
from bot.roi.extension import extend
from bot.roi.reasons import REASONS
from bot.roi.recomputing import reckon_again
from bot.roi.reminders import snooze
from bot.roi.requests import RequestList, happened, open_card, request_page
from bot.views import roi_card as views
from bot.views import roi_forms as forms
from bot.views import roi_lists as lists
from bot.views import roi_notices as told
from bot.views.ids import ActionId, CallbackId
from bot.views.layout import person, words
from handlers import roi_new, roi_reports, roi_rules
from handlers.boundary import Boundary
from handlers.call import ActionCall, CommandCall, FormCall
from handlers.flags import open_flag_form
from handlers.home import refresh_home
from storage.words import RequestState

#: Words after ``/roi`` that open something of their own.
_WORDS: dict[str, Callable[[CommandCall], None]] = {
    "new": roi_new.open_new_form,
    "rules": roi_rules.show_rules,
    "timeline": roi_reports.send_timeline,
    "disclosures": roi_reports.send_disclosures,
}


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    roi_new.register(boundary)
    roi_rules.register(boundary)
    roi_reports.register(boundary)
    boundary.command("roi", on_roi_command)
    boundary.action(ActionId.ROI_OPEN, on_open_click)
    boundary.action(ActionId.ROI_TAKE, on_take_click)
    boundary.action(ActionId.ROI_STEP, on_step_click)
    boundary.action(ActionId.ROI_MORE, on_more_choice)
    boundary.action(ActionId.ROI_AUTHORIZATION, on_authorization_click)
    boundary.action(ActionId.ROI_ACCOUNTING, on_accounting_click)
    boundary.action(ActionId.ROI_ASSIGN, on_assign_click)
    boundary.action(ActionId.ROI_PAGE, on_page_click)
    boundary.action(ActionId.ROI_HISTORY, on_history_click)
    boundary.action(ActionId.ROI_RECKON, on_reckon_click)
    boundary.action(ActionId.REMINDER_SNOOZE, on_snooze_click)
    boundary.form(CallbackId.ROI_STEP_FORM, on_step_submission)
    boundary.form(CallbackId.ROI_REASON_FORM, on_reason_submission)
    boundary.form(CallbackId.ROI_EXTEND_FORM, on_extend_submission)
    boundary.form(CallbackId.ROI_AUTHORIZATION_FORM, on_authorization_submission)
    boundary.form(CallbackId.ROI_ACCOUNTING_FORM, on_accounting_submission)
    boundary.form(CallbackId.ROI_ASSIGN_FORM, on_assign_submission)


def on_roi_command(call: CommandCall) -> None:
    """``/roi`` with the name of a list, a reference, or a word that opens something."""
    opened = _WORDS.get(call.word)
    if opened is not None:
        opened(call)
    elif not call.text:
        call.reply(lists.request_list(call.look(request_page)))
    elif looks_like_reference(call.text):
        call.reply(views.request_message(call.look(open_card, call.text)))
    else:
        which = RequestList(read_word(call.text, [*RequestList, *_WORDS], command="roi"))
        call.reply(lists.request_list(call.look(request_page, which)))


def on_open_click(call: ActionCall) -> None:
    """*Open* in a list or a reminder shows the card."""
    request = call.look(open_card, call.value)
    call.reveal(views.request_message(request), views.request_window(request))


def on_take_click(call: ActionCall) -> None:
    """*Take* on a card or a reminder."""
    _show(call, call.change(work.take, call.value), f"{call.value} is yours.")


def on_step_click(call: ActionCall) -> None:
    """The usual next step on a card."""
    state, reference = views.read_choice(call.value)
    _show(call, call.change(work.move, reference, RequestState(state)))


def on_more_choice(call: ActionCall) -> None:
    """The menu behind ⋯ of a card."""
    choice, reference = views.read_choice(call.value)
    if choice == "flag":
        open_flag_form(call, reference)
        return
    if choice == "snooze":
        request, at = call.change(snooze, reference)
        call.reply(told.snoozed_message(request, at))
        return
    request = call.look(open_card, reference)
    opened = {
        "step": forms.step_form,
        "assign": forms.assign_form,
        "authorization": forms.authorization_form,
        "extend": forms.extend_form,
    }.get(choice)
    if opened is None:
        call.open(views.request_window(request))
    else:
        call.open(opened(request, call.form_context(reference)))


def on_authorization_click(call: ActionCall) -> None:
    """*Record authorization* opens its form."""
    call.open(forms.authorization_form(call.look(open_card, call.value), call.form_context(call.value)))


def on_accounting_click(call: ActionCall) -> None:
    """*Answer accounting* opens its form."""
    call.open(forms.accounting_form(call.look(open_card, call.value), call.form_context(call.value)))


def on_assign_click(call: ActionCall) -> None:
    """*Reassign* on a reminder opens its form."""
    call.open(forms.assign_form(call.look(open_card, call.value), call.form_context(call.value)))


def on_page_click(call: ActionCall) -> None:
    """*Previous* and *Next* under a list."""
    which, page = lists.read_page(call.value)
    call.replace(lists.request_list(call.look(request_page, which, page)))


def on_snooze_click(call: ActionCall) -> None:
    """*Snooze* on a reminder: it comes again tomorrow morning."""
    request, at = call.change(snooze, call.value)
    call.replace(told.snoozed_message(request, at))


def on_reckon_click(call: ActionCall) -> None:
    """*Reckon by today's rules* in the window."""
    request = call.change(reckon_again, call.value, call.desk.rules)
    _show(call, request, f"{request.reference} is reckoned by today’s rules: {views.days_left(request)}.")


def on_history_click(call: ActionCall) -> None:
    """*What happened so far* in the window."""
    call.open(views.history_window(call.value, call.look(happened, call.value)))


def on_step_submission(call: FormCall) -> View | None:
    """The step form; where a state has reasons it asks for one."""
    state = forms.read_step_form(call.values)
    if state in REASONS:
        return forms.reason_form(call.look(open_card, call.subject), state, call.context)
    _finish(call, call.change(work.move, call.subject, state))
    return None


def on_reason_submission(call: FormCall) -> None:
    """The reason of a step."""
    said = forms.read_reason_form(call.values, call.subject)
    _finish(call, call.change(work.move, said.reference, said.state, said.reason, call.accept_text(said.note)))


def on_extend_submission(call: FormCall) -> None:
    """The extension form."""
    said = forms.read_extend_form(call.values)
    request = call.change(extend, call.subject, call.desk.rules, said.letter, call.accept_text(said.note))
    _finish(call, request, f"{request.reference} is extended: {views.days_left(request)}.")


def on_authorization_submission(call: FormCall) -> None:
    """The authorization form."""
    found = forms.read_authorization_form(call.values)
    request = call.change(answers.record_authorization, call.subject, call.desk.rules, found)
    _finish(call, request, f"The authorization of {request.reference} is recorded: {words(request.permission.authorization)}.")


def on_accounting_submission(call: FormCall) -> None:
    """The accounting form."""
    listed = forms.read_accounting_form(call.values)
    request = call.change(answers.answer_accounting, call.subject, required=listed)
    _finish(
        call, request, f"{request.reference} {'goes' if listed else 'does not go'} into the accounting of disclosures."
    )


def on_assign_submission(call: FormCall) -> None:
    """The form that gives a request to somebody."""
    request = call.change(work.give, call.subject, forms.read_assign_form(call.values))
    _finish(call, request, f"{person(request.owner)} now has {request.reference}.")


def _show(call: ActionCall, request: RoiCard, opening: str = "") -> None:
    call.show(views.request_message(request, opening), views.request_window(request))
    refresh_home(call)


def _finish(call: FormCall, request: RoiCard, told: str = "") -> None:
    opening = told or f"{request.reference} is {words(request.state)} now."
    call.finish(views.request_message(request, opening), views.request_window(request))
    call.later(lambda: refresh_home(call))
