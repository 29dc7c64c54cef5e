"""Codes in Slack: /code, results, details, the shortcut, and plain words to the bot."""

from __future__ import annotations

from bot.codes.lookup import Results, look_up, show_code
from bot.errors import BadInput
from bot.views import codes as views
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import Message
from bot.views.lookup import lookup_form
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, FormCall, ShortcutCall


class LookUpWhat(BadInput):
    """Type words or a code after /code, such as /code broken wrist left or /code E11.9."""


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("code", on_code_command)
    boundary.action(ActionId.CODE_DETAIL, on_detail_click)
    boundary.action(ActionId.CODE_PAGE, on_page_click)
    boundary.action(ActionId.CODE_SHARE, on_share_click)
    boundary.shortcut(CallbackId.LOOK_UP_CODE, on_look_up_shortcut)
    boundary.form(CallbackId.LOOK_UP_FORM, on_look_up_submission)


def on_code_command(call: CommandCall) -> None:
    """``/code words`` finds, ``/code E11.9`` shows."""
    if not call.text:
        raise LookUpWhat
    answer_lookup(call, call.text)


def on_detail_click(call: ActionCall) -> None:
    """*Details* in the results; *Up*, *Previous*, *Next* on a card."""
    found = call.look(show_code, call.value)
    if call.action_id == ActionId.CODE_DETAIL:
        call.reveal(views.detail_message(found), views.detail_window(found))
    else:
        call.show(views.detail_message(found), views.detail_window(found))


def on_page_click(call: ActionCall) -> None:
    """*More* and *Previous* under the results."""
    page, query = views.read_page_value(call.value)
    found = call.look(look_up, call.desk.codes, query)
    call.replace(views.result_list(found.query, found.hits, found.edition, page))


def on_share_click(call: ActionCall) -> None:
    """*Share here* shows the code to everybody in the conversation."""
    found = call.look(show_code, call.value)
    call.share(views.shared_code(found, call.who.user_id))


def on_look_up_shortcut(call: ShortcutCall) -> None:
    """The shortcut opens a small form."""
    call.open(lookup_form(call.form_context()))


def on_look_up_submission(call: FormCall) -> None:
    """The form of the shortcut answers by direct message."""
    found = call.look(look_up, call.desk.codes, call.values.text(Field.QUERY) or "")
    call.finish(_answer(found))


def answer_lookup(call: Call, text: str) -> None:
    """Find codes for a text that passed the PHI guard, and answer with the card or the list."""
    query = call.accept_query(text)
    call.reply(_answer(call.look(look_up, call.desk.codes, query)))


def _answer(found: Results) -> Message:
    if found.detail:
        return views.detail_message(found.detail)
    return views.result_list(found.query, found.hits, found.edition)
