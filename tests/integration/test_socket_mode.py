"""Socket Mode from end to end: a process that connects by itself, with the sandbox at the other end of the line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.integration.bot_process import BotProcess, free_port, office, started, until
from tests.integration.test_processes import WEB, make_newcomer, put_tasks, state_of


@pytest.fixture
def url(code_set: Path, tmp_path: Path) -> str:
    """A database of this test's own, with the code set."""
    shutil.copy(code_set, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path}/desk.db"


@pytest.fixture
def workspace(url: str) -> Workspace:
    return office(url)


@pytest.fixture
def server(workspace: Workspace) -> Iterator[SandboxServer]:
    """A Slack that brings its requests over a WebSocket."""
    with SandboxServer(workspace) as opened:
        yield opened


def settings(server: SandboxServer, url: str, **changed: str) -> dict[str, str]:
    """A bot token and an app token, and no signing secret."""
    credentials = server.workspace.credentials
    return {
        "SLACK_BOT_TOKEN": credentials.bot_token,
        "SLACK_APP_TOKEN": credentials.app_token,
        "SLACK_API_URL": server.api_url,
        "DATABASE_URL": url,
        "PORT": str(free_port()),
        **changed,
    }


@pytest.fixture
def bot(server: SandboxServer, url: str, tmp_path: Path) -> Iterator[BotProcess]:
    with started(WEB, tmp_path, **settings(server, url)) as process:
        yield process.wait_until_ready()


def test_a_day_over_the_websocket(bot: BotProcess, server: SandboxServer, workspace: Workspace, url: str) -> None:
    [task] = put_tasks(url, workspace)
    noor = server.person("U0NOOR001")
    noor.command("/code", "E11.9")
    noor.sees("Type 2 diabetes mellitus without complications")
    noor.command("/claim")
    noor.click(noor.sees(f"{task} is yours"), "task_return")
    noor.submit(noor.needs_modal("Return to the queue"), {"reason": "end_of_shift"})
    noor.sees("back in the queue")
    assert state_of(url, task) == "available"

    assert bot.get("/healthz").json() == {"alive": True}
    assert bot.get("/readyz").json()["database"] is True
    assert bot.get("/slack/events").status_code == 404
    assert bot.end() == 0
    assert "Traceback" not in bot.printed


def test_a_listener_at_work_finishes_when_the_process_is_asked_to_stop(
    bot: BotProcess, server: SandboxServer, workspace: Workspace, url: str
) -> None:
    [task] = put_tasks(url, workspace)
    make_newcomer(url, "U0NOOR001")
    workspace.faults.time_out("users.info", seconds=1.5)
    noor = server.person("U0NOOR001")
    noor.command("/claim")
    until(lambda: not workspace.faults.planned(), "Slack is asked who Noor is")

    assert bot.end() == 0

    noor.sees(f"{task} is yours")
    assert state_of(url, task) == "claimed"
    assert "Traceback" not in bot.printed


def test_what_keeps_it_from_connecting_is_said_in_one_sentence(server: SandboxServer, url: str, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/api/"
    wrong_token, no_slack = settings(server, url, SLACK_APP_TOKEN="xapp-wrong"), settings(server, url, SLACK_API_URL=nowhere)
    with started(WEB, tmp_path, **wrong_token) as one, started(WEB, tmp_path, **no_slack) as other:
        assert [one.wait(), other.wait()] == [2, 2]
    assert "SLACK_APP_TOKEN is not accepted by Slack (invalid_auth)" in one.printed
    assert f"Slack cannot be reached at {nowhere}" in other.printed
    assert "Traceback" not in one.printed + other.printed
