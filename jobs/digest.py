"""Putting the morning digest of everybody whose day has begun into the outbox."""

from __future__ import annotations

import sqlalchemy as sa

from bot.desk import Desk
from bot.digest import write_digests
from storage.tables import Workspace


def sweep_digests(desk: Desk) -> int:
    """Write the digests that are due, a transaction for each workspace; returns how many were new."""
    with desk.database.read() as session:
        workspaces = session.scalars(sa.select(Workspace.id).where(Workspace.active)).all()
    return sum(desk.run_as_desk(workspace_id, "clock", write_digests) for workspace_id in workspaces)
