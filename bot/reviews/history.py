"""What happened to a task so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.people import names
from bot.reviews.cards import visible_task
from storage.columns import CleanText
from storage.tables import TaskHistory
from storage.words import CancelReason, ReturnReason, TaskEvent

#: How many of the latest events are shown.
LATEST = 20


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a task. ``actor`` and ``owner`` are Slack ids; no actor means the clock or an import."""

    at: datetime
    event: TaskEvent
    actor: str | None
    owner: str | None
    reason: ReturnReason | CancelReason | None
    note: CleanText | None


def task_history(session: Session, reader: Actor, _now: datetime, reference: str) -> tuple[Happening, ...]:
    """The latest events of a task, newest first.

    :raises NotAllowed: without a role that works on tasks.
    :raises Restricted: for a restricted record, to somebody who may not see it.
    :raises NoSuchTask: when there is none.
    """
    task = visible_task(session, reader, reference)
    rows = session.scalars(
        sa.select(TaskHistory)
        .where(TaskHistory.workspace_id == reader.workspace_id, TaskHistory.task_id == task.id)
        .order_by(TaskHistory.id.desc())
        .limit(LATEST)
    ).all()
    people = names(session, reader.workspace_id, [key for row in rows for key in (row.actor_id, row.owner_id)])
    ids = {key: person.slack_user_id for key, person in people.items()}
    return tuple(
        Happening(row.at, row.event, ids.get(row.actor_id or 0), ids.get(row.owner_id or 0), row.reason, row.note)
        for row in rows
    )
