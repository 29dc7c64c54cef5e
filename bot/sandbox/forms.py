"""Sending and closing modals: what Slack's client checks itself, and what the bot's answer does to the stack."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bot.sandbox.acknowledgements import TROUBLE, Outcome
from bot.sandbox.delivery import Kind, Reply
from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.inputs import is_empty
from bot.sandbox.limits import check_view
from bot.sandbox.payloads import Envelope
from bot.sandbox.surfaces import View, ViewError
from bot.sandbox.wire import Wire
from bot.sandbox.workspace import Workspace

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LINK = re.compile(r"https?://[^\s]+")


def check_form(view: View) -> dict[str, str]:
    """The sentences Slack's client shows under inputs before anything is sent: block_id to sentence."""
    errors: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = view.values[block["block_id"]][element["action_id"]]
        sentence = _check_filled(block, entry) or ("" if is_empty(entry) else _check_typed(element, entry))
        if sentence:
            errors[block["block_id"]] = sentence
    return errors


def _check_filled(block: Json, entry: Json) -> str:
    return "Please complete this required field." if is_empty(entry) and not block.get("optional") else ""


def _check_typed(element: Json, entry: Json) -> str:
    kind, value = element["type"], entry.get("value")
    if kind == "plain_text_input":
        return _check_length(element, str(value))
    if kind == "number_input":
        return _check_number(element, str(value))
    if kind == "email_text_input" and not _EMAIL.fullmatch(str(value)):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _LINK.fullmatch(str(value)):
        return "Please enter a valid URL."
    return ""


def _check_length(element: Json, value: str) -> str:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < shortest:
        return f"Please enter at least {shortest} characters."
    if len(value) > longest:
        return f"Please enter at most {longest} characters."
    return ""


def _check_number(element: Json, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return ""


def submit_form(wire: Wire, envelope: Envelope, view: View) -> Outcome:
    """Send a filled form and do to the modals what the bot answers."""
    workspace = wire.workspace
    with workspace.lock:
        view.errors = check_form(view)
        workspace.feed.tell()
        if view.errors:
            return Outcome(errors=dict(view.errors), words="")
        body = envelope.view_submission(view)
    reply = wire.send(Kind.INTERACTIVE, f"submit {view.content.get('callback_id', '')}", body)
    with workspace.lock:
        outcome = _apply_answer(workspace, view, reply)
        workspace.feed.tell()
    wire.delivery.settle()
    return outcome


def _apply_answer(workspace: Workspace, view: View, reply: Reply) -> Outcome:
    if not reply.ok:
        return Outcome(reply, TROUBLE)
    answer = reply.json()
    action = answer.get("response_action", "")
    if action == "errors":
        return _show_errors(view, reply, answer.get("errors"))
    if action in ("update", "push"):
        return _show_view(workspace, view, reply, answer)
    if action == "clear":
        workspace.views.clear(view.user)
    elif reply.body.strip() and answer and action:
        return Outcome(reply, f"{TROUBLE} (unknown response_action: {action})")
    else:
        workspace.views.close(view.user, view.id)
    return Outcome(reply)


def _show_errors(view: View, reply: Reply, errors: JsonValue) -> Outcome:
    """Slack shows errors under input blocks only; one for another block fails as a whole."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        return Outcome(reply, f"{TROUBLE} (errors must name input blocks; these do not: {errors})")
    view.errors = {name: str(sentence) for name, sentence in errors.items()}
    return Outcome(reply, errors=dict(view.errors))


def _show_view(workspace: Workspace, view: View, reply: Reply, answer: Json) -> Outcome:
    problems = check_view(answer.get("view"))
    if problems:
        return Outcome(reply, f"{TROUBLE} ({problems[0]})")
    try:
        if answer["response_action"] == "push":
            workspace.views.push(view.user, answer["view"], workspace.now())
        else:
            workspace.views.update(view, answer["view"], workspace.now())
    except ViewError as error:
        return Outcome(reply, f"{TROUBLE} ({error.code})")
    return Outcome(reply)


def close_form(wire: Wire, envelope: Envelope, view: View, *, everything: bool = False) -> Outcome:
    """Close a modal, or ``everything`` on the stack; the bot is told where ``notify_on_close`` is set."""
    workspace = wire.workspace
    with workspace.lock:
        is_cleared = everything or bool(view.content.get("clear_on_close"))
        closed = workspace.views.clear(view.user) if is_cleared else [workspace.views.close(view.user, view.id)]
        bodies = [
            envelope.view_closed(one, is_cleared=is_cleared)
            for one in closed
            if one is not None and one.content.get("notify_on_close")
        ]
        workspace.feed.tell()
    replies = [wire.send(Kind.INTERACTIVE, f"close {body['view']['callback_id']}", body) for body in bodies]
    wire.delivery.settle()
    return Outcome(replies[-1]) if replies else Outcome()
