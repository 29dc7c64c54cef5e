"""Putting the morning digest of everybody whose day has begun, and the weekly report of supervisors whose week has, into the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.desk import Desk
from bot.digest import write_digests
from bot.weekly import write_weekly_reports
from storage.tables import Workspace


def sweep_digests(desk: Desk) -> int:
    """Write the digests that are due, a transaction for each workspace; returns how many were new."""
    return _sweep(desk, write_digests)


def sweep_weekly_reports(desk: Desk) -> int:
    """Write the weekly reports that are due, a transaction for each workspace; returns how many were new."""
    return _sweep(desk, write_weekly_reports)


def _sweep(desk: Desk, write: Callable[[Session, Actor, datetime], int]) -> int:
    with desk.database.read() as session:
        workspaces = session.scalars(sa.select(Workspace.id).where(Workspace.active)).all()
    return sum(desk.run_as_desk(workspace_id, "clock", write) for workspace_id in workspaces)
