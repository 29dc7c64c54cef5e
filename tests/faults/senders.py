"""Three clocks' senders, killed at random moments, and a Slack that fails before and after accepting: is anything lost, is anything said twice?

Run ``python -m tests.faults.senders --notices 10000 --seed 7 --database postgres`` (or ``sqlite``, 3,000 notices); prints a table and ends with
1 when a notice was lost or came twice. ``--scale`` shortens every time of :class:`bot.outbox.Pace` in proportion. ``--blind`` takes away the right
to read history, to show what looking for the message is worth.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.actors import desk_actor
from bot.outbox import PACE, Pace
from bot.reviews.creation import TaskFacts, create_tasks
from storage import migrations
from storage.database import Database
from storage.tables import Notice, Person, Workspace
from storage.words import NoticeKind, NoticeState, Role, Subject, TaskType
from tests.faults.fake_slack import FakeSlack, serving
from tests.faults.sender_process import send_for_ever
from tests.servers import start_postgres

SENDERS = 3
WORKSPACES = 20
#: So many notices for each ten people: some find a second one of their kind beside them and leave in one message.
NOTICES_FOR_TEN = 11
PATIENCE_SECONDS = 3600.0


@dataclass(frozen=True)
class Experiment:
    """What is tried."""

    notices: int
    seed: int
    database: str
    scale: float = 1 / 6
    kill_every: float = 2.5
    most_kills: int = 1_000
    blind: bool = False

    @property
    def pace(self) -> Pace:
        """The product's own pace with every time shortened by ``scale``."""
        told = {one.name: getattr(PACE, one.name) for one in fields(PACE)}
        return Pace(**{name: value * self.scale if isinstance(value, timedelta) else value for name, value in told.items()})


@dataclass(frozen=True)
class Result:
    """What became of it."""

    notices: int
    messages: int
    kills: int
    lost: int
    duplicated: int
    misremembered: int
    ambiguous: int
    history_calls: int
    posts: int
    seconds: float

    def table(self, of: Experiment) -> str:
        """One line for people."""
        cells = {
            "database": of.database, "seed": of.seed, **{one.name: getattr(self, one.name) for one in fields(self)},
        }  # fmt: skip
        shown = {name: f"{value:,.0f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value for name, value in cells.items()}
        widths = {name: max(len(name), len(text)) for name, text in shown.items()}
        head = " | ".join(name.rjust(widths[name]) for name in shown)
        return head + "\n" + " | ".join(text.rjust(widths[name]) for name, text in shown.items())


def main() -> int:
    """Run one experiment from the command line."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--notices", type=int, default=10_000)
    told.add_argument("--seed", type=int, default=7)
    told.add_argument("--database", choices=["postgres", "sqlite"], default="postgres")
    told.add_argument("--scale", type=float, default=1 / 6)
    told.add_argument("--kill-every", type=float, default=2.5)
    told.add_argument("--most-kills", type=int, default=1_000)
    told.add_argument("--blind", action="store_true")
    experiment = Experiment(**vars(told.parse_args()))
    with database_for(experiment.database) as url:
        result = run(experiment, url)
    sys.stdout.write(result.table(experiment) + "\n")
    return 1 if result.lost or result.duplicated or result.misremembered else 0


@contextmanager
def database_for(kind: str) -> Iterator[str]:
    """An empty database of this kind."""
    if kind == "postgres":
        with start_postgres() as server:
            yield server.fresh_database()
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'desk.db'}"


def run(experiment: Experiment, url: str) -> Result:
    """Fill the outbox, let three senders drain it while they are killed, and count."""
    database = Database.open(url)
    migrations.upgrade(database)
    _fill(database, experiment.notices)
    slack = FakeSlack(experiment.seed, silence_seconds=experiment.pace.timeout.total_seconds() * 1.5, blind=experiment.blind)
    began = time.monotonic()
    with serving(slack):
        kills = _drain(experiment, url, slack, database)
    seconds = time.monotonic() - began
    result = _count(database, slack, kills, seconds)
    database.close()
    return result


def _fill(database: Database, number: int) -> None:
    now = datetime.now(UTC)
    people = -(-number * 10 // NOTICES_FOR_TEN)
    with database.write() as session:
        tasks = [workspace_with_task(session, key, now) for key in range(1, WORKSPACES + 1)]
        session.execute(sa.insert(Person), [_person(key, now) for key in range(1, people + 1)])
        session.execute(
            sa.insert(Notice),
            [
                {
                    "workspace_id": _workspace_of(key), "recipient_id": key, "kind": NoticeKind.TASK_TAKEN_BACK, "subject": Subject.TASK,
                    "subject_id": tasks[_workspace_of(key) - 1], "facts": {}, "dedupe_key": f"notice {one}", "state": NoticeState.PENDING,
                    "not_before": now, "breaks_through": False, "attempts": 0, "created_at": now,
                }
                for one in range(number)
                for key in [one % people + 1]
            ],
        )  # fmt: skip


def _workspace_of(person: int) -> int:
    return person % WORKSPACES + 1


def workspace_with_task(session: Any, key: int, now: datetime) -> int:
    session.add(Workspace(id=key, team_id=f"T{key}", name=f"Desk {key}", created_at=now, active=True))
    session.flush()
    facts = [TaskFacts(TaskType.DATA_QUALITY_CHECK, aged_from=now.date())]
    return create_tasks(session, desk_actor(session, key, "test"), now, facts)[0].id


def _person(key: int, now: datetime) -> dict[str, Any]:
    """Somebody who is always at work."""
    return {
        "id": key, "workspace_id": _workspace_of(key), "slack_user_id": f"U{key}", "name": f"Person {key}", "zone": "UTC", "active": True,
        "roles": (Role.SPECIALIST,), "skills": (), "facilities": (), "hours_start": 0, "hours_end": 24 * 60, "workdays": tuple("1234567"),
        "works_holidays": True, "digest": False, "created_at": now,
    }  # fmt: skip


@dataclass(frozen=True)
class _Running:
    """A sender in a process of its own; ``at_work`` is set when it begins to send."""

    process: BaseProcess
    at_work: Event

    def end(self) -> None:
        self.process.kill()
        self.process.join()


def _drain(experiment: Experiment, url: str, slack: FakeSlack, database: Database) -> int:
    """Start the senders, kill one after the other and start it again, until nothing waits; returns the number of kills."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.sender_process"])
    chance = random.Random(experiment.seed)

    def start() -> _Running:
        at_work = context.Event()
        process = context.Process(target=send_for_ever, args=(url, slack.url, experiment.pace, at_work), daemon=True)
        process.start()
        return _Running(process, at_work)

    running, kills = [start() for _ in range(SENDERS)], 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    next_kill = time.monotonic() + experiment.kill_every
    while _waiting(database) and time.monotonic() < deadline:
        time.sleep(0.1)
        if not all(sender.at_work.is_set() for sender in running):
            # On a busy machine a sender needs a while to begin; one that has not begun is not worth killing.
            next_kill = time.monotonic() + experiment.kill_every * chance.uniform(0.5, 1.5)
        elif time.monotonic() >= next_kill and kills < experiment.most_kills:
            victim = chance.randrange(SENDERS)
            running[victim].end()
            running[victim], kills = start(), kills + 1
            next_kill = time.monotonic() + experiment.kill_every * chance.uniform(0.5, 1.5)
    for sender in running:
        sender.end()
    return kills


def _waiting(database: Database) -> bool:
    open_states = (NoticeState.PENDING, NoticeState.SENDING, NoticeState.AMBIGUOUS, NoticeState.CARRIED)
    with database.read() as session:
        return session.scalar(sa.select(Notice.id).where(Notice.state.in_(open_states)).limit(1)) is not None


def _count(database: Database, slack: FakeSlack, kills: int, seconds: float) -> Result:
    """Compare what was to be said with what Slack accepted, and with what the desk believes."""
    messages = slack.messages()
    payloads = [message.metadata["event_payload"] for message in messages]
    seen = Counter(key for payload in payloads for key in (payload["notice"], *payload["carries"]))
    where = {(message.channel, message.ts) for message in messages}
    with database.read() as session:
        rows = session.execute(sa.select(Notice.id, Notice.state, Notice.channel, Notice.message_ts)).all()
    return Result(
        notices=len(rows),
        messages=len(messages),
        kills=kills,
        lost=sum(not seen[row.id] for row in rows),
        duplicated=sum(seen[row.id] > 1 for row in rows),
        misremembered=sum(row.state is not NoticeState.SENT or (row.channel, row.message_ts) not in where for row in rows),
        ambiguous=len(slack.looked_for),
        history_calls=slack.calls["conversations.history"],
        posts=slack.calls["chat.postMessage"],
        seconds=seconds,
    )


if __name__ == "__main__":
    sys.exit(main())
