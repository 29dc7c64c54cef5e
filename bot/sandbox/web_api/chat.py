"""chat.*: posting, changing and removing the bot's messages."""

from __future__ import annotations

from bot.sandbox.channels import Channel
from bot.sandbox.identifiers import Json
from bot.sandbox.limits.surfaces import UPDATED_TEXT
from bot.sandbox.messages import Message
from bot.sandbox.web_api.addressees import find_channel, find_readable_channel, find_writable_channel
from bot.sandbox.web_api.calls import ApiError, Call
from bot.sandbox.web_api.contents import Contents, read_contents


def bot_message(call: Call, channel: Channel, contents: Contents) -> Message:
    """A message by the bot, not yet posted."""
    workspace = call.workspace
    return Message(
        ts=workspace.next_ts(),
        channel=channel.id,
        user=workspace.bot_user.id,
        text=contents.text or "",
        blocks=contents.blocks or [],
        attachments=contents.attachments,
        thread_ts=_thread_of(call, channel),
        metadata=contents.metadata,
        bot_id=workspace.bot_id,
        app_id=workspace.app_id,
    )


def _thread_of(call: Call, channel: Channel) -> str:
    """The thread a message goes to. Where its first message was deleted and nothing hangs below it, Slack puts the message beside it, without an error."""
    thread_ts, messages = call.text("thread_ts"), call.workspace.messages
    there = messages.find(channel.id, thread_ts) is not None or messages.replies(channel.id, thread_ts)
    return thread_ts if there else ""


def post_message(call: Call) -> Json:
    """chat.postMessage."""
    channel = find_writable_channel(call)
    message = call.workspace.post(bot_message(call, channel, read_contents(call)))
    shown = message.as_message(call.workspace.team_id, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: for one member of the channel; cannot be changed or found again later."""
    channel = find_writable_channel(call)
    reader = call.workspace.members.get(call.required("user"))
    if reader is None or reader.id not in channel.members:
        raise ApiError("user_not_in_channel")
    if reader.deleted:
        raise ApiError("user_disabled")
    message = bot_message(call, channel, read_contents(call))
    message.ephemeral_to = reader.id
    call.workspace.post(message)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """chat.update: text without blocks removes the blocks; only the bot's own messages."""
    message = _find_own_message(call, "cant_update_message")
    if len(call.text("text")) > UPDATED_TEXT:
        raise ApiError("msg_too_long")
    apply_contents(message, read_contents(call), call)
    call.workspace.feed.tell()
    shown = message.as_message(call.workspace.team_id, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def apply_contents(message: Message, contents: Contents, call: Call) -> None:
    """Change a message in place; it is marked as edited only when it has no blocks, as in Slack."""
    if contents.blocks is not None:
        message.blocks = contents.blocks
    elif contents.text is not None:
        message.blocks = []
    message.text = message.text if contents.text is None else contents.text
    message.metadata = contents.metadata if contents.metadata is not None else message.metadata
    message.attachments = contents.attachments or message.attachments
    message.states.clear()
    message.version += 1
    if contents.blocks is None:
        message.edited = {"user": call.workspace.bot_user.id, "ts": call.workspace.next_ts()}


def delete(call: Call) -> Json:
    """chat.delete: only the bot's own messages."""
    message = _find_own_message(call, "cant_delete_message")
    call.workspace.messages.remove(message)
    call.workspace.feed.tell()
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: an address on the sandbox page."""
    channel = find_readable_channel(call)
    message = call.workspace.messages.find(channel.id, call.required("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    return {"channel": channel.id, "permalink": permalink(call.base_url, message)}


def permalink(base_url: str, message: Message) -> str:
    """Where the page shows this message."""
    thread = f"?thread_ts={message.thread_ts}&cid={message.channel}" if message.in_thread else ""
    return f"{base_url}/archives/{message.channel}/p{message.ts.replace('.', '')}{thread}"


def _find_own_message(call: Call, foreign: str) -> Message:
    channel = find_channel(call)
    if channel.is_archived:
        raise ApiError("is_archived")
    message = call.workspace.messages.find(channel.id, call.required("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message.user != call.caller:
        raise ApiError(foreign)
    return message
