"""Workspaces that installed the bot: their tokens, encrypted, and their first admin."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from logging import Logger, getLogger

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from slack_sdk.oauth import InstallationStore, OAuthStateStore
from slack_sdk.oauth.installation_store import Bot, Installation

from bot.actors import Identity
from bot.errors import Refusal
from bot.people import meet
from bot.settings import Settings
from storage.coordination import Coordinator
from storage.database import Database
from storage.tables import Workspace

#: How long somebody may take between pressing "Add to Slack" and allowing it.
STATE_SECONDS = 600


class KeyChanged(Refusal):
    """CHARTDESK_SECRET_KEY is not the one this workspace was installed with. Restore it, or install the bot again."""


class Sealer:
    """Encrypts tokens with the installation's key (Fernet: AES-CBC with an HMAC)."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"tokens:" + key).digest()))

    def seal(self, text: str) -> bytes:
        """Encrypt."""
        return self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str:
        """Decrypt.

        :raises KeyChanged: when it was sealed with another key.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise KeyChanged from None


def bot_token(workspace: Workspace, settings: Settings) -> str | None:
    """The token to speak with in this workspace, or None when it has none any more."""
    if workspace.bot_token is not None:
        return Sealer(settings.secret_key()).unseal(workspace.bot_token)
    return settings.bot_token()


def require_same_key(database: Database, settings: Settings) -> None:
    """Look at start whether the tokens of installed workspaces can still be read.

    :raises KeyChanged: when they cannot.
    :raises SettingsError: when there are some, or will be, and no key is set.
    """
    with database.read() as session:
        sealed = session.scalars(sa.select(Workspace.bot_token).where(Workspace.bot_token.is_not(None)).limit(1)).first()
    if sealed is not None or settings.by_oauth:
        sealer = Sealer(settings.secret_key())
        if sealed is not None:
            sealer.unseal(sealed)


class WorkspaceInstallations(InstallationStore):
    """Bolt's installation store over our own table. Whoever installs first in a workspace becomes its admin."""

    def __init__(self, database: Database, sealer: Sealer, now: Callable[[], datetime]) -> None:
        self.database = database
        self.sealer = sealer
        self.now = now

    @property
    def logger(self) -> Logger:
        """Where the base class logs."""
        return getLogger(__name__)

    def save(self, installation: Installation) -> None:
        """Keep what Slack gave us at installation."""
        who = Identity(installation.team_id or "", installation.user_id)
        with self.database.write() as session:
            meet(session, who, self.now())
            workspace = session.scalars(sa.select(Workspace).where(Workspace.team_id == who.team_id)).one()
            workspace.name = installation.team_name or workspace.name
            workspace.bot_token = self.sealer.seal(installation.bot_token or "")
            workspace.bot_user_id = installation.bot_user_id
            workspace.bot_scopes = ",".join(installation.bot_scopes or [])
            workspace.active = True
            workspace.installed_by = workspace.installed_by or installation.user_id
            meet(session, who, self.now())

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of a workspace, or None when it is not installed there."""
        workspace = self._workspace(team_id)
        if workspace is None or workspace.bot_token is None:
            return None
        return Bot(
            bot_token=self.sealer.unseal(workspace.bot_token),
            bot_id="",
            bot_user_id=workspace.bot_user_id or "",
            bot_scopes=workspace.bot_scopes or "",
            team_id=workspace.team_id,
            enterprise_id=enterprise_id,
            is_enterprise_install=is_enterprise_install,
            installed_at=workspace.created_at.timestamp(),
        )

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The installation of a workspace; the bot has no user tokens."""
        bot = self.find_bot(enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install)
        if bot is None:
            return None
        return Installation(
            user_id=user_id or "", team_id=team_id, enterprise_id=enterprise_id, bot_token=bot.bot_token,
            bot_id=bot.bot_id, bot_user_id=bot.bot_user_id, bot_scopes=bot.bot_scopes,
            is_enterprise_install=is_enterprise_install, installed_at=bot.installed_at,
        )  # fmt: skip

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:  # noqa: ARG002 - Bolt's signature
        """Forget the token of a workspace that removed the bot; its work stays."""
        with self.database.write() as session:
            session.execute(
                sa.update(Workspace).where(Workspace.team_id == team_id).values(bot_token=None, active=False)
            )

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """The bot has no user tokens to forget."""

    def _workspace(self, team_id: str | None) -> Workspace | None:
        with self.database.read() as session:
            return session.scalars(sa.select(Workspace).where(Workspace.team_id == team_id)).first()


class SignedStates(OAuthStateStore):
    """The state that travels through Slack's consent page: signed, short-lived, used once. Nothing is stored for those who never return."""

    def __init__(self, key: bytes, coordinator: Coordinator) -> None:
        self._key = b"oauth-state:" + key
        self._coordinator = coordinator

    def issue(self, *_args: object, **_kwargs: object) -> str:
        """Make a new state."""
        said = f"{int(time.time()) + STATE_SECONDS}.{secrets.token_urlsafe(12)}"
        return f"{said}.{self._sign(said)}"

    def consume(self, state: str) -> bool:
        """Whether the state is ours, fresh, and not used before."""
        said, _, signature = state.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(said).encode()) or int(said.split(".")[0]) < time.time():
            return False
        return self._coordinator.once(f"oauth-state:{signature}", ttl_seconds=STATE_SECONDS)

    def _sign(self, said: str) -> str:
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()
