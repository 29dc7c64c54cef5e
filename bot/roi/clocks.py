"""How the clocks of pending releases stand: how many are over, due today, due soon; and the nearest of them on one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import RELEASERS, Actor
from bot.calendar import add_business_days
from bot.moments import local_day
from bot.roi.cards import RoiCard
from bot.roi.requests import DUE_WINDOW_DAYS, RequestList, request_page
from bot.roi.states import WORKED
from storage.tables import RoiRequest
from storage.tables.roi import OPEN
from storage.words import Role

#: How many clocks one timeline shows; more would be too small to read on a phone.
MOST_CLOCKS = 18


@dataclass(frozen=True, slots=True)
class ClockCounts:
    """Pending releases by how near their effective due date is: each is in exactly one of the first four.

    ``aside`` are those of them that are held, wait or are an exception; ``unassigned`` those nobody has.
    """

    overdue: int
    today: int
    soon: int
    later: int
    aside: int
    unassigned: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.overdue + self.today + self.soon + self.later


@dataclass(frozen=True, slots=True)
class Timeline:
    """The nearest clocks, and how all of them stand. Dates are days of the legal ``zone``."""

    today: date
    zone: str
    clocks: tuple[RoiCard, ...]
    counts: ClockCounts


def clock_counts(session: Session, reader: Actor, now: datetime, *, mine: bool = False) -> ClockCounts:
    """Count the clocks that run: all of the workspace, or only the reader's own.

    :raises NotAllowed: without a role that works on releases.
    """
    reader.require(*RELEASERS)
    today = local_day(now, reader.legal_zone)
    until = add_business_days(today, DUE_WINDOW_DAYS, reader.legal_state)
    day = RoiRequest.effective_due_on
    counted = sa.select(
        sa.func.count().filter(day < today),
        sa.func.count().filter(day == today),
        sa.func.count().filter(day > today, day <= until),
        sa.func.count().filter(day > until),
        sa.func.count().filter(RoiRequest.state.not_in(WORKED)),
        sa.func.count().filter(RoiRequest.owner_id.is_(None)),
    ).where(RoiRequest.workspace_id == reader.workspace_id, OPEN)
    if mine:
        counted = counted.where(RoiRequest.owner_id == reader.person_id)
    return ClockCounts(*session.execute(counted).one())


def timeline(session: Session, reader: Actor, now: datetime) -> Timeline:
    """The nearest clocks of the whole workspace.

    :raises NotAllowed: unless a supervisor or the privacy officer asks.
    """
    reader.require(Role.SUPERVISOR, Role.PRIVACY_OFFICER)
    page = request_page(session, reader, now, RequestList.ALL, size=MOST_CLOCKS)
    today = local_day(now, reader.legal_zone)
    return Timeline(today, reader.legal_zone, page.cards, clock_counts(session, reader, now))
