"""Logging a release in Slack: ``/roi new``, the message shortcut, and their form."""

from __future__ import annotations

from dataclasses import replace

from bot.roi.new import log_new, may_log
from bot.views import roi_card as cards
from bot.views import roi_new as views
from bot.views.ids import ActionId, CallbackId
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, FormCall, ShortcutCall
from handlers.home import refresh_home


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.ROI_NEW, on_new_click)
    boundary.form(CallbackId.ROI_NEW_FORM, on_new_submission)
    boundary.shortcut(CallbackId.ROI_MESSAGE, on_message_shortcut)


def open_new_form(call: CommandCall) -> None:
    """``/roi new``, perhaps with the record: ``/roi new RR-2F7KQ``."""
    _open(call, call.text)


def on_new_click(call: ActionCall) -> None:
    """*Log a release* on the Home."""
    _open(call)


def on_message_shortcut(call: ShortcutCall) -> None:
    """*Log a release request* on a message: only a reference in it is taken over, never its text."""
    _open(call, str(call.body.get("message", {}).get("text") or ""))


def on_new_submission(call: FormCall) -> None:
    """The form that logs a release."""
    said = views.read_new_form(call.values)
    purpose_note = call.accept_text(said.purpose_note, "purpose_note", 200)
    facility = call.accept_text(said.facility, "facility", 40)
    request = call.change(log_new, call.desk.rules, views.completed(said, purpose_note, facility), said.owner)
    told = f"{request.reference} is logged: {cards.days_left(request)}."
    call.finish(cards.request_message(request, told), cards.request_window(request))
    call.later(lambda: refresh_home(call))


def _open(call: Call, text: str = "") -> None:
    start = call.look(may_log, text)
    # The answer comes below what it was opened from: that message is not ours, or still of use.
    call.open(views.new_form(start, call.who.user_id, replace(call.form_context(), replaces=False)))
