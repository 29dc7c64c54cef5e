"""The finished coding a sample can be drawn from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor, NoSuchPerson
from bot.errors import BadInput
from bot.people import person_ever
from storage.tables import ReviewTask, TaskCode
from storage.words import TaskSetting, TaskState, TaskType

#: As a literal, so that the partial index of completed tasks serves under a generic plan too.
COMPLETED: sa.ColumnElement[bool] = ReviewTask.state == sa.literal_column(f"'{TaskState.COMPLETED.value}'")
#: At least two characters and a digit, at most one dot, then a star or none.
_CODE = re.compile(r"(?=.*[0-9])([A-Z0-9]{2,3}(?:\.[A-Z0-9]{0,4})?|[A-Z0-9]{4,7})(\*?)")
_DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}")


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``starts_on`` to ``ends_on``, both included, in the workspace's legal zone."""

    starts_on: date
    ends_on: date

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """The first moment of the span and the first moment after it."""
        place = ZoneInfo(zone)
        return (
            datetime.combine(self.starts_on, time(), place),
            datetime.combine(self.ends_on + timedelta(days=1), time(), place),
        )


@dataclass(frozen=True, slots=True)
class Which:
    """Which finished coding is meant; what is left empty does not narrow. ``coders`` are Slack ids."""

    span: Span
    setting: TaskSetting | None = None
    facility: str | None = None
    coders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodedTask:
    """A finished coding task: its key, its reference, and the key of who coded it."""

    id: int
    reference: str
    coder_id: int


class CodeUnclear(BadInput):
    """Type a code such as E11.9, or the beginning of one with a star such as A41.*"""


@dataclass(frozen=True, slots=True)
class CodeMeant:
    """A code, or with ``open_end`` every code that begins so. Kept without its dot, which people leave out."""

    code: str
    open_end: bool

    def __str__(self) -> str:
        """As people write it."""
        star = "*" if self.open_end else ""
        if not _DIAGNOSIS.fullmatch(self.code):
            return self.code + star
        return f"{self.code[:3]}.{self.code[3:]}{star}" if self.code[3:] or star else self.code

    def matches(self) -> sa.ColumnElement[bool]:
        """The condition on a task's codes."""
        bare = sa.func.replace(TaskCode.code, ".", "")
        return bare.like(f"{self.code}%") if self.open_end else bare == self.code


def read_code(text: str) -> CodeMeant:
    """Read a code, or the beginning of one with a star.

    :raises CodeUnclear: for anything else, so that no free text gets past here.
    """
    found = _CODE.fullmatch(text.strip().upper())
    if found is None:
        raise CodeUnclear(field="code")
    return CodeMeant(found[1].replace(".", ""), bool(found[2]))


def coded_tasks(
    session: Session, actor: Actor, which: Which, until: datetime, code: CodeMeant | None = None
) -> list[CodedTask]:
    """All coding of the workspace that ``which`` means, finished by the moment ``until``, with this code if one is meant; by reference.

    :raises NoSuchPerson: when one of its coders never was at this desk; the charts of somebody who left can be audited.
    """
    begins, ends = which.span.moments(actor.legal_zone)
    query = sa.select(ReviewTask.id, ReviewTask.reference, ReviewTask.owner_id).where(
        ReviewTask.workspace_id == actor.workspace_id,
        COMPLETED,
        ReviewTask.completed_at >= begins,
        ReviewTask.completed_at < ends,
        ReviewTask.completed_at <= until,
        ReviewTask.type == TaskType.CODING,
        ReviewTask.owner_id.is_not(None),
        *_narrowed(session, actor, which),
        *([_has_code(code)] if code else []),
    )
    rows = session.execute(query.order_by(ReviewTask.reference))
    return _as_coded(rows)


def named_tasks(session: Session, actor: Actor, references: Sequence[str]) -> list[CodedTask]:
    """The finished coding tasks with these references; what is not there, or not finished coding, is left out."""
    rows = session.execute(
        sa.select(ReviewTask.id, ReviewTask.reference, ReviewTask.owner_id)
        .where(
            ReviewTask.workspace_id == actor.workspace_id,
            COMPLETED,
            ReviewTask.type == TaskType.CODING,
            ReviewTask.owner_id.is_not(None),
            ReviewTask.reference.in_(references),
        )
        .order_by(ReviewTask.reference)
    )
    return _as_coded(rows)


def finished_span(session: Session, actor: Actor, tasks: Sequence[CodedTask]) -> Span:
    """The days on which the first and the last of these tasks were finished."""
    first, last = session.execute(
        sa.select(sa.func.min(ReviewTask.completed_at), sa.func.max(ReviewTask.completed_at)).where(
            ReviewTask.workspace_id == actor.workspace_id, ReviewTask.id.in_([task.id for task in tasks])
        )
    ).one()
    place = ZoneInfo(actor.legal_zone)
    starts_on, ends_on = (moment.astimezone(place).date() for moment in (first, last) if moment is not None)
    return Span(starts_on, ends_on)


def _as_coded(rows: Iterable[sa.Row[int, str, int | None]]) -> list[CodedTask]:
    return [CodedTask(key, reference, coder) for key, reference, coder in rows if coder is not None]


def _has_code(code: CodeMeant) -> sa.ColumnElement[bool]:
    return sa.exists().where(TaskCode.workspace_id == ReviewTask.workspace_id, TaskCode.task_id == ReviewTask.id, code.matches())


def _narrowed(session: Session, actor: Actor, which: Which) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if which.setting is not None:
        conditions.append(ReviewTask.setting == which.setting)
    if which.facility is not None:
        conditions.append(ReviewTask.facility == which.facility)
    if which.coders:
        people = [_coder(session, actor, coder) for coder in which.coders]
        conditions.append(ReviewTask.owner_id.in_(people))
    return conditions


def _coder(session: Session, actor: Actor, slack_user_id: str) -> int:
    try:
        return person_ever(session, actor.workspace_id, slack_user_id).id
    except NoSuchPerson as unknown:
        raise NoSuchPerson("One of these never worked at this desk. Choose people who have coded here.", field="coders") from unknown
