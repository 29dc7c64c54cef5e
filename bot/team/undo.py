"""Undoing an assignment: for a minute, exactly what was done, where nothing happened since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import Actor
from bot.errors import Stale
from bot.people import names
from bot.reviews.tasks import settle_urgency, write_history
from bot.team.assignments import last_happening, moved_by, notice_key
from bot.team.releases import give_back
from storage.tables import AssignedTask, Assignment, Notice, ReviewTask, TaskHistory, TaskHold, TaskOffer
from storage.words import NoticeKind, NoticeState, OfferState, Role, Subject, TaskEvent, TaskState

#: How long an assignment can be undone.
UNDO = timedelta(minutes=1)


class NothingToUndo(Stale):
    """There is nothing of yours to undo here. /assign moves tasks again."""


class TooLateToUndo(Stale):
    """An assignment can be undone for a minute, and that is over. /assign moves the tasks again."""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many tasks and requests are back where they were, and the references of those that are not, because something happened since."""

    tasks: int
    requests: int
    kept: tuple[str, ...]


def undo(session: Session, actor: Actor, now: datetime, number: int) -> Undone:
    """Put everything of an assignment of yours back where it was, as far as nothing happened since.

    :raises NothingToUndo: when it is somebody else's, or was undone.
    :raises TooLateToUndo: after a minute.
    """
    actor.require(Role.SUPERVISOR)
    made = session.scalars(
        sa.select(Assignment)
        .where(Assignment.workspace_id == actor.workspace_id, Assignment.id == number)
        .with_for_update(key_share=True)
    ).first()
    if made is None or made.by_id != actor.person_id:
        raise NothingToUndo
    if made.undone_at is not None:
        raise NothingToUndo("This was undone before. /assign moves the tasks again.")
    if now - made.made_at > UNDO:
        raise TooLateToUndo
    made.undone_at = now
    back, kept = _tasks_back(session, actor, now, made)
    requests, kept_requests = give_back(session, actor, now, made)
    session.flush()
    _tell(session, actor, now, made, {key for row in back for key in (row.to_id, row.from_id) if key is not None})
    return Undone(len(back), requests, (*kept, *kept_requests))


def _tasks_back(
    session: Session, actor: Actor, now: datetime, made: Assignment
) -> tuple[list[AssignedTask], list[str]]:
    rows = moved_by(session, made, AssignedTask, AssignedTask.task_id, ReviewTask)
    last = last_happening(session, made.workspace_id, TaskHistory.task_id, [row.task_id for row, _ in rows])
    untouched = [(row, task) for row, task in rows if last[row.task_id] == row.history_id and task.owner_id == row.to_id]
    for row, task in untouched:
        _put_back(session, actor, now, made, row, task)
    back = {row.task_id for row, _ in untouched}
    return [row for row, _ in untouched], [task.reference for row, task in rows if row.task_id not in back]


def _put_back(
    session: Session, actor: Actor, now: datetime, made: Assignment, row: AssignedTask, task: ReviewTask
) -> None:
    before = task.state
    task.state, task.owner_id = row.from_state, row.from_id
    task.claimed_at, task.started_at, task.wake_at = row.claimed_at, row.started_at, row.wake_at
    if row.from_state is TaskState.AVAILABLE:
        settle_urgency(actor, task, now)
    else:
        _reopen(session, made, task)
    write_history(session, actor, now, task, TaskEvent.ASSIGNMENT_UNDONE, before)
    audit.record(session, actor, now, "task_assignment_undone", Subject.TASK, task.reference)


def _reopen(session: Session, made: Assignment, task: ReviewTask) -> None:
    """What the assignment ended, and nothing else, goes on: reasons of a hold, and an offer."""
    session.execute(
        sa.update(TaskHold)
        .where(TaskHold.workspace_id == made.workspace_id, TaskHold.task_id == task.id, TaskHold.closed_at == made.made_at)
        .values(closed_at=None)
    )
    session.execute(
        sa.update(TaskOffer)
        .where(
            TaskOffer.workspace_id == made.workspace_id,
            TaskOffer.task_id == task.id,
            TaskOffer.state == OfferState.CANCELLED,
            TaskOffer.ended_at == made.made_at,
        )
        .values(state=OfferState.OPEN, ended_at=None)
    )


def _tell(session: Session, actor: Actor, now: datetime, made: Assignment, touched: Iterable[int]) -> None:
    """Tell those whom the first notice may have reached. What has not left yet is found untrue when it would leave."""
    people = [key for key in touched if key != actor.person_id]
    reached = _reached(session, made, people)
    for key, person in names(session, made.workspace_id, reached).items():
        notices.tell(
            session, person, now, NoticeKind.ASSIGNMENT_UNDONE, Subject.ASSIGNMENT, made.id,
            key=notice_key(made, "undone", key), by=actor.slack_user_id,
        )  # fmt: skip


def _reached(session: Session, made: Assignment, people: Sequence[int]) -> list[int]:
    keys = [notice_key(made, what, key) for key in people for what in ("assigned", "taken")]
    if not keys:
        return []
    return list(
        session.scalars(
            sa.select(Notice.recipient_id)
            .where(
                Notice.workspace_id == made.workspace_id,
                Notice.dedupe_key.in_(keys),
                Notice.state.not_in((NoticeState.PENDING, NoticeState.CANCELLED, NoticeState.FAILED)),
            )
            .distinct()
        )
    )
