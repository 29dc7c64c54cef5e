"""Leases: a claimed task nobody works on comes back to the queue. Hours count in its owner's own working calendar; a hold has no lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import Actor
from bot.calendar import add_working_hours, working_hours_between
from bot.people import coworkers, person_by_key
from bot.reviews.leaving import close_holds, end_offer
from bot.reviews.tasks import settle_urgency, write_history
from storage.tables import Person, ReviewTask, TaskHistory, Workspace
from storage.words import NoticeKind, ReturnReason, Role, Subject, TaskEvent, TaskState

BATCH = 100
#: So many returns from idle hands are told to the supervisors.
IDLE_TWICE = 2
_IN_HAND = sa.literal_column("review_tasks.state IN ('claimed', 'in_progress')", sa.Boolean)
_ON_HOLD = sa.literal_column("review_tasks.state = 'on_hold'", sa.Boolean)


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many idle working hours the owner of a task is asked, and after how many it goes back to the queue."""

    nudge: int
    give_back: int


def look_at_idle(session: Session, clock: Actor, now: datetime) -> int:
    """Nudge the owners of a batch of tasks idle for as long as the workspace says (four working hours), and return those idle for longer (eight).

    Returns how many were looked at.
    """
    due = session.scalars(
        sa.select(ReviewTask)
        .where(ReviewTask.workspace_id == clock.workspace_id, _IN_HAND, ReviewTask.look_at <= now)
        .order_by(ReviewTask.look_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    if not due:
        return 0
    patience = Patience(*session.execute(sa.select(Workspace.nudge_hours, Workspace.return_hours).where(Workspace.id == clock.workspace_id)).one())
    for task in due:
        owner = person_by_key(session, task.workspace_id, task.owner_id or 0)
        _look_at(session, clock, now, task, owner, patience)
    session.flush()
    return len(due)


def _look_at(session: Session, clock: Actor, now: datetime, task: ReviewTask, owner: Person, patience: Patience) -> None:
    if task.nudged_at is None:
        at = _after(owner, _active_since(task, now), patience.nudge)
        if at <= now:
            _nudge(session, now, task, owner, patience)
            at = _return_at(task, owner, now, patience)
    else:
        at = _return_at(task, owner, now, patience)
        if at <= now:
            _give_back(session, clock, now, task, owner)
            return
    task.look_at = at


def _active_since(task: ReviewTask, now: datetime) -> datetime:
    return task.active_at or task.claimed_at or now


def _return_at(task: ReviewTask, owner: Person, now: datetime, patience: Patience) -> datetime:
    """So many hours after the last activity, but never sooner after the nudge than was promised: the clock may have stood still."""
    since_nudge = _after(owner, task.nudged_at or now, max(patience.give_back - patience.nudge, 0))
    return max(_after(owner, _active_since(task, now), patience.give_back), since_nudge)


def _after(owner: Person, since: datetime, hours: float) -> datetime:
    """When so many of the owner's working hours have passed; a leave does not count."""
    calendar, back = notices.working_hours(owner), owner.away_until
    reached = add_working_hours(since, hours, calendar, owner.zone)
    began = owner.away_from or since
    if back is None or back <= since or reached <= began:
        return reached
    before = working_hours_between(since, began, calendar, owner.zone)
    return add_working_hours(back, max(hours - before, 0), calendar, owner.zone)


def _nudge(session: Session, now: datetime, task: ReviewTask, owner: Person, patience: Patience) -> None:
    task.nudged_at = now
    notices.tell(
        session, owner, now, NoticeKind.TASK_IDLE, Subject.TASK, task.id,
        key=f"task_idle:{task.id}:{owner.id}:{int(_active_since(task, now).timestamp())}", more=patience.give_back - patience.nudge,
    )  # fmt: skip


def _give_back(session: Session, clock: Actor, now: datetime, task: ReviewTask, owner: Person) -> None:
    before, since = task.state, _active_since(task, now)
    close_holds(session, task, now)
    end_offer(session, task, now)
    task.state = TaskState.AVAILABLE
    task.owner_id = task.claimed_at = task.started_at = None
    settle_urgency(clock, task, now)
    write_history(session, clock, now, task, TaskEvent.RETURNED, before, reason=ReturnReason.IDLE)
    audit.record(
        session, clock, now, "task_returned", Subject.TASK, task.reference, reason=ReturnReason.IDLE.value,
        owner=owner.slack_user_id,
    )  # fmt: skip
    notices.tell(
        session, owner, now, NoticeKind.TASK_RETURNED_IDLE, Subject.TASK, task.id,
        key=f"task_returned_idle:{task.id}:{owner.id}:{int(since.timestamp())}",
    )  # fmt: skip
    _escalate(session, now, task)


def _escalate(session: Session, now: datetime, task: ReviewTask) -> None:
    """A task that came back from idle hands before is one for the supervisors: it will not be done by being offered once more."""
    session.flush()
    times = session.scalar(
        sa.select(sa.func.count())
        .select_from(TaskHistory)
        .where(
            TaskHistory.workspace_id == task.workspace_id,
            TaskHistory.task_id == task.id,
            TaskHistory.event == TaskEvent.RETURNED,
            TaskHistory.reason == ReturnReason.IDLE,
        )
    )
    if (times or 0) < IDLE_TWICE:
        return
    for supervisor in coworkers(session, task.workspace_id, Role.SUPERVISOR):
        notices.tell(
            session, supervisor, now, NoticeKind.TASK_RETURNED_TWICE, Subject.TASK, task.id,
            key=f"returned_twice:{task.id}:{times}:{supervisor.id}",
        )  # fmt: skip


def wake_holds(session: Session, clock: Actor, now: datetime) -> int:
    """Wake the owners of a batch of held tasks whose day has come, once for each day chosen; returns how many."""
    due = session.scalars(
        sa.select(ReviewTask)
        .where(ReviewTask.workspace_id == clock.workspace_id, _ON_HOLD, ReviewTask.wake_at <= now, ReviewTask.look_at.is_(None))
        .order_by(ReviewTask.wake_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for task in due:
        owner = person_by_key(session, task.workspace_id, task.owner_id or 0)
        woken_at = task.wake_at or now
        notices.tell(
            session, owner, now, NoticeKind.HOLD_WAKES, Subject.TASK, task.id,
            key=f"hold_wakes:{task.id}:{owner.id}:{int(woken_at.timestamp())}",
        )  # fmt: skip
        # A held task has no lease: that it was looked at means that it woke its owner.
        task.look_at = now
    session.flush()
    return len(due)
