"""What a supervisor put into whose hands with one step, and how it was before, so that the step can be undone."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, UtcDateTime, Word
from storage.words import TaskState


class Assignment(Base):
    """One step of one supervisor: tasks and requests that changed hands together."""

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AssignedTask(Base):
    """A task of an assignment: who got it, and how it stood before.

    ``history_id`` is the row of the task's history that the assignment wrote: while it is the last one, nothing happened since.
    """

    __tablename__ = "assigned_tasks"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "assignment_id", "task_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"))
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("review_tasks.id"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    from_state: Mapped[TaskState] = mapped_column(Word(TaskState))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    history_id: Mapped[int] = mapped_column(BigId)


class AssignedRequest(Base):
    """A request of an assignment: who got it, and from whom; ``history_id`` as in :class:`AssignedTask`."""

    __tablename__ = "assigned_requests"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "assignment_id", "request_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"))
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("roi_requests.id"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    history_id: Mapped[int] = mapped_column(BigId)
