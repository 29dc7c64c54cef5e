"""Filling an empty desk for the sandbox, once; a later start finds it as it was left."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import desk_actor
from bot.demo.audits import play_weeks
from bot.demo.day import play_morning
from bot.demo.people import DemoPerson, settle_people
from bot.demo.requests import generate_requests
from bot.demo.tasks import generate_tasks
from bot.people import coworkers
from bot.roi.due_rules import RuleBook
from storage.tables import Record, ReviewTask
from storage.words import Role


def fill_desk(
    session: Session, team_id: str, team_name: str, people: list[DemoPerson], rulebook: RuleBook, now: datetime
) -> None:
    """Settle the people on shift, and when the desk is empty give it its tasks and requests."""
    workspace = settle_people(session, team_id, team_name, people, now)
    session.flush()
    if session.scalar(sa.select(ReviewTask.id).where(ReviewTask.workspace_id == workspace.id).limit(1)):
        return
    desk = desk_actor(session, workspace.id, "sandbox")
    generate_tasks(session, desk, now)
    records = session.scalars(sa.select(Record).where(Record.workspace_id == workspace.id).order_by(Record.id)).all()
    owners = coworkers(session, workspace.id, Role.ROI_SPECIALIST)
    generate_requests(session, desk, now, rulebook, owners, list(records))
    play_weeks(session, workspace, now)
    play_morning(session, workspace, now)
