"""The private dashboard of one person: what is in their hands, what is due, and for supervisors how the team stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actors import RELEASERS, WORKERS, Actor
from bot.audits.cases import waiting_count
from bot.flags.cards import FlagCard, waiting_for
from bot.flags.education import EducationCount, education_counts
from bot.reviews.lists import TaskList, TaskPage, task_page
from bot.roi.clocks import ClockCounts, clock_counts
from bot.roi.requests import RequestList, RequestPage, request_page
from bot.team.board import TeamBoard, team_board
from storage.words import Role

#: How many lines each part of the dashboard shows; the commands show the rest.
LINES = 6


@dataclass(frozen=True, slots=True)
class HomeBoard:
    """What one person sees on their Home. A part that their roles do not include is None. ``audits``: charts that wait for their audit."""

    reader: Actor
    tasks: TaskPage | None
    due: TaskPage | None
    releases: RequestPage | None
    flags: tuple[FlagCard, ...]
    team: TeamBoard | None
    clocks: ClockCounts | None = None
    education: tuple[EducationCount, ...] = ()
    audits: int = 0


def home_board(session: Session, actor: Actor, now: datetime) -> HomeBoard:
    """Gather the dashboard of the person who asks."""
    works = actor.has(*WORKERS)
    supervises = actor.has(Role.SUPERVISOR)
    which = RequestList.DUE if supervises else RequestList.MINE
    return HomeBoard(
        reader=actor,
        tasks=task_page(session, actor, now, TaskList.MINE, size=LINES) if works else None,
        due=task_page(session, actor, now, TaskList.DUE, size=LINES) if works else None,
        releases=request_page(session, actor, now, which) if actor.has(*RELEASERS) else None,
        flags=waiting_for(session, actor, now, LINES) if actor.roles else (),
        team=team_board(session, actor, now) if supervises else None,
        clocks=clock_counts(session, actor, now, mine=not supervises) if actor.has(*RELEASERS) else None,
        education=education_counts(session, actor, now) if supervises else (),
        audits=waiting_count(session, actor),
    )
