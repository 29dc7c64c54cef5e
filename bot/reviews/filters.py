"""Choosing a part of the queue in words: kind, setting, facility and age, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import BadInput
from bot.moments import local_day
from storage.tables import ReviewTask
from storage.words import TaskSetting, TaskType

#: How alike a mistyped word must be to be suggested, in percent.
NEAR_MISS = 70
LONGEST = 100
_AGE = re.compile(r">?=?(\d{1,4})d(?:ays?)?")
_FACILITY = re.compile(r"[A-Za-z0-9_-]{1,20}")
_SHORT = {"mpi": TaskType.MPI_REVIEW, "cdi": TaskType.CDI_REVIEW, "hcc": TaskType.HCC_REVIEW, "denial": TaskType.DENIAL_REVIEW}


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks to show; what is None does not narrow. ``oldest_days``: tasks at least so many days old."""

    type: TaskType | None = None
    setting: TaskSetting | None = None
    facility: str | None = None
    oldest_days: int | None = None

    def conditions(self, actor: Actor, now: datetime) -> list[sa.ColumnElement[bool]]:
        """What a task must be to be shown."""
        found: list[sa.ColumnElement[bool]] = []
        if self.type is not None:
            found.append(ReviewTask.type == self.type)
        if self.setting is not None:
            found.append(ReviewTask.setting == self.setting)
        if self.facility is not None:
            found.append(sa.func.lower(ReviewTask.facility) == self.facility.lower())
        if self.oldest_days is not None:
            today = local_day(now, actor.legal_zone)
            found.append(ReviewTask.aged_from <= today - timedelta(days=self.oldest_days))
        return found


def read_filter(session: Session, actor: Actor, text: str) -> TaskFilter:
    """Read ``coding ed F1 7d``: a kind, a setting, a facility, an age in days, any of them, in any order.

    :raises BadInput: for a word that is none of these, with the nearest one that is.
    """
    if len(text) > LONGEST:
        raise BadInput("That is a lot of words. A list is narrowed by kind, setting, facility and age: coding ed F1 7d.")
    kind, setting, facility, age = None, None, None, None
    for word in text.split():
        plain = word.lower().replace("-", "_")
        if aged := _AGE.fullmatch(plain):
            age = int(aged[1])
        elif plain in _SHORT or plain in set(TaskType):
            kind = _SHORT.get(plain) or TaskType(plain)
        elif plain in set(TaskSetting):
            setting = TaskSetting(plain)
        else:
            facility = _read_facility(session, actor, word)
    return TaskFilter(kind, setting, facility, age)


def _read_facility(session: Session, actor: Actor, word: str) -> str:
    known = session.scalars(
        sa.select(ReviewTask.facility)
        .where(ReviewTask.workspace_id == actor.workspace_id, sa.func.lower(ReviewTask.facility) == word.lower())
        .limit(1)
    ).first()
    if known is not None and _FACILITY.fullmatch(word):
        return known
    nearest = process.extractOne(
        word.lower(), [*TaskType, *TaskSetting, *_SHORT], scorer=fuzz.ratio, score_cutoff=NEAR_MISS
    )
    if nearest:
        raise BadInput(f"Did you mean “{nearest[0]}”? A list is narrowed by kind, setting, facility and age: coding ed F1 7d.")
    raise BadInput(f"No task is from a facility called {word[:20]}. Narrow by kind, setting, facility and age: coding ed F1 7d.")
