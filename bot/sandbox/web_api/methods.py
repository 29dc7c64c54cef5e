"""The methods the sandbox knows, and the scope each one needs."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.web_api import chat, conversations, installation, people, uploads, views
from bot.sandbox.web_api.calls import Method

_READ_CONVERSATIONS = ("channels:read", "groups:read", "im:read", "mpim:read")
_READ_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


@dataclass(frozen=True)
class KnownMethod:
    """A method and who may call it: ``token`` is bot, app or none; one of ``scopes`` is needed, if any is named."""

    answer: Method
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105


METHODS: dict[str, KnownMethod] = {
    "api.test": KnownMethod(installation.api_test, token="none"),  # noqa: S106
    "apps.connections.open": KnownMethod(installation.open_connection, token="app"),  # noqa: S106
    "auth.revoke": KnownMethod(installation.revoke),
    "auth.test": KnownMethod(installation.auth_test),
    "chat.delete": KnownMethod(chat.delete, ("chat:write",)),
    "chat.getPermalink": KnownMethod(chat.get_permalink),
    "chat.postEphemeral": KnownMethod(chat.post_ephemeral, ("chat:write",)),
    "chat.postMessage": KnownMethod(chat.post_message, ("chat:write",)),
    "chat.update": KnownMethod(chat.update, ("chat:write",)),
    "conversations.history": KnownMethod(conversations.history, _READ_HISTORY),
    "conversations.info": KnownMethod(conversations.info, _READ_CONVERSATIONS),
    "conversations.list": KnownMethod(conversations.list_conversations, _READ_CONVERSATIONS),
    "conversations.members": KnownMethod(conversations.list_members, _READ_CONVERSATIONS),
    "conversations.open": KnownMethod(conversations.open_conversation, ("im:write", "mpim:write")),
    "conversations.replies": KnownMethod(conversations.replies, _READ_HISTORY),
    "dnd.info": KnownMethod(people.dnd_info, ("dnd:read",)),
    "files.completeUploadExternal": KnownMethod(uploads.complete_upload, ("files:write",)),
    "files.delete": KnownMethod(uploads.delete_file, ("files:write",)),
    "files.getUploadURLExternal": KnownMethod(uploads.get_upload_url, ("files:write",)),
    "files.info": KnownMethod(uploads.file_info, ("files:read",)),
    "oauth.v2.access": KnownMethod(installation.oauth_access, token="none"),  # noqa: S106
    "team.info": KnownMethod(people.team_info, ("team:read",)),
    "users.conversations": KnownMethod(conversations.list_of_user, _READ_CONVERSATIONS),
    "users.info": KnownMethod(people.user_info, ("users:read",)),
    "users.list": KnownMethod(people.list_users, ("users:read",)),
    "views.open": KnownMethod(views.open_view),
    "views.publish": KnownMethod(views.publish_view),
    "views.push": KnownMethod(views.push_view),
    "views.update": KnownMethod(views.update_view),
}
