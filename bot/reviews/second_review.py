"""Second-level review: finished coding that another person looks at, by rule."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.moments import local_day
from bot.people import person_by_key
from bot.references import Prefix, free_references
from bot.reviews.creation import TaskFacts, new_task
from bot.reviews.tasks import write_history
from storage.columns import FAR_FUTURE
from storage.tables import Record, ReviewTask, Workspace
from storage.words import Subject, TaskEvent, TaskType


class ReviewRule(StrEnum):
    """Why a finished task is looked at by a second person."""

    ASKED_FOR = "asked_for"
    DRG_CHANGE = "drg_change"
    NEW_CODER = "new_coder"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """When a second review is made: always when the DRG changed and in somebody's first ``new_coder_days`` at the desk, and for ``sample_percent`` of all.

    The sample is random but can be drawn again: ``seed`` and the task's reference decide.
    """

    new_coder_days: int = 90
    sample_percent: int = 5
    seed: str = "chartdesk-1"


def rules_of(session: Session, workspace_id: int) -> ReviewRules:
    """The rules of a workspace, which its supervisors set."""
    row = session.execute(
        sa.select(Workspace.new_coder_days, Workspace.sample_percent).where(Workspace.id == workspace_id)
    ).one()
    return ReviewRules(row.new_coder_days, row.sample_percent)


def review_again(
    session: Session, actor: Actor, now: datetime, task: ReviewTask, rules: ReviewRules | None = None
) -> ReviewTask | None:
    """Make the second-level review of a coding task that was just completed, for anybody but who did it; None when no rule asks for one."""
    rules = rules or rules_of(session, task.workspace_id)
    rule = _rule_for(session, actor, now, task, rules)
    if rule is None:
        return None
    record = session.scalars(
        sa.select(Record).where(Record.workspace_id == task.workspace_id, Record.id == task.record_id)
    ).one()
    [reference] = free_references(session, ReviewTask.reference, task.workspace_id, Prefix.TASK)
    again = new_task(actor, now, _facts(task, record, local_day(now, actor.legal_zone)), record, reference)
    again.worked_by_id, again.reviewed_id = actor.id, task.id if task.type is TaskType.CODING else None
    session.add(again)
    session.flush()
    write_history(session, actor, now, again, TaskEvent.CREATED, None)
    audit.record(
        session, actor, now, "second_review_created", Subject.TASK, again.reference,
        rule=rule.value, of=task.reference, seed=rules.seed,
    )  # fmt: skip
    return again


def in_sample(reference: str, rules: ReviewRules) -> bool:
    """Whether a task falls into the sample; the same answer for the same seed, whenever it is asked."""
    drawn = hashlib.sha256(f"{rules.seed}:{reference}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % 10_000 < rules.sample_percent * 100


def _rule_for(
    session: Session, actor: Actor, now: datetime, task: ReviewTask, rules: ReviewRules
) -> ReviewRule | None:
    if task.second_review:
        return ReviewRule.ASKED_FOR
    if task.type is not TaskType.CODING:
        return None
    if task.final_drg is not None and task.working_drg is not None and task.final_drg != task.working_drg.lstrip("0"):
        return ReviewRule.DRG_CHANGE
    since = person_by_key(session, task.workspace_id, actor.id).created_at
    if now - since < timedelta(days=rules.new_coder_days):
        return ReviewRule.NEW_CODER
    return ReviewRule.SAMPLE if in_sample(task.reference, rules) else None


def _facts(task: ReviewTask, record: Record, today: date) -> TaskFacts:
    return TaskFacts(
        type=TaskType.SECOND_LEVEL_REVIEW,
        aged_from=today,
        setting=task.setting,
        priority=task.priority,
        facility=task.facility,
        payer_class=task.payer_class,
        working_drg=task.working_drg,
        bill_hold_until=task.bill_hold_until,
        due_at=task.due_at or FAR_FUTURE,
        skill=task.skill,
        sensitive=record.sensitive,
    )
