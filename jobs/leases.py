"""What comes due around work in people's hands: idle tasks, holds that wake, offers nobody answered, physician queries open for too long, silent flags."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.desk import Desk
from bot.flags.reminders import remind_silent
from bot.reviews.handoff import expire_offers
from bot.reviews.leases import look_at_idle, wake_holds
from bot.reviews.queries import escalate_queries
from storage.tables import Workspace

#: Looks at one batch in one transaction; returns how many rows it looked at, 0 when nothing is left.
Batch = Callable[[Session, Actor, datetime], int]
SWEEPS: tuple[Batch, ...] = (look_at_idle, wake_holds, expire_offers, escalate_queries, remind_silent)


def sweep_leases(desk: Desk) -> int:
    """Do what has come due in every workspace; returns how many rows were looked at. Idempotent, and safe with other clocks at work."""
    with desk.database.read() as session:
        workspaces = session.scalars(sa.select(Workspace.id).where(Workspace.active)).all()
    return sum(_drain(desk, workspace_id, batch) for workspace_id in workspaces for batch in SWEEPS)


def _drain(desk: Desk, workspace_id: int, batch: Batch) -> int:
    """What was looked at is moved to a later moment, so every batch is another one."""
    looked_at = 0
    while found := desk.run_as_desk(workspace_id, "clock", batch):
        looked_at += found
    return looked_at
