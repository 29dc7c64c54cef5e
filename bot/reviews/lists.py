"""Lists of tasks, a page at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import WORKERS, Actor
from bot.errors import BadInput
from bot.moments import local_day
from bot.references import ALPHABET, LENGTH
from bot.reviews.cards import TaskCard, cards
from bot.reviews.filters import read_filter
from bot.reviews.states import ACTIVE, OWNED
from storage.tables import ReviewTask
from storage.tables.reviews import AVAILABLE
from storage.words import Role, TaskState

PAGE = 8
_PART = re.compile(rf"(?:RV[-_ ]?)?([{ALPHABET}]{{2,{LENGTH}}})", re.IGNORECASE)
#: A due date this near makes a task of mine "due".
DUE_WINDOW = timedelta(days=3)


class TaskList(StrEnum):
    """The lists people ask for by name."""

    MINE = "mine"
    QUEUE = "queue"
    HOLDS = "holds"
    DUE = "due"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One page of a list: ``page`` counts from 0, ``total`` is the length of the whole list, ``words`` what narrows it."""

    list: TaskList
    cards: tuple[TaskCard, ...]
    page: int
    total: int
    size: int = PAGE
    words: str = ""

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(-(-self.total // self.size), 1)


def task_page(
    session: Session,
    actor: Actor,
    now: datetime,
    which: TaskList = TaskList.MINE,
    page: int = 0,
    size: int = PAGE,
    words: str = "",
) -> TaskPage:
    """One page of a list; a page past the end is the last one.

    :param words: narrows the list (see :func:`bot.reviews.filters.read_filter`); of what was found, the part of the reference looked for.
    :raises NotAllowed: without a role that works on tasks.
    :raises BadInput: for words that narrow nothing.
    """
    actor.require(*WORKERS)
    narrowed = [] if which is TaskList.FOUND else read_filter(session, actor, words).conditions(actor, now)
    where = (ReviewTask.workspace_id == actor.workspace_id, *_conditions(actor, now, which, words), *narrowed)
    total = session.scalar(sa.select(sa.func.count()).select_from(ReviewTask).where(*where)) or 0
    page = max(min(page, (total - 1) // size), 0)
    rows = session.scalars(
        sa.select(ReviewTask).where(*where).order_by(*_order(which)).limit(size).offset(page * size)
    ).all()
    return TaskPage(which, tuple(cards(session, actor, now, rows)), page, total, size, words)


def _conditions(actor: Actor, now: datetime, which: TaskList, words: str = "") -> list[sa.ColumnElement[bool]]:
    mine = ReviewTask.owner_id == actor.person_id
    match which:
        case TaskList.MINE:
            return [mine, ReviewTask.state.in_(OWNED)]
        case TaskList.HOLDS:
            scope = [] if actor.has(Role.SUPERVISOR) else [mine]
            return [*scope, ReviewTask.state == TaskState.ON_HOLD]
        case TaskList.DUE:
            return [mine, ReviewTask.state.in_(OWNED), ReviewTask.due_at <= now + DUE_WINDOW]
        case TaskList.QUEUE:
            unrestricted = [] if actor.sees_restricted else [ReviewTask.restricted.is_(False)]
            return [ReviewTask.state == AVAILABLE, *unrestricted]
        case TaskList.FOUND:
            seen = [] if actor.sees_restricted else [sa.or_(ReviewTask.restricted.is_(False), mine)]
            return [ReviewTask.reference.contains(reference_part(words), autoescape=True), *seen]


def looks_like_part(text: str) -> bool:
    """Whether somebody typed a part of a reference."""
    return _PART.fullmatch(text.strip()) is not None


def reference_part(text: str) -> str:
    """The characters of a reference somebody remembers, as they are stored.

    :raises BadInput: when no reference has such a part.
    """
    found = _PART.fullmatch(text.strip())
    if found is None:
        raise BadInput("Type two or more characters of the reference, such as /tasks 7KQ.")
    return found[1].upper()


def _order(which: TaskList) -> list[sa.ColumnExpressionArgument[Any]]:
    if which is TaskList.DUE:
        return [ReviewTask.due_at, ReviewTask.id]
    return [ReviewTask.urgency, ReviewTask.priority_rank, ReviewTask.aged_from, ReviewTask.id]


@dataclass(frozen=True, slots=True)
class Backlog:
    """The team's work at a glance."""

    available: int
    urgent: int
    oldest_days: int
    in_hand: int
    on_hold: int
    done_today: int


def backlog(session: Session, actor: Actor, now: datetime) -> Backlog:
    """Count the team's work, for a supervisor.

    :raises NotAllowed: for anybody else.
    """
    actor.require(Role.SUPERVISOR)
    counts = dict(
        session.execute(
            sa.select(ReviewTask.state, sa.func.count())
            .where(ReviewTask.workspace_id == actor.workspace_id)
            .group_by(ReviewTask.state)
        ).all()
    )
    waiting = session.execute(
        sa.select(
            sa.func.count().filter(ReviewTask.urgency < 3),
            sa.func.min(ReviewTask.aged_from),
        ).where(ReviewTask.workspace_id == actor.workspace_id, ReviewTask.state == AVAILABLE)
    ).one()
    done = session.scalar(
        sa.select(sa.func.count()).where(
            ReviewTask.workspace_id == actor.workspace_id,
            ReviewTask.state == TaskState.COMPLETED,
            ReviewTask.completed_at >= now - timedelta(hours=24),
        )
    )
    return Backlog(
        available=counts.get(TaskState.AVAILABLE, 0),
        urgent=waiting[0] or 0,
        oldest_days=(local_day(now, actor.legal_zone) - waiting[1]).days if waiting[1] else 0,
        in_hand=sum(counts.get(state, 0) for state in ACTIVE),
        on_hold=counts.get(TaskState.ON_HOLD, 0),
        done_today=done or 0,
    )
