"""The people work is shared out among: who may take part now, what they have in hand, and afterwards who got how much and why others got nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import Refusal
from bot.people import coworkers, is_away, person_named
from bot.reviews.states import ACTIVE
from bot.reviews.takers import why_not_now
from bot.team.assignments import Given
from bot.team.sharing import Hand, Piece, may_do
from storage.tables import Person, ReviewTask, Workspace
from storage.words import Role


class BotsDoNotWork(Refusal):
    """I cannot take tasks myself. Choose a person."""


class NobodyHere(Refusal):
    """Nobody is there to share it among: everybody who takes tasks is on leave. /team people shows it."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one person got. ``had``: what they had in hand before; ``why``: in a few words, why they got nothing."""

    slack_user_id: str
    name: str
    got: int
    had: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Crew:
    """Those who may get work, by key, with their hands; and those who were asked for but cannot, with the reason."""

    people: Mapping[int, Person]
    hands: tuple[Hand, ...]
    absent: tuple[Share, ...] = ()

    def shares(self, given: Sequence[Given]) -> tuple[Share, ...]:
        """Who got how much, most first, and then why others got nothing."""
        got = Counter(person.id for _, person in given)
        told = [
            Share(person.slack_user_id, person.name, got[hand.key], hand.load, "" if got[hand.key] else self._why(hand, given))
            for hand in self.hands
            for person in (self.people[hand.key],)
        ]
        return tuple(sorted((*told, *self.absent), key=lambda share: (-share.got, share.name, share.slack_user_id)))

    def _why(self, hand: Hand, given: Sequence[Given]) -> str:
        from_these = [task for task, _ in given if may_do(hand, piece_of(task))]
        return f"has {hand.load} already" if from_these else "other skills or facilities"


def crew(session: Session, actor: Actor, now: datetime, to: Sequence[str]) -> Crew:
    """The people named by Slack id, or everybody who codes and is not on leave.

    :raises NoSuchPerson, CannotTakeTasks, PersonAway, BotsDoNotWork: when somebody named cannot take tasks; nothing is changed then.
    :raises NobodyHere: when everybody is away.
    """
    if to:
        found = [named(session, actor, one) for one in to]
        for person in found:
            if refused := why_not_now(person, now):
                raise refused
        absent: list[Share] = []
    else:
        everybody = coworkers(session, actor.workspace_id, Role.SPECIALIST)
        found = [person for person in everybody if not is_away(person, now)]
        absent = [Share(one.slack_user_id, one.name, 0, 0, "on leave") for one in everybody if is_away(one, now)]
    if not found:
        raise NobodyHere
    loads = loads_of(session, actor.workspace_id, [person.id for person in found])
    hands = tuple(hand_of(person, loads[person.id]) for person in found)
    return Crew({person.id: person for person in found}, hands, tuple(absent))


def named(session: Session, actor: Actor, slack_user_id: str) -> Person:
    """The coworker a supervisor named.

    :raises BotsDoNotWork: when it is this bot.
    :raises NoSuchPerson: when the desk does not know them, or they have left.
    """
    bot_user = session.scalar(sa.select(Workspace.bot_user_id).where(Workspace.id == actor.workspace_id))
    if bot_user == slack_user_id:
        raise BotsDoNotWork
    return person_named(session, actor.workspace_id, slack_user_id)


def loads_of(session: Session, workspace_id: int, people: Sequence[int]) -> Counter[int]:
    """How many active tasks each of these people has; holds are not counted."""
    rows = session.execute(
        sa.select(ReviewTask.owner_id, sa.func.count())
        .where(ReviewTask.workspace_id == workspace_id, ReviewTask.owner_id.in_(people), ReviewTask.state.in_(ACTIVE))
        .group_by(ReviewTask.owner_id)
    )
    return Counter({key: count for key, count in rows if key is not None})


def hand_of(person: Person, load: int) -> Hand:
    """Somebody as the sharing sees them."""
    return Hand(person.id, load, person.skills, person.facilities, person.works_restricted)


def piece_of(task: ReviewTask) -> Piece:
    """A task as the sharing sees it."""
    return Piece(task.id, task.skill, task.facility, task.restricted, task.worked_by_id)
