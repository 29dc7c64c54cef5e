"""How long the clock needs to find what is due among many requests, on PostgreSQL.

Run ``python -m tests.benchmarks.bench_reminders``; prints a line for each size: ``look`` is a sweep that finds nothing due anywhere, ``find`` is
reading and locking everything that is due (a fixed number, so that only the size of the table differs), ``remind`` is a sweep that also writes the
reminders. Ends with 1 when looking or finding takes a second or more.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from bot.actors import desk_actor
from bot.roi.intake import RequestFacts, log_request
from bot.roi.reminders import due_reminders
from jobs.reminders import sweep_reminders
from storage import migrations
from storage.columns import FAR_FUTURE
from storage.database import Database
from storage.tables import RoiRequest
from storage.words import RequestType, Role
from tests.clinic import Clinic, open_clinic
from tests.desk_fixtures import StandingClock
from tests.servers import start_postgres

SIZES = (10_000, 100_000, 1_000_000)
WORKSPACES = 10
DUE = 50
GOAL_SECONDS = 1.0
RUNS = 15


def main() -> int:
    """Measure each size and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    sizes = options.parse_args().sizes
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    slowest = 0.0
    with start_postgres() as server:
        url = server.fresh_database()
        database = Database.open(url)
        migrations.upgrade(database)
        database.close()
        with open_clinic(url, StandingClock()) as clinic:
            desks = _open_desks(clinic)
            sys.stdout.write(f"{'requests':>10} | {'open':>10} | {'look, ms':>9} | {'due':>5} | {'find, ms':>8} | {'remind, s':>9} | plan\n")
            for size in sizes:
                slowest = max(slowest, _measure(clinic, desks, size))
    return 0 if slowest < GOAL_SECONDS else 1


def _open_desks(clinic: Clinic) -> list[Clinic]:
    """Workspaces with one specialist for releases each, and one request to copy."""
    desks = [clinic, *(clinic.neighbour(f"T0BENCH{number}") for number in range(WORKSPACES - 1))]
    for desk in desks:
        grace = desk.person("Grace", Role.ROI_SPECIALIST)
        with desk.database.write() as session:
            facts = RequestFacts(
                type=RequestType.PATIENT_ACCESS, received_on=clinic.clock().date() - timedelta(days=20), owner_id=desk.key_of(grace)
            )  # fmt: skip
            log_request(session, desk_actor(session, desk.workspace_id, "bench"), clinic.clock(), desk.desk.rules, facts)
    return desks


def _measure(clinic: Clinic, desks: list[Clinic], size: int) -> float:
    _grow_to(clinic, desks, size)
    look = statistics.median(_timed(lambda: sweep_reminders(clinic.desk)) for _ in range(RUNS))
    _make_due(clinic, desks)
    find = statistics.median(_timed(lambda: _find(clinic, desks)) for _ in range(RUNS))
    began = time.perf_counter()
    found = sweep_reminders(clinic.desk)
    sweep = time.perf_counter() - began
    with clinic.database.read() as session:
        still_open = session.scalar(sa.text("SELECT count(*) FROM roi_requests WHERE state NOT IN ('delivered', 'closed')"))
    sys.stdout.write(f"{size:>10,} | {still_open:>10,} | {look * 1000:>9.1f} | {found:>5} | {find * 1000:>8.1f} | {sweep:>9.3f} | {_plan(clinic)}\n")
    return max(look, find)


def _find(clinic: Clinic, desks: list[Clinic]) -> None:
    with clinic.database.write() as session:
        for desk in desks:
            clock = desk_actor(session, desk.workspace_id, "bench")
            assert len(due_reminders(session, clock, clinic.clock())) == DUE // WORKSPACES


def _timed(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def _grow_to(clinic: Clinic, desks: list[Clinic], size: int) -> None:
    """Copy the first request of each workspace, half of them delivered, all to be looked at some other day."""
    columns = [f'"{column.name}"' for column in RoiRequest.__table__.columns if column.name not in {"id", "reference", "state", "remind_at"}]
    named = ", ".join(columns)
    with clinic.database.write() as session:
        there = session.scalar(sa.text("SELECT count(*) FROM roi_requests")) or 0
        for desk in desks:
            session.execute(
                sa.text(
                    f"INSERT INTO roi_requests (reference, state, remind_at, {named}) "
                    "SELECT 'B' || n, CASE WHEN n % 2 = 0 THEN 'delivered' ELSE 'retrieval' END, "
                    f"CAST(:now AS timestamptz) + (1 + n % 40) * interval '1 day', {named} "
                    "FROM (SELECT * FROM roi_requests WHERE workspace_id = :desk ORDER BY id LIMIT 1) AS one, "
                    "generate_series(CAST(:first AS int), CAST(:last AS int)) AS n"
                ),
                {"now": clinic.clock(), "desk": desk.workspace_id, "first": there // WORKSPACES + 1, "last": size // WORKSPACES},
            )
    with clinic.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE roi_requests"))


def _make_due(clinic: Clinic, desks: list[Clinic]) -> None:
    with clinic.database.write() as session:
        for desk in desks:
            some = (
                sa.select(RoiRequest.id)
                .where(RoiRequest.workspace_id == desk.workspace_id, RoiRequest.state == "retrieval", RoiRequest.remind_at < FAR_FUTURE)
                .limit(DUE // WORKSPACES)
            )
            session.execute(
                sa.update(RoiRequest)
                .where(RoiRequest.id.in_(some))
                .values(remind_at=clinic.clock() - timedelta(days=1))
                .execution_options(synchronize_session=False)
            )


def _plan(clinic: Clinic) -> str:
    """How the database finds what is due: the step that reads the table."""
    with clinic.database.read() as session:
        plan: Any = session.execute(
            sa.text(
                "EXPLAIN SELECT id FROM roi_requests WHERE workspace_id = 1 AND remind_at <= now() AND state NOT IN "
                "('delivered', 'closed', 'denied', 'cancelled', 'returned_to_requester') ORDER BY remind_at, id LIMIT 50"
            )
        )
        steps = [row[0].strip().removeprefix("->").strip().partition("  (")[0] for row in plan]
    return next((step for step in steps if "Scan" in step), steps[0])


if __name__ == "__main__":
    sys.exit(main())
