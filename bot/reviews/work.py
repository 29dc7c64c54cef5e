"""Working a task that is yours: start, hold, resume, return, complete. A supervisor may return anybody's, and cancel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import Actor
from bot.errors import BadInput, Refusal, Stale
from bot.moments import local_day, start_of_work
from bot.people import person_by_key
from bot.reviews.assigned_codes import keep_codes
from bot.reviews.cards import TaskCard, card
from bot.reviews.checklists import keep_checks
from bot.reviews.claims import TooManyActive, active_count
from bot.reviews.leaving import close_holds, end_offer, end_query
from bot.reviews.second_review import review_again
from bot.reviews.states import ENDED, STEPS, Step
from bot.reviews.tasks import find_task, settle_urgency, steps_for, write_history
from bot.spoken import spoken
from storage.columns import CleanText
from storage.tables import AuditCase, ReviewTask, TaskHold
from storage.words import (
    CancelReason,
    CheckItem,
    HoldReason,
    NoticeKind,
    QueryState,
    ReturnReason,
    Role,
    Subject,
    TaskEvent,
    TaskState,
    TaskType,
)


class NotYours(Refusal):
    """This task is in somebody else's hands."""


class NoHoldReason(BadInput):
    """Choose at least one reason for the hold, so that others know what the task waits for."""


class WakeInThePast(BadInput):
    """The wake-up day must be in the future."""


class StillWaiting(Refusal):
    """A task that waits for something cannot be completed. Settle it first; the card shows what it is."""


class NoDrg(BadInput):
    """A DRG is its number alone, such as 470."""


class WorksheetNeeded(Refusal):
    """This review ends on its worksheet: open it on the card, and agree or change the codes."""


class CodesNeeded(BadInput):
    """A coding task ends with its codes. Choose at least one."""


def start(session: Session, actor: Actor, now: datetime, reference: str) -> TaskCard:
    """Begin work on a task of yours. A second click changes nothing.

    :raises NotYours: when somebody else has it.
    """
    task = find_task(session, actor.workspace_id, reference, lock=True)
    if task.state is TaskState.IN_PROGRESS and task.owner_id == actor.person_id:
        return card(session, actor, now, task)
    task.started_at = task.started_at or now
    return _step(session, actor, now, task, Step.START, TaskEvent.STARTED)


def hold(
    session: Session,
    actor: Actor,
    now: datetime,
    reference: str,
    reasons: Sequence[HoldReason],
    wake_on: date | None = None,
    note: CleanText | None = None,
) -> TaskCard:
    """Put a task of yours on hold for one or more reasons; it stays yours and wakes you on its day.

    :raises NoHoldReason: without a reason.
    :raises WakeInThePast: when the day to wake up has passed.
    :raises NotYours: when somebody else has it.
    """
    if not reasons:
        raise NoHoldReason(field="reasons")
    wake_at = start_of_work(wake_on, actor.zone) if wake_on else None
    if wake_at is not None and wake_at <= now:
        raise WakeInThePast(field="wake")
    task = find_task(session, actor.workspace_id, reference, lock=True)
    require_step(actor, task, Step.HOLD)
    for reason in dict.fromkeys(reasons):
        session.add(TaskHold(workspace_id=task.workspace_id, task_id=task.id, reason=reason, opened_at=now))
    task.wake_at = wake_at
    return _step(session, actor, now, task, Step.HOLD, TaskEvent.HELD, note=note)


def resume(session: Session, actor: Actor, now: datetime, reference: str) -> TaskCard:
    """Go on with a task of yours that was on hold; its reasons are closed.

    :raises TooManyActive: at the limit of active tasks.
    :raises NotYours: when somebody else has it.
    """
    task = find_task(session, actor.workspace_id, reference, lock=True)
    require_step(actor, task, Step.RESUME)
    if active_count(session, actor.workspace_id, actor.id) >= actor.active_task_limit:
        raise TooManyActive
    close_holds(session, task, now)
    task.started_at = task.started_at or now
    return _step(session, actor, now, task, Step.RESUME, TaskEvent.RESUMED)


def return_task(
    session: Session, actor: Actor, now: datetime, reference: str, reason: ReturnReason, note: CleanText | None = None
) -> TaskCard:
    """Give a task back to the queue, with the reason in its history. A supervisor may return anybody's, and the owner is told.

    :raises NotYours: for anybody else.
    """
    task = find_task(session, actor.workspace_id, reference, lock=True)
    require_step(actor, task, Step.RETURN)
    owner_id = _let_go(session, task, now)
    settle_urgency(actor, task, now)
    returned = _step(session, actor, now, task, Step.RETURN, TaskEvent.RETURNED, reason=reason, note=note)
    _tell_owner(session, actor, now, task, owner_id, NoticeKind.TASK_TAKEN_BACK)
    return returned


def cancel(
    session: Session, actor: Actor, now: datetime, reference: str, reason: CancelReason, note: CleanText | None = None
) -> TaskCard:
    """Take a task out of the work before it is done, from the queue or from anybody's hands, with the reason in its history. What it waited for, an offer of it
    and its physician query end with it; its owner is told. A second click changes nothing.

    :raises NotAllowed: unless a supervisor does it.
    :raises Stale: when it is completed.
    """
    actor.require(Role.SUPERVISOR)
    task = find_task(session, actor.workspace_id, reference, lock=True)
    if task.state is TaskState.CANCELLED:
        return card(session, actor, now, task)
    require_step(actor, task, Step.CANCEL)
    end_query(session, task, now)
    owner_id = _let_go(session, task, now)
    cancelled = _step(session, actor, now, task, Step.CANCEL, TaskEvent.CANCELLED, reason=reason, note=note)
    _tell_owner(session, actor, now, task, owner_id, NoticeKind.TASK_CANCELLED, reason=reason.value)
    return cancelled


def complete(
    session: Session,
    actor: Actor,
    now: datetime,
    reference: str,
    codes: Sequence[str] = (),
    *,
    looked_at: bool = False,
    checks: Mapping[CheckItem, str] = MappingProxyType({}),
    drg: str | None = None,
) -> TaskCard:
    """End a task of yours. A second click changes nothing.

    :param codes: for coding tasks the codes assigned, the principal one first. They are checked side by side.
    :param looked_at: the codes stay as they are although there was something to look at.
    :param drg: the DRG it was grouped to in the end, where there is one; one that differs from the working DRG asks for a second review.
    :param checks: the answers of its checklist, for a kind of task that has one.
    :raises CodesNeeded: for a coding task without codes.
    :raises WorksheetNeeded: for a second-level review of coding that nobody wrote anything down about.
    :raises NoDrg: for a DRG that is none.
    :raises ChecksNeeded: for a checklist with a gap.
    :raises StillWaiting: while a reason to wait or a physician query is open.
    :raises NotYours: when somebody else has it.
    """
    task = find_task(session, actor.workspace_id, reference, lock=True)
    if task.state is TaskState.COMPLETED and task.owner_id == actor.person_id:
        return card(session, actor, now, task)
    require_step(actor, task, Step.COMPLETE)
    if task.type is TaskType.CODING and not codes:
        raise CodesNeeded(field="codes")
    _require_worksheet(session, task)
    _require_nothing_open(session, actor, now, task)
    keep_codes(session, task, codes, local_day(now, actor.legal_zone), looked_at=looked_at)
    keep_checks(session, task, checks)
    end_offer(session, task, now)
    task.completed_at, task.final_drg = now, read_drg(drg)
    done = _step(session, actor, now, task, Step.COMPLETE, TaskEvent.COMPLETED)
    review_again(session, actor, now, task)
    return done


def read_drg(typed: str | None) -> str | None:
    """A DRG as it is stored: its number without zeros before it, as worklists have it; None stays None.

    :raises NoDrg: for anything but one to four digits.
    """
    if typed is None:
        return None
    if not re.fullmatch(r"\d{1,4}", typed):
        raise NoDrg(field="drg")
    return typed.lstrip("0") or "0"


def _require_worksheet(session: Session, task: ReviewTask) -> None:
    """A second-level review of coding ends only with what was found."""
    if task.reviewed_id is None:
        return
    found = sa.select(AuditCase.id).where(AuditCase.workspace_id == task.workspace_id, AuditCase.review_id == task.id)
    if session.scalar(found) is None:
        raise WorksheetNeeded


def _require_nothing_open(session: Session, actor: Actor, now: datetime, task: ReviewTask) -> None:
    shown = card(session, actor, now, task)
    waits = [spoken(reason) for reason in shown.holds]
    if shown.query in {QueryState.OPEN, QueryState.ANSWERED}:
        waits.append(f"the physician query, which is {shown.query}")
    if waits:
        raise StillWaiting(f"Settle first what {task.reference} waits for: {', '.join(waits)}.")


def _let_go(session: Session, task: ReviewTask, now: datetime) -> int | None:
    """Take a task out of its owner's hands; returns whose they were."""
    owner_id = task.owner_id
    close_holds(session, task, now)
    end_offer(session, task, now)
    task.owner_id = task.claimed_at = task.started_at = None
    return owner_id


def _tell_owner(
    session: Session,
    actor: Actor,
    now: datetime,
    task: ReviewTask,
    owner_id: int | None,
    kind: NoticeKind,
    **facts: Any,  # noqa: ANN401
) -> None:
    """Tell somebody that a task left their hands by a supervisor's decision. Who did it themselves knows it."""
    if owner_id is None or owner_id == actor.person_id:
        return
    notices.tell(
        session, person_by_key(session, task.workspace_id, owner_id), now, kind, Subject.TASK, task.id,
        key=f"{kind}:{task.id}:{owner_id}:{int(now.timestamp())}", by=actor.slack_user_id, **facts,
    )  # fmt: skip


def _step(
    session: Session,
    actor: Actor,
    now: datetime,
    task: ReviewTask,
    step: Step,
    event: TaskEvent,
    *,
    reason: ReturnReason | CancelReason | None = None,
    note: CleanText | None = None,
) -> TaskCard:
    before = task.state
    if step not in {Step.RETURN, Step.CANCEL}:
        require_step(actor, task, step)
    task.state = STEPS[step][1]
    write_history(session, actor, now, task, event, before, reason=reason, note=note)
    audit.record(session, actor, now, f"task_{event}", Subject.TASK, task.reference, **({"reason": reason.value} if reason else {}))
    session.flush()
    return card(session, actor, now, task)


def require_step(actor: Actor, task: ReviewTask, step: Step) -> None:
    """Let only those pass who may take this step with this task as it stands.

    :raises NotYours: when somebody else has it.
    :raises Stale: when it stands elsewhere by now.
    """
    if step in steps_for(actor, task):
        return
    if task.owner_id not in {None, actor.person_id} and task.state not in ENDED:
        raise NotYours(f"{task.reference} is in somebody else's hands. /tasks shows yours.")
    stands = spoken(task.state)
    raise Stale(f"{task.reference} is {stands} now, so that is not possible. /tasks shows how everything stands.")
