"""How quickly codes are offered while people type: ``python -m tests.benchmarks.bench_type_ahead``.

The real web process, asked over HTTP by signed requests as Slack sends them, by twenty people who type at once: four letters a second each, as fast typists
do, and then without any pause. The bare round trip (``/healthz``, same process, same clients) stands beside it. Goal: within 300 ms under 20 users.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier

from bot.codes.shipped import load_shipped_edition
from bot.demo.people import DemoPerson, settle_people
from bot.desk import utc_now
from bot.manifest import manifest
from bot.sandbox.app_setup import AppSetup
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.server import SandboxServer
from storage import migrations
from storage.database import Database
from storage.words import Role
from tests.integration.bot_process import HOST, free_port, started

USERS, ROUNDS, RUNS, GOAL_MS, A_SECOND = 20, 3, 3, 300.0, 4.0
TYPED = ("pneumonia klebsiella", "e11.65", "broken wrist left", "chf exacerbation", "s52.501a", "diabtes neuropathy", "j18", "fall from ladder")
TEAM_USERS = [f"U0TYPIST{number:02}" for number in range(USERS)]


class Typist:
    """One person with a keyboard and a connection of their own."""

    def __init__(self, user: str, team: str, secret: str, port: int) -> None:
        self.user, self.team = user, team
        self.verifier = SignatureVerifier(secret)
        self.client = httpx.Client(base_url=f"http://{HOST}:{port}", timeout=30, trust_env=False)

    def ask(self, typed: str) -> float:
        """Milliseconds until codes are offered for what stands in the field."""
        payload = {
            "type": "block_suggestion", "action_id": "codes", "block_id": "codes", "value": typed, "api_app_id": "A0BENCH",
            "user": {"id": self.user, "team_id": self.team}, "team": {"id": self.team}, "container": {"type": "view", "view_id": "V1"},
        }  # fmt: skip
        body = urlencode({"payload": json.dumps(payload)})
        stamp = str(int(time.time()))
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": self.verifier.generate_signature(timestamp=stamp, body=body) or "",
        }
        start = time.perf_counter()
        answer = self.client.post("/slack/events", content=body, headers=headers)
        spent = (time.perf_counter() - start) * 1000
        assert answer.is_success, answer.text
        assert "options" in answer.json()
        return spent

    def knock(self, _typed: str) -> float:
        """Milliseconds of the bare round trip."""
        start = time.perf_counter()
        assert self.client.get("/healthz").is_success
        return (time.perf_counter() - start) * 1000


def letters(at: int) -> list[str]:
    """What stands in the field after each letter, from the second on; everybody begins with another question."""
    lines = [TYPED[(at + number) % len(TYPED)] for number in range(ROUNDS)]
    return [line[:length] for line in lines for length in range(2, len(line) + 1)]


def measure(typists: Sequence[Typist], ask: Callable[[Typist, str], float], a_second: float | None) -> list[float]:
    """Everybody types at once; the times of all answers, sorted."""

    def type_all(at: int) -> list[float]:
        times = []
        for typed in letters(at):
            times.append(ask(typists[at], typed))
            if a_second:
                time.sleep(max(0.0, 1 / a_second - times[-1] / 1000))
        return times

    with ThreadPoolExecutor(len(typists)) as hands:
        return sorted(spent for times in hands.map(type_all, range(len(typists))) for spent in times)


def line(what: str, times: Sequence[float]) -> float:
    """Print one line; returns the 99th percentile."""
    at = {share: times[min(len(times) - 1, int(share * len(times)))] for share in (0.5, 0.95, 0.99)}
    inside = 100 * sum(spent <= GOAL_MS for spent in times) / len(times)
    sys.stdout.write(
        f"{what:<42}{len(times):>7}{at[0.5]:>9.1f}{at[0.95]:>9.1f}{at[0.99]:>9.1f}{times[-1]:>9.1f}{inside:>14.1f} %\n"
    )
    sys.stdout.flush()
    return at[0.99]


def main() -> int:
    """Print the table; exit code 1 when the 99th percentile at a person's pace misses the goal in every run: other work on the machine counts too."""
    workspace = workspace_for_demo(AppSetup.from_manifest(manifest()))
    with tempfile.TemporaryDirectory() as place, SandboxServer(workspace) as slack:
        url = f"sqlite:///{Path(place) / 'desk.db'}"
        _prepare(url, workspace.team_id, workspace.team_name)
        port, secret = free_port(), workspace.credentials.signing_secret
        environment = {
            "DATABASE_URL": url, "HOST": HOST, "PORT": str(port), "SLACK_API_URL": slack.api_url, "CHARTDESK_SECRET_KEY": "for this bench only",
            "SLACK_BOT_TOKEN": workspace.credentials.bot_token, "SLACK_SIGNING_SECRET": secret,
        }  # fmt: skip
        with started(["-m", "handlers"], Path(place), **environment) as web:
            web.wait_until_ready()
            typists = [Typist(user, workspace.team_id, secret, port) for user in TEAM_USERS]
            for typist in typists:
                typist.ask("diabetes")
            sys.stdout.write(f"{'':<42}{'asked':>7}{'p50 ms':>9}{'p95':>9}{'p99':>9}{'slowest':>9}{'within 300 ms':>16}\n")
            line(f"{USERS} users, bare round trip", measure(typists, Typist.knock, A_SECOND))
            paced = [measure(typists, Typist.ask, A_SECOND) for _ in range(RUNS)]
            slow = min(line(f"{USERS} users, {A_SECOND:.0f} letters a second each, run {run}", times) for run, times in enumerate(paced, 1))
            line(f"{USERS} users without a pause", measure(typists, Typist.ask, None))
    return 0 if slow <= GOAL_MS else 1


def _prepare(url: str, team: str, name: str) -> None:
    database = Database.open(url)
    migrations.upgrade(database)
    load_shipped_edition(database, utc_now())
    people = [DemoPerson(user, user.title(), "America/New_York", (Role.SPECIALIST,)) for user in TEAM_USERS]
    with database.write() as session:
        settle_people(session, team, name, people, utc_now())
    database.close()


if __name__ == "__main__":
    raise SystemExit(main())
