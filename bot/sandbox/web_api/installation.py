"""api.test, auth.*, oauth.v2.access and apps.connections.open: the app itself."""

from __future__ import annotations

from bot.sandbox.identifiers import Json, new_id
from bot.sandbox.web_api.calls import ApiError, Call


def api_test(call: Call) -> Json:
    """api.test: hands the arguments back, and the error it is asked for."""
    if call.text("error"):
        raise ApiError(call.text("error"), {"args": call.arguments})
    return {"args": call.arguments}


def auth_test(call: Call) -> Json:
    """auth.test."""
    workspace = call.workspace
    return {
        "url": f"{call.base_url}/",
        "team": workspace.team_name,
        "user": workspace.bot_user.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user.id,
        "bot_id": workspace.bot_id,
        "app_id": workspace.app_id,
        "is_enterprise_install": False,
    }


def revoke(call: Call) -> Json:
    """auth.revoke: the token stops working unless this is only a ``test``."""
    if call.flag("test"):
        return {"revoked": False}
    call.workspace.uninstall("token_revoked")
    return {"revoked": True}


def oauth_access(call: Call) -> Json:
    """oauth.v2.access: exchanges the code a person got by allowing the app for a bot token."""
    workspace = call.workspace
    if call.text("client_id") != workspace.credentials.client_id:
        raise ApiError("invalid_client_id")
    if call.text("client_secret") != workspace.credentials.client_secret:
        raise ApiError("bad_client_secret")
    user = workspace.oauth_codes.pop(call.text("code"), None)
    if user is None:
        raise ApiError("invalid_code")
    return {
        "app_id": workspace.app_id,
        "authed_user": {"id": user},
        "scope": ",".join(workspace.app.scopes),
        "token_type": "bot",
        "access_token": workspace.install(),
        "bot_user_id": workspace.bot_user.id,
        "team": {"id": workspace.team_id, "name": workspace.team_name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """apps.connections.open: the address of a WebSocket for Socket Mode, good for one connection."""
    ticket = new_id("", 32)
    call.workspace.socket_tickets.add(ticket)
    return {"url": f"{call.base_url.replace('http', 'ws', 1)}/link/{ticket}"}
