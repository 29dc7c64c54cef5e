"""Settings, read from the environment (or a ``.env`` file) once at start and checked before anything else happens."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import Refusal
from storage.database import DatabaseUrlError, parse_url

SLACK_API = "https://slack.com/api/"
KEY_LENGTH = 32


class SettingsError(Refusal):
    """A setting is wrong or missing."""


class Settings(BaseSettings):
    """How this installation runs. Field names are the variables' names in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", case_sensitive=False)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 3000
    database_url: str = "sqlite:///var/chartdesk.db"
    redis_url: str | None = None
    chartdesk_secret_key: SecretStr | None = None
    chartdesk_admins: Annotated[tuple[str, ...], NoDecode] = ()
    chartdesk_command_prefix: str = ""
    chartdesk_clock_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    chartdesk_web_workers: Annotated[int, Field(ge=1, le=32)] = 1
    chartdesk_listener_threads: Annotated[int, Field(ge=20, le=128)] = 32
    chartdesk_log_level: str = "INFO"
    chartdesk_log_json: bool = False

    @field_validator(
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_client_id",
        "slack_client_secret",
        "redis_url",
        "chartdesk_secret_key",
        "chartdesk_clock_port",
        mode="before",
    )
    @classmethod
    def _empty_is_missing(cls, value: Any) -> Any:  # noqa: ANN401 - before validation anything may stand here
        return None if value == "" else value

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if not re.match(r"https?://[^\s]+$", value):
            raise ValueError("must be a web address such as https://slack.com/api/")
        return value.rstrip("/") + "/"

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        try:
            parse_url(value)
        except DatabaseUrlError as error:
            raise ValueError("must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME") from error
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_url(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"(rediss?|unix)://", value):
            raise ValueError("must be redis://HOST:PORT/0, rediss://… or unix://…")
        return value

    @field_validator("chartdesk_admins", mode="before")
    @classmethod
    def _admins(cls, value: Any) -> Any:  # noqa: ANN401
        names = tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
        wrong = [name for name in names if not re.fullmatch(r"[UW][A-Z0-9]{2,}", name)]
        if wrong:
            raise ValueError(
                f"must be Slack member ids such as U012AB3CD, separated by commas; {wrong[0]!r} is not one"
            )
        return names

    @field_validator("chartdesk_command_prefix")
    @classmethod
    def _prefix(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z0-9_-]{0,12}", value):
            raise ValueError("may hold up to 12 small letters, digits, - and _, such as cd-")
        return value

    @field_validator("chartdesk_log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"INFO", "WARNING", "ERROR"}:
            raise ValueError("must be INFO, WARNING or ERROR; finer levels would print what people typed")
        return value.upper()

    @property
    def by_oauth(self) -> bool:
        """Whether several workspaces may install this bot."""
        return bool(self.slack_client_id and self.slack_client_secret)

    def bot_token(self) -> str | None:
        """The token of the only workspace, when there is only one."""
        return self.slack_bot_token.get_secret_value() if self.slack_bot_token else None

    def secret_key(self) -> bytes:
        """The key for hashes and encryption: the setting, or on SQLite a key file beside the database made on first use.

        :raises SettingsError: on PostgreSQL without the setting, because several machines must share it.
        """
        if self.chartdesk_secret_key:
            return self.chartdesk_secret_key.get_secret_value().encode()
        url = parse_url(self.database_url)
        if url.get_backend_name() != "sqlite":
            raise SettingsError("CHARTDESK_SECRET_KEY is missing. Set it to a long random text and keep it safe.")
        return _key_beside(Path(url.database or ""))


def _key_beside(database: Path) -> bytes:
    """The key in the file beside the database. Of two processes that start together for the first time one makes it, and both read it."""
    path = database.with_suffix(".key")
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), open(path, "xb", opener=_for_the_owner_only) as file:
        file.write(secrets.token_hex(KEY_LENGTH).encode())
    for _ in range(100):
        if key := path.read_bytes().strip():
            return key
        time.sleep(0.01)
    raise SettingsError(f"{path} is empty, and should hold this installation's key. Restore it, or set CHARTDESK_SECRET_KEY.")


def _for_the_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


#: What pydantic calls a wrong value, in our words.
_WRONG = {
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "bool_parsing": "must be true or false",
}


def load_settings(given: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings from the environment; ``given`` overrides it by field name.

    :raises SettingsError: one sentence a person can act on, for the first setting that is wrong.
    """
    try:
        return Settings(**dict(given or {}))
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "A setting"
        said = _WRONG.get(first["type"], str(first["msg"]).removeprefix("Value error, ")).format(**first.get("ctx", {}))
        raise SettingsError(f"{name} {said[0].lower() + said[1:]}.") from None


def require_slack(settings: Settings) -> None:
    """Check what a process that talks with Slack cannot do without.

    :raises SettingsError: naming the missing variable and where to find its value.
    """
    if settings.slack_client_id and not settings.slack_client_secret:
        raise SettingsError("SLACK_CLIENT_SECRET is missing (Basic Information of your Slack app); SLACK_CLIENT_ID needs it.")
    if settings.slack_client_secret and not settings.slack_client_id:
        raise SettingsError("SLACK_CLIENT_ID is missing (Basic Information of your Slack app); SLACK_CLIENT_SECRET needs it.")
    if not settings.slack_bot_token and not settings.by_oauth:
        raise SettingsError(
            "SLACK_BOT_TOKEN is missing. Copy it from your Slack app under OAuth & Permissions, or try the bot without Slack: make run."
        )
    if not settings.slack_app_token and not settings.slack_signing_secret:
        raise SettingsError(
            "SLACK_SIGNING_SECRET is missing (Basic Information of your Slack app). With SLACK_APP_TOKEN instead, the bot uses Socket Mode."
        )
