"""Installing the bot into further workspaces: Slack's OAuth with our encrypted store."""

from __future__ import annotations

from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient

from bot.desk import Desk
from bot.installations import Sealer, SignedStates, WorkspaceInstallations
from bot.manifest import BOT_SCOPES

INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"


def oauth_flow(desk: Desk) -> OAuthFlow:
    """Slack's OAuth on the configured Web API address."""
    return OAuthFlow(client=WebClient(base_url=desk.settings.slack_api_url), settings=oauth_settings(desk))


def oauth_settings(desk: Desk) -> OAuthSettings:
    """How Bolt serves the install page and takes Slack's answer."""
    key = desk.settings.secret_key()
    secret = desk.settings.slack_client_secret
    return OAuthSettings(
        client_id=desk.settings.slack_client_id,
        client_secret=secret.get_secret_value() if secret else None,
        scopes=list(BOT_SCOPES),
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        installation_store=WorkspaceInstallations(desk.database, Sealer(key), desk.now),
        installation_store_bot_only=True,
        state_store=SignedStates(key, desk.coordinator),
        state_validation_enabled=True,
        token_rotation_expiration_minutes=120,
    )
