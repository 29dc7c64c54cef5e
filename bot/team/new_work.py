"""New work: counted for the queue's channel, and what is urgent offered to one person on shift after the other until somebody takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.calendar import is_working_moment
from bot.people import coworkers, is_away
from bot.reviews.priority import Urgency
from bot.team.hands import hand_of, loads_of, piece_of
from bot.team.sharing import may_do
from storage.tables import Notice, Person, ReviewTask, Workspace
from storage.tables.reviews import AVAILABLE
from storage.words import NoticeKind, Priority, Role, Subject, TaskType

#: How long one person has an urgent task offered to them before the next is asked, and before they are asked again for another.
PATIENCE = timedelta(minutes=10)
#: How many urgent tasks are looked at in one round, the most pressing first.
ROUND = 20
#: Its own priority makes a task urgent.
_URGENT = sa.literal_column("review_tasks.state = 'available' AND review_tasks.priority_rank <= 1", sa.Boolean)


@dataclass(frozen=True, slots=True)
class NewWork:
    """What came in since it was last told: how many tasks of which kind, and how many wait in all. Neither people nor records."""

    channel: str
    kinds: tuple[tuple[TaskType, int], ...]
    waiting: int

    @property
    def total(self) -> int:
        """How many are new."""
        return sum(count for _, count in self.kinds)


def count_new_work(session: Session, clock: Actor, now: datetime) -> NewWork | None:
    """What the queue's channel is to hear now, and note that it was told; None when there is nothing new, or it heard something a few minutes ago.

    It is noted before it is said: a count that is lost on the way is made good by the next one, a count said twice would be a flood.
    """
    workspace = session.scalars(sa.select(Workspace).where(Workspace.id == clock.workspace_id)).one()
    if workspace.queue_channel is None:
        return None
    newest = session.scalar(sa.select(sa.func.max(ReviewTask.id)).where(ReviewTask.workspace_id == clock.workspace_id)) or 0
    if workspace.queue_told_id is None:
        workspace.queue_told_at, workspace.queue_told_id = now, newest
        return None
    waited = workspace.queue_told_at is None or now - workspace.queue_told_at >= timedelta(minutes=workspace.queue_minutes)
    if newest <= workspace.queue_told_id or not waited:
        return None
    kinds = _kinds(session, clock.workspace_id, workspace.queue_told_id, newest)
    workspace.queue_told_id = newest
    if not kinds:
        return None
    workspace.queue_told_at = now
    return NewWork(workspace.queue_channel, kinds, _waiting(session, clock.workspace_id))


def offer_urgent(session: Session, clock: Actor, now: datetime) -> int:
    """Offer each urgent task nobody has to one more person on shift who may do it, the one with the least in hand; returns how many were offered.

    Nobody is asked twice for the same task, nor for two at the same time. Whoever takes it first has it; what was offered to others then says so.
    """
    tasks = _urgent_tasks(session, clock.workspace_id)
    asked = _asked(session, clock.workspace_id, [task.id for task in tasks])
    waiting = [task for task in tasks if all(at <= now - PATIENCE for _, at in asked.get(task.id, ()))]
    if not waiting:
        return 0
    people = _on_shift(session, clock, now)
    offered = 0
    for task in waiting:
        before = {person for person, _ in asked.get(task.id, ())}
        chosen = _choose(task, [(person, load) for person, load in people.values() if person.id not in before])
        if chosen is not None:
            people.pop(chosen.id)
            offered += _offer(session, now, task, chosen)
    session.flush()
    return offered


def _kinds(session: Session, workspace_id: int, after: int, until: int) -> tuple[tuple[TaskType, int], ...]:
    rows = session.execute(
        sa.select(ReviewTask.type, sa.func.count())
        .where(
            ReviewTask.workspace_id == workspace_id,
            ReviewTask.id > after,
            ReviewTask.id <= until,
            ReviewTask.state == AVAILABLE,
            ReviewTask.restricted.is_(False),
        )
        .group_by(ReviewTask.type)
    )
    return tuple(sorted(((kind, count) for kind, count in rows), key=lambda row: (-row[1], row[0])))


def _waiting(session: Session, workspace_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(ReviewTask)
    return (
        session.scalar(
            query.where(
                ReviewTask.workspace_id == workspace_id, ReviewTask.state == AVAILABLE, ReviewTask.restricted.is_(False)
            )
        )
        or 0
    )


def _urgent_tasks(session: Session, workspace_id: int) -> list[ReviewTask]:
    """What endangers a patient, then what is urgent by its own priority; a few of each, from two partial indexes."""
    here = (ReviewTask.workspace_id == workspace_id, ReviewTask.restricted.is_(False))
    order = (ReviewTask.urgency, ReviewTask.priority_rank, ReviewTask.aged_from, ReviewTask.id)
    safety = sa.select(ReviewTask).where(*here, ReviewTask.state == AVAILABLE, ReviewTask.urgency == Urgency.PATIENT_SAFETY)
    urgent = sa.select(ReviewTask).where(*here, _URGENT)
    found = [*session.scalars(safety.order_by(*order).limit(ROUND)), *session.scalars(urgent.order_by(*order).limit(ROUND))]
    return list({task.id: task for task in found}.values())


def _asked(session: Session, workspace_id: int, tasks: Sequence[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Who was asked for each task, and when."""
    found: dict[int, list[tuple[int, datetime]]] = {}
    if not tasks:
        return found
    rows = session.execute(
        sa.select(Notice.subject_id, Notice.recipient_id, Notice.created_at).where(
            Notice.workspace_id == workspace_id,
            Notice.subject == Subject.TASK,
            Notice.subject_id.in_(tasks),
            Notice.kind == NoticeKind.URGENT_WORK,
        )
    )
    for task, person, at in rows:
        found.setdefault(task, []).append((person, at))
    return found


def _on_shift(session: Session, clock: Actor, now: datetime) -> dict[int, tuple[Person, int]]:
    """Specialists at work who can take one more task and were not asked for another a moment ago, with what they have in hand."""
    there = [person for person in coworkers(session, clock.workspace_id, Role.SPECIALIST) if _is_there(person, now)]
    loads = loads_of(session, clock.workspace_id, [person.id for person in there])
    busy = _asked_lately(session, clock.workspace_id, now)
    free = (person for person in there if person.id not in busy and loads[person.id] < clock.active_task_limit)
    return {person.id: (person, loads[person.id]) for person in free}


def _is_there(person: Person, now: datetime) -> bool:
    return not is_away(person, now) and is_working_moment(now, notices.working_hours(person), person.zone)


def _asked_lately(session: Session, workspace_id: int, now: datetime) -> set[int]:
    return set(
        session.scalars(
            sa.select(Notice.recipient_id).where(
                Notice.workspace_id == workspace_id,
                Notice.kind == NoticeKind.URGENT_WORK,
                Notice.created_at > now - PATIENCE,
            )
        )
    )


def _choose(task: ReviewTask, people: Iterable[tuple[Person, int]]) -> Person | None:
    piece = piece_of(task)
    able = [(load, person.id, person) for person, load in people if may_do(hand_of(person, load), piece)]
    return min(able)[2] if able else None


def _offer(session: Session, now: datetime, task: ReviewTask, person: Person) -> bool:
    critical = task.urgency == Urgency.PATIENT_SAFETY or task.priority is Priority.CRITICAL
    return notices.tell(
        session, person, now, NoticeKind.URGENT_WORK, Subject.TASK, task.id, key=f"urgent:{task.id}:{person.id}", urgent=critical
    )
