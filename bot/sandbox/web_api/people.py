"""users.*, team.info and dnd.info: who is there, and whether they want quiet."""

from __future__ import annotations

from bot.sandbox.identifiers import Json
from bot.sandbox.web_api.addressees import find_member
from bot.sandbox.web_api.calls import Call
from bot.sandbox.web_api.paging import page_of


def user_info(call: Call) -> Json:
    """users.info."""
    return {"user": find_member(call).as_user(call.workspace.team_id, call.workspace.now())}


def list_users(call: Call) -> Json:
    """users.list, the bot and deactivated people included."""
    page, cursor = page_of(call, list(call.workspace.members.values()))
    now = call.workspace.now()
    return {
        "members": [member.as_user(call.workspace.team_id, now) for member in page],
        "cache_ts": int(now.timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def team_info(call: Call) -> Json:
    """team.info."""
    return {"team": {"id": call.workspace.team_id, "name": call.workspace.team_name, "domain": "sandbox", "icon": {}}}


def dnd_info(call: Call) -> Json:
    """dnd.info: the next stretch of "do not disturb", as seconds since 1970."""
    member = find_member(call) if call.text("user") else call.workspace.bot_user
    stretch = member.do_not_disturb
    if stretch is None:
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    start, end = (int(moment.timestamp()) for moment in stretch)
    return {"dnd_enabled": True, "next_dnd_start_ts": start, "next_dnd_end_ts": end}
