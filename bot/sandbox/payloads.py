"""The bodies of Slack's requests: commands, interactions, type-ahead, shortcuts and events."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from bot.sandbox.channels import Channel
from bot.sandbox.identifiers import Json, new_id
from bot.sandbox.inputs import Values, initial_values, operable
from bot.sandbox.members import Member
from bot.sandbox.messages import Message
from bot.sandbox.surfaces import View
from bot.sandbox.workspace import Workspace

TEAM_DOMAIN = "sandbox"
VERIFICATION_TOKEN = "deprecated-and-not-used"  # noqa: S105 - Slack still sends this field; nobody should trust it


@dataclass(frozen=True)
class Place:
    """Where something stands that a person can operate: a message, or a view."""

    message: Message | None = None
    view: View | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks shown there."""
        if self.view is not None:
            return self.view.blocks
        return self.message.blocks if self.message is not None else []

    def values(self, user: str) -> Values:
        """What this person has chosen or typed there so far (a live dict)."""
        if self.view is not None:
            return self.view.values
        if self.message is None:
            return {}
        if user not in self.message.states:
            self.message.states[user] = initial_values(self.message.blocks)
        return self.message.states[user]

    @property
    def channel(self) -> str:
        """The channel of the message, or the one a modal was opened from; may be empty."""
        if self.message is not None:
            return self.message.channel
        return self.view.channel if self.view is not None else ""


@dataclass(frozen=True)
class Envelope:
    """What every payload of one person has in common."""

    workspace: Workspace
    member: Member
    base_url: str

    def response_url(self, channel: str, message: Message | None = None) -> str:
        """A fresh response_url for this person, tied to the message when there is one."""
        ticket = self.workspace.tickets.new_response_url(
            self.member.id,
            channel,
            self.workspace.now(),
            message.ts if message else "",
            ephemeral=message is not None and message.is_ephemeral,
        )
        return f"{self.base_url}/response/{ticket}"

    def trigger(self, view: View | None = None) -> str:
        """A fresh trigger_id for this person."""
        return self.workspace.tickets.issue_trigger(
            self.member.id, self.workspace.now(), view.id if view and view.is_modal else ""
        )

    def interaction(self, kind: str) -> Json:
        """The fields all interaction payloads share."""
        team = self.workspace.team_id
        return {
            "type": kind,
            "user": {"id": self.member.id, "username": self.member.name, "name": self.member.name, "team_id": team},
            "api_app_id": self.workspace.app_id,
            "token": VERIFICATION_TOKEN,
            "team": {"id": team, "domain": TEAM_DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def command(self, name: str, text: str, channel: Channel) -> Json:
        """The fields of a slash command."""
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": self.workspace.team_id,
            "team_domain": TEAM_DOMAIN,
            "channel_id": channel.id,
            "channel_name": channel.payload_name,
            "user_id": self.member.id,
            "user_name": self.member.name,
            "command": name,
            "text": text,
            "api_app_id": self.workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": self.response_url(channel.id),
            "trigger_id": self.trigger(),
        }

    def block_actions(self, place: Place, action: Json) -> Json:
        """A click or choice, with everything else that is filled in at the same place."""
        payload = self.interaction("block_actions") | {
            "trigger_id": self.trigger(place.view),
            "container": container_of(place),
            "actions": [action],
        }
        if place.view is not None:
            return payload | {"view": self.workspace.view_json(place.view)}
        return payload | self._message_context(place)

    def view_submission(self, view: View) -> Json:
        """A form sent off."""
        return self.interaction("view_submission") | {
            "trigger_id": self.trigger(view),
            "view": self.workspace.view_json(view),
            "response_urls": self._response_urls(view),
        }

    def view_closed(self, view: View, *, is_cleared: bool) -> Json:
        """A form closed without sending it; ``is_cleared`` when the whole stack was closed."""
        return self.interaction("view_closed") | {
            "view": self.workspace.view_json(view),
            "is_cleared": is_cleared,
        }

    def block_suggestion(self, place: Place, block: Json, element: Json, typed: str) -> Json:
        """The question behind a type-ahead."""
        payload = self.interaction("block_suggestion") | {
            "container": container_of(place),
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
        }
        if place.view is not None:
            return payload | {"view": self.workspace.view_json(place.view)}
        return payload | {"channel": self._channel(place.channel), **self._message_if_shared(place)}

    def global_shortcut(self, callback_id: str) -> Json:
        """A shortcut chosen from anywhere."""
        return self.interaction("shortcut") | {
            "callback_id": callback_id,
            "trigger_id": self.trigger(),
            "action_ts": self.workspace.next_ts(),
        }

    def message_shortcut(self, callback_id: str, message: Message) -> Json:
        """A shortcut chosen in the menu of a message."""
        return self.interaction("message_action") | {
            "callback_id": callback_id,
            "trigger_id": self.trigger(),
            "action_ts": self.workspace.next_ts(),
            "message_ts": message.ts,
            "channel": self._channel(message.channel),
            "message": message.as_message(self.workspace.team_id),
            "response_url": self.response_url(message.channel, message),
        }

    def _message_context(self, place: Place) -> Json:
        return {
            "channel": self._channel(place.channel),
            "state": {"values": copy.deepcopy(place.values(self.member.id))},
            "response_url": self.response_url(place.channel, place.message),
            **self._message_if_shared(place),
        }

    def _message_if_shared(self, place: Place) -> Json:
        """Slack does not repeat the contents of an ephemeral message."""
        if place.message is None or place.message.is_ephemeral:
            return {}
        return {"message": place.message.as_message(self.workspace.team_id)}

    def _channel(self, channel_id: str) -> Json:
        channel = self.workspace.channels.find(channel_id)
        return {"id": channel_id, "name": channel.payload_name if channel else ""}

    def _response_urls(self, view: View) -> list[Json]:
        """Slack adds a response_url for every input with ``response_url_enabled``."""
        urls = []
        for block, element in operable(view.blocks):
            entry = view.values.get(block["block_id"], {}).get(element.get("action_id", ""), {})
            channel = entry.get("selected_conversation") or entry.get("selected_channel")
            if element.get("response_url_enabled") and channel:
                place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
                urls.append(place | {"response_url": self.response_url(channel)})
        return urls


def container_of(place: Place) -> Json:
    """The ``container`` of a payload: where the operated element stands."""
    if place.view is not None:
        return {"type": "view", "view_id": place.view.id}
    message = place.message
    if message is None:
        return {}
    shared: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.is_ephemeral,
    }
    return shared | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def event_callback(workspace: Workspace, event: Json) -> Json:
    """The outer body of an Events API request."""
    now = int(workspace.now().timestamp())
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev", 10),
        "event_time": now,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot_user.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": new_id("", 24),
    }
