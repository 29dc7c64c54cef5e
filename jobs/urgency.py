"""Keeping the queue in order: a task whose due date or bill hold has come nearer moves up."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.desk import Desk
from bot.reviews.tasks import settle_urgency
from storage.tables import ReviewTask, Workspace
from storage.tables.reviews import AVAILABLE

BATCH = 500


def sweep_urgency(desk: Desk) -> int:
    """Settle the urgency of every waiting task whose time has come; returns how many."""
    with desk.database.read() as session:
        workspaces = session.scalars(sa.select(Workspace.id).where(Workspace.active)).all()
    return sum(_sweep(desk, workspace_id) for workspace_id in workspaces)


def _sweep(desk: Desk, workspace_id: int) -> int:
    settled = 0
    while True:
        batch = desk.run_as_desk(workspace_id, "clock", settle_due)
        settled += batch
        if batch < BATCH:
            return settled


def settle_due(session: Session, clock: Actor, now: datetime) -> int:
    """The same in one workspace, for one batch."""
    due = session.scalars(
        sa.select(ReviewTask)
        .where(
            ReviewTask.workspace_id == clock.workspace_id,
            ReviewTask.state == AVAILABLE,
            ReviewTask.urgency_until <= now,
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for task in due:
        settle_urgency(clock, task, now)
    return len(due)
