"""Pending releases in Slack: /roi, the buttons and forms of the card, and the buttons of reminders."""

from __future__ import annotations

from bot.commands import read_word
from bot.references import looks_like_reference
from bot.roi import answers, work
from bot.roi.cards import RoiCard
from bot.roi.reminders import snooze
from bot.roi.requests import RequestList, open_card, request_page
from bot.views import roi as views
from bot.views import roi_forms as forms
from bot.views.ids import ActionId, CallbackId
from bot.views.layout import person, words
from handlers.boundary import Boundary
from handlers.call import ActionCall, CommandCall, FormCall
from handlers.home import refresh_home
from storage.words import RequestState


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("roi", on_roi_command)
    boundary.action(ActionId.ROI_OPEN, on_open_click)
    boundary.action(ActionId.ROI_TAKE, on_take_click)
    boundary.action(ActionId.ROI_STEP, on_step_click)
    boundary.action(ActionId.ROI_MORE, on_more_choice)
    boundary.action(ActionId.ROI_AUTHORIZATION, on_authorization_click)
    boundary.action(ActionId.ROI_ACCOUNTING, on_accounting_click)
    boundary.action(ActionId.ROI_ASSIGN, on_assign_click)
    boundary.action(ActionId.ROI_PAGE, on_page_click)
    boundary.action(ActionId.REMINDER_SNOOZE, on_snooze_click)
    boundary.form(CallbackId.ROI_STEP_FORM, on_step_submission)
    boundary.form(CallbackId.ROI_AUTHORIZATION_FORM, on_authorization_submission)
    boundary.form(CallbackId.ROI_ACCOUNTING_FORM, on_accounting_submission)
    boundary.form(CallbackId.ROI_ASSIGN_FORM, on_assign_submission)


def on_roi_command(call: CommandCall) -> None:
    """``/roi``, ``/roi due``, ``/roi mine``, ``/roi all``, ``/roi ROI-…``."""
    if not call.text:
        call.reply(views.request_list(call.look(request_page)))
    elif looks_like_reference(call.text):
        call.reply(views.request_message(call.look(open_card, call.text)))
    else:
        which = RequestList(read_word(call.text, RequestList, command="roi"))
        call.reply(views.request_list(call.look(request_page, which)))


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
    request = call.look(open_card, reference)
    opened = {
        "step": forms.step_form,
        "assign": forms.assign_form,
        "authorization": forms.authorization_form,
        "accounting": forms.accounting_form,
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
    which, page = views.read_page(call.value)
    call.replace(views.request_list(call.look(request_page, which, page)))


def on_snooze_click(call: ActionCall) -> None:
    """*Snooze* on a reminder: it comes again tomorrow morning."""
    request, at = call.change(snooze, call.value)
    call.replace(views.snoozed_message(request, at))


def on_step_submission(call: FormCall) -> None:
    """The step form."""
    said = forms.read_step_form(call.values)
    _finish(call, call.change(work.move, call.subject, said.state, said.reason, call.accept_text(said.note)))


def on_authorization_submission(call: FormCall) -> None:
    """The authorization form."""
    said = forms.read_authorization_form(call.values)
    request = call.change(
        answers.record_authorization, call.subject, call.desk.rules, said.result, said.expires_on,
        sensitive_authorized=said.sensitive_authorized,
    )  # fmt: skip
    _finish(call, request, f"The authorization of {request.reference} is {words(request.permission.authorization)}.")


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
