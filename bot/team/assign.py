"""Assigning: a supervisor puts tasks into people's hands. It needs no accept; people are told, and for a minute it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import Refusal, Stale
from bot.reviews.cards import TaskCard, card
from bot.reviews.filters import read_filter
from bot.reviews.states import STEPS, Step
from bot.reviews.takers import why_not_now, why_not_this
from bot.reviews.tasks import NoSuchTask, find_task
from bot.team.assignments import Given, begin, put_into_hands
from bot.team.hands import Crew, Share, crew, named, piece_of
from bot.team.orders import AssignWhat, Order
from bot.team.sharing import Hand, share_out
from storage.tables import Person, ReviewTask
from storage.tables.reviews import AVAILABLE
from storage.words import Role, TaskState


class NothingToAssign(Refusal):
    """Nothing of this waits in the queue, so nothing was assigned. /tasks queue shows what does."""


class NobodyForIt(Refusal):
    """Nobody of these people may do this work, so nothing was assigned. /team people shows skills and facilities."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What one step came to. ``number`` undoes it; ``left`` says in sentences what was not assigned, and why; ``card`` is there for one task alone."""

    number: int
    tasks: tuple[str, ...]
    shares: tuple[Share, ...]
    left: tuple[str, ...] = ()
    card: TaskCard | None = None
    was_theirs: bool = False
    requests: int = 0
    offers: int = 0


def may_assign(_session: Session, actor: Actor, _now: datetime) -> None:
    """Whether this person may assign tasks, before a form is opened for it.

    :raises NotAllowed: unless they are a supervisor.
    """
    actor.require(Role.SUPERVISOR)


def assign(session: Session, actor: Actor, now: datetime, reference: str, slack_user_id: str) -> Assigned:
    """Put one task into somebody's hands, from the queue or from another person, who is told too. Their skills are the supervisor's affair here.

    :raises NotAllowed: unless a supervisor does it.
    :raises NoSuchTask, NoSuchPerson: when there is none.
    :raises CannotTakeTasks, PersonAway, OwnWorkUnderReview, NotCleared, BotsDoNotWork: as the rules say.
    :raises Stale: when the task has ended.
    """
    actor.require(Role.SUPERVISOR)
    task = find_task(session, actor.workspace_id, reference, lock=True)
    person = named(session, actor, slack_user_id)
    if task.owner_id == person.id and task.state is not TaskState.ON_HOLD:
        return Assigned(0, (task.reference,), (), card=card(session, actor, now, task), was_theirs=True)
    refused = ended(task) or why_not_now(person, now) or why_not_this(task, person)
    if refused is not None:
        raise refused
    made = begin(session, actor, now)
    put_into_hands(session, actor, made, [(task, person)])
    share = Share(person.slack_user_id, person.name, 1, 0)
    return Assigned(made.id, (task.reference,), (share,), card=card(session, actor, now, task))


def assign_many(session: Session, actor: Actor, now: datetime, order: Order) -> Assigned:
    """Share out the tasks named, or the next of the queue, evenly by load among the people who may do each; told who got how many, and why others got none.

    :raises NothingToAssign, NobodyForIt: when nothing could be assigned; nothing is changed then.
    :raises AssignWhat: for an order that names no work or nobody.
    :raises NoSuchTask, NoSuchPerson, CannotTakeTasks, PersonAway, NotAllowed, BadInput: as the rules say.
    """
    actor.require(Role.SUPERVISOR)
    if not order.names_work or not order.names_people:
        raise AssignWhat(field="task")
    team = crew(session, actor, now, order.to)
    if order.count:
        given, left = _next(session, actor, now, team, order)
    else:
        given, left = _named(session, actor, team, order.references)
    if not given:
        raise NobodyForIt(left[0] if left else None)
    made = begin(session, actor, now)
    put_into_hands(session, actor, made, given)
    return Assigned(made.id, tuple(task.reference for task, _ in given), team.shares(given), tuple(left))


def _next(
    session: Session, actor: Actor, now: datetime, team: Crew, order: Order
) -> tuple[list[Given], list[str]]:
    """The best tasks of the queue that one of the crew may do, never restricted ones; what another claims at this moment is left to them."""
    rows = session.scalars(
        sa.select(ReviewTask)
        .where(
            ReviewTask.workspace_id == actor.workspace_id,
            ReviewTask.state == AVAILABLE,
            ReviewTask.restricted.is_(False),
            *read_filter(session, actor, order.words).conditions(actor, now),
            sa.or_(*[_suits(hand) for hand in team.hands]),
        )
        .order_by(ReviewTask.urgency, ReviewTask.priority_rank, ReviewTask.aged_from, ReviewTask.id)
        .limit(order.count)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    if not rows:
        if _waits(session, actor, now, order.words):
            raise NobodyForIt
        raise NothingToAssign
    given = _share(rows, team)
    short = order.count - len(given)
    return given, [f"The queue holds only {len(given)} of these for these people."] if short else []


def _suits(hand: Hand) -> sa.ColumnElement[bool]:
    """What a task must be for somebody to do it, as a condition."""
    conditions = [sa.or_(ReviewTask.worked_by_id.is_(None), ReviewTask.worked_by_id != hand.key)]
    if hand.skills:
        conditions.append(sa.or_(ReviewTask.skill.is_(None), ReviewTask.skill.in_(hand.skills)))
    if hand.facilities:
        conditions.append(sa.or_(ReviewTask.facility.is_(None), ReviewTask.facility.in_(hand.facilities)))
    return sa.and_(*conditions)


def _waits(session: Session, actor: Actor, now: datetime, words: str) -> bool:
    where = (ReviewTask.workspace_id == actor.workspace_id, ReviewTask.state == AVAILABLE, ReviewTask.restricted.is_(False))
    narrowed = read_filter(session, actor, words).conditions(actor, now)
    return session.scalars(sa.select(ReviewTask.id).where(*where, *narrowed).limit(1)).first() is not None


def _named(
    session: Session, actor: Actor, team: Crew, references: Sequence[str]
) -> tuple[list[Given], list[str]]:
    tasks = _find_all(session, actor, references)
    left = [refused.sentence for task in tasks if (refused := ended(task))]
    open_tasks = [task for task in tasks if not ended(task)]
    if len(team.people) == 1:
        [person] = team.people.values()
        given = [(task, person) for task in open_tasks if why_not_this(task, person) is None and not _has(person, task)]
    else:
        given = [(task, person) for task, person in _share(open_tasks, team) if not _has(person, task)]
    done = {task.id for task, _ in given}
    return given, left + [_why_left(task, team) for task in open_tasks if task.id not in done]


def _find_all(session: Session, actor: Actor, references: Sequence[str]) -> Sequence[ReviewTask]:
    """The tasks named, locked in one order for everybody, so that two supervisors never wait for each other in a circle.

    :raises NoSuchTask: naming those that are not there; nothing is changed then.
    """
    tasks = session.scalars(
        sa.select(ReviewTask)
        .where(ReviewTask.workspace_id == actor.workspace_id, ReviewTask.reference.in_(references))
        .order_by(ReviewTask.id)
        .with_for_update(key_share=True)
    ).all()
    missing = sorted(set(references) - {task.reference for task in tasks})
    if missing:
        called = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        raise NoSuchTask(f"No review task here is called {called}. Nothing was assigned; check it, or look in /tasks.", field="task")
    return tasks


def ended(task: ReviewTask) -> Stale | None:
    """Why a task cannot be assigned any more; None while it can."""
    if task.state in STEPS[Step.ASSIGN][0]:
        return None
    return Stale(f"{task.reference} is {task.state}, so nobody can work on it any more.")


def _has(person: Person, task: ReviewTask) -> bool:
    return task.owner_id == person.id and task.state is not TaskState.ON_HOLD


def _why_left(task: ReviewTask, team: Crew) -> str:
    if task.owner_id is not None and task.owner_id in team.people:
        return f"{task.reference} is already in the hands of {team.people[task.owner_id].name}."
    if len(team.people) == 1:
        [person] = team.people.values()
        refused = why_not_this(task, person)
        return refused.sentence if refused else f"{task.reference} was not assigned."
    return f"Nobody of these people may do {task.reference}: skill, facility, a restricted record, or their own work."


def _share(tasks: Sequence[ReviewTask], team: Crew) -> list[Given]:
    given = share_out([piece_of(task) for task in tasks], team.hands)
    return [(task, team.people[given[task.id]]) for task in tasks if task.id in given]
