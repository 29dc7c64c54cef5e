"""What the doctor looks at. Each check is a line: whether it is well, and if not, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.codes.catalogue import editions
from bot.database_trouble import sentence_about
from bot.desk import utc_now
from bot.errors import Refusal
from bot.health import CLOCK, CLOCK_SILENT
from bot.settings import Settings, load_settings, require_slack
from storage import migrations
from storage.coordination import open_coordinator
from storage.database import Database, parse_url
from storage.tables import Heartbeat, Workspace

#: Slack is asked once and not waited for longer, in seconds.
SLACK_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what it says."""

    name: str
    ok: bool
    says: str


def examine() -> list[Check]:
    """Look at everything. Nothing is changed, and nothing that is wrong stops the rest."""
    try:
        settings = load_settings()
    except Refusal as refusal:
        return [Check("settings", ok=False, says=refusal.sentence)]
    return [
        *_settings(settings),
        *_database(settings),
        *_shared_memory(settings),
        *_slack(settings),
    ]


def _settings(settings: Settings) -> Iterator[Check]:
    try:
        if parse_url(settings.database_url).get_backend_name() != "sqlite":
            settings.secret_key()
        require_slack(settings)
    except Refusal as refusal:
        yield Check("settings", ok=False, says=refusal.sentence)
        return
    way = "Socket Mode" if settings.slack_app_token else f"HTTP on port {settings.port}"
    yield Check("settings", ok=True, says=f"complete; Slack by {way}")


def _database(settings: Settings) -> Iterator[Check]:
    database = Database.open(settings.database_url)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    try:
        migrations.require_current(database)
        yield Check("database", ok=True, says=f"{kind}, up to date at revision {migrations.head()}")
        yield _codes(database)
        yield _workspaces(database)
        yield from _heartbeats(database, utc_now())
    except migrations.NotMigrated as error:
        yield Check("database", ok=False, says=str(error))
    except sa.exc.OperationalError as error:
        yield Check("database", ok=False, says=sentence_about(error, settings))
    finally:
        database.close()


def _codes(database: Database) -> Check:
    with database.read() as session:
        found = editions(session)
    if not found:
        return Check("code set", ok=False, says="none is loaded. Run: chartdesk db upgrade")
    return Check("code set", ok=True, says="; ".join(f"{each.title}, {each.concept_count:,} codes" for each in found))


def _workspaces(database: Database) -> Check:
    with database.read() as session:
        teams = session.scalars(sa.select(Workspace.team_id).where(Workspace.active).order_by(Workspace.team_id)).all()
    return Check(
        "workspaces", ok=True, says=", ".join(teams) or "none yet; one appears when the bot is first used in Slack"
    )


def _heartbeats(database: Database, now: datetime) -> Iterator[Check]:
    """How long ago each process gave a sign of life; without any living clock nobody is reminded."""
    with database.read() as session:
        beats = session.scalars(sa.select(Heartbeat).order_by(Heartbeat.process)).all()
    ages = {beat.process: now - beat.at for beat in beats}
    alive = {process: age for process, age in ages.items() if age < CLOCK_SILENT}
    for process, age in alive.items():
        yield Check(process, ok=True, says=f"alive {max(int(age.total_seconds()), 0)} s ago")
    if any(process.startswith(CLOCK) for process in alive):
        return
    last = min((age for process, age in ages.items() if process.startswith(CLOCK)), default=None)
    since = f"has been silent for {int(last.total_seconds() // 60)} min" if last else "has never run"
    yield Check("clock", ok=False, says=f"{since}, so nobody is reminded. Start: chartdesk clock (or chartdesk run)")


def _shared_memory(settings: Settings) -> Iterator[Check]:
    if not settings.redis_url:
        yield Check("Redis", ok=True, says="not set; right for one machine. Several machines need REDIS_URL")
        return
    coordinator = open_coordinator(settings.redis_url)
    try:
        well = coordinator.healthy()
    finally:
        coordinator.close()
    says = "answers" if well else "does not answer. Check REDIS_URL; until then limits hold for each process alone"
    yield Check("Redis", ok=well, says=says)


def _slack(settings: Settings) -> Iterator[Check]:
    token = settings.bot_token()
    if token is None:
        return
    client = WebClient(token=token, base_url=settings.slack_api_url, timeout=SLACK_SECONDS, retry_handlers=[])
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        why = error.response.get("error", "an error")
        yield Check(
            "Slack",
            ok=False,
            says=f"refuses the bot token ({why}). Copy SLACK_BOT_TOKEN again from OAuth & Permissions",
        )
    except (SlackClientError, OSError) as error:
        yield Check(
            "Slack",
            ok=False,
            says=f"cannot be reached at {settings.slack_api_url} ({type(error).__name__}). Check the network and SLACK_API_URL",
        )
    else:
        yield Check(
            "Slack",
            ok=True,
            says=f"knows the bot as {answer.get('user')} in {answer.get('team')} ({answer.get('team_id')})",
        )
