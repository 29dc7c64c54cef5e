"""What a supervisor must hear of because nobody else does: bill holds that pass while nobody has the work, and tasks that come back from idle hands again."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.people import coworkers
from bot.team.board import Countdown
from bot.team.slices import OVER, SOON, WAITING, Day, bill_hold
from storage.tables import ReviewTask
from storage.words import NoticeKind, Role, Subject

#: From which hour on in the facility's legal zone the day's count is told.
FROM = time(8)


def tell_bill_holds(session: Session, clock: Actor, now: datetime) -> int:
    """Tell every supervisor once a day that bill holds pass while nobody has the work; returns how many were told."""
    local = now.astimezone(ZoneInfo(clock.legal_zone))
    if local.time() < FROM or not unowned_bill_holds(session, clock, now).over:
        return 0
    return sum(
        notices.tell(
            session, supervisor, now, NoticeKind.BILL_HOLDS_PASSING, Subject.WORKSPACE, clock.workspace_id,
            key=f"bill_holds:{local.date()}:{supervisor.id}",
        )
        for supervisor in coworkers(session, clock.workspace_id, Role.SUPERVISOR)
    )  # fmt: skip


def unowned_bill_holds(session: Session, actor: Actor, now: datetime) -> Countdown:
    """Bill holds that are over and that end within days, of tasks nobody has."""
    day = Day.of(actor, now, 0)
    over, soon = session.execute(
        sa.select(sa.func.count().filter(bill_hold(day, OVER)), sa.func.count().filter(bill_hold(day, SOON))).where(
            ReviewTask.workspace_id == actor.workspace_id, WAITING
        )
    ).one()
    return Countdown(over, soon)
