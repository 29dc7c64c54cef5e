"""Codes in Slack: /code, results, details, the shortcut, and plain words to the bot."""

from __future__ import annotations

from slack_sdk.models.blocks import Option

from bot.codes.asking import Verb
from bot.codes.changes import newest_changes
from bot.codes.lookup import Results, answer, check, show_code, understand
from bot.codes.suggesting import suggest
from bot.errors import BadInput
from bot.privacy.refusal import PhiFound
from bot.small_talk import what_was_said, words_asked
from bot.views import code_changes as change_views
from bot.views import code_check as check_views
from bot.views import code_results as result_views
from bot.views import codes as views
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import Message
from bot.views.lookup import lookup_form, lookup_options, words_of
from bot.views.talk import not_understood, small_talk
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, FormCall, ShortcutCall, TypeAheadCall


class LookUpWhat(BadInput):
    """Type words or a code after /code, such as /code broken wrist left or /code E11.9."""


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.command("code", on_code_command)
    boundary.action(ActionId.CODE_DETAIL, on_detail_click)
    boundary.action(ActionId.CODE_PAGE, on_page_click)
    boundary.action(ActionId.CODE_SHARE, on_share_click)
    boundary.action(ActionId.CODE_COPY, on_copy_click)
    boundary.shortcut(CallbackId.LOOK_UP_CODE, on_look_up_shortcut)
    boundary.form(CallbackId.LOOK_UP_FORM, on_look_up_submission)
    boundary.options(Field.QUERY, on_look_up_type_ahead)


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
    """*Share here* shows the code, or the page of results, to everybody in the conversation."""
    if _of_list(call):
        page, asked = views.read_page_value(call.value)
        call.share(result_views.shared_results(_results(call, asked), page, call.who.user_id))
        return
    found = call.look(show_code, call.value)
    call.share(views.shared_code(found, call.who.user_id))


def on_copy_click(call: ActionCall) -> None:
    """*Copy* opens the code, or all results, as text to mark."""
    if _of_list(call):
        call.open(result_views.copy_results(_results(call, views.read_page_value(call.value)[1])))
    else:
        call.open(views.copy_code(call.look(show_code, call.value)))


def on_look_up_shortcut(call: ShortcutCall) -> None:
    """The shortcut opens a small form."""
    call.open(lookup_form(call.form_context()))


def on_look_up_submission(call: FormCall) -> None:
    """The form of the shortcut answers by direct message: with the code that was chosen, or with everything for the words."""
    chosen = call.values.one(Field.QUERY) or ""
    words = words_of(chosen)
    if words is None:
        call.finish(views.detail_message(call.look(show_code, chosen)))
    else:
        call.finish(_answered(call, call.accept_query(words)))


def on_look_up_type_ahead(call: TypeAheadCall) -> list[Option]:
    """Codes while somebody types into the form of the shortcut. What looks like patient data is not said back."""
    try:
        words = call.accept_query(call.query)
    except PhiFound:
        words = ""
    return lookup_options(words, call.look(suggest, call.desk.shelf.of, call.query))


def on_code_type_ahead(call: TypeAheadCall) -> list[Option]:
    """Codes while somebody types, in every form that asks for one."""
    return views.code_options(call.look(suggest, call.desk.shelf.of, call.query))


def answer_lookup(call: Call, text: str) -> None:
    """Answer a text that has to pass the PHI guard: with a card, a list, a check, or what changed."""
    call.reply(_answered(call, call.accept_query(text)))


def answer_words(call: Call, text: str) -> None:
    """Answer a direct message: talk kindly, a question about a code with what was found."""
    if talk := what_was_said(text):
        call.reply(small_talk(talk, text))
        return
    words = words_asked(call.accept_query(text))
    question = call.look(understand, words)
    if question.verb is Verb.FIND:
        found = call.look(answer, call.desk.shelf.of, question)
        call.reply(_found(found, words, 0) if found.understood else not_understood(words))
    else:
        call.reply(_answered(call, words))


def _answered(call: Call, text: str, page: int = 0) -> Message:
    question = call.look(understand, text)
    if question.verb is Verb.CHECK:
        return check_views.checked_message(call.look(check, question))
    if question.verb is Verb.NEW:
        return change_views.changes_message(call.look(newest_changes, question.system), text, page)
    return _found(call.look(answer, call.desk.shelf.of, question), text, page)


def _results(call: Call, asked: str) -> Results:
    """The results behind a button of their list."""
    return call.look(answer, call.desk.shelf.of, call.look(understand, asked))


def _of_list(call: ActionCall) -> bool:
    return call.action_id.endswith(":list")


def _found(found: Results, asked: str, page: int) -> Message:
    if found.on_date:
        return check_views.on_date_message(found.on_date)
    if found.detail:
        return views.detail_message(found.detail)
    return result_views.result_list(found, asked, page)
