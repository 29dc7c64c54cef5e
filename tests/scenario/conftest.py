"""An office for scenario tests: the real Bolt app, signed requests, and a stand-in for Slack that refuses what Slack refuses."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk.signature import SignatureVerifier
from structlog.processors import format_exc_info
from structlog.testing import capture_logs

from bot.codes.search.index import CodeIndex
from bot.demo.people import DEMO_ROLES, DemoPerson, settle_people
from bot.desk import Desk
from bot.manifest import manifest
from bot.reviews.creation import TaskFacts, create_tasks
from bot.sandbox.acting import Person
from bot.sandbox.app_setup import AppSetup
from bot.sandbox.delivery import Delivery, Reply, encode_body
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from handlers.app import build_app
from jobs.sender import Sender
from storage.words import TaskType
from tests.desk_fixtures import StandingClock


class SignedDelivery(Delivery):
    """Hands signed requests straight to Bolt, without a socket between."""

    def __init__(self, app: App, secret: str, executor: ThreadPoolExecutor) -> None:
        self.app = app
        self.verifier = SignatureVerifier(secret)
        self.executor = executor

    def post(self, kind: str, body: dict[str, Any], headers: Mapping[str, str]) -> Reply:
        """Sign and dispatch."""
        content_type, encoded = encode_body(kind, body)
        stamp = str(int(time.time()))
        signature = self.verifier.generate_signature(timestamp=stamp, body=encoded)
        signed = {
            **headers,
            "content-type": content_type,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature or "",
        }
        answer = self.app.dispatch(BoltRequest(body=encoded, headers=signed))
        return Reply(answer.status, {name: values[0] for name, values in answer.headers.items()}, answer.body or "")

    def settle(self) -> None:
        """Wait until no listener is at work."""
        deadline = time.monotonic() + 5
        while _busy(self.executor) and time.monotonic() < deadline:
            time.sleep(0.005)


def _busy(executor: ThreadPoolExecutor) -> bool:
    return executor._work_queue.qsize() > 0 or executor._idle_semaphore._value < len(executor._threads)


@dataclass
class Office:
    """The desk, its people, and Slack as they see it."""

    desk: Desk
    server: SandboxServer
    workspace: Workspace
    clock: StandingClock
    delivery: SignedDelivery
    logs: list[MutableMapping[str, Any]]
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, user_id: str) -> Person:
        """Somebody to act as."""
        if user_id not in self.people:
            self.people[user_id] = self.server.person(user_id)
        return self.people[user_id]

    @property
    def noor(self) -> Person:
        """A specialist in New York."""
        return self.person("U0NOOR001")

    @property
    def tomas(self) -> Person:
        """A specialist and auditor in Los Angeles."""
        return self.person("U0TOMAS01")

    @property
    def grace(self) -> Person:
        """The release-of-information specialist."""
        return self.person("U0GRACE01")

    @property
    def priya(self) -> Person:
        """The supervisor, who is also the admin."""
        return self.person("U0PRIYA01")

    @property
    def daniel(self) -> Person:
        """The privacy officer."""
        return self.person("U0DANIEL1")

    @property
    def workspace_id(self) -> int:
        """The key of the workspace."""
        with self.desk.database.read() as session:
            from storage.tables import Workspace as Row

            return session.query(Row.id).execution_options(all_workspaces=True).order_by(Row.id).limit(1).scalar() or 0

    def new_task(self, **facts: Any) -> str:
        """Put one review task into the queue; returns its reference."""
        given = TaskFacts(**{"type": TaskType.DATA_QUALITY_CHECK, "aged_from": self.clock().date(), **facts})
        with self.desk.database.write() as session:
            from bot.actors import desk_actor

            [task] = create_tasks(session, desk_actor(session, self.workspace_id, "test"), self.clock(), [given])
            return task.reference

    def deliver_notices(self) -> int:
        """Let the senders run until nothing is due; returns how many rows they took up."""
        sender, taken = Sender(self.desk), 0
        while count := sender.send_due():
            taken += count
        return taken


@pytest.fixture
def office(
    request: pytest.FixtureRequest, settings: Settings, clock: StandingClock, code_index: CodeIndex
) -> Iterator[Office]:
    """The demonstration's five people at an empty desk. A fault in the log fails the test, unless it is marked ``expects_faults``."""
    expects_faults = request.node.get_closest_marker("expects_faults") is not None
    workspace = workspace_for_demo(AppSetup.from_manifest(manifest()), clock)
    with capture_logs(processors=[format_exc_info]) as logs, SandboxServer(workspace) as server:
        told = {
            "slack_bot_token": workspace.credentials.bot_token,
            "slack_signing_secret": workspace.credentials.signing_secret,
            "slack_api_url": server.api_url,
        }
        desk = Desk.open(Settings(_env_file=None, **{**settings.model_dump(), **told}), clock)
        desk._codes = code_index
        _settle(desk, workspace)
        executor = ThreadPoolExecutor(20)
        delivery = SignedDelivery(build_app(desk, executor), workspace.credentials.signing_secret, executor)
        server.deliver_by(delivery)
        yield Office(desk, server, workspace, clock, delivery, logs)
        executor.shutdown(wait=True)
        desk.close()
        if not expects_faults:
            faults = [entry.get("exception", entry["event"]) for entry in logs if entry["log_level"] == "error"]
            assert not faults, "\n".join(faults)


def _settle(desk: Desk, workspace: Workspace) -> None:
    people = [
        DemoPerson(member.id, member.real_name, member.tz, DEMO_ROLES[member.id])
        for member in (workspace.members[user_id] for user_id in DEMO_ROLES)
    ]
    with desk.database.write() as session:
        settle_people(session, workspace.team_id, workspace.team_name, people, desk.now())
