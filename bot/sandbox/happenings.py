"""Events: what happens in the workspace and is told to the bot, with Slack's retries."""

from __future__ import annotations

import re
import time
from typing import Any

from bot.sandbox.channels import Channel
from bot.sandbox.delivery import TIMED_OUT, UNREACHABLE, Kind, Reply
from bot.sandbox.identifiers import Json
from bot.sandbox.members import Member
from bot.sandbox.messages import Message
from bot.sandbox.payloads import event_callback
from bot.sandbox.wire import Wire
from bot.sandbox.workspace import Workspace

_RETRY_REASONS = {TIMED_OUT: "http_timeout", UNREACHABLE: "connection_failed"}
_MESSAGE_EVENTS = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}


def tell(wire: Wire, subscription: str, event: Json) -> list[Reply]:
    """Send an event if the app subscribed to it; retried up to three times until the bot answers 2xx.

    Returns every answer, the last one last; empty when the app did not subscribe.
    """
    if subscription not in wire.workspace.app.events:
        return []
    body = event_callback(wire.workspace, event)
    replies = [wire.send(Kind.EVENT, subscription, body)]
    for number, wait in enumerate(wire.retry_waits, start=1):
        if not _should_retry(replies[-1]):
            break
        time.sleep(wait)
        reason = _RETRY_REASONS.get(replies[-1].status, "http_error")
        headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        replies.append(wire.send(Kind.EVENT, subscription, body, headers))
    wire.delivery.settle()
    return replies


def _should_retry(reply: Reply) -> bool:
    answered = {name.lower(): value for name, value in reply.headers.items()}
    return not 200 <= reply.status < 300 and answered.get("x-slack-no-retry") != "1"


def tell_message(wire: Wire, message: Message) -> list[Reply]:
    """A person said something: message.im or message.channels, app_mention, and file_shared for each file."""
    workspace = wire.workspace
    channel = workspace.channels.find(message.channel)
    if channel is None or workspace.bot_user.id not in channel.members:
        return []
    event = message.as_message(workspace.team_id) | {"channel": channel.id, "event_ts": message.ts}
    replies = tell(wire, _MESSAGE_EVENTS[channel.channel_type], event | {"channel_type": channel.channel_type})
    if f"<@{workspace.bot_user.id}>" in message.text and not channel.is_direct:
        replies += tell(wire, "app_mention", event | {"type": "app_mention"})
    for file in message.files:
        replies += tell(wire, "file_shared", _file_shared(message, file, channel))
    return replies


def _file_shared(message: Message, file: Json, channel: Channel) -> Json:
    return {
        "type": "file_shared",
        "file_id": file["id"],
        "file": {"id": file["id"]},
        "user_id": message.user,
        "channel_id": channel.id,
        "event_ts": message.ts,
    }


def tell_home_opened(wire: Wire, member: Member, tab: str = "home") -> list[Reply]:
    """A person opened the app: its ``home`` tab or its ``messages``."""
    workspace = wire.workspace
    with workspace.lock:
        event: Json = {
            "type": "app_home_opened",
            "user": member.id,
            "channel": workspace.channels.direct(member.id).id,
            "tab": tab,
            "event_ts": workspace.next_ts(),
        }
        view = workspace.views.home(member.id)
        if view is not None and tab == "home":
            event["view"] = workspace.view_json(view)
    return tell(wire, "app_home_opened", event)


def join_team(wire: Wire, member: Member) -> list[Reply]:
    """A new person joins the workspace: team_join."""
    workspace = wire.workspace
    workspace.add_member(member)
    user = member.as_user(workspace.team_id, workspace.now())
    return tell(wire, "team_join", {"type": "team_join", "user": user, "event_ts": workspace.next_ts()})


def change_member(wire: Wire, user_id: str, **changes: Any) -> list[Reply]:  # noqa: ANN401 - fields of Member
    """A person changes (``tz=…``, ``real_name=…``) or is deactivated (``deleted=True``): user_change."""
    workspace = wire.workspace
    with workspace.lock:
        member = workspace.members[user_id]
        for name, value in changes.items():
            setattr(member, name, value)
        user = member.as_user(workspace.team_id, workspace.now())
        workspace.feed.tell()
    return tell(wire, "user_change", {"type": "user_change", "user": user, "event_ts": workspace.next_ts()})


def uninstall_app(wire: Wire) -> list[Reply]:
    """An administrator removes the app: its token dies, then tokens_revoked and app_uninstalled are told."""
    workspace = wire.workspace
    workspace.uninstall()
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot_user.id]}}
    replies = tell(wire, "tokens_revoked", revoked | {"event_ts": workspace.next_ts()})
    return replies + tell(wire, "app_uninstalled", {"type": "app_uninstalled", "event_ts": workspace.next_ts()})


def typed_text(workspace: Workspace, text: str) -> str:
    """Text as Slack passes it on: & < > escaped, mentions, channels, links and e-mail addresses marked up."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    linked = re.sub(r"https?://[^\s|]+[^\s|.,;:!?)]", lambda found: f"<{found[0]}>", escaped)
    linked = re.sub(
        r"(?<![\w.:/<@])[\w.+-]+@[\w-]+\.[\w.-]*\w", lambda found: f"<mailto:{found[0]}|{found[0]}>", linked
    )
    return mark_mentions(workspace, linked)


def mark_mentions(workspace: Workspace, text: str, *, with_names: bool = False) -> str:
    """``@Real Name`` or ``@handle`` becomes ``<@U…>``, ``#channel`` becomes ``<#C…|channel>``."""
    names = [(name, member) for member in workspace.members.values() for name in (member.real_name, member.name)]
    for name, member in sorted(names, key=lambda pair: -len(pair[0])):
        marked = f"<@{member.id}|{member.name}>" if with_names else f"<@{member.id}>"
        text = _replace_word(rf"(?i)(?<![\w<])@{re.escape(name)}(?!\w)", marked, text)
    for channel in workspace.channels.all():
        if channel.name:
            marked = f"<#{channel.id}|{channel.name}>"
            text = _replace_word(rf"(?<![\w<&])#{re.escape(channel.name)}(?![\w-])", marked, text)
    return text


def _replace_word(pattern: str, replacement: str, text: str) -> str:
    return re.sub(pattern, replacement.replace("\\", r"\\"), text)
