"""Reckoning open releases anew after an admin changed the rules and asked for it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.desk import Desk
from bot.roi.recomputing import reckon_open
from storage.tables import DueRuleVersion, Workspace


def sweep_reckoning(desk: Desk) -> int:
    """Reckon what is left to be reckoned in every workspace, a batch to a transaction; returns how many requests were looked at."""
    with desk.database.read() as session:
        waiting = session.scalars(
            sa.select(DueRuleVersion.workspace_id)
            .join(Workspace, Workspace.id == DueRuleVersion.workspace_id)
            .where(Workspace.active, DueRuleVersion.reckon_after.is_not(None))
            .distinct()
        ).all()
    return sum(_drain(desk, workspace_id) for workspace_id in waiting)


def _drain(desk: Desk, workspace_id: int) -> int:
    looked_at = 0
    while found := desk.run_as_desk(workspace_id, "clock", reckon_open, desk.rules):
        looked_at += found
    return looked_at
