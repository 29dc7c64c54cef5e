"""Second-level reviews in Slack: the worksheet of one, on which it ends."""

from __future__ import annotations

from bot.audits.second_level import agree_with_review, change_in_review, review_sheet
from bot.views import audit_forms as forms
from bot.views import audits as views
from bot.views.ids import ActionId, CallbackId
from handlers.boundary import Boundary
from handlers.call import ActionCall, FormCall
from handlers.home import refresh_home


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.REVIEW_AGREE, on_agree_click)
    boundary.action(ActionId.REVIEW_EDIT, on_edit_click)
    boundary.form(CallbackId.REVIEW_EDIT_FORM, on_edit_submission)


def show_review(call: ActionCall, reference: str) -> None:
    """*Worksheet* on the card of a second-level review."""
    sheet = call.look(review_sheet, reference)
    call.reveal(views.worksheet_message(sheet), views.worksheet_window(sheet))


def on_agree_click(call: ActionCall) -> None:
    """*Agree* finds the whole chart right and ends the review."""
    sheet = call.change(agree_with_review, call.value)
    call.show(views.worksheet_message(sheet), views.worksheet_window(sheet))
    refresh_home(call)


def on_edit_click(call: ActionCall) -> None:
    """*Change codes* opens its form with the coder's codes filled in."""
    sheet = call.look(review_sheet, call.value)
    call.open(forms.edit_form(sheet, call.form_context(call.value)))


def on_edit_submission(call: FormCall) -> None:
    """The form that changes the codes, and ends the review."""
    said = forms.read_edit_form(call.values)
    note = call.accept_text(said.note)
    sheet = call.change(change_in_review, call.subject, said.codes, said.root_reason, note, looked_at=said.looked_at)
    call.finish(views.worksheet_message(sheet), views.worksheet_window(sheet))
    call.later(lambda: refresh_home(call))
