"""Putting tasks into hands with one step that can be undone: the change, its history and audit per task, and one notice per person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot import audit, notices
from bot.actors import Actor
from bot.people import names
from bot.reviews.leaving import close_holds, end_offer
from bot.reviews.tasks import write_history
from storage.tables import AssignedRequest, AssignedTask, Assignment, Person, ReviewTask, RoiRequest, TaskHistory
from storage.words import NoticeKind, Subject, TaskEvent, TaskState

Given = tuple[ReviewTask, Person]
Move = TypeVar("Move", AssignedTask, AssignedRequest)
Thing = TypeVar("Thing", ReviewTask, RoiRequest)


def begin(session: Session, actor: Actor, now: datetime) -> Assignment:
    """A new step, by a person."""
    made = Assignment(workspace_id=actor.workspace_id, by_id=actor.id, made_at=now)
    session.add(made)
    session.flush()
    return made


def put_into_hands(
    session: Session, actor: Actor, made: Assignment, given: Sequence[Given], *, holds_stay: bool = False
) -> None:
    """Give tasks, all locked before, to people, and tell both sides.

    :param holds_stay: what is on hold stays on hold and keeps its reasons, because it only changes hands.
    """
    kept = [_as_it_was(made, task, person) for task, person in given]
    for task, person in given:
        _put(session, actor, made.made_at, task, person, holds_stay=holds_stay)
    session.flush()
    last = last_happening(session, actor.workspace_id, TaskHistory.task_id, [row.task_id for row in kept])
    for row in kept:
        row.history_id = last[row.task_id]
    session.add_all(kept)
    session.flush()
    _tell(session, actor, made, kept)


def last_happening(session: Session, workspace_id: int, about: InstrumentedAttribute[int], keys: Iterable[int]) -> Mapping[int, int]:
    """The key of the last row in the history of each thing; ``about`` is the column of a history that says whose it is."""
    history = about.class_
    rows = session.execute(
        sa.select(about, sa.func.max(history.id)).where(history.workspace_id == workspace_id, about.in_(list(keys))).group_by(about)
    )
    return dict(rows.all())


def moved_by(
    session: Session, made: Assignment, moves: type[Move], link: InstrumentedAttribute[int], things: type[Thing]
) -> Sequence[sa.Row[Move, Thing]]:
    """What a step moved, each with the thing itself, locked in one order for everybody; ``link`` is the column of a move that names its thing."""
    return session.execute(
        sa.select(moves, things)
        .join(things, things.id == link)
        .where(moves.workspace_id == made.workspace_id, things.workspace_id == made.workspace_id, moves.assignment_id == made.id)
        .order_by(things.id)
        .with_for_update(of=things, key_share=True)
    ).all()


def notice_key(made: Assignment, what: str, person_id: int) -> str:
    """What a notice of this step is known by."""
    return f"{what}:{made.id}:{person_id}"


def _as_it_was(made: Assignment, task: ReviewTask, person: Person) -> AssignedTask:
    return AssignedTask(
        workspace_id=made.workspace_id,
        assignment_id=made.id,
        task_id=task.id,
        to_id=person.id,
        from_id=task.owner_id,
        from_state=task.state,
        claimed_at=task.claimed_at,
        started_at=task.started_at,
        wake_at=task.wake_at,
    )


def _put(
    session: Session, actor: Actor, now: datetime, task: ReviewTask, person: Person, *, holds_stay: bool
) -> None:
    before = task.state
    stays = holds_stay and before is TaskState.ON_HOLD
    if before is not TaskState.AVAILABLE:
        end_offer(session, task, now)
        if not stays:
            close_holds(session, task, now)
    task.owner_id, task.claimed_at = person.id, now
    if not stays:
        task.state, task.started_at = TaskState.CLAIMED, None
    write_history(session, actor, now, task, TaskEvent.ASSIGNED, before)
    audit.record(session, actor, now, "task_assigned", Subject.TASK, task.reference, to=person.slack_user_id)


def _tell(session: Session, actor: Actor, made: Assignment, kept: Sequence[AssignedTask]) -> None:
    getting: dict[int, list[int]] = {}
    losing: dict[int, list[int]] = {}
    for row in kept:
        getting.setdefault(row.to_id, []).append(row.task_id)
        if row.from_id is not None and row.from_id != row.to_id:
            losing.setdefault(row.from_id, []).append(row.task_id)
    known = names(session, made.workspace_id, [*getting, *losing])
    for key, tasks in getting.items():
        _tell_one(session, actor, made, known[key], tasks, "assigned", (NoticeKind.TASK_ASSIGNED, NoticeKind.TASKS_ASSIGNED))
    for key, tasks in losing.items():
        _tell_one(session, actor, made, known[key], tasks, "taken", (NoticeKind.TASK_TAKEN_BACK, NoticeKind.TASKS_TAKEN_BACK))


def _tell_one(
    session: Session, actor: Actor, made: Assignment, person: Person, tasks: Sequence[int], what: str,
    kinds: tuple[NoticeKind, NoticeKind],
) -> None:  # fmt: skip
    """One notice, however many tasks; a task alone comes with its card. Who did it themselves knows it."""
    if person.id == actor.person_id:
        return
    alone = len(tasks) == 1
    kind, subject = (kinds[0], Subject.TASK) if alone else (kinds[1], Subject.ASSIGNMENT)
    notices.tell(
        session, person, made.made_at, kind, subject, tasks[0] if alone else made.id,
        key=notice_key(made, what, person.id), by=actor.slack_user_id,
    )  # fmt: skip
