"""views.*: opening, pushing and changing modals, publishing the Home."""

from __future__ import annotations

from bot.sandbox.identifiers import Json
from bot.sandbox.limits import check_view
from bot.sandbox.surfaces import View
from bot.sandbox.tickets import Trigger
from bot.sandbox.web_api.calls import ApiError, Call, refuse_arguments, refuse_problems


def open_view(call: Call) -> Json:
    """views.open: needs a trigger id not older than three seconds and not used before.

    A trigger that came from a modal is accepted and nothing is shown: Slack answers ``ok`` and its clients
    may close the new modal together with the old one. Push or update instead.
    """
    content = _read_view(call, "modal")
    trigger = _redeem(call)
    if trigger.view_id:
        return _not_shown(call, trigger, content)
    return _shown(call, call.workspace.views.open(trigger.user, content, call.workspace.now()))


def push_view(call: Call) -> Json:
    """views.push: on top of the modal the trigger id came from, at most three deep."""
    content = _read_view(call, "modal")
    trigger = _redeem(call)
    return _shown(call, call.workspace.views.push(trigger.user, content, call.workspace.now()))


def update_view(call: Call) -> Json:
    """views.update by ``view_id`` or ``external_id``, with an optional ``hash``."""
    content = _read_view(call)
    view = call.workspace.views.find(call.text("view_id"), call.text("external_id"))
    if view is None:
        raise ApiError("not_found")
    if content["type"] != view.content["type"]:
        raise refuse_arguments("the type of a view cannot change [json-pointer:/view/type]")
    return _shown(call, call.workspace.views.update(view, content, call.workspace.now(), call.text("hash")))


def publish_view(call: Call) -> Json:
    """views.publish: the Home of one person."""
    content = _read_view(call, "home")
    user = call.required("user_id")
    member = call.workspace.members.get(user)
    if member is None or member.is_bot:
        raise refuse_arguments("invalid user id [json-pointer:/user_id]")
    return _shown(call, call.workspace.views.publish(user, content, call.workspace.now(), call.text("hash")))


def _read_view(call: Call, kind: str = "") -> Json:
    view = call.structure("view")
    if not isinstance(view, dict):
        raise refuse_arguments("missing required field: view")
    problems = check_view(view)
    if problems:
        raise refuse_problems(problems, "invalid_arguments")
    if kind and view["type"] != kind:
        raise refuse_arguments(f"must be one of: {kind} [json-pointer:/view/type]")
    return dict(view)


def _redeem(call: Call) -> Trigger:
    return call.workspace.tickets.redeem_trigger(call.required("trigger_id"), call.workspace.now())


def _not_shown(call: Call, trigger: Trigger, content: Json) -> Json:
    workspace = call.workspace
    words = (
        "The app called views.open with the trigger of a modal. Slack does not reliably show such a modal: "
        "use views.push, views.update or a response_action."
    )
    workspace.say_privately(trigger.user, workspace.channels.direct(trigger.user).id, words)
    return {"view": workspace.view_json(workspace.views.unseen(trigger.user, content, workspace.now()))}


def _shown(call: Call, view: View) -> Json:
    call.workspace.feed.tell()
    return {"view": call.workspace.view_json(view)}
