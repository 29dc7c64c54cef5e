"""What the installed app told Slack about itself: commands, shortcuts, events, scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEFAULT_EVENTS = frozenset({
    "message.im", "app_mention", "app_home_opened", "team_join", "user_change", "app_uninstalled", "tokens_revoked",
    "file_shared",
})  # fmt: skip
DEFAULT_SCOPES = (
    "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "dnd:read", "files:read",
    "files:write", "groups:read", "im:history", "im:read", "im:write", "team:read", "users:read",
)  # fmt: skip


@dataclass(frozen=True)
class SlashCommand:
    """A slash command as the manifest describes it. ``should_escape`` turns ``@name`` into ``<@U…|name>``."""

    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A global shortcut, or one in the menu of a message (``on_message``)."""

    callback_id: str
    name: str
    description: str = ""
    on_message: bool = False


@dataclass(frozen=True)
class AppSetup:
    """The installed app: its name and what it subscribed to."""

    name: str = "Chartdesk"
    commands: tuple[SlashCommand, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = DEFAULT_EVENTS
    scopes: tuple[str, ...] = DEFAULT_SCOPES

    def command(self, name: str) -> SlashCommand | None:
        """The command of this name (with its slash), or None."""
        return next((command for command in self.commands if command.name == name), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        """The shortcut with this callback id, or None."""
        return next((shortcut for shortcut in self.shortcuts if shortcut.callback_id == callback_id), None)

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> AppSetup:
        """Read an app manifest (the YAML or JSON file as a dict): features, scopes and bot events."""
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", DEFAULT_SCOPES)
        return cls(
            name=manifest.get("display_information", {}).get("name", "App"),
            commands=tuple(_read_command(entry) for entry in features.get("slash_commands", ())),
            shortcuts=tuple(_read_shortcut(entry) for entry in features.get("shortcuts", ())),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            scopes=tuple(scopes),
        )


def _read_command(entry: Mapping[str, Any]) -> SlashCommand:
    return SlashCommand(
        entry["command"], entry.get("description", ""), entry.get("usage_hint", ""), bool(entry.get("should_escape"))
    )


def _read_shortcut(entry: Mapping[str, Any]) -> Shortcut:
    return Shortcut(
        entry["callback_id"], entry["name"], entry.get("description", ""), on_message=entry.get("type") == "message"
    )
