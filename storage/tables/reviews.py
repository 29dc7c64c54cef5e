"""Review tasks, what happened to them, why they are on hold, and the codes they ended with."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import FAR_FUTURE, Base, BigId, CleanText, GuardedText, Reference, Slug, UtcDateTime, Word
from storage.indexes import partial_index
from storage.words import (
    CancelReason,
    CheckItem,
    HoldReason,
    OfferState,
    PayerClass,
    Priority,
    QueryCategory,
    QueryOutcome,
    QueryState,
    ReturnReason,
    TaskEvent,
    TaskSetting,
    TaskState,
    TaskType,
)

#: Rendered as a literal: a bound parameter would keep PostgreSQL from using the partial index under a generic plan.
AVAILABLE: sa.ColumnClause[str] = sa.literal_column(f"'{TaskState.AVAILABLE.value}'")

_IN_HAND = "state IN ('claimed', 'in_progress')"
_ON_HOLD = "state = 'on_hold'"
_WAITING = "state = 'available'"
_COMPLETED = "state = 'completed'"
#: What nobody has although its own priority is critical or urgent.
_URGENT = "state = 'available' AND priority_rank <= 1"
_RUNNING_QUERY = "state IN ('draft', 'open', 'answered')"
_OPEN = "state = 'open'"


class ReviewTask(Base):
    """One piece of work on one record.

    The order of the queue is stored: ``urgency`` (see ``bot.reviews.priority``), then ``priority_rank``, then ``aged_from``, then ``id``.
    ``urgency_until`` is when the urgency must be looked at again, far in the future when never.
    ``worked_by_id`` is whose work a review looks at, ``reviewed_id`` the finished coding a second-level review looks at.
    ``active_at`` is when its owner last did something with it, ``look_at`` the earliest moment at which a task in hand can have become idle or one on hold can
    wake, ``nudged_at`` when its owner was reminded.
    """

    __tablename__ = "review_tasks"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "reference"),
        # One check in few words: PostgreSQL reads its text anew with every change of a task.
        sa.CheckConstraint(
            "CASE WHEN owner_id IS NULL THEN state <> 'claimed' AND state <> 'in_progress' ELSE state <> 'available' END", name="owner_fits_state"
        ),
        partial_index("ix_review_tasks_queue", _WAITING, "workspace_id", "urgency", "priority_rank", "aged_from", "id"),
        partial_index("ix_review_tasks_urgency_until", _WAITING, "urgency_until"),
        partial_index("ix_review_tasks_in_hand", _IN_HAND, "workspace_id", "owner_id", "look_at"),
        partial_index("ix_review_tasks_wake", _ON_HOLD, "workspace_id", "wake_at"),
        partial_index("ix_review_tasks_completed", _COMPLETED, "workspace_id", "completed_at", "type", "created_at"),
        partial_index("ix_review_tasks_urgent", _URGENT, "workspace_id", "id"),
        partial_index("ix_review_tasks_board", _WAITING, "workspace_id", "type", "facility", "aged_from", "due_at", "bill_hold_until"),
        sa.Index("ix_review_tasks_owner", "workspace_id", "owner_id", "state"),
        sa.Index("ix_review_tasks_record", "record_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    reference: Mapped[str] = mapped_column(Reference)
    record_id: Mapped[int] = mapped_column(sa.ForeignKey("records.id"))
    type: Mapped[TaskType] = mapped_column(Word(TaskType))
    setting: Mapped[TaskSetting | None] = mapped_column(Word(TaskSetting))
    state: Mapped[TaskState] = mapped_column(Word(TaskState))
    priority: Mapped[Priority] = mapped_column(Word(Priority))
    priority_rank: Mapped[int] = mapped_column(sa.SmallInteger)
    urgency: Mapped[int] = mapped_column(sa.SmallInteger)
    urgency_until: Mapped[datetime] = mapped_column(UtcDateTime, default=FAR_FUTURE)
    restricted: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    facility: Mapped[str | None] = mapped_column(Slug)
    skill: Mapped[str | None] = mapped_column(Slug)
    payer_class: Mapped[PayerClass | None] = mapped_column(Word(PayerClass))
    working_drg: Mapped[str | None] = mapped_column(Slug)
    final_drg: Mapped[str | None] = mapped_column(Slug)
    charges_usd: Mapped[int | None] = mapped_column(sa.Integer)
    second_review: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    aged_from: Mapped[date] = mapped_column(sa.Date)
    bill_hold_until: Mapped[date | None] = mapped_column(sa.Date)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=FAR_FUTURE)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    worked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    reviewed_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_tasks.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    nudged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TaskHistory(Base):
    """One thing that happened to a task: who, what, from which state to which, and why. Its ``workspace_id`` is the task's, so no foreign key of its own."""

    __tablename__ = "task_history"
    __table_args__ = (sa.Index("ix_task_history_task", "workspace_id", "task_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(BigId)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("review_tasks.id"))
    event: Mapped[TaskEvent] = mapped_column(Word(TaskEvent))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    from_state: Mapped[TaskState | None] = mapped_column(Word(TaskState))
    to_state: Mapped[TaskState] = mapped_column(Word(TaskState))
    reason: Mapped[ReturnReason | CancelReason | None] = mapped_column(Word(ReturnReason, CancelReason))
    note: Mapped[CleanText | None] = mapped_column(GuardedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TaskHold(Base):
    """One reason a task is on hold; the hold is over when every reason is closed."""

    __tablename__ = "task_holds"
    __table_args__ = (sa.Index("ix_task_holds_task", "workspace_id", "task_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("review_tasks.id"))
    reason: Mapped[HoldReason] = mapped_column(Word(HoldReason))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TaskCode(Base):
    """A code assigned when a coding task was completed, in the order given (the first is the principal one)."""

    __tablename__ = "task_codes"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "task_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("review_tasks.id"))
    system: Mapped[str] = mapped_column(Slug)
    code: Mapped[str] = mapped_column(Slug)
    position: Mapped[int] = mapped_column(sa.Integer)


class TaskOffer(Base):
    """A task offered by its owner to a named person. It stays the giver's until it is accepted; a task has at most one open offer."""

    __tablename__ = "task_offers"
    __table_args__ = (
        partial_index("uq_task_offers_open", _OPEN, "task_id", unique=True),
        partial_index("ix_task_offers_expiry", _OPEN, "workspace_id", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("review_tasks.id"))
    giver_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    taker_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    state: Mapped[OfferState] = mapped_column(Word(OfferState))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PhysicianQuery(Base):
    """That a physician was asked something about a record: category, state and since when. Never the question, the answer, or money."""

    __tablename__ = "physician_queries"
    __table_args__ = (
        partial_index("uq_physician_queries_running", _RUNNING_QUERY, "task_id", unique=True),
        partial_index("ix_physician_queries_overdue", _OPEN, "workspace_id", "escalate_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("review_tasks.id"))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    category: Mapped[QueryCategory] = mapped_column(Word(QueryCategory))
    state: Mapped[QueryState] = mapped_column(Word(QueryState))
    outcome: Mapped[QueryOutcome | None] = mapped_column(Word(QueryOutcome))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalate_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TaskCheck(Base):
    """One line of the checklist a task ended with: a status only, such as yes, no, present or a payer class."""

    __tablename__ = "task_checks"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "task_id", "item"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("review_tasks.id"))
    item: Mapped[CheckItem] = mapped_column(Word(CheckItem))
    answer: Mapped[str] = mapped_column(Slug)
