"""Many claimers at once, in a few processes, each for a given time: what they took and how long each claim lasted."""

from __future__ import annotations

import multiprocessing as mp
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain, count, cycle
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy.engine import make_url

from bot.actors import Identity, actor
from bot.desk import Desk
from bot.privacy.guard import Guard
from bot.reviews.claim_statements import claim_parameters, next_statement
from bot.reviews.claims import QueueEmpty, claim_next
from bot.roi.due_dates import load_rules
from bot.settings import Settings
from storage.coordination.in_process import InProcessCoordinator
from storage.database import Database
from storage.prepared import Prepared
from tests.benchmarks.queue_of_tasks import FIRST_PERSON, MANY_PEOPLE, NOW, TEAM

#: As many as the machine of the figures has cores; each has some of the claimers as threads.
PROCESSES = 2
WARM_UP = 12
_FETCH = "SELECT id, status, task_name FROM procrastinate_fetch_job_v2(%(queues)s::varchar[], %(worker)s)"

#: Claims once; returns the key of what was taken, or None when nothing was left.
Claim = Callable[[], Any]


@dataclass(frozen=True)
class Timed:
    """Claims a second, how long one took, and how many tasks were given to two people."""

    rate: float
    p50_ms: float
    p99_ms: float
    doubles: int

    @classmethod
    def of(cls, rate: float, sorted_ms: Sequence[float], doubles: int) -> Timed:
        """From the times of all claims, in order."""
        last = len(sorted_ms) - 1
        return cls(rate, sorted_ms[last // 2], sorted_ms[round(last * 0.99)], doubles)


@dataclass(frozen=True)
class Turn:
    """What one process did in one turn: how long it lasted, the milliseconds of each claim, the keys that were taken."""

    seconds: float
    times: list[float]
    keys: list[Any]


def run_claimers(way: str, url: str, claimers: int, seconds: float, processes: int = PROCESSES) -> Timed:
    """Let so many claim in one of the ``statement``, ``whole claim`` and ``procrastinate`` ways; ``drain`` is the whole claim until nothing is left."""
    return take_turns({way: url}, claimers, seconds, 1, processes)[way][0]


def take_turns(urls: Mapping[str, str], claimers: int, seconds: float, turns: int, processes: int = PROCESSES) -> dict[str, list[Timed]]:
    """So many claimers in each way on its own database, one way after another in turns of so many seconds: whatever else the machine does meets all of them.

    :param urls: the databases by way; all connections are open before the first turn.
    :returns: for each way what was measured in each turn; the same turn of two ways is a pair.
    """
    processes = min(claimers, processes)
    context = mp.get_context("spawn")
    gate, results = context.Barrier(processes), context.SimpleQueue()
    order = [random.sample(sorted(urls), len(urls)) for _ in range(turns)]
    shares = [range(start, claimers, processes) for start in range(processes)]
    running = [context.Process(target=_claim_in_process, args=(urls, share, claimers, seconds, order, gate, results)) for share in shares]
    for process in running:
        process.start()
    told = [results.get() for _ in running]
    for process in running:
        process.join()
    return {way: _together([one[way] for one in told]) for way in urls}


def _together(told: Sequence[Sequence[Turn]]) -> list[Timed]:
    """What all processes did in each turn; a task taken twice counts in the turn that shows it."""
    taken: set[Any] = set()
    measured = []
    for parts in zip(*told, strict=True):
        keys = [key for part in parts for key in part.keys]
        doubles = len(keys) - len(set(keys) - taken)
        taken.update(keys)
        rate = sum(len(part.times) / part.seconds for part in parts)
        measured.append(Timed.of(rate, sorted(took for part in parts for took in part.times), doubles))
    return measured


def _claim_in_process(
    urls: Mapping[str, str], share: range, claimers: int, seconds: float, order: list[list[str]], gate: Any, results: Any,
) -> None:
    databases = {way: Database.open(url) for way, url in urls.items()}
    claims = {
        way: [_WAYS[way](databases[way], url, range(number + FIRST_PERSON, MANY_PEOPLE + FIRST_PERSON, claimers)) for number in share]
        for way, url in urls.items()
    }
    done: dict[str, list[Turn]] = {way: [] for way in urls}
    with ThreadPoolExecutor(len(share)) as pool:
        # All at the same time, so that every connection of a pool is open and has its plans.
        for way in urls:
            list(pool.map(_warm_up, claims[way] if way != "drain" else ()))
        for way in chain.from_iterable(order):
            gate.wait()
            done[way].append(_turn(pool, claims[way], seconds, to_the_end=way == "drain"))
    results.put(done)
    for database in databases.values():
        database.close()


def _turn(pool: ThreadPoolExecutor, claims: list[Claim], seconds: float, *, to_the_end: bool) -> Turn:
    began = time.perf_counter()
    done = list(pool.map(lambda claim: _claim_until(claim, began + seconds, to_the_end=to_the_end), claims))
    took = time.perf_counter() - began
    return Turn(took, [one for times, _ in done for one in times], [key for _, keys in done for key in keys])


def _warm_up(claim: Claim) -> None:
    for _ in range(WARM_UP):
        claim()


def _claim_until(claim: Claim, ends: float, *, to_the_end: bool) -> tuple[list[float], list[Any]]:
    times, keys = [], []
    while (began := time.perf_counter()) < ends:
        key = claim()
        if key is None and to_the_end:
            break
        if key is None:
            raise RuntimeError("The queue ran empty: give the benchmark more tasks.")
        times.append((time.perf_counter() - began) * 1000)
        keys.append(key)
    return times, keys


def _statement(database: Database, _url: str, people: range) -> Claim:
    """The claim statement alone, each execution its own transaction, for one person after the other: nobody here owns thousands."""
    with database.read() as session:
        parameters = cycle([claim_parameters(actor(session, _who(number)), NOW) for number in people])
    statement, connection = Prepared(next_statement(wait=False, skilled=False)), database.engine.raw_connection()

    def claim() -> Any:
        row = statement.run_on(connection, next(parameters))
        return row[0] if row else None

    return claim


def _whole(database: Database, url: str, people: range) -> Claim:
    """The claim as ``/claim`` does it: person, once-key, task, history, audit and card, in one transaction."""
    settings = Settings.model_validate({"slack_bot_token": "xoxb-bench", "database_url": url})
    desk = Desk(settings, database, InProcessCoordinator(), _guard(), load_rules(), lambda: NOW)
    who, numbers, run = cycle([_who(number) for number in people]), count(), uuid4().hex[:8]

    def claim() -> Any:
        try:
            return desk.change(next(who), claim_next, f"command:{run}:{next(numbers)}").reference
        except QueueEmpty:
            return None

    return claim


@cache
def _guard() -> Guard:
    """The guard, read once a process."""
    return Guard.load()


def _procrastinate(_database: Database, url: str, _people: range) -> Claim:
    """What a worker of procrastinate runs to get its next job, through the same driver."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(dsn, autocommit=True)

    def claim() -> Any:
        row = connection.execute(_FETCH, {"queues": None, "worker": 1}).fetchone()
        return row[0] if row else None

    return claim


def _who(number: int) -> Identity:
    return Identity(TEAM, f"U0BENCH{number}")


_WAYS: dict[str, Callable[[Database, str, range], Claim]] = {
    "statement": _statement,
    "whole claim": _whole,
    "drain": _whole,
    "procrastinate": _procrastinate,
}
