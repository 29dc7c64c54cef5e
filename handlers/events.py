"""What happens in Slack around the desk: messages to the bot, changed profiles, files."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from bot.actors import Identity
from handlers.boundary import Boundary
from handlers.call import EventCall, unescaped
from handlers.codes import answer_words
from handlers.flags import answer_in_thread
from handlers.intake import on_files

#: Messages that are not somebody's own new words.
_NOT_WORDS = frozenset({"message_changed", "message_deleted", "bot_message", "channel_join"})


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.event("message", on_message)
    _register_profile_changes(boundary.app, boundary)
    if boundary.desk.settings.by_oauth:
        boundary.app.enable_token_revocation_listeners()


def on_message(call: EventCall) -> None:
    """Plain words to the bot are a lookup, under a flag's card a comment; a file may be a work list."""
    if call.event.get("channel_type") != "im" or call.event.get("subtype") in _NOT_WORDS:
        return
    if call.event.get("files"):
        on_files(call)
        return
    text = unescaped(str(call.event.get("text") or "")).strip()
    if text and not (call.thread_ts and answer_in_thread(call, text)):
        answer_words(call, text)


def _register_profile_changes(app: App, boundary: Boundary) -> None:
    """Slack tells of every changed profile; the zone matters for when notices may come."""

    def on_user_change(event: dict[str, Any], body: dict[str, Any]) -> None:
        user = event.get("user", {})
        profile = user.get("profile", {})
        boundary.desk.know_profile(
            Identity(str(user.get("team_id") or body.get("team_id") or ""), str(user.get("id") or "")),
            name=profile.get("display_name") or profile.get("real_name") or user.get("name", ""),
            zone=user.get("tz") or "",
            deleted=bool(user.get("deleted")),
        )

    app.event("user_change")(on_user_change)
