"""Whether this installation is well: for ``/healthz``, ``/readyz`` and ``chartdesk doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.desk import Desk
from storage.tables import Heartbeat, Notice
from storage.words import NoticeState

#: A clock that has not ticked for this long is not running.
CLOCK_SILENT = timedelta(seconds=60)
CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What ``/readyz`` says. Only ``database`` decides whether requests can be served; the rest is degraded, not down."""

    database: bool
    shared_memory: bool
    clock: bool
    oldest_notice_seconds: int

    @property
    def ready(self) -> bool:
        """Whether requests can be answered."""
        return self.database


def readiness(desk: Desk) -> Readiness:
    """Look at everything the bot leans on; a database that does not answer is a result, not an error."""
    now = desk.now()
    try:
        with desk.database.read() as session:
            ticked = session.scalar(sa.select(sa.func.max(Heartbeat.at)).where(Heartbeat.process.startswith(CLOCK)))
            waiting = session.scalar(
                sa.select(sa.func.min(Notice.not_before))
                .where(sa.text(f"state IN ('{NoticeState.PENDING}', '{NoticeState.AMBIGUOUS}')"), Notice.not_before <= now)
                .execution_options(all_workspaces=True)
            )
    except sa.exc.SQLAlchemyError:
        return Readiness(database=False, shared_memory=desk.coordinator.healthy(), clock=False, oldest_notice_seconds=0)
    return Readiness(
        database=True,
        shared_memory=desk.coordinator.healthy(),
        clock=ticked is not None and now - ticked < CLOCK_SILENT,
        oldest_notice_seconds=int((now - waiting).total_seconds()) if waiting else 0,
    )


def beat(desk: Desk, process: str, now: datetime) -> None:
    """Leave a sign of life."""
    with desk.database.write() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(
            insert(Heartbeat)
            .values(process=process, at=now)
            .on_conflict_do_update(index_elements=["process"], set_={"at": now})
        )
