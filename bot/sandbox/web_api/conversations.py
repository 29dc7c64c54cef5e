"""conversations.*: opening, listing and reading conversations."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from bot.sandbox.channels import Channel
from bot.sandbox.identifiers import Json
from bot.sandbox.messages import Message
from bot.sandbox.web_api.addressees import find_channel, find_readable_channel, open_direct_message
from bot.sandbox.web_api.calls import ApiError, Call, refuse_arguments
from bot.sandbox.web_api.paging import page_of

_TYPES = {"im": "im", "group": "private_channel", "channel": "public_channel"}


def open_conversation(call: Call) -> Json:
    """conversations.open with ``users`` (one person) or ``channel`` (a direct message)."""
    users = [user for user in call.text("users").split(",") if user]
    if len(users) > 1:
        raise refuse_arguments("the sandbox opens direct messages with one person [json-pointer:/users]")
    if not users:
        channel = find_channel(call)
        users = [channel.user] if channel.is_direct else []
    if not users:
        raise ApiError("channel_not_found")
    channel = open_direct_message(call, users[0])
    short: Json = {"id": channel.id}
    return {"channel": channel.as_conversation(call.workspace.team_id, call.caller)
            if call.flag("return_im") else short}  # fmt: skip


def info(call: Call) -> Json:
    """conversations.info."""
    return {"channel": find_channel(call).as_conversation(call.workspace.team_id, call.caller)}


def list_conversations(call: Call) -> Json:
    """conversations.list, public channels unless ``types`` says more."""
    return _listing(call, [channel for channel in call.workspace.channels.all() if _is_visible(call, channel)])


def list_of_user(call: Call) -> Json:
    """users.conversations: those a member (or the bot itself) is in."""
    return _listing(call, call.workspace.channels.of(call.text("user", call.caller)))


def list_members(call: Call) -> Json:
    """conversations.members."""
    members, cursor = page_of(call, find_channel(call).members)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def history(call: Call) -> Json:
    """conversations.history: newest first, replies left out."""
    channel = find_readable_channel(call)
    messages = [message for message in call.workspace.messages.in_channel(channel.id) if not message.in_thread]
    chosen = [message for message in reversed(messages) if _within(call, message)]
    return _message_page(call, chosen) | {"pin_count": 0}


def replies(call: Call) -> Json:
    """conversations.replies: the message and what was said below it, oldest first."""
    channel = find_readable_channel(call)
    parent = call.workspace.messages.find(channel.id, call.required("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    thread_ts = parent.thread_ts if parent.in_thread else parent.ts
    first = call.workspace.messages.find(channel.id, thread_ts)
    below = [message for message in call.workspace.messages.replies(channel.id, thread_ts) if _within(call, message)]
    return _message_page(call, ([first] if first else []) + below)


def _message_page(call: Call, messages: list[Message]) -> Json:
    page, cursor = page_of(call, messages)
    store, team = call.workspace.messages, call.workspace.team_id
    detailed = call.flag("include_all_metadata")
    answer: Json = {
        "messages": [store.as_parent(message, team, with_metadata=detailed) for message in page],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _within(call: Call, message: Message) -> bool:
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    moment = Decimal(message.ts)
    if call.flag("inclusive"):
        return moment >= oldest and (not latest or moment <= latest)
    return moment > oldest and (not latest or moment < latest)


def _moment(call: Call, name: str) -> Decimal:
    try:
        return Decimal(call.text(name) or "0")
    except InvalidOperation:
        raise ApiError(f"invalid_ts_{name}") from None


def _is_visible(call: Call, channel: Channel) -> bool:
    return channel.channel_type == "channel" or call.caller in channel.members


def _listing(call: Call, channels: list[Channel]) -> Json:
    wanted = {kind.strip() for kind in call.text("types", "public_channel").split(",")}
    chosen = [channel for channel in channels if _TYPES[channel.channel_type] in wanted]
    if call.flag("exclude_archived"):
        chosen = [channel for channel in chosen if not channel.is_archived]
    page, cursor = page_of(call, chosen)
    shown = [channel.as_conversation(call.workspace.team_id, call.caller) for channel in page]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}
