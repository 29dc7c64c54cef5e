"""Codes in Slack: /code, results, details, the shortcut, and plain words to the bot."""

from __future__ import annotations

from bot.codes.asking import Verb, read_question
from bot.codes.changes import newest_changes
from bot.codes.lookup import Results, answer, check, loaded_systems, show_code
from bot.errors import BadInput
from bot.views import code_changes as change_views
from bot.views import code_check as check_views
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
    """``/code words`` finds, ``/code E11.9`` shows, ``check`` checks a set of codes, ``new`` tells what changed."""
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
    call.replace(_answered(call, query, page))


def on_share_click(call: ActionCall) -> None:
    """*Share here* shows the code to everybody in the conversation."""
    found = call.look(show_code, call.value)
    call.share(views.shared_code(found, call.who.user_id))


def on_look_up_shortcut(call: ShortcutCall) -> None:
    """The shortcut opens a small form."""
    call.open(lookup_form(call.form_context()))


def on_look_up_submission(call: FormCall) -> None:
    """The form of the shortcut answers by direct message."""
    typed = call.values.text(Field.QUERY) or ""
    call.finish(_answered(call, call.accept_query(typed)))


def answer_lookup(call: Call, text: str) -> None:
    """Answer a text that has to pass the PHI guard: with a card, a list, a check, or what changed."""
    call.reply(_answered(call, call.accept_query(text)))


def _answered(call: Call, text: str, page: int = 0) -> Message:
    question = read_question(text, call.desk.now().date(), call.look(loaded_systems))
    if question.verb is Verb.CHECK:
        return check_views.checked_message(call.look(check, question))
    if question.verb is Verb.NEW:
        return change_views.changes_message(call.look(newest_changes, question.system), text, page)
    return _found(call.look(answer, call.desk.shelf.of, question), text, page)


def _found(found: Results, asked: str, page: int) -> Message:
    if found.on_date:
        return check_views.on_date_message(found.on_date)
    if found.detail:
        return views.detail_message(found.detail)
    return views.result_list(found.query, found.hits, found.edition, page, missing=found.missing, asked=asked)
