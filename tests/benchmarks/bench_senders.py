"""How fast and how fairly due notices leave, against Slack's limits, by a simulated clock.

Run ``python -m tests.benchmarks.bench_senders``; prints a line for each workspace. The desk, its database, the sender and HTTP are real; only time is
simulated: Slack takes so many messages a second from a workspace and answers 429 beyond it, and each call takes a sender 0.15 s. ``limit, s`` is
how long Slack's limit alone would take. Ends with 1 when a small workspace waits for a large one.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
import structlog

from bot.desk import Desk
from bot.settings import Settings
from jobs.clock import SENDERS
from jobs.sender import Sender
from storage import migrations
from storage.coordination.in_process import InProcessCoordinator
from storage.database import Database
from storage.tables import Notice, Person
from storage.words import NoticeKind, NoticeState, Role, Subject
from tests.desk_fixtures import StandingClock
from tests.faults.fake_slack import FakeSlack, Fault, serving
from tests.faults.senders import workspace_with_task

#: Of a hundred notices so many are one workspace's; the others share the rest.
SHARES = (60, 30, 2, 2, 2, 2, 1, 1)
#: "Several hundred messages a minute" for a workspace.
PER_SECOND, BURST = 5.0, 10
CALL_SECONDS = 0.15


@dataclass
class LimitedSlack(FakeSlack):
    """Slack that never breaks and counts: a workspace may post so often, then it has to wait a second."""

    clock: StandingClock = field(default_factory=StandingClock)
    workspace_of: dict[str, int] = field(default_factory=dict)
    left: dict[int, float] = field(default_factory=dict)
    seen: dict[int, datetime] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)

    def draw(self, method: str, told: dict[str, Any]) -> Fault | None:
        """A bucket of places for each workspace, refilled as the clock goes."""
        now = self.clock.move(seconds=CALL_SECONDS / SENDERS)
        if method != "chat.postMessage":
            return None
        key = self.workspace_of[told["channel"]]
        since = (now - self.seen.get(key, now)).total_seconds()
        self.left[key] = min(BURST, self.left.get(key, BURST) + since * PER_SECOND)
        self.seen[key] = now
        if self.left[key] < 1:
            self.refused[key] += 1
            return Fault.TOO_MANY
        self.left[key] -= 1
        return None


def main() -> int:
    """Send everything, print a line for each workspace."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--notices", type=int, default=10_000)
    notices = options.parse_args().notices
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    clock = StandingClock()
    slack = LimitedSlack(seed=0, silence_seconds=0, clock=clock)
    with tempfile.TemporaryDirectory() as folder, serving(slack):
        desk = _desk(f"sqlite:///{Path(folder) / 'desk.db'}", clock, slack.url)
        _fill(desk.database, notices, clock(), slack)
        began = clock()
        _send_all(desk, clock)
        fair = _report(desk.database, slack, began)
        desk.close()
    return 0 if fair else 1


def _desk(url: str, clock: StandingClock, api_url: str) -> Desk:
    database = Database.open(url)
    migrations.upgrade(database)
    return Desk(
        settings=Settings(_env_file=None, slack_bot_token="xoxb-bench", slack_api_url=api_url, database_url=url),
        database=database,
        coordinator=InProcessCoordinator(lambda: clock().timestamp()),
        guard=cast("Any", None),  # a sender takes in no text
        rules=cast("Any", None),
        now=clock,
    )


def _fill(database: Database, notices: int, now: datetime, slack: LimitedSlack) -> None:
    """One notice for each person, the large workspaces' before the small ones'."""
    homes = [key for key, share in enumerate(SHARES, start=1) for _ in range(notices * share // 100)]
    slack.workspace_of.update({f"U{person}": home for person, home in enumerate(homes, start=1)})
    with database.write() as session:
        tasks = {key: workspace_with_task(session, key, now) for key in range(1, len(SHARES) + 1)}
        session.execute(
            sa.insert(Person),
            [
                {
                    "id": person, "workspace_id": home, "slack_user_id": f"U{person}", "name": f"Person {person}", "zone": "UTC", "active": True,
                    "roles": (Role.SPECIALIST,), "skills": (), "facilities": (), "hours_start": 0, "hours_end": 24 * 60,
                    "workdays": tuple("1234567"), "works_holidays": True, "digest": False, "created_at": now,
                }
                for person, home in enumerate(homes, start=1)
            ],
        )  # fmt: skip
        session.execute(
            sa.insert(Notice),
            [
                {
                    "workspace_id": home, "recipient_id": person, "kind": NoticeKind.TASK_TAKEN_BACK, "subject": Subject.TASK,
                    "subject_id": tasks[home], "facts": {}, "dedupe_key": f"notice {person}", "state": NoticeState.PENDING,
                    "not_before": now - timedelta(hours=10 - home), "breaks_through": False, "attempts": 0, "created_at": now,
                }
                for person, home in enumerate(homes, start=1)
            ],
        )  # fmt: skip


def _send_all(desk: Desk, clock: StandingClock) -> None:
    sender = Sender(desk)
    while True:
        if not sender.send_due():
            with desk.database.read() as session:
                if session.scalar(sa.select(Notice.id).where(Notice.state != NoticeState.SENT).limit(1)) is None:
                    return
            clock.move(seconds=0.1)


def _report(database: Database, slack: LimitedSlack, began: datetime) -> bool:
    with database.read() as session:
        rows = session.execute(
            sa.select(Notice.workspace_id, sa.func.count(), sa.func.min(Notice.sent_at), sa.func.max(Notice.sent_at))
            .group_by(Notice.workspace_id)
            .order_by(Notice.workspace_id)
        ).all()
    sys.stdout.write(f"{'workspace':>9} | {'notices':>8} | {'first, s':>8} | {'last, s':>8} | {'limit, s':>8} | {'429':>5}\n")
    last = {}
    for key, number, first, end in rows:
        last[key] = (end - began).total_seconds()
        alone = max(0.0, (number - BURST) / PER_SECOND)
        sys.stdout.write(
            f"{key:>9} | {number:>8,} | {(first - began).total_seconds():>8.1f} | {last[key]:>8.1f} | {alone:>8.1f} | {slack.refused[key]:>5}\n"
        )
    return max(last[key] for key in list(last)[2:]) < min(last[1], last[2])


if __name__ == "__main__":
    sys.exit(main())
