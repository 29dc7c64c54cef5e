"""What the page shows to one person: everything as plain JSON, rendered in the browser."""

from __future__ import annotations

from bot.sandbox.call_log import Call, Request
from bot.sandbox.channels import Channel
from bot.sandbox.identifiers import Json
from bot.sandbox.members import Member
from bot.sandbox.messages import Message
from bot.sandbox.payloads import Place
from bot.sandbox.surfaces import View
from bot.sandbox.web_api.methods import METHODS
from bot.sandbox.workspace import Workspace

LOG_LENGTH = 60


def page_state(workspace: Workspace, user: str, channel_id: str) -> Json:
    """All the page needs to draw itself for this person looking at this conversation."""
    with workspace.lock:
        channel = workspace.channels.find(channel_id)
        visible = channel is not None and user in channel.members
        home = workspace.views.home(user)
        return {
            "count": workspace.feed.count,
            "now": workspace.now().timestamp(),
            "team": workspace.team_name,
            "bot": workspace.bot_user.id,
            "app": _app(workspace),
            "people": [_person(member) for member in workspace.members.values()],
            "channels": [_channel(workspace, one, user) for one in workspace.channels.of(user)],
            "messages": _timeline(workspace, channel, user) if channel is not None and visible else [],
            "modals": [_view(workspace, view) for view in workspace.views.stack(user)],
            "home": _view(workspace, home) if home else None,
            "faults": workspace.faults.planned(),
        }


def page_log(workspace: Workspace) -> list[Json]:
    """The last requests to the bot and calls by the bot, newest first."""
    with workspace.lock:
        entries = [_request(entry) for entry in workspace.requests.last(LOG_LENGTH)]
        entries += [_call(entry) for entry in workspace.calls.last(LOG_LENGTH)]
    return sorted(entries, key=lambda entry: float(entry["at"]), reverse=True)[:LOG_LENGTH]


def _app(workspace: Workspace) -> Json:
    setup = workspace.app
    return {
        "name": setup.name,
        "installed": not workspace.out_of_service,
        "commands": [
            {"name": one.name, "description": one.description, "hint": one.usage_hint} for one in setup.commands
        ],
        "shortcuts": [
            {"id": one.callback_id, "name": one.name, "description": one.description, "on_message": one.on_message}
            for one in setup.shortcuts
        ],
        "methods": sorted(METHODS),
    }


def _person(member: Member) -> Json:
    return {
        "id": member.id,
        "name": member.real_name,
        "title": member.title,
        "zone": member.tz,
        "bot": member.is_bot,
        "deleted": member.deleted,
    }


def _channel(workspace: Workspace, channel: Channel, user: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.channel_type,
        "archived": channel.is_archived,
        "unread": workspace.unread(user, channel.id),
    }


def _timeline(workspace: Workspace, channel: Channel, user: str) -> list[Json]:
    private = [one for one in workspace.messages.ephemerals_of(user) if one.channel == channel.id]
    every = sorted(workspace.messages.in_channel(channel.id) + private, key=lambda message: message.ts)
    return [_message(workspace, message, user) for message in every]


def _message(workspace: Workspace, message: Message, user: str) -> Json:
    return message.as_message(workspace.team_id) | {
        "ephemeral": message.is_ephemeral,
        "version": message.version,
        "channel": message.channel,
        "values": Place(message=message).values(user),
    }


def _view(workspace: Workspace, view: View) -> Json:
    return workspace.view_json(view) | {"values": view.values, "errors": view.errors}


def _request(entry: Request) -> Json:
    return {
        "way": "told",
        "about": f"{entry.kind} {entry.about}",
        "status": entry.status,
        "ok": entry.status == 200,
        "milliseconds": round(entry.seconds * 1000),
        "at": entry.at.timestamp(),
        "sent": entry.body,
        "answer": entry.answer,
    }


def _call(entry: Call) -> Json:
    return {
        "way": "called",
        "about": entry.method,
        "status": entry.status if entry.ok or entry.status != 200 else entry.answer.get("error", ""),
        "ok": entry.ok,
        "milliseconds": round(entry.seconds * 1000),
        "at": entry.at.timestamp(),
        "sent": entry.arguments,
        "answer": entry.answer,
    }
