"""Conversations: public and private channels, and direct messages with the bot."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.identifiers import Json, new_id


@dataclass
class Channel:
    """One conversation. ``user`` is set for a direct message only: the person beside the bot."""

    id: str
    name: str = ""
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_archived: bool = False
    topic: str = ""
    user: str = ""
    created: int = 0

    @property
    def is_direct(self) -> bool:
        """Whether this is the direct message between a person and the bot."""
        return bool(self.user)

    @property
    def channel_type(self) -> str:
        """``im``, ``group`` or ``channel``, as events and commands name it."""
        if self.is_direct:
            return "im"
        return "group" if self.is_private else "channel"

    @property
    def payload_name(self) -> str:
        """The name interaction payloads carry: ``directmessage`` for a direct message."""
        if self.is_direct:
            return "directmessage"
        return "privategroup" if self.is_private else self.name

    def as_conversation(self, team_id: str, caller: str) -> Json:
        """The ``channel`` object of conversations.info, as ``caller`` sees it."""
        shared: Json = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.is_archived,
            "is_im": self.is_direct,
            "is_org_shared": False,
            "context_team_id": team_id,
        }
        if self.is_direct:
            return shared | {"user": self.user, "is_open": True, "priority": 0}
        return shared | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": False,
            "is_member": caller in self.members,
            "num_members": len(self.members),
            "creator": self.members[0] if self.members else "",
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


class Channels:
    """All conversations of the workspace."""

    def __init__(self, bot_user: str) -> None:
        self._bot_user = bot_user
        self._by_id: dict[str, Channel] = {}

    def add(self, channel: Channel) -> Channel:
        """Remember a channel and return it."""
        self._by_id[channel.id] = channel
        return channel

    def create(self, name: str, members: list[str], *, is_private: bool = False, created: int = 0) -> Channel:
        """A new channel with these members; the bot is in it only when listed."""
        prefix = "G" if is_private else "C"
        return self.add(Channel(new_id(prefix), name.lstrip("#"), list(members), is_private, created=created))

    def direct(self, user: str, created: int = 0) -> Channel:
        """The direct message between this person and the bot, opened on first use."""
        for channel in self._by_id.values():
            if channel.user == user:
                return channel
        return self.add(Channel(new_id("D"), members=[user, self._bot_user], user=user, created=created))

    def find(self, reference: str) -> Channel | None:
        """The channel with this id, or with this name (``#records-desk`` or ``records-desk``)."""
        if reference in self._by_id:
            return self._by_id[reference]
        name = reference.lstrip("#")
        return next((channel for channel in self._by_id.values() if channel.name and channel.name == name), None)

    def of(self, user: str) -> list[Channel]:
        """The conversations this person (or the bot) is a member of."""
        return [channel for channel in self._by_id.values() if user in channel.members]

    def all(self) -> list[Channel]:
        """Every conversation, in the order of creation."""
        return list(self._by_id.values())
