"""Counts for Prometheus: the sums of all web workers whoever answers, and the clock's own on a port of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import httpx
import pytest

from bot.sandbox.delivery import HttpDelivery
from bot.sandbox.server import SandboxServer
from tests.integration.bot_process import HOST, free_port, office, started, until

WEB, CLOCK = ("-m", "handlers"), ("-m", "jobs")
COMMANDS = 12


@pytest.fixture
def url(code_set: Path, tmp_path: Path) -> str:
    shutil.copy(code_set, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path}/desk.db"


def counted(page: str, name: str) -> int:
    return sum(int(float(found)) for found in re.findall(rf"^{re.escape(name)} ([\d.]+)$", page, re.MULTILINE))


def test_two_web_workers_tell_the_sums_of_both_and_clear_up(url: str, tmp_path: Path) -> None:
    workspace = office(url)
    (tmp_path / "tmp").mkdir()
    with SandboxServer(workspace) as server:
        told = {
            "SLACK_BOT_TOKEN": workspace.credentials.bot_token, "SLACK_SIGNING_SECRET": workspace.credentials.signing_secret,
            "SLACK_API_URL": server.api_url, "PORT": str(free_port()), "DATABASE_URL": url, "CHARTDESK_WEB_WORKERS": "2",
            "TMPDIR": str(tmp_path / "tmp"),
        }  # fmt: skip
        with started(WEB, tmp_path, **told) as web:
            web.wait_until_ready()
            delivery = HttpDelivery(f"http://{HOST}:{web.port}/slack/events", workspace.credentials.signing_secret)
            server.deliver_by(delivery)
            noor = server.person("U0NOOR001")
            for _ in range(COMMANDS):
                noor.command("/desk")
            noor.eventually(lambda: len(noor.ephemerals()) == COMMANDS)
            answered = 'chartdesk_requests_total{kind="command",outcome="answered"}'
            until(lambda: counted(web.get("/metrics").text, answered) == COMMANDS, "all commands counted")
            pages = [web.get("/metrics").text for _ in range(8)]
            delivery.close()
            assert web.end() == 0

    assert [counted(page, answered) for page in pages] == [COMMANDS] * 8
    assert all("chartdesk_redis_up" in page for page in pages)
    assert list((tmp_path / "tmp").glob("chartdesk-counts-*")) == []


def test_the_clock_serves_its_counts_on_its_own_port_of_this_machine_alone(url: str, tmp_path: Path) -> None:
    workspace = office(url)
    port = free_port()
    with SandboxServer(workspace) as server:
        told = {
            "SLACK_BOT_TOKEN": workspace.credentials.bot_token, "SLACK_API_URL": server.api_url, "DATABASE_URL": url,
            "PORT": str(port), "CHARTDESK_CLOCK_PORT": str(port),
        }  # fmt: skip
        with started(CLOCK, tmp_path, **told) as clock:
            clock.wait_until_ready()
            page = clock.get("/metrics").text
            assert "chartdesk_oldest_notice_seconds" in page
            assert clock.get("/healthz").json() == {"alive": True}
            assert clock.get("/elsewhere").status_code == 404
            with started(CLOCK, tmp_path, **told) as second:
                assert second.wait() == 2
                assert f"CHARTDESK_CLOCK_PORT {port} on 127.0.0.1 cannot be used" in second.printed
            assert clock.end() == 0


def test_without_its_setting_the_clock_listens_nowhere(url: str, tmp_path: Path) -> None:
    workspace = office(url)
    port = free_port()
    with SandboxServer(workspace) as server:
        told = {"SLACK_BOT_TOKEN": workspace.credentials.bot_token, "SLACK_API_URL": server.api_url, "DATABASE_URL": url, "PORT": str(port)}
        with started(CLOCK, tmp_path, **told) as clock:
            until(lambda: "clock_ticks" in clock.printed, "the clock ticks")
            with pytest.raises(httpx.TransportError):
                clock.get("/metrics")
            assert clock.end() == 0
