"""Claiming: who may take which task, and what the others hear. The statements stand in :mod:`bot.reviews.claim_statements`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import WORKERS, Actor, Identity, actor_of
from bot.errors import Refusal, Stale
from bot.moments import local_time
from bot.people import names
from bot.references import Prefix, read_reference
from bot.reviews.cards import OpenThings, TaskCard, card, card_of
from bot.reviews.claim_statements import (
    CLAIMED,
    claim_parameters,
    moments,
    named_statement,
    next_statement,
    shown_statement,
    whole_statement,
)
from bot.reviews.states import ACTIVE, ENDED, Step
from bot.reviews.tasks import find_task, steps_for, write_history
from bot.spoken import spoken
from bot.stale import note_stale
from storage.database import Database
from storage.prepared import NothingHappenedError, Prepared
from storage.tables import ReviewTask, TaskHistory
from storage.words import Role, Subject, TaskEvent, TaskState

_HISTORY_ROW = sa.insert(cast("sa.Table", TaskHistory.__table__)).inline()


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
    actor.require(*WORKERS)
    # Where all that is left is in other hands at this moment, wait for them: they may let go of it.
    for wait in (False, True):
        taken = _take(session, actor, now, next_statement(wait=wait, skilled=bool(actor.skills)))
        if taken is not None:
            return taken
        _may_take_one_more(session, actor)
    raise QueueEmpty


def claim(session: Session, actor: Actor, now: datetime, text: str) -> TaskCard:
    """Take the task with this reference; one on a restricted record too, for somebody who is cleared for such records.

    :raises AlreadyTaken: with who has it and since when.
    :raises NoSuchTask: when there is none.
    :raises TooManyActive, NotForTheQueue, OwnWorkUnderReview, OtherSkill, NotAllowed: as the rules say.
    """
    reference = read_reference(text, Prefix.TASK)
    actor.require(*WORKERS)
    taken = _take(session, actor, now, named_statement(skilled=bool(actor.skills)), named=reference)
    return taken or _take_restricted(session, actor, now, reference) or _explain(session, actor, now, reference)


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
    count = active_count(session, actor.workspace_id, actor.id)
    if count >= actor.active_task_limit:
        raise TooManyActive(
            f"You have {count} active tasks, which is the limit. Complete, hold or return one first; /tasks shows them."
        )


def next_at_once(database: Database, who: Identity, now: datetime, once: str | None) -> TaskCard | None:
    """The short way of :func:`claim_next` on PostgreSQL: everything in one statement. None when it gives nothing; the long way then says why."""
    return _at_once(database, who, now, once)


def named_at_once(database: Database, who: Identity, now: datetime, once: str | None, text: str) -> TaskCard | None:
    """The short way of :func:`claim`."""
    return _at_once(database, who, now, once, named=read_reference(text, Prefix.TASK))


def _at_once(database: Database, who: Identity, now: datetime, once: str | None, **named: str) -> TaskCard | None:
    told = {"team": who.team_id, "user": who.user_id, "once": once, **moments(now), **audit.entry_moment(now), **named}
    try:
        row = _whole(named=bool(named)).run(database.at_hand, told)
    except NothingHappenedError:
        return None
    if row is None:
        return None
    # It reads like the task. An object of the unit of work, which nothing here writes back, would cost as much as all the rest.
    actor, task = actor_of(row), cast("ReviewTask", SimpleNamespace(**row))
    if row["worked_before"]:
        with database.read() as session:
            return card(session, actor, now, task)
    return _card(actor, now, task, row)


@cache
def _whole(*, named: bool) -> Prepared:
    return Prepared(whole_statement(named=named))


def _take(session: Session, actor: Actor, now: datetime, statement: sa.Update, **named: str) -> TaskCard | None:
    """Take a task in an ordinary transaction, after :func:`bot.actors.actor` locked the claimer's row."""
    connection = session.connection()
    taken = connection.execute(statement, {**claim_parameters(actor, now), **named}).scalar()
    if taken is None:
        return None
    row = connection.execute(shown_statement(), {"workspace": actor.workspace_id, "task": taken}).mappings().one()
    task = cast("ReviewTask", SimpleNamespace(**row))
    note_stale(session, task.workspace_id, Subject.TASK, task.id, now)
    connection.execute(_HISTORY_ROW, _claimed_row(actor, now, task))
    audit.record(session, actor, now, CLAIMED, Subject.TASK, task.reference)
    return card(session, actor, now, task) if row["asked"] else _card(actor, now, task, row)


def _take_restricted(session: Session, actor: Actor, now: datetime, reference: str) -> TaskCard | None:
    """Take a task on a restricted record, for somebody cleared; None when it is none, or not for them.

    Such records never come from *next*, so the statements of the queue pass them over; this is seldom enough to go step by step, with the task locked.
    """
    if not actor.works_restricted:
        return None
    task = find_task(session, actor.workspace_id, reference, lock=True)
    if not task.restricted or Step.CLAIM not in steps_for(actor, task) or not _has_skill(actor, task):
        return None
    _may_take_one_more(session, actor)
    task.state, task.owner_id, task.claimed_at = TaskState.CLAIMED, actor.id, now
    write_history(session, actor, now, task, TaskEvent.CLAIMED, TaskState.AVAILABLE)
    audit.record(session, actor, now, CLAIMED, Subject.TASK, task.reference)
    session.flush()
    return card(session, actor, now, task)


def _has_skill(actor: Actor, task: ReviewTask) -> bool:
    return not actor.skills or task.skill is None or task.skill in actor.skills


def _claimed_row(actor: Actor, now: datetime, task: ReviewTask) -> dict[str, Any]:
    return {
        "workspace_id": actor.workspace_id,
        "task_id": task.id,
        "event": TaskEvent.CLAIMED,
        "actor_id": actor.id,
        "owner_id": actor.id,
        "from_state": TaskState.AVAILABLE,
        "to_state": TaskState.CLAIMED,
        "at": now,
    }


def _card(actor: Actor, now: datetime, task: ReviewTask, facts: Mapping[Any, Any]) -> TaskCard:
    return card_of(actor, now, task, OpenThings(record=facts["record"], owner=actor.slack_user_id, flags=facts["flags"]))


def _explain(session: Session, actor: Actor, now: datetime, reference: str) -> TaskCard:
    """Say why the task could not be taken; a second click of its owner is simply answered with the card."""
    task = find_task(session, actor.workspace_id, reference)
    if task.owner_id == actor.id and task.state in ACTIVE:
        return card(session, actor, now, task)
    if task.state in ENDED:
        raise AlreadyTaken(f"{reference} is {spoken(task.state)}. /claim takes the next one.")
    if task.owner_id is not None:
        owner = names(session, actor.workspace_id, [task.owner_id])[task.owner_id]
        since = f" since {local_time(task.claimed_at, actor.zone, now)}" if task.claimed_at else ""
        raise AlreadyTaken(f"{owner.name} has {reference}{since}. /claim takes the next one.")
    _may_take_one_more(session, actor)
    if task.restricted and not actor.works_restricted:
        by = f"/assign {reference} @person" if actor.has(Role.SUPERVISOR) else "A supervisor"
        raise NotForTheQueue(f"{reference} is on a restricted record. {by} names who works on it.")
    if task.worked_by_id == actor.id:
        raise OwnWorkUnderReview
    if not _has_skill(actor, task):
        raise OtherSkill(f"{reference} needs a skill that is not on your list. A supervisor can assign it.")
    raise Stale(f"{reference} is in the queue again at this moment. Try once more.")
