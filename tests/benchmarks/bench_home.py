"""How long the Home and the lists take to gather and to draw, at 10,000 and 100,000 stored tasks and 300 people.

Run ``python -m tests.benchmarks.bench_home``; prints median and slowest of ten in milliseconds for SQLite and PostgreSQL, and fails when a median misses
the goal.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from bot.actors import Actor, Identity, actor
from bot.home import home_board
from bot.reviews.lists import TaskList, task_page
from bot.team.board import team_board
from bot.views.home import home_view
from bot.views.task_lists import task_list
from bot.views.team import board_message
from storage.database import Database
from storage.words import Role
from tests.benchmarks import queue_of_tasks as queue
from tests.servers import start_postgres

SIZES = (10_000, 100_000)
TIMES = 10
GOAL_MS = 150.0


def main() -> int:
    """Measure on both databases and both sizes."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder, start_postgres() as server:
        for size in SIZES:
            file = f"sqlite:///{queue.sqlite_template(Path(folder), size // 2, stored=size)}"
            missed += _measure("SQLite", size, file)
            missed += _measure("PostgreSQL", size, queue.postgres_template(server, size // 2, stored=size))
    return 1 if missed else 0


def _measure(name: str, size: int, url: str) -> int:
    missed = 0
    with _opened(url) as (database, who):
        for what, look in _looks(database, who).items():
            times = sorted(_timed(look) for _ in range(TIMES))
            told = "" if median(times) < GOAL_MS else f"  missed: goal {GOAL_MS:.0f}"
            missed += bool(told)
            sys.stdout.write(f"{name:<11}{size:>8,} tasks  {what:<22}{median(times):>8.1f} ms  slowest {times[-1]:>7.1f}{told}\n")
            sys.stdout.flush()
    return missed


@contextmanager
def _opened(url: str) -> Iterator[tuple[Database, Actor]]:
    database = Database.open(url)
    with database.read() as session:
        who = actor(session, Identity(queue.TEAM, "U0BENCH7"))
    yield database, who
    database.close()


def _looks(database: Database, who: Actor) -> dict[str, Callable[[], None]]:
    def home() -> None:
        with database.read() as session:
            home_view(home_board(session, who, queue.NOW)).to_dict()

    def shown(which: TaskList, page: int = 0, words: str = "") -> Callable[[], None]:
        def look() -> None:
            with database.read() as session:
                task_list(task_page(session, who, queue.NOW, which, page, words=words)).blocks_payload()

        return look

    def team() -> None:
        with database.read() as session:
            board_message(team_board(session, replace(who, roles=frozenset(Role)), queue.NOW)).blocks_payload()

    return {
        "Home": home,
        "/team": team,
        "/tasks": shown(TaskList.MINE),
        "/tasks queue": shown(TaskList.QUEUE),
        "/tasks queue, page 400": shown(TaskList.QUEUE, 400),
        "/claim list coding F1": shown(TaskList.QUEUE, 0, "coding F1"),
        "/tasks 99": shown(TaskList.FOUND, 0, "99"),
    }


def _timed(look: Callable[[], None]) -> float:
    began = time.perf_counter()
    look()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
