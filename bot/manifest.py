"""The Slack app manifest: what the app asks of a workspace, told once, from the same lists the bot itself uses."""

from __future__ import annotations

from typing import Any

import yaml

from bot.commands import COMMANDS, Command, command_name
from bot.views.ids import CallbackId

#: What the bot may do in a workspace, each with what needs it. Nothing is asked for that no listener or job uses.
BOT_SCOPES: dict[str, str] = {
    "commands": "slash commands and shortcuts",
    "chat:write": "reminders and answers as direct messages (chat.postMessage)",
    "im:write": "opening the direct message a reminder goes to (conversations.open)",
    "im:history": "words sent to the bot (message.im), and making sure a reminder is not sent twice (conversations.history)",
    "files:write": "pictures and lists as private files to who asked for them (files.getUploadURLExternal, files.completeUploadExternal)",
    "files:read": "a work list that a supervisor sends to the bot (files.info and its download)",
    "users:read": "a coworker's name and time zone, and when they change (users.info, user_change)",
}

#: What Slack tells the bot about.
BOT_EVENTS: dict[str, str] = {
    "app_home_opened": "somebody opened their dashboard",
    "message.im": "somebody wrote to the bot",
    "user_change": "somebody's name or time zone changed",
    "app_uninstalled": "a workspace removed the bot: its token is forgotten",
    "tokens_revoked": "a workspace took the token back: it is forgotten",
}

#: Where Slack reaches the bot over HTTP, and where its consent page leads back to.
REQUEST_PATH, REDIRECT_PATH = "/slack/events", "/slack/oauth_redirect"
#: Stands in the manifest until somebody gives the address of their own installation.
EXAMPLE_URL = "https://chartdesk.example.com"

_HEADING = f"""\
# The Slack app manifest of Chartdesk, as `chartdesk manifest` prints it.
# At https://api.slack.com/apps choose Create New App, From a manifest, and paste this file.
# Put your own address in place of {EXAMPLE_URL} (or: chartdesk manifest --url https://…).
# Without a public address: chartdesk manifest --socket-mode
# Where a command's name is taken: chartdesk manifest --prefix cd-, and set CHARTDESK_COMMAND_PREFIX=cd-
"""
_NAME = "Chartdesk"
_DESCRIPTION = "The records desk: codes, review tasks, accuracy flags and pending releases."
_LONG_DESCRIPTION = (
    "Chartdesk helps medical-records specialists and their supervisors with the daily work of the records desk: look up a code, "
    "take the next review task, report an accuracy problem, keep releases of information on time, and share out the work. "
    "It works with references and never needs patient data: please do not type names, dates of birth or record numbers. "
    "Deadlines are settings for you to verify, not legal advice."
)
_COLOUR = "#1f4e5f"


def manifest(prefix: str = "", url: str | None = None, *, socket_mode: bool = False) -> dict[str, Any]:
    """The app manifest as Slack's JSON.

    :param prefix: put before each command (``cd-``), where a name is taken or for a second installation.
    :param url: the public address of this installation; without it an example address stands in its place.
    :param socket_mode: the bot connects to Slack by itself, so no address is needed.
    """
    base = None if socket_mode else (url or EXAMPLE_URL).rstrip("/")
    return {
        "display_information": {
            "name": f"{_NAME} {prefix.rstrip('-_')}".strip(),
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": _COLOUR,
        },
        "features": _features(prefix, base),
        "oauth_config": _oauth(base),
        "settings": _settings(base),
    }


def manifest_file(told: dict[str, Any]) -> str:
    """A manifest as the YAML file that Slack takes, with a word on how to use it."""
    body: str = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=1000)
    return _HEADING + body


def _features(prefix: str, base: str | None) -> dict[str, Any]:
    return {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": _NAME, "always_online": True},
        "shortcuts": [
            {
                "name": "Look up a code",
                "type": "global",
                "callback_id": str(CallbackId.LOOK_UP_CODE),
                "description": "Find a medical code by words or by its number",
            },
            {
                "name": "Report a problem",
                "type": "message",
                "callback_id": str(CallbackId.FLAG_MESSAGE),
                "description": "Flag an accuracy problem on a record this message is about",
            },
            {
                "name": "Log a release request",
                "type": "message",
                "callback_id": str(CallbackId.ROI_MESSAGE),
                "description": "Log a request to release records this message is about",
            },
        ],
        "slash_commands": [_command(command, prefix, base) for command in COMMANDS],
    }


def _command(command: Command, prefix: str, base: str | None) -> dict[str, Any]:
    """One slash command. Where a coworker is named with @, Slack is to send their id instead of the name."""
    told: dict[str, Any] = {"command": command_name(command.name, prefix)}
    if base:
        told["url"] = base + REQUEST_PATH
    names_people = any("@" in usage.words for usage in command.usages)
    return told | {"description": command.summary, "usage_hint": command.hint, "should_escape": names_people}


def _oauth(base: str | None) -> dict[str, Any]:
    redirect = {"redirect_urls": [base + REDIRECT_PATH]} if base else {}
    return redirect | {"scopes": {"bot": list(BOT_SCOPES)}}


def _settings(base: str | None) -> dict[str, Any]:
    where = {"request_url": base + REQUEST_PATH} if base else {}
    menus = {"message_menu_options_url": base + REQUEST_PATH} if base else {}
    return {
        "event_subscriptions": where | {"bot_events": list(BOT_EVENTS)},
        "interactivity": {"is_enabled": True} | where | menus,
        "org_deploy_enabled": False,
        "socket_mode_enabled": base is None,
        "token_rotation_enabled": False,
    }
