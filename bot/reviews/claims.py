"""Claiming: one conditional statement, so that two people never own one task."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot import audit
from bot.actors import WORKERS, Actor
from bot.errors import Refusal, Stale
from bot.moments import local_time
from bot.people import names
from bot.references import Prefix, read_reference
from bot.reviews.states import ACTIVE, SOONEST_NUDGE_HOURS
from bot.reviews.tasks import OpenThings, TaskCard, card, card_of, find_task, literals, open_flags_of, runs_query
from bot.stale import has_cards, mark
from storage.tables import AuditEntry, Record, ReviewTask, TaskHistory
from storage.tables.reviews import AVAILABLE
from storage.words import Role, Subject, TaskEvent, TaskState

#: The tables as Core knows them: a claim is what everybody waits for, and the unit of work would double its cost.
_TASKS: Any = ReviewTask.__table__
_HISTORY: Any = TaskHistory.__table__
_HISTORY_ROW = sa.insert(_HISTORY).inline()


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
    """Take the task with this reference.

    :raises AlreadyTaken: with who has it and since when.
    :raises NoSuchTask: when there is none.
    :raises TooManyActive, NotForTheQueue, OwnWorkUnderReview, OtherSkill, NotAllowed: as the rules say.
    """
    reference = read_reference(text, Prefix.TASK)
    actor.require(*WORKERS)
    taken = _take(session, actor, now, _named_statement(skilled=bool(actor.skills)), named=reference)
    if taken is not None:
        return taken
    _may_take_one_more(session, actor)
    return _explain(session, actor, now, reference)


@cache
def next_statement(*, wait: bool, skilled: bool) -> sa.Update:
    """The claim of the best task, as one conditional statement, built once.

    Its parameters: ``workspace``, ``person``, ``active_limit``, ``now``, ``idle_from``, and ``skills`` when the person has some. It gives nothing to somebody
    at their limit, and brings along what the card and the audit trail need, so that nothing is asked twice.
    """
    candidate = _TASKS.alias("candidate")
    best = (
        sa.select(candidate.c.id)
        .where(candidate.c.workspace_id == sa.bindparam("workspace"), candidate.c.state == AVAILABLE)
        .where(*_may_do(candidate.c, skilled=skilled))
        .order_by(candidate.c.urgency, candidate.c.priority_rank, candidate.c.aged_from, candidate.c.id)
        .limit(1)
        .with_for_update(skip_locked=not wait, key_share=True)
        .scalar_subquery()
    )
    return _claiming(_TASKS.c.id == best)


@cache
def _named_statement(*, skilled: bool) -> sa.Update:
    return _claiming(_TASKS.c.reference == sa.bindparam("named"), *_may_do(_TASKS.c, skilled=skilled))


def _claiming(*which: sa.ColumnElement[bool]) -> sa.Update:
    workspace: sa.BindParameter[int] = sa.bindparam("workspace")
    person: sa.BindParameter[int] = sa.bindparam("person")
    mine = _TASKS.alias("mine")
    active = (
        sa.select(sa.func.count())
        .where(mine.c.workspace_id == workspace, mine.c.owner_id == person, mine.c.state.in_(literals(ACTIVE)))
        .scalar_subquery()
    )
    record = (
        sa.select(Record.reference)
        .where(Record.workspace_id == workspace, Record.id == _TASKS.c.record_id)
        .scalar_subquery()
    )
    return (
        sa.update(_TASKS)
        .where(_TASKS.c.workspace_id == workspace, _TASKS.c.state == AVAILABLE, *which)
        .where(active < sa.bindparam("active_limit"))
        .values(
            state=TaskState.CLAIMED, owner_id=person, claimed_at=sa.bindparam("now"), active_at=sa.bindparam("now"),
            look_at=sa.bindparam("idle_from"), nudged_at=sa.null(),
        )
        .returning(
            _TASKS,
            record.label("record"),
            open_flags_of(_TASKS.c.record_id, workspace).label("flags"),
            has_cards(workspace, _TASKS.c.id).label("shown"),
            runs_query(workspace, _TASKS.c.id).label("asked"),
            *(_chain_end(column, workspace, person).label(f"chain_{column.key}") for column in (AuditEntry.seq, AuditEntry.hash)),
        )
    )


def _chain_end(
    column: InstrumentedAttribute[Any], workspace: sa.ColumnElement[int], person: sa.ColumnElement[int]
) -> sa.ScalarSelect[Any]:
    """The last entry of the claimer's own audit chain, which the next one is tied to."""
    return (
        sa.select(column)
        .where(AuditEntry.workspace_id == workspace, AuditEntry.chain == person)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
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
    count = active_count(session, actor.workspace_id, actor.id)
    if count >= actor.active_task_limit:
        raise TooManyActive(
            f"You have {count} active tasks, which is the limit. Complete, hold or return one first; /tasks shows them."
        )


def _may_do(task: Any, *, skilled: bool) -> list[sa.ColumnElement[bool]]:  # noqa: ANN401 - the columns of the table or of an alias
    """What a task must be for this person to take it: not restricted, their skill, not their own work."""
    conditions = [
        task.restricted.is_(False),
        sa.or_(task.worked_by_id.is_(None), task.worked_by_id != sa.bindparam("person")),
    ]
    if skilled:
        conditions.append(sa.or_(task.skill.is_(None), task.skill.in_(sa.bindparam("skills", expanding=True))))
    return conditions


def claim_parameters(actor: Actor, now: datetime) -> dict[str, Any]:
    """What the claim statement asks to know of a person."""
    known: dict[str, Any] = {"workspace": actor.workspace_id, "person": actor.id, "active_limit": actor.active_task_limit, "now": now}
    known["idle_from"] = now + timedelta(hours=SOONEST_NUDGE_HOURS)
    return {**known, "skills": actor.skills} if actor.skills else known


def _take(
    session: Session, actor: Actor, now: datetime, statement: sa.Update, **more: str
) -> TaskCard | None:
    connection = session.connection()
    row = connection.execute(statement, {**claim_parameters(actor, now), **more}).first()
    if row is None:
        return None
    found = dict(row._mapping)
    things = OpenThings(record=found.pop("record"), owner=actor.slack_user_id, flags=found.pop("flags"))
    audit.know_head(session, actor.workspace_id, actor.id, found.pop("chain_seq"), found.pop("chain_hash"))
    shown, asked = found.pop("shown"), found.pop("asked")
    task = ReviewTask(**found)
    if shown:
        mark(session, actor.workspace_id, Subject.TASK, task.id, now)
    connection.execute(_HISTORY_ROW, _claimed_row(actor, now, task))
    audit.record(session, actor, now, "task_claimed", Subject.TASK, task.reference)
    return card(session, actor, now, task) if asked else card_of(actor, now, task, things)


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
