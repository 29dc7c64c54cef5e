"""The doctor says what is wrong and what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.desk import utc_now
from storage.database import Database
from storage.tables import Heartbeat
from tests.unit.command_line.conftest import Chartdesk


class AnsweringSlack(BaseHTTPRequestHandler):
    """Answers auth.test for one token."""

    def do_POST(self) -> None:
        """Say who the token is."""
        well = self.headers["Authorization"] == "Bearer xoxb-right"
        answer = (
            {"ok": True, "user": "chartdesk", "team": "Lakeside", "team_id": "T0AAA"}
            if well
            else {"ok": False, "error": "invalid_auth"}
        )
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
        """Stay silent."""


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), AnsweringSlack)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("SLACK_API_URL", f"http://127.0.0.1:{server.server_port}/api/")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "secret")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def said(chartdesk: Chartdesk) -> dict[str, tuple[bool, str]]:
    return {check["check"]: (check["ok"], check["says"]) for check in json.loads(chartdesk("doctor", "--json").out)}


def beat(folder: Path, process: str, ago: timedelta) -> None:
    database = Database.open(f"sqlite:///{folder}/cli.db")
    with database.write() as session:
        session.merge(Heartbeat(process=process, at=utc_now() - ago))
    database.close()


def test_an_installation_with_nothing_is_told_step_by_step(chartdesk: Chartdesk) -> None:
    ended = chartdesk("doctor")
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "problem  settings: SLACK_BOT_TOKEN is missing. Copy it from your Slack app under OAuth & Permissions, or try the bot without Slack: make run.",
        "problem  database: This database has no tables yet. Run: chartdesk db upgrade",
        "ok       Redis: not set; right for one machine. Several machines need REDIS_URL",
    ]


def test_a_wrong_setting_is_the_first_thing_told(chartdesk: Chartdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    assert chartdesk("doctor").out.startswith("problem  settings: DATABASE_URL must be")


def test_a_silent_clock_is_a_problem_and_a_ticking_one_is_not(desk_ready: Chartdesk, folder: Path) -> None:
    assert said(desk_ready)["clock"] == (
        False,
        "has never run, so nobody is reminded. Start: chartdesk clock (or chartdesk run)",
    )
    beat(folder, "clock", timedelta(minutes=10))
    assert said(desk_ready)["clock"][1].startswith("has been silent for 10 min")
    beat(folder, "clock", timedelta(seconds=3))
    well, says = said(desk_ready)["clock"]
    assert well
    assert says.startswith("alive")


def test_slack_is_asked_who_the_token_is(desk_ready: Chartdesk, slack: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-right")
    assert said(desk_ready)["Slack"] == (True, "knows the bot as chartdesk in Lakeside (T0AAA)")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    well, says = said(desk_ready)["Slack"]
    assert not well
    assert says.startswith("refuses the bot token (invalid_auth)")


def test_slack_out_of_reach_is_told(desk_ready: Chartdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-right")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    well, says = said(desk_ready)["Slack"]
    assert not well
    assert "Check the network and SLACK_API_URL" in says


def test_redis_that_does_not_answer_is_told_and_json_stays_alone_on_standard_output(
    desk_ready: Chartdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own, because what is logged about it must not mix with the answer."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", "--json"], capture_output=True, text=True, check=False
    )
    redis = next(check for check in json.loads(ended.stdout) if check["check"] == "Redis")
    assert not redis["ok"]
    assert redis["says"].startswith("does not answer. Check REDIS_URL")


def test_everything_well_ends_with_0(
    desk_ready: Chartdesk, slack: None, redis_url: str, code_set: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "cli.db").write_bytes(code_set.read_bytes())
    beat(folder, "clock", timedelta(seconds=1))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-right")
    monkeypatch.setenv("REDIS_URL", redis_url)
    ended = desk_ready("doctor")
    assert ended.code == 0, ended.out
    assert [line.split()[0] for line in ended.out.splitlines()] == ["ok"] * 7
    assert "codes" in ended.out
