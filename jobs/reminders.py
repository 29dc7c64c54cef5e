"""Looking at requests whose moment has come, and reminding of them."""

from __future__ import annotations

import sqlalchemy as sa

from bot.desk import Desk
from bot.roi.reminders import BATCH, remind_due
from storage.tables import Workspace


def sweep_reminders(desk: Desk) -> int:
    """Remind of every request whose moment has come, in every workspace, a batch to a transaction; returns how many were looked at."""
    with desk.database.read() as session:
        workspaces = session.scalars(sa.select(Workspace.id).where(Workspace.active)).all()
    return sum(_sweep(desk, workspace_id) for workspace_id in workspaces)


def _sweep(desk: Desk, workspace_id: int) -> int:
    looked_at = 0
    while True:
        batch = desk.run_as_desk(workspace_id, "clock", remind_due, desk.rules)
        looked_at += batch
        if batch < BATCH:
            return looked_at
