"""Finding the conversation or person a call names, with Slack's errors when that fails."""

from __future__ import annotations

from bot.sandbox.channels import Channel
from bot.sandbox.members import Member
from bot.sandbox.web_api.calls import ApiError, Call


def find_member(call: Call, name: str = "user") -> Member:
    """The member an argument names. Raises ApiError("user_not_found")."""
    member = call.workspace.members.get(call.required(name))
    if member is None:
        raise ApiError("user_not_found")
    return member


def find_channel(call: Call, name: str = "channel") -> Channel:
    """The conversation an argument names, by id or #name. Raises ApiError("channel_not_found")."""
    channel = call.workspace.channels.find(call.required(name))
    if channel is None or (channel.is_private and call.caller not in channel.members):
        raise ApiError("channel_not_found")
    return channel


def find_readable_channel(call: Call) -> Channel:
    """A conversation the caller may read. Raises ApiError("not_in_channel")."""
    channel = find_channel(call)
    if call.caller not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def find_writable_channel(call: Call) -> Channel:
    """A conversation the caller may post in; a user id stands for the direct message with that person.

    Raises ApiError with is_archived, not_in_channel, user_disabled or channel_not_found.
    """
    channel = _direct_message(call) or find_channel(call)
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_direct and call.workspace.members[channel.user].deleted:
        raise ApiError("user_disabled")
    if call.caller not in channel.members and "chat:write.public" not in call.workspace.app.scopes:
        raise ApiError("not_in_channel")
    return channel


def open_direct_message(call: Call, user_id: str) -> Channel:
    """The direct message with a person. Raises ApiError for bots, unknown and deactivated people."""
    member = call.workspace.members.get(user_id)
    if member is None:
        raise ApiError("user_not_found")
    if member.is_bot:
        raise ApiError("cannot_dm_bot")
    if member.deleted:
        raise ApiError("user_disabled")
    return call.workspace.channels.direct(user_id, int(call.workspace.now().timestamp()))


def _direct_message(call: Call) -> Channel | None:
    reference = call.required("channel")
    if reference not in call.workspace.members:
        return None
    return open_direct_message(call, reference)
