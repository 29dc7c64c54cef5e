"""The clock: a ticker in memory that starts idempotent jobs. What must not be forgotten is a row, so any number of clocks may tick and any may die."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.desk import Desk
from bot.health import CLOCK, beat
from bot.outbox import Pace
from jobs.cards import sweep_cards
from jobs.digest import sweep_digests, sweep_weekly_reports
from jobs.imports import sweep_imports
from jobs.leases import sweep_leases
from jobs.new_work import sweep_escalations, sweep_new_work, sweep_urgent
from jobs.reckoning import sweep_reckoning
from jobs.reminders import sweep_reminders
from jobs.senders import Senders
from jobs.urgency import sweep_urgency
from storage.tables import Heartbeat, ProcessedRequest

log = structlog.get_logger(__name__)

#: What the clock's own jobs write one after the other is gathered into one message.
GATHER = timedelta(seconds=3)
#: Keys of processed requests are kept this long; Slack's retries end after an hour.
PROCESSED_KEPT = timedelta(days=2)


class Clock:
    """Ticks until it is stopped."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.senders = Senders(desk, Pace(gather=GATHER))
        self.scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(7)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
            timezone="UTC",
        )
        jobs: tuple[tuple[int, Callable[[], object]], ...] = (
            (1, self.senders.begin),
            (60, lambda: sweep_digests(desk)),
            (60, lambda: sweep_weekly_reports(desk)),
            (5, lambda: sweep_reminders(desk)),
            (10, lambda: sweep_reckoning(desk)),
            (30, lambda: sweep_urgency(desk)),
            (30, lambda: sweep_leases(desk)),
            (30, lambda: sweep_urgent(desk)),
            (60, lambda: sweep_new_work(desk)),
            (300, lambda: sweep_escalations(desk)),
            (60, lambda: sweep_imports(desk)),
            (1, lambda: sweep_cards(desk)),
            (10, lambda: beat(desk, f"{CLOCK}:{self.senders.name}", desk.now())),
            (3600, self._forget_old),
        )
        for seconds, job in jobs:
            self.scheduler.add_job(_kept_alive(job), "interval", seconds=seconds, next_run_time=desk.now())

    def run(self, stop: threading.Event) -> None:
        """Tick until ``stop`` is set; the jobs at work finish first."""
        self.scheduler.start()
        log.info("clock_ticks", process=self.senders.name)
        stop.wait()
        self.scheduler.shutdown(wait=True)
        self.senders.close()

    def _forget_old(self) -> None:
        """Keys of requests that Slack does not repeat any more, and signs of life of processes that have long ended."""
        with self.desk.database.write() as session:
            session.execute(sa.delete(Heartbeat).where(Heartbeat.at < self.desk.now() - PROCESSED_KEPT))
            session.execute(
                sa.delete(ProcessedRequest)
                .where(ProcessedRequest.at < self.desk.now() - PROCESSED_KEPT)
                .execution_options(all_workspaces=True)
            )


def _kept_alive(job: Callable[[], object]) -> Callable[[], None]:
    """A job that fails is logged and ticks again; the clock goes on."""

    def run() -> None:
        try:
            job()
        except Exception:
            log.exception("job_failed")

    return run
