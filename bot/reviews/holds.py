"""The reasons of a hold, one by one: closed as each is settled, opened as another comes up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.errors import BadInput
from bot.moments import start_of_work
from bot.reviews.cards import TaskCard, card
from bot.reviews.leaving import close_holds
from bot.reviews.states import Step
from bot.reviews.tasks import find_task, write_history
from bot.reviews.work import WakeInThePast, require_step
from storage.tables import ReviewTask, TaskHold
from storage.words import HoldReason, Subject, TaskEvent


class NothingChosen(BadInput):
    """Choose a reason that is settled or one that came up, or another day to be woken."""


def change_reasons(
    session: Session,
    actor: Actor,
    now: datetime,
    reference: str,
    settled: Sequence[HoldReason] = (),
    opened: Sequence[HoldReason] = (),
    wake_on: date | None = None,
) -> TaskCard:
    """Close reasons of a hold of yours and open others; the task stays on hold until it is resumed.

    :raises NothingChosen: when nothing is to change.
    :raises WakeInThePast: when the day to wake up has passed.
    :raises NotYours, Stale: when the task is not a hold of yours.
    """
    wake_at = start_of_work(wake_on, actor.zone) if wake_on else None
    if wake_at is not None and wake_at <= now:
        raise WakeInThePast(field="wake")
    task = find_task(session, actor.workspace_id, reference, lock=True)
    require_step(actor, task, Step.RESUME)
    still = set(open_reasons(session, task))
    closing, opening = [one for one in dict.fromkeys(settled) if one in still], dict.fromkeys(opened)
    fresh = [one for one in opening if one not in still or one in closing]
    if not closing and not fresh and wake_at is None:
        raise NothingChosen(field="settled")
    if closing:
        close_holds(session, task, now, *closing)
    for reason in fresh:
        session.add(TaskHold(workspace_id=task.workspace_id, task_id=task.id, reason=reason, opened_at=now))
    task.wake_at = wake_at or task.wake_at
    write_history(session, actor, now, task, TaskEvent.WAITS_CHANGED, task.state)
    audit.record(
        session, actor, now, "task_waits_changed", Subject.TASK, task.reference,
        settled=[one.value for one in closing], opened=[one.value for one in fresh],
    )  # fmt: skip
    session.flush()
    return card(session, actor, now, task)


def open_reasons(session: Session, task: ReviewTask) -> tuple[HoldReason, ...]:
    """What a task still waits for."""
    return tuple(
        session.scalars(
            sa.select(TaskHold.reason)
            .where(
                TaskHold.workspace_id == task.workspace_id, TaskHold.task_id == task.id, TaskHold.closed_at.is_(None)
            )
            .order_by(TaskHold.id)
        )
    )
