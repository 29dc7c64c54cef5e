"""The people of the sandbox workspace and the time it is where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.identifiers import Json

_ZONE_LABELS = {
    "EST": "Eastern Standard Time",
    "EDT": "Eastern Daylight Time",
    "CST": "Central Standard Time",
    "CDT": "Central Daylight Time",
    "MST": "Mountain Standard Time",
    "MDT": "Mountain Daylight Time",
    "PST": "Pacific Standard Time",
    "PDT": "Pacific Daylight Time",
    "AKST": "Alaska Standard Time",
    "AKDT": "Alaska Daylight Time",
    "HST": "Hawaii Standard Time",
    "UTC": "Coordinated Universal Time",
}


@dataclass
class Member:
    """One account of the workspace: a person, or the bot's own user."""

    id: str
    real_name: str
    tz: str = "America/New_York"
    title: str = ""
    name: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    bot_id: str = ""
    do_not_disturb: tuple[datetime, datetime] | None = None

    def __post_init__(self) -> None:
        self.name = self.name or self.real_name.lower().replace(" ", ".")

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone, for showing dates as they see them."""
        return ZoneInfo(self.tz)

    def as_user(self, team_id: str, now: datetime) -> Json:
        """The ``user`` object of users.info; without e-mail, as for an app lacking that scope."""
        local = now.astimezone(self.zone)
        offset = local.utcoffset()
        zone_name = local.tzname() or self.tz
        user: Json = {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "profile": self._profile(team_id),
        }
        if not self.deleted:
            user |= {
                "tz": self.tz,
                "tz_label": _ZONE_LABELS.get(zone_name, zone_name),
                "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            }
        return user

    def _profile(self, team_id: str) -> Json:
        profile: Json = {
            "title": self.title,
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "team": team_id,
        }
        return profile | ({"bot_id": self.bot_id} if self.bot_id else {})
