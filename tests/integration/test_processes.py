"""The processes as an operator runs them: they serve, say when they cannot, let listeners finish, and print nothing anybody typed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import sqlalchemy as sa

from bot import notices
from bot.desk import utc_now
from bot.sandbox.acting import Person as Member
from bot.sandbox.delivery import HttpDelivery, Kind, encode_body
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from storage.database import Database
from storage.tables import Notice, Person, ReviewTask
from storage.words import NoticeKind, NoticeState, Subject
from tests.clinic import Clinic, task_facts
from tests.desk_fixtures import StandingClock
from tests.integration.bot_process import HOST, BotProcess, free_port, office, started, until

WEB, CLOCK = ("-m", "handlers"), ("-m", "jobs")
CANARY = "ZZCANARY 412-55-7810"
#: In a process of its own, so that the test does not become it.
RUN = ("-c", "import sys; from bot.processes import run; from bot.settings import load_settings; sys.exit(run(load_settings()))")


@dataclass
class Running:
    """The web process, a Slack it serves, and what they share."""

    web: BotProcess
    server: SandboxServer
    workspace: Workspace
    url: str
    delivery: HttpDelivery

    def person(self, key: str) -> Member:
        return self.server.person(key)


@pytest.fixture
def url(code_set: Path, tmp_path: Path) -> str:
    """A database of this test's own, with the code set."""
    shutil.copy(code_set, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path}/desk.db"


@pytest.fixture
def running(url: str, tmp_path: Path) -> Iterator[Running]:
    """The web process with only the settings the contract names."""
    workspace = office(url)
    with SandboxServer(workspace) as server:
        told = {
            "SLACK_BOT_TOKEN": workspace.credentials.bot_token,
            "SLACK_SIGNING_SECRET": workspace.credentials.signing_secret,
            "SLACK_API_URL": server.api_url,
            "PORT": str(free_port()),
            "DATABASE_URL": url,
        }
        with started(WEB, tmp_path, **told) as web:
            web.wait_until_ready()
            delivery = HttpDelivery(f"http://{HOST}:{web.port}/slack/events", workspace.credentials.signing_secret)
            server.deliver_by(delivery)
            yield Running(web, server, workspace, url, delivery)
            delivery.close()


def put_tasks(url: str, workspace: Workspace, count: int = 1) -> list[str]:
    """Tasks in the queue of the demonstration's workspace."""
    database = Database.open(url)
    clinic = Clinic(SimpleNamespace(database=database), StandingClock(utc_now()), workspace.team_id)
    references = clinic.tasks([task_facts(clinic.clock) for _ in range(count)])
    database.close()
    return references


def state_of(url: str, reference: str) -> str:
    database = Database.open(url)
    with database.read() as session:
        found = session.scalars(sa.select(ReviewTask.state).where(ReviewTask.reference == reference)).one()
    database.close()
    return str(found)


def test_signed_requests_are_served_others_turned_away_and_nothing_typed_is_kept(running: Running, tmp_path: Path) -> None:
    noor = running.person("U0NOOR001")
    task, _second = put_tasks(running.url, running.workspace, 2)

    noor.command("/code", "E11.9")
    noor.sees("Type 2 diabetes mellitus without complications")
    noor.command("/claim")
    noor.click(noor.sees(f"{task} is yours"), "task_hold")
    form = noor.needs_modal("Put on hold")
    refused = noor.submit(form, {"reasons": ["unsigned_note"], "note": f"call {CANARY}"})
    assert refused.sent
    noor.sees("Nothing was kept")
    for command in ("/code", "/claim", "/tasks", "/flag", "/roi", "/assign", "/desk"):
        noor.command(command, CANARY)
    noor.says(CANARY)
    noor.eventually(lambda: "I kept nothing of it" in noor.messages()[-1].text)
    unsigned(running)
    replayed(running)
    unwanted(running)
    assert running.web.get("/healthz").json() == {"alive": True}
    assert running.web.get("/readyz").json()["shared_memory"] is True

    assert running.web.end() == 0
    assert "ZZCANARY" not in running.web.printed
    assert "Traceback" not in running.web.printed
    for file in tmp_path.glob("desk.db*"):
        assert b"ZZCANARY" not in file.read_bytes(), file.name
        assert b"412-55-7810" not in file.read_bytes(), file.name


def unsigned(running: Running) -> None:
    stranger = HttpDelivery(running.delivery.url, "another secret")
    assert stranger.post(Kind.COMMAND, {"command": "/claim", "text": CANARY}, {}).status == 401
    stranger.close()


def replayed(running: Running) -> None:
    """The same signed request, fresh and six minutes old."""
    kind, body = encode_body(Kind.COMMAND, {"command": "/gone", "text": CANARY, "user_id": "U0NOOR001", "team_id": running.workspace.team_id})
    for age, expected in ((360, 401), (0, 404)):
        stamp = str(int(time.time()) - age)
        signature = running.delivery._verifier.generate_signature(timestamp=stamp, body=body)
        headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        answer = httpx.post(running.delivery.url, content=body, headers=headers, trust_env=False)
        assert answer.status_code == expected


def unwanted(running: Running) -> None:
    """Requests no listener of ours is for: Bolt would quote what was typed into an old menu."""
    person = {"user": {"id": "U0NOOR001", "team_id": running.workspace.team_id}, "team": {"id": running.workspace.team_id}}
    asked = {"type": "block_suggestion", "action_id": "gone", "block_id": "gone", "value": CANARY, **person}
    assert running.delivery.post(Kind.OPTIONS, asked, {}).status == 404
    typed = {"command": "/gone", "text": CANARY, "user_id": "U0NOOR001", "team_id": running.workspace.team_id}
    assert running.delivery.post(Kind.COMMAND, typed, {}).status == 404


def test_a_listener_at_work_finishes_when_the_process_is_asked_to_stop(running: Running) -> None:
    """Slack is slow to say who the newcomer is; meanwhile the operator stops the process."""
    [task] = put_tasks(running.url, running.workspace)
    make_newcomer(running.url, "U0NOOR001")
    running.workspace.faults.time_out("users.info", seconds=1.5)
    noor = running.person("U0NOOR001")

    noor.command("/claim")
    until(lambda: not running.workspace.faults.planned(), "Slack is asked who Noor is")
    assert state_of(running.url, task) == "available"

    assert running.web.end() == 0
    noor.sees(f"{task} is yours")
    assert state_of(running.url, task) == "claimed"
    assert "Traceback" not in running.web.printed


def make_newcomer(url: str, user_id: str) -> None:
    """Let the desk not know somebody's profile yet."""
    database = Database.open(url)
    with database.write() as session:
        session.execute(sa.update(Person).where(Person.slack_user_id == user_id).values(profile_read_at=None))
    database.close()


# What keeps a process from starting: one sentence, and no traceback.


def refused_start(process: BotProcess) -> str:
    """The one line printed by a process that cannot start."""
    assert process.wait() == 2, process.printed
    lines = process.printed.strip().splitlines()
    assert len(lines) == 1, process.printed
    assert "very-secret" not in lines[0]
    return lines[0]


SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret"}
NOBODY_THERE = "postgresql://desk:very-secret@127.0.0.1:9/desk"
REFUSED_STARTS = (
    (WEB, {}, "SLACK_BOT_TOKEN is missing"),
    (WEB, {**SLACK, "DATABASE_URL": "mysql://desk:very-secret@somewhere/desk"}, "DATABASE_URL must be sqlite:///FILE or postgresql://"),
    (WEB, {**SLACK, "DATABASE_URL": "sqlite:///empty.db"}, "This database has no tables yet. Run: chartdesk db upgrade"),
    (WEB, {**SLACK, "DATABASE_URL": NOBODY_THERE}, "The database postgresql+psycopg://desk:***@127.0.0.1:9/desk cannot be used"),
    (CLOCK, {**SLACK, "DATABASE_URL": NOBODY_THERE}, "cannot be used"),
    (CLOCK, {**SLACK, "DATABASE_URL": "sqlite:///empty.db"}, "chartdesk db upgrade"),
    (CLOCK, {**SLACK, "CHARTDESK_LISTENER_THREADS": "5"}, "CHARTDESK_LISTENER_THREADS "),
)


def test_a_process_that_cannot_start_says_why_in_one_sentence(tmp_path: Path) -> None:
    with ExitStack() as stack:
        processes = [
            stack.enter_context(started(arguments, tmp_path, **environment))
            for arguments, environment, _ in REFUSED_STARTS
        ]
        for process, (_, _, sentence) in zip(processes, REFUSED_STARTS, strict=True):
            assert sentence.removeprefix("The database postgresql+psycopg") in refused_start(process)


def test_a_port_in_use_is_said_before_anything_is_served(url: str, tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with started(WEB, tmp_path, **SLACK, DATABASE_URL=url, PORT=str(port)) as process:
            said = refused_start(process)
    assert said.startswith(f"PORT {port} on {HOST} cannot be used")


def test_a_database_of_a_newer_program_is_left_alone(url: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with started(WEB, tmp_path, **SLACK, DATABASE_URL=url) as process:
        assert "made by a newer Chartdesk" in refused_start(process)


# The clock.


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_clock_delivers_what_is_due_and_stops_when_asked(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("url" if database == "sqlite" else "migrated_postgres_url")
    workspace = office(url)
    tell_welcome(url, workspace)
    with SandboxServer(workspace) as server:
        told = {"SLACK_BOT_TOKEN": workspace.credentials.bot_token, "SLACK_API_URL": server.api_url, "DATABASE_URL": url}
        with started(CLOCK, tmp_path, **told) as clock:
            until(lambda: clock.alive() and state_of_notice(url) is NoticeState.SENT, "the notice is sent")
            assert clock.end() == 0
        assert "Traceback" not in clock.printed
        server.person("U0NOOR001").sees("RV-")


def tell_welcome(url: str, workspace: Workspace) -> None:
    """An assignment for Noor, who is told of it."""
    [task] = put_tasks(url, workspace)
    database = Database.open(url)
    with database.write() as session:
        noor = session.scalars(sa.select(Person).where(Person.slack_user_id == "U0NOOR001")).one()
        row = session.scalars(sa.select(ReviewTask).where(ReviewTask.reference == task)).one()
        row.state, row.owner_id, row.claimed_at = "claimed", noor.id, utc_now()
        notices.tell(session, noor, utc_now(), NoticeKind.TASK_ASSIGNED, Subject.TASK, row.id, key="assigned")
    database.close()


def state_of_notice(url: str) -> NoticeState:
    database = Database.open(url)
    with database.read() as session:
        found = session.scalars(sa.select(Notice.state).where(Notice.kind == NoticeKind.TASK_ASSIGNED)).one()
    database.close()
    return found


# Both together.


@pytest.fixture
def together(url: str, tmp_path: Path) -> Iterator[BotProcess]:
    """``chartdesk run``: web and clock from one command."""
    told = {**SLACK, "SLACK_API_URL": f"http://{HOST}:9/api/", "DATABASE_URL": url, "PORT": str(free_port())}
    with started(RUN, tmp_path, **told) as both:
        yield both.wait_until_ready()


def children_of(process: BotProcess) -> dict[str, int]:
    """The keys of its children, by the module each runs."""
    listed = Path(f"/proc/{process.process.pid}/task/{process.process.pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list the children of a process")
    found = {}
    for pid in listed.read_text().split():
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        found[words[2]] = int(pid)
    return found


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_run_starts_web_and_clock_and_ends_both_when_asked(together: BotProcess) -> None:
    children = children_of(together)
    assert set(children) == {"handlers", "jobs"}
    until(lambda: together.get("/readyz").json()["clock"], "the clock has ticked")
    assert together.end() == 0
    assert not any(is_running(pid) for pid in children.values())
    assert "Traceback" not in together.printed


def test_when_one_of_the_two_dies_the_other_ends_too_and_the_exit_code_says_so(together: BotProcess) -> None:
    children = children_of(together)
    os.kill(children["jobs"], signal.SIGKILL)
    assert together.wait() != 0
    assert not any(is_running(pid) for pid in children.values())
