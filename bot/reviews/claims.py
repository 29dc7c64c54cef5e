"""Claiming: one conditional statement, so that two people never own one task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from bot import audit
from bot.actors import WORKERS, Actor
from bot.errors import Refusal, Stale
from bot.moments import local_time
from bot.people import names
from bot.references import Prefix, read_reference
from bot.reviews.states import ACTIVE
from bot.reviews.tasks import TaskCard, card, find_task, write_history
from storage.tables import ReviewTask
from storage.tables.reviews import AVAILABLE
from storage.words import Role, Subject, TaskEvent, TaskState


class QueueEmpty(Refusal):
    """Nothing waits for you right now. New work appears here as soon as it comes in; /tasks queue shows what waits for others."""


class TooManyActive(Refusal):
    """You have as many active tasks as one person may have. Complete, hold or return one first; /tasks shows them."""


class AlreadyTaken(Refusal):
    """Somebody else has this task."""


class NotForTheQueue(Refusal):
    """This record is restricted. A supervisor names who works on it."""


class OwnWorkUnderReview(Refusal):
    """This task reviews your own work. Somebody else must take it."""


class OtherSkill(Refusal):
    """This task needs a skill that is not on your list. A supervisor can assign it."""


def claim_next(session: Session, actor: Actor, now: datetime) -> TaskCard:
    """Take the best task this person may do: patient safety, then due dates, then bill hold, then priority, then age, then arrival.

    :raises QueueEmpty: when nothing is left for them.
    :raises TooManyActive: at the limit of active tasks.
    :raises NotAllowed: without a role that takes tasks.
    """
    _may_take_one_more(session, actor)
    # Where all that is left is in other hands at this moment, wait for them: they may let go of it.
    for wait in (False, True):
        task = _take(session, actor, now, ReviewTask.id == _best(actor, wait=wait))
        if task is not None:
            return _claimed(session, actor, now, task)
    raise QueueEmpty


def claim(session: Session, actor: Actor, now: datetime, text: str) -> TaskCard:
    """Take the task with this reference.

    :raises AlreadyTaken: with who has it and since when.
    :raises NoSuchTask: when there is none.
    :raises TooManyActive, NotForTheQueue, OwnWorkUnderReview, OtherSkill, NotAllowed: as the rules say.
    """
    reference = read_reference(text, Prefix.TASK)
    _may_take_one_more(session, actor)
    task = _take(session, actor, now, ReviewTask.reference == reference, *_may_do(ReviewTask, actor))
    if task is None:
        return _explain(session, actor, now, reference)
    return _claimed(session, actor, now, task)


def _best(actor: Actor, *, wait: bool) -> sa.ScalarSelect[int]:
    candidate = aliased(ReviewTask)
    return (
        sa.select(candidate.id)
        .where(candidate.workspace_id == actor.workspace_id, candidate.state == AVAILABLE, *_may_do(candidate, actor))
        .order_by(candidate.urgency, candidate.priority_rank, candidate.aged_from, candidate.id)
        .limit(1)
        .with_for_update(skip_locked=not wait, key_share=True)
        .scalar_subquery()
    )


def active_count(session: Session, workspace_id: int, person_id: int) -> int:
    """How many tasks are in this person's hands, holds not counted."""
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                ReviewTask.workspace_id == workspace_id,
                ReviewTask.owner_id == person_id,
                ReviewTask.state.in_(ACTIVE),
            )
        )
        or 0
    )


def _may_take_one_more(session: Session, actor: Actor) -> None:
    actor.require(*WORKERS)
    count = active_count(session, actor.workspace_id, actor.id)
    if count >= actor.active_task_limit:
        raise TooManyActive(
            f"You have {count} active tasks, which is the limit. Complete, hold or return one first; /tasks shows them."
        )


def _may_do(task: Any, actor: Actor) -> list[sa.ColumnElement[bool]]:  # noqa: ANN401 - the table or an alias of it
    """What a task must be for this person to take it: not restricted, their skill, not their own work."""
    conditions = [
        task.restricted.is_(False),
        sa.or_(task.worked_by_id.is_(None), task.worked_by_id != actor.id),
    ]
    if actor.skills:
        conditions.append(sa.or_(task.skill.is_(None), task.skill.in_(actor.skills)))
    return conditions


def _take(session: Session, actor: Actor, now: datetime, *which: sa.ColumnElement[bool]) -> ReviewTask | None:
    return session.scalars(
        sa.update(ReviewTask)
        .where(ReviewTask.workspace_id == actor.workspace_id, ReviewTask.state == AVAILABLE, *which)
        .values(state=TaskState.CLAIMED, owner_id=actor.id, claimed_at=now)
        .returning(ReviewTask)
        .execution_options(synchronize_session=False)
    ).first()


def _claimed(session: Session, actor: Actor, now: datetime, task: ReviewTask) -> TaskCard:
    write_history(session, actor, now, task, TaskEvent.CLAIMED, TaskState.AVAILABLE)
    audit.record(session, actor, now, "task_claimed", Subject.TASK, task.reference)
    session.flush()
    return card(session, actor, now, task)


def _explain(session: Session, actor: Actor, now: datetime, reference: str) -> TaskCard:
    """Say why the task could not be taken; a second click of its owner is simply answered with the card."""
    task = find_task(session, actor.workspace_id, reference)
    if task.owner_id == actor.id and task.state in ACTIVE:
        return card(session, actor, now, task)
    if task.owner_id is not None:
        owner = names(session, actor.workspace_id, [task.owner_id])[task.owner_id]
        since = f" since {local_time(task.claimed_at, actor.zone, now)}" if task.claimed_at else ""
        raise AlreadyTaken(f"{owner.name} has {reference}{since}. /claim takes the next one.")
    if task.state is not TaskState.AVAILABLE:
        raise AlreadyTaken(f"{reference} is {task.state.replace('_', ' ')}. /claim takes the next one.")
    if task.restricted:
        by = f"/assign {reference} @person" if actor.has(Role.SUPERVISOR) else "A supervisor"
        raise NotForTheQueue(f"{reference} is on a restricted record. {by} names who works on it.")
    if task.worked_by_id == actor.id:
        raise OwnWorkUnderReview
    if actor.skills and task.skill is not None and task.skill not in actor.skills:
        raise OtherSkill(f"{reference} needs a skill that is not on your list. A supervisor can assign it.")
    raise Stale(f"{reference} is in the queue again at this moment. Try once more.")
