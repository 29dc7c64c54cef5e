"""The sandbox as one command: the stand-in for Slack, an invented desk, and the real bot and clock beside it."""

from __future__ import annotations

import secrets
import shutil
import socket
import sys
from pathlib import Path

from bot.demo.desk import fill_desk
from bot.demo.people import DEMO_ROLES, DemoPerson
from bot.desk import utc_now
from bot.errors import Refusal
from bot.manifest import manifest
from bot.processes import CLOCK, WEB, Children, prepare
from bot.roi.due_rules import load_rules
from bot.sandbox.app_setup import AppSetup
from bot.sandbox.delivery import HttpDelivery
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from storage.database import Database

FOLDER = Path("var")
#: A database with nothing but the code set, read once; every start of the sandbox begins with a copy.
CODE_SET, DATABASE = "code-set.db", "sandbox.db"
DEFAULT_PORT = 8765
HOST = "127.0.0.1"


class PortTaken(Refusal):
    """Another program listens on the sandbox's port."""


def run_sandbox(port: int = DEFAULT_PORT, *, keep: bool = False, folder: Path = FOLDER) -> int:
    """Serve the sandbox until it is asked to stop; returns the exit code.

    :param keep: go on with the desk of the last time. Otherwise each start begins with a new one, because the messages are new too.
    :raises PortTaken: when the port is in use.
    """
    _require_free(port)
    settings = Settings(_env_file=None, database_url=f"sqlite:///{_new_desk(folder, keep=keep)}")  # type: ignore[call-arg]
    prepare(settings)
    workspace = workspace_for_demo(AppSetup.from_manifest(manifest()))
    fill(settings, workspace)
    with SandboxServer(workspace, port=port) as server:
        return _with_bot(server, workspace, settings)


def _new_desk(folder: Path, *, keep: bool) -> Path:
    """A database with the code set and an empty desk, or the last one."""
    database, code_set = folder / DATABASE, folder / CODE_SET
    if keep and database.exists():
        return database
    prepare(Settings(_env_file=None, database_url=f"sqlite:///{code_set}"))  # type: ignore[call-arg]
    for path in (database, *(database.with_name(database.name + suffix) for suffix in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    # The last connection to a SQLite file folds its write-ahead log into it, so the file alone is whole.
    shutil.copy(code_set, database)
    return database


def fill(settings: Settings, workspace: Workspace) -> None:
    """Give the sandbox's people a desk."""
    people = [
        DemoPerson(user_id, workspace.members[user_id].real_name, workspace.members[user_id].tz, roles)
        for user_id, roles in DEMO_ROLES.items()
    ]
    database = Database.open(settings.database_url)
    with database.write() as session:
        fill_desk(session, workspace.team_id, workspace.team_name, people, load_rules(), utc_now())
    database.close()


def _with_bot(server: SandboxServer, workspace: Workspace, settings: Settings) -> int:
    bot_port = _free_port()
    environment = {
        "SLACK_BOT_TOKEN": workspace.credentials.bot_token,
        "SLACK_SIGNING_SECRET": workspace.credentials.signing_secret,
        "SLACK_APP_TOKEN": "",
        "SLACK_CLIENT_ID": "",
        "SLACK_CLIENT_SECRET": "",
        "SLACK_API_URL": server.api_url,
        "HOST": HOST,
        "PORT": str(bot_port),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": "",
        "CHARTDESK_SECRET_KEY": secrets.token_hex(16),
        "CHARTDESK_COMMAND_PREFIX": "",
        "CHARTDESK_LOG_LEVEL": "WARNING",
    }
    delivery = HttpDelivery(f"http://{HOST}:{bot_port}/slack/events", workspace.credentials.signing_secret)
    server.deliver_by(delivery)
    children = Children()
    children.stop_on_signals()
    children.start(WEB, environment)
    children.start(CLOCK, environment)
    children.wait_for_port(HOST, bot_port)
    print(f"The sandbox is open: {server.url}", flush=True)  # noqa: T201 - the one line people wait for
    try:
        return children.wait()
    finally:
        delivery.close()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _require_free(port: int) -> None:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        raise PortTaken(f"Port {port} is in use. Stop the other program, or choose another: make run PORT={port + 1}") from None


if __name__ == "__main__":
    sys.exit(run_sandbox())
