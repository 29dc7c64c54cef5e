"""How fast and how fairly due notices leave, against Slack's limits, by a simulated clock.

Run ``python -m tests.benchmarks.bench_senders``; prints a line for each workspace. The desk, its database, the senders of one clock with their threads
and HTTP are real; only time is simulated: Slack takes so many messages a second from a workspace and answers 429 beyond it, each call takes 0.15 s, and
the time moves on when everybody at work waits for it. What the database and the processor need is not in it. ``limit, s`` is how long Slack's limit alone
would take. Ends with 1 when a workspace is done much later than that.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
import structlog

from bot.desk import Desk
from bot.settings import Settings
from jobs.senders import Senders
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
#: Done when Slack's limit allows, but for a tenth and some seconds.
LATE, SOME_SECONDS = 1.1, 5.0


class SharedTime(StandingClock):
    """A time that moves to the next moment somebody waits for, as soon as all who are at work wait."""

    def __init__(self) -> None:
        super().__init__()
        self.at_work: Callable[[], int] = lambda: 0
        self._waits: list[datetime] = []
        self._changed = threading.Condition()

    def wait(self, seconds: float) -> datetime:
        """Wait so long, and return the time then."""
        with self._changed:
            until = self.moment + timedelta(seconds=seconds)
            self._waits.append(until)
            while self.moment < until:
                if len(self._waits) > self.at_work() and min(self._waits) > self.moment:
                    self.moment = min(self._waits)
                    self._changed.notify_all()
                else:
                    self._changed.wait(0.002)
            self._waits.remove(until)
            return self.moment


@dataclass
class LimitedSlack(FakeSlack):
    """Slack that never breaks and counts: a workspace may post so often, then it has to wait a second."""

    clock: SharedTime = field(default_factory=SharedTime)
    counting: threading.Lock = field(default_factory=threading.Lock)
    workspace_of: dict[str, int] = field(default_factory=dict)
    left: dict[int, float] = field(default_factory=dict)
    seen: dict[int, datetime] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)

    def draw(self, method: str, told: dict[str, Any]) -> Fault | None:
        """A bucket of places for each workspace, refilled as the clock goes."""
        now = self.clock.wait(CALL_SECONDS)
        if method != "chat.postMessage":
            return None
        with self.counting:
            return self._count(self.workspace_of[told["channel"]], now)

    def _count(self, key: int, now: datetime) -> Fault | None:
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
    clock = SharedTime()
    slack = LimitedSlack(seed=0, silence_seconds=0, clock=clock)
    with tempfile.TemporaryDirectory() as folder, serving(slack):
        desk = _desk(f"sqlite:///{Path(folder) / 'desk.db'}", clock, slack.url)
        _fill(desk.database, notices, clock(), slack)
        began = clock()
        _send_all(desk, clock)
        fair = _report(desk.database, slack, began)
        desk.close()
    return 0 if fair else 1


def _desk(url: str, clock: SharedTime, api_url: str) -> Desk:
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


def _send_all(desk: Desk, clock: SharedTime) -> None:
    """As the clock does: every second the senders that are wanted begin."""
    senders = Senders(desk)
    clock.at_work = lambda: senders.at_work
    while _waiting(desk.database):
        senders.begin()
        clock.wait(1)
    senders.close()


def _waiting(database: Database) -> bool:
    with database.read() as session:
        return session.scalar(sa.select(Notice.id).where(Notice.state != NoticeState.SENT).limit(1)) is not None


def _report(database: Database, slack: LimitedSlack, began: datetime) -> bool:
    with database.read() as session:
        rows = session.execute(
            sa.select(Notice.workspace_id, sa.func.count(), sa.func.min(Notice.sent_at), sa.func.max(Notice.sent_at))
            .group_by(Notice.workspace_id)
            .order_by(Notice.workspace_id)
        ).all()
    sys.stdout.write(f"{'workspace':>9} | {'notices':>8} | {'first, s':>8} | {'last, s':>8} | {'limit, s':>8} | {'429':>5}\n")
    late = 0.0
    for key, number, first, end in rows:
        last = (end - began).total_seconds()
        alone = max(0.0, (number - BURST) / PER_SECOND)
        sys.stdout.write(
            f"{key:>9} | {number:>8,} | {(first - began).total_seconds():>8.1f} | {last:>8.1f} | {alone:>8.1f} | {slack.refused[key]:>5}\n"
        )
        late = max(late, last - LATE * alone - SOME_SECONDS)
    return late <= 0


if __name__ == "__main__":
    sys.exit(main())
