"""Hand-off: a task is offered to a named person, who accepts or declines. It stays the giver's until it is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import WORKERS, Actor
from bot.calendar import add_working_hours
from bot.errors import Refusal, Stale
from bot.moments import local_time
from bot.people import person_by_key, person_named
from bot.reviews.cards import TaskCard, card
from bot.reviews.claims import NotForTheQueue, OwnWorkUnderReview, TooManyActive, active_count
from bot.reviews.leaving import end_offer
from bot.reviews.states import ACTIVE, OWNED, Step
from bot.reviews.takers import why_not_now, why_not_this
from bot.reviews.tasks import find_task, write_history
from bot.reviews.work import require_step
from storage.tables import Person, ReviewTask, TaskOffer
from storage.words import NoticeKind, OfferState, Subject, TaskEvent, TaskState

#: How many of the taker's working hours an offer stands: a working day.
OFFER_HOURS = 8
BATCH = 100


class OfferedAlready(Refusal):
    """This task is offered to somebody already. It can be offered again when they have answered."""


class OfferToOneself(Refusal):
    """The task is yours already. Choose somebody else."""


class OfferGone(Stale):
    """This offer does not stand any more. /claim takes the next task."""


def offer(session: Session, actor: Actor, now: datetime, reference: str, slack_user_id: str) -> TaskCard:
    """Offer a task of yours to somebody. They have one of their working days to answer; until then it stays yours.

    :raises NotYours: when somebody else has it.
    :raises OfferedAlready: while another offer is open.
    :raises OfferToOneself, CannotTakeTasks, PersonAway, OwnWorkUnderReview, NoSuchPerson, NotCleared: as the rules say.
    """
    task = find_task(session, actor.workspace_id, reference, lock=True)
    require_step(actor, task, Step.OFFER)
    taker = person_named(session, actor.workspace_id, slack_user_id)
    _may_be_offered(actor, task, taker, now)
    running = open_offer(session, task)
    if running is not None:
        raise OfferedAlready
    made = TaskOffer(
        workspace_id=task.workspace_id,
        task_id=task.id,
        giver_id=actor.id,
        taker_id=taker.id,
        state=OfferState.OPEN,
        offered_at=now,
        expires_at=add_working_hours(now, OFFER_HOURS, notices.working_hours(taker), taker.zone),
    )
    session.add(made)
    session.flush()
    write_history(session, actor, now, task, TaskEvent.OFFERED, task.state)
    audit.record(session, actor, now, "task_offered", Subject.TASK, task.reference, to=taker.slack_user_id)
    notices.tell(
        session, taker, now, NoticeKind.TASK_OFFERED, Subject.TASK, task.id,
        key=f"task_offered:{made.id}", by=actor.slack_user_id, offer=made.id,
    )  # fmt: skip
    session.flush()
    return card(session, actor, now, task)


def accept(session: Session, actor: Actor, now: datetime, reference: str) -> TaskCard:
    """Take a task that was offered to you; its giver is told. A second click changes nothing.

    :raises OfferGone: when the offer was answered, taken back, or has expired.
    :raises TooManyActive, OwnWorkUnderReview, NotAllowed: as the rules say.
    :raises NotForTheQueue: for a restricted record, when they are no longer cleared.
    """
    actor.require(*WORKERS)
    task = find_task(session, actor.workspace_id, reference, lock=True)
    if task.owner_id == actor.id and task.state in OWNED:
        return card(session, actor, now, task)
    offered = _offered_to(session, actor, now, task)
    if task.worked_by_id == actor.id:
        raise OwnWorkUnderReview
    if task.restricted and not actor.works_restricted:
        raise NotForTheQueue
    if task.state in ACTIVE and active_count(session, actor.workspace_id, actor.id) >= actor.active_task_limit:
        raise TooManyActive
    before, giver_id = task.state, offered.giver_id
    end_offer(session, task, now, OfferState.ACCEPTED)
    task.owner_id, task.claimed_at = actor.id, now
    if before in ACTIVE:
        task.state, task.started_at = TaskState.CLAIMED, None
    _finish(session, actor, now, task, TaskEvent.HANDED_OVER, before, giver_id, offered.id)
    return card(session, actor, now, task)


def decline(session: Session, actor: Actor, now: datetime, reference: str) -> TaskCard:
    """Leave a task that was offered to you where it is; its giver is told.

    :raises OfferGone: when the offer does not stand any more.
    """
    task = find_task(session, actor.workspace_id, reference, lock=True)
    _end(session, actor, now, task, _offered_to(session, actor, now, task), OfferState.DECLINED)
    return card(session, actor, now, task)


def decline_for(session: Session, actor: Actor, now: datetime, taker: Person, tasks: Sequence[ReviewTask]) -> int:
    """End the open offers of these tasks, all locked before, to somebody who cannot answer, as if they had declined; givers are told. Returns how many."""
    by_id = {task.id: task for task in tasks}
    offers = session.scalars(
        sa.select(TaskOffer)
        .where(
            TaskOffer.workspace_id == actor.workspace_id,
            TaskOffer.taker_id == taker.id,
            TaskOffer.task_id.in_(by_id),
            TaskOffer.state == OfferState.OPEN,
        )
        .order_by(TaskOffer.id)
    ).all()
    for offered in offers:
        _end(session, replace(actor, slack_user_id=taker.slack_user_id), now, by_id[offered.task_id], offered, OfferState.DECLINED)
    return len(offers)


def expire_offers(session: Session, clock: Actor, now: datetime) -> int:
    """End a batch of offers nobody answered in time, and tell their givers; returns how many. What changes at this moment waits for the next time."""
    due = session.execute(
        sa.select(TaskOffer, ReviewTask)
        .join(ReviewTask, ReviewTask.id == TaskOffer.task_id)
        .where(
            TaskOffer.workspace_id == clock.workspace_id,
            ReviewTask.workspace_id == clock.workspace_id,
            sa.literal_column("task_offers.state = 'open'", sa.Boolean),
            TaskOffer.expires_at <= now,
        )
        .order_by(TaskOffer.expires_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for offered, task in due:
        _end(session, clock, now, task, offered, OfferState.EXPIRED)
    return len(due)


def open_offer(session: Session, task: ReviewTask) -> TaskOffer | None:
    """The offer of a task that waits for an answer."""
    return session.scalars(
        sa.select(TaskOffer).where(
            TaskOffer.workspace_id == task.workspace_id,
            TaskOffer.task_id == task.id,
            TaskOffer.state == OfferState.OPEN,
        )
    ).first()


def _may_be_offered(actor: Actor, task: ReviewTask, taker: Person, now: datetime) -> None:
    if taker.id == actor.id:
        raise OfferToOneself
    refused = why_not_now(taker, now) or why_not_this(task, taker)
    if refused is not None:
        raise refused


def _offered_to(session: Session, actor: Actor, now: datetime, task: ReviewTask) -> TaskOffer:
    offered = open_offer(session, task)
    if offered is None or offered.taker_id != actor.person_id or task.owner_id != offered.giver_id:
        raise OfferGone
    if offered.expires_at <= now:
        ended = local_time(offered.expires_at, actor.zone, now)
        raise OfferGone(f"{task.reference} was offered until {ended}. /claim takes the next task.")
    return offered


def _end(session: Session, actor: Actor, now: datetime, task: ReviewTask, offered: TaskOffer, state: OfferState) -> None:
    offered.state, offered.ended_at = state, now
    _finish(session, actor, now, task, _ENDS[state], task.state, offered.giver_id, offered.id)


_ENDS = {OfferState.DECLINED: TaskEvent.OFFER_DECLINED, OfferState.EXPIRED: TaskEvent.OFFER_EXPIRED}
_TOLD = {
    TaskEvent.HANDED_OVER: NoticeKind.OFFER_ACCEPTED,
    TaskEvent.OFFER_DECLINED: NoticeKind.OFFER_DECLINED,
    TaskEvent.OFFER_EXPIRED: NoticeKind.OFFER_EXPIRED,
}


def _finish(
    session: Session,
    actor: Actor,
    now: datetime,
    task: ReviewTask,
    event: TaskEvent,
    before: TaskState,
    giver_id: int,
    offer_id: int,
) -> None:
    """Write down how an offer ended, and tell the giver."""
    write_history(session, actor, now, task, event, before)
    audit.record(session, actor, now, f"task_{event}", Subject.TASK, task.reference)
    giver = person_by_key(session, task.workspace_id, giver_id)
    notices.tell(
        session, giver, now, _TOLD[event], Subject.TASK, task.id, key=f"{event}:{offer_id}", by=actor.slack_user_id or ""
    )
    session.flush()
