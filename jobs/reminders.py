"""Looking at requests whose moment has come, and reminding of them."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from bot.desk import Desk
from bot.roi.reminders import BATCH, put_off, remind_due
from storage.tables import Workspace

log = structlog.get_logger(__name__)


def sweep_reminders(desk: Desk) -> int:
    """Remind of every request whose moment has come, in every workspace, a batch to a transaction; returns how many were looked at."""
    with desk.database.read() as session:
        workspaces = session.scalars(sa.select(Workspace.id).where(Workspace.active)).all()
    return sum(_sweep(desk, workspace_id) for workspace_id in workspaces)


def _sweep(desk: Desk, workspace_id: int) -> int:
    looked_at = 0
    while True:
        batch = _look_at_batch(desk, workspace_id)
        looked_at += batch
        if batch < BATCH:
            return looked_at


def _look_at_batch(desk: Desk, workspace_id: int) -> int:
    try:
        return desk.run_as_desk(workspace_id, "clock", remind_due, desk.rules)
    except Exception:  # noqa: BLE001 - nothing of the batch was done; one request must not silence the others
        log.warning("reminders_one_by_one", workspace=workspace_id)
        return sum(_look_at_one(desk, workspace_id) for _ in range(BATCH))


def _look_at_one(desk: Desk, workspace_id: int) -> int:
    try:
        return desk.run_as_desk(workspace_id, "clock", remind_due, desk.rules, 1)
    except Exception:
        log.exception("reminder_failed", workspace=workspace_id)
        desk.run_as_desk(workspace_id, "clock", put_off)
        return 1
