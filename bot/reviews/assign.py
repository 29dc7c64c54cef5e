"""Assigning: a supervisor puts a task into somebody's hands. It needs no accept; the person is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import WORKERS, Actor
from bot.errors import Refusal, Stale
from bot.people import person_named
from bot.reviews.claims import OwnWorkUnderReview
from bot.reviews.leaving import close_holds, end_offer
from bot.reviews.states import STEPS, Step
from bot.reviews.tasks import TaskCard, card, find_task, write_history
from bot.reviews.work import tell_taken_back
from storage.tables import Person, ReviewTask
from storage.words import NoticeKind, Role, Subject, TaskEvent, TaskState


class CannotTakeTasks(Refusal):
    """This person has no role that takes review tasks. An admin can give them one."""


class PersonAway(Refusal):
    """This person is on leave. Choose somebody else."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What an assignment came to."""

    card: TaskCard
    assignee: str
    was_theirs: bool


def may_assign(_session: Session, actor: Actor, _now: datetime) -> None:
    """Whether this person may assign tasks, before a form is opened for it.

    :raises NotAllowed: unless they are a supervisor.
    """
    actor.require(Role.SUPERVISOR)


def assign(session: Session, actor: Actor, now: datetime, reference: str, slack_user_id: str) -> Assignment:
    """Put a task into somebody's hands, from the queue or from another person, who is told too.

    :raises NotAllowed: unless a supervisor does it.
    :raises NoSuchTask, NoSuchPerson: when there is none.
    :raises CannotTakeTasks, PersonAway, OwnWorkUnderReview: as the rules say.
    :raises Stale: when the task has ended.
    """
    actor.require(Role.SUPERVISOR)
    task = find_task(session, actor.workspace_id, reference, lock=True)
    person = person_named(session, actor.workspace_id, slack_user_id)
    if task.owner_id == person.id and task.state is not TaskState.ON_HOLD:
        return Assignment(card(session, actor, now, task), slack_user_id, was_theirs=True)
    _check(task, person, now)
    before, former = task.state, task.owner_id
    close_holds(session, task, now)
    end_offer(session, task, now)
    task.state, task.owner_id, task.claimed_at, task.started_at = TaskState.CLAIMED, person.id, now, None
    write_history(session, actor, now, task, TaskEvent.ASSIGNED, before)
    audit.record(session, actor, now, "task_assigned", Subject.TASK, task.reference, to=person.slack_user_id)
    _tell(session, actor, now, task, person, former)
    session.flush()
    return Assignment(card(session, actor, now, task), slack_user_id, was_theirs=False)


def _check(task: ReviewTask, person: Person, now: datetime) -> None:
    if task.state not in STEPS[Step.ASSIGN][0]:
        raise Stale(f"{task.reference} is {task.state}, so nobody can work on it any more.")
    if set(WORKERS).isdisjoint(person.roles):
        raise CannotTakeTasks(f"{person.name} has no role that takes review tasks. An admin can give them one.")
    if person.away_until is not None and person.away_until > now:
        raise PersonAway(f"{person.name} is on leave. Choose somebody else.")
    if task.worked_by_id == person.id:
        raise OwnWorkUnderReview(f"{task.reference} reviews {person.name}'s own work. Choose somebody else.")


def _tell(session: Session, actor: Actor, now: datetime, task: ReviewTask, person: Person, former: int | None) -> None:
    if person.id != actor.person_id:
        notices.tell(
            session, person, now, NoticeKind.TASK_ASSIGNED, Subject.TASK, task.id,
            key=f"task_assigned:{task.id}:{person.id}:{int(now.timestamp())}", by=actor.slack_user_id,
        )  # fmt: skip
    if former is not None and former != person.id:
        tell_taken_back(session, now, task, former)
