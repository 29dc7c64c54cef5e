"""What those whose tasks changed hands together are told: how it stands at the moment of telling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.actors import Actor
from bot.reviews.cards import TaskCard, cards
from bot.reviews.states import OWNED
from storage.tables import AssignedTask, Notice, ReviewTask
from storage.words import NoticeKind

#: How many of the tasks are shown; the rest is counted.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of an assignment for one person: how many tasks are theirs now, the first of them, and how many are not theirs any more."""

    by: str | None
    theirs: int
    gone: int
    cards: tuple[TaskCard, ...]
    undone: bool = False


def changed(session: Session, reader: Actor, now: datetime, notice: Notice) -> Changed | None:
    """What a notice about an assignment says to its reader; None when it is no longer true."""
    got = _tasks(session, reader, notice, AssignedTask.to_id)
    lost = _tasks(session, reader, notice, AssignedTask.from_id)
    by = str(notice.facts["by"]) if notice.facts.get("by") else None
    undone = notice.kind is NoticeKind.ASSIGNMENT_UNDONE
    touched = [*got, *lost] if undone else got if notice.kind is NoticeKind.TASKS_ASSIGNED else []
    theirs = [task for task in touched if task.owner_id == reader.person_id and task.state in OWNED]
    losing = {NoticeKind.TASKS_TAKEN_BACK: lost, NoticeKind.ASSIGNMENT_UNDONE: got}.get(notice.kind, [])
    gone = [task for task in losing if task.owner_id != reader.person_id]
    if not theirs and not gone:
        return None
    return Changed(by, len(theirs), len(gone), tuple(cards(session, reader, now, theirs[:SHOWN])), undone)


def _tasks(session: Session, reader: Actor, notice: Notice, side: InstrumentedAttribute[Any]) -> list[ReviewTask]:
    return list(
        session.scalars(
            sa.select(ReviewTask)
            .join(AssignedTask, AssignedTask.task_id == ReviewTask.id)
            .where(
                ReviewTask.workspace_id == notice.workspace_id,
                AssignedTask.workspace_id == notice.workspace_id,
                AssignedTask.assignment_id == notice.subject_id,
                side == reader.person_id,
            )
            .order_by(ReviewTask.urgency, ReviewTask.priority_rank, ReviewTask.aged_from, ReviewTask.id)
        )
    )
