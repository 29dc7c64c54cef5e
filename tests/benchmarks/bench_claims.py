"""How fast tasks are claimed, beside what the database itself can do.

Run ``python -m tests.benchmarks.bench_claims``; ``--long`` measures more rounds, a million stored tasks, and lets 64 claimers drain 100,000 tasks. Every round
measures all ways for the same number of claimers, each for a second on a fresh copy of the same database with 100,000 open tasks. Ours and procrastinate's
take turns of a fifth of a second, in random order: this machine's speed changes from one second to the next, and so it falls on all alike. A ratio to
pgbench is the median over the rounds of *rate divided by pgbench's in the same round*, one to procrastinate the median over all pairs of turns. Needs the
extra ``bench`` for procrastinate, which is left out where it is missing.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot import audit
from bot.reviews.claim_statements import next_statement
from storage.database import Database
from storage.tables import AuditEntry, ReviewTask, TaskHistory
from tests.benchmarks import queue_of_tasks as queue
from tests.benchmarks.claimers import PROCESSES, Timed, run_claimers, take_turns
from tests.servers import PostgresServer, start_postgres
from tests.servers.postgres import wheel_binary

OPEN = 100_000
SIZES = (20_000, 200_000, 1_000_000)
CLAIMERS = (1, 4, 16, 64)
#: So that the databases that take turns fit into the server's memory together, as one desk fits into PostgreSQL's usual 128 MB.
MEMORY = "512MB"
#: In so many turns each way does its second of a round.
TURNS = 5
#: No drain may last longer.
DRAIN_SECONDS = 3600.0
#: Where the claimers' own person begins in the statement that pgbench runs.
STAND_IN = 424_242


@dataclass(frozen=True)
class Templates:
    """Databases to copy: the desk's and procrastinate's."""

    desk: str
    procrastinate: str | None


def main() -> int:
    """Measure, print the tables, and fail when a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--long", action="store_true", help="five rounds, a million stored tasks, and 100,000 tasks drained")
    options.add_argument("--rounds", type=int)
    options.add_argument("--seconds", type=float, default=1.0)
    options.add_argument("--skip-sizes", action="store_true", help="leave out the table of sizes")
    options.add_argument("--only", type=int, nargs="*", default=CLAIMERS, help="numbers of claimers")
    told = options.parse_args()
    _say(f"load of this machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        missed = _on_sqlite(Path(folder), told.seconds, drained=told.long)
    with start_postgres(MEMORY) as server:
        missed += _against_pgbench(server, told.only, told.rounds or (5 if told.long else 2), told.seconds, drained=told.long)
        if not told.skip_sizes:
            missed += _sizes(server, SIZES if told.long else SIZES[:2])
    _say(f"load of this machine at the end: {os.getloadavg()[0]:.1f}")
    for miss in missed:
        _say(f"missed: {miss}")
    return 1 if missed else 0


def _against_pgbench(server: PostgresServer, numbers: tuple[int, ...], rounds: int, seconds: float, *, drained: bool) -> list[str]:
    templates = Templates(queue.postgres_template(server, OPEN, people=queue.MANY_PEOPLE), queue.procrastinate_template(server, OPEN))
    _say(f"\nPostgreSQL ({server.source}), {OPEN:,} open tasks: claims a second · p50/p99 ms · ratio to pgbench")
    missed: list[str] = []
    for claimers in numbers:
        missed += _judge(claimers, [_one_round(server, templates, claimers, seconds) for _ in range(rounds)])
    if drained:
        missed += _drain("PostgreSQL", server.fresh_database(templates.desk))
    return missed


def _drain(name: str, url: str, processes: int = PROCESSES) -> list[str]:
    """64 claimers take everything there is; then tasks, history, audit and owners must tell the same story."""
    measured = run_claimers("drain", url, 64, DRAIN_SECONDS, processes)
    database = Database.open(url)
    with database.read() as session:
        owned = session.scalar(sa.select(sa.func.count()).select_from(ReviewTask).where(ReviewTask.owner_id.is_not(None))) or 0
        history = session.scalar(sa.select(sa.func.count(sa.distinct(TaskHistory.task_id)))) or 0
        rows = session.scalar(sa.select(sa.func.count()).select_from(TaskHistory)) or 0
        entries = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
        broken = sum(1 for _ in audit.breaks(session, 1))
    database.close()
    _say(
        f"{name}: 64 claimers took {owned:,} of {OPEN:,} tasks; {measured.doubles} twice; {rows:,} rows of history for {history:,} tasks; "
        f"{entries:,} audit entries, {broken} breaks in their chains"
    )
    agree = measured.doubles == broken == 0 and owned == history == rows == entries == OPEN
    return [] if agree else [f"{name}: the books of 64 claimers do not agree"]


def _one_round(server: PostgresServer, templates: Templates, claimers: int, seconds: float) -> dict[str, list[Timed]]:
    """What each way did in each of its turns; pgbench, which takes a second at the least, has one, before or after all others."""
    desk = ("statement", "whole claim")
    urls = {way: server.fresh_database(templates.desk) for way in desk}
    if templates.procrastinate:
        urls["procrastinate"] = server.fresh_database(templates.procrastinate)
    limit = server.fresh_database(templates.desk)
    measures: list[Callable[[], dict[str, list[Timed]]]] = [
        lambda: {"pgbench": [_pgbench(limit, claimers, seconds)]},
        lambda: take_turns(urls, claimers, seconds / TURNS, TURNS),
    ]
    random.shuffle(measures)
    found = {way: turns for measure in measures for way, turns in measure().items()}
    for url in (limit, *urls.values()):
        server.drop_database(url)
    return found


def _judge(claimers: int, rounds: list[dict[str, list[Timed]]]) -> list[str]:
    """Print the rows of one number of claimers, and name the goals that were missed."""
    ratios = {}
    for way in rounds[0]:
        ratios[way] = median(_rate(one[way]) / _rate(one["pgbench"]) for one in rounds)
        turns = [turn for one in rounds for turn in one[way]]
        p50, p99 = median(turn.p50_ms for turn in turns), median(turn.p99_ms for turn in turns)
        _say(f"{claimers:>3} claimers  {way:<14} {median(turn.rate for turn in turns):>8,.0f}/s  {p50:>7.2f}/{p99:>7.1f} ms  {ratios[way]:.2f}")
    doubles = sum(turn.doubles for one in rounds for turns in one.values() for turn in turns)
    missed = [f"{doubles} tasks were claimed twice"] if doubles else []
    least = {1: 0.6, 16: 0.45}.get(claimers)
    if least and ratios["statement"] < least:
        missed.append(f"statement at {claimers}: {ratios['statement']:.2f}, goal {least}")
    if "procrastinate" in ratios:
        missed += _against_procrastinate(claimers, rounds)
    slow = median(turn.p99_ms for one in rounds for turn in one["whole claim"])
    if claimers == 16 and (ratios["whole claim"] < 0.3 or slow >= 50):
        missed.append(f"whole claim at 16: {ratios['whole claim']:.2f}, goal 0.3; p99 {slow:.1f} ms, goal 50")
    return missed


def _rate(turns: list[Timed]) -> float:
    return fmean(turn.rate for turn in turns)


def _against_procrastinate(claimers: int, rounds: list[dict[str, list[Timed]]]) -> list[str]:
    pairs = [pair for one in rounds for pair in zip(one["statement"], one["procrastinate"], strict=True)]
    ratios = sorted(ours.rate / theirs.rate for ours, theirs in pairs)
    low, middle, high = (ratios[round((len(ratios) - 1) * part)] for part in (0.25, 0.5, 0.75))
    _say(f"{claimers:>3} claimers  statement ÷ procrastinate in {len(pairs)} pairs of turns: {middle:.2f} (half of them {low:.2f} to {high:.2f})")
    return [f"against procrastinate at {claimers}: {middle:.2f}, goal 1.2"] if middle < 1.2 else []


def _pgbench(url: str, claimers: int, seconds: float) -> Timed:
    """The same statement from pgbench, prepared, on as many connections."""
    address, told = make_url(url), written_out(url).replace(str(STAND_IN), ":me")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "claim.sql"
        script.write_text(f"\\set me random({queue.FIRST_PERSON}, {queue.MANY_PEOPLE})\n{told};\n")
        ran = subprocess.run(
            [
                str(wheel_binary("pgbench")), "-n", "-M", "prepared", "-f", str(script), "-c", str(claimers), "-j", str(min(claimers, 2)),
                "-T", str(max(round(seconds), 1)), "--log", f"--log-prefix={folder}/log",
                "-h", str(address.query["host"]), "-p", str(address.query["port"]), "-U", address.username or "", address.database or "",
            ],
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        times = sorted(
            int(line.split()[2]) / 1000 for log in Path(folder).glob("log.*") for line in log.read_text().splitlines()
        )
    rate = re.search(r"tps = ([\d.]+)", ran.stdout)
    if rate is None:
        raise RuntimeError(ran.stdout)
    return Timed.of(float(rate[1]), times, 0)


def written_out(url: str) -> str:
    """The claim statement as the driver gets it, its values written into it, for pgbench and EXPLAIN."""
    database, seen = Database.open(url), []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, parameters: dict[str, object], *_more: object) -> None:
        seen.append(statement % {name: _literal(value) for name, value in parameters.items()})

    values = {"workspace": 1, "person": STAND_IN, "active_limit": queue.NO_LIMIT, "now": queue.NOW, "idle_from": queue.NOW}
    with database.engine.connect() as connection:
        # At a limit of nothing it takes nothing; the text is the same.
        connection.execute(next_statement(wait=False, skilled=False), {**values, "active_limit": 0})
        connection.rollback()
    database.close()
    return seen[-1].replace("\n", " ").replace("< 0", f"< {queue.NO_LIMIT}")


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"


def _sizes(server: PostgresServer, sizes: tuple[int, ...]) -> list[str]:
    """The same claim whatever is stored: 20,000 open ones, and the rest completed. Measured in turn, each time after a checkpoint and a vacuum of its queue."""
    _say("\nWhatever is stored (20,000 open, 4 claimers, whole claim)")
    urls = {size: queue.postgres_template(server, 20_000, stored=size, people=queue.MANY_PEOPLE) for size in sizes}
    plans = {size: _plan(url) for size, url in urls.items()}
    found: dict[int, list[Timed]] = {size: [] for size in sizes}
    for _ in range(3):
        for size, url in urls.items():
            _settle(url)
            found[size].append(run_claimers("whole claim", url, 4, 1.0))
    rates = [median(one.rate for one in found[size]) for size in sizes]
    for size, rate in zip(sizes, rates, strict=True):
        _say(f"{size:>9,} stored  {rate:>7,.0f}/s  p99 {median(one.p99_ms for one in found[size]):.1f} ms\n{plans[size]}")
    flat = min(rates) / max(rates)
    return [f"not flat: {flat:.2f} between slowest and fastest, goal 0.7"] if flat < 0.7 else []


def _settle(url: str) -> None:
    """Let the server finish what filling the database left to do, so that it is not done beside the claims that are measured."""
    database = Database.open(url)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for order in (f"VACUUM (ANALYZE) {ReviewTask.__tablename__}", "CHECKPOINT"):
            connection.exec_driver_sql(order)
    database.close()


def _plan(url: str) -> str:
    """How PostgreSQL finds the next task: the part of the plan that reads the queue."""
    statement = written_out(url)
    database = Database.open(url)
    with database.read() as session:
        lines = session.scalars(sa.text("EXPLAIN " + statement.replace(":", "\\:"))).all()
    database.close()
    return "\n".join(f"    {line}" for line in lines if "candidate" in line or "Limit" in line or "LockRows" in line)


def _on_sqlite(folder: Path, seconds: float, *, drained: bool) -> list[str]:
    _say(f"SQLite, {OPEN:,} open tasks: whole claims a second · p50/p99 ms")
    missed = []
    template = queue.sqlite_template(folder, OPEN, people=queue.MANY_PEOPLE)
    for claimers in (1, 4):
        url = queue.sqlite_copy(template, folder)
        measured = run_claimers("whole claim", url, claimers, seconds, processes=1)
        _say(f"{claimers:>3} claimers  {measured.rate:>8,.0f}/s  {measured.p50_ms:>7.2f}/{measured.p99_ms:>7.1f} ms")
        if measured.doubles:
            missed.append(f"{measured.doubles} tasks were claimed twice on SQLite")
        if claimers == 4 and measured.p99_ms >= 100:
            missed.append(f"SQLite p99 at 4: {measured.p99_ms:.1f} ms, goal 100")
    return missed + (_drain("SQLite", queue.sqlite_copy(template, folder), processes=1) if drained else [])


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
