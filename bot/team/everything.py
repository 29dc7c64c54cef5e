"""Everything of somebody who goes on leave, or has left: tasks, holds, offers and releases, in other hands with one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import RELEASERS, WORKERS, Actor
from bot.errors import Refusal
from bot.people import coworkers, is_away, person_ever
from bot.reviews.handoff import decline_for
from bot.reviews.states import OWNED
from bot.reviews.takers import CannotTakeTasks, PersonAway
from bot.team.assign import Assigned, NobodyForIt
from bot.team.assignments import Given, begin, put_into_hands
from bot.team.hands import Crew, NobodyHere, Share, hand_of, loads_of, named, piece_of
from bot.team.orders import AssignWhat, Order
from bot.team.releases import hand_on_releases
from bot.team.sharing import share_out
from storage.tables import Person, ReviewTask, TaskOffer
from storage.words import OfferState, Role


class NothingInHand(Refusal):
    """Nothing is in the hands of this person, so there is nothing to move."""


class SameHands(Refusal):
    """It is theirs already. Choose somebody else to get it."""


def hand_on_everything(session: Session, actor: Actor, now: datetime, order: Order) -> Assigned:
    """Share out all that is in somebody's hands: active tasks, holds (which stay on hold and keep their reasons) and releases; offers to them are declined for
    them. By load among the people named, or among everybody who is there.

    :raises NothingInHand: when there is nothing; nothing is changed then.
    :raises SameHands, NobodyForIt, NobodyHere, CannotTakeTasks, PersonAway, NoSuchPerson, NotAllowed, AssignWhat: as the rules say.
    """
    actor.require(Role.SUPERVISOR)
    if order.of is None or not order.names_people:
        raise AssignWhat("Name who gets it: /assign everything of @person to @person, or to team.", field="task")
    leaver = person_ever(session, actor.workspace_id, order.of)
    people = _takers(session, actor, now, leaver, order)
    touched = _tasks_of(session, actor, leaver)
    tasks = [task for task in touched if task.owner_id == leaver.id]
    team = _crew(session, actor, people)
    shared = share_out([piece_of(task) for task in tasks], team.hands)
    given: list[Given] = [(task, team.people[shared[task.id]]) for task in tasks if task.id in shared]
    made = begin(session, actor, now)
    if given:
        put_into_hands(session, actor, made, given, holds_stay=True)
    releases, left = hand_on_releases(session, actor, made, leaver, people)
    offers = decline_for(session, actor, now, leaver, touched)
    stay = [f"{task.reference} stays: nobody of these people may take it." for task in tasks if task.id not in shared]
    if not given and not releases and not offers:
        raise NobodyForIt(stay[0] if stay else left[0]) if stay or left else NothingInHand(f"Nothing is in the hands of {leaver.name}.")
    session.flush()
    return Assigned(
        made.id, tuple(task.reference for task, _ in given), _shares(team, given, releases, people), (*stay, *left),
        requests=sum(releases.values()), offers=offers,
    )  # fmt: skip


def _takers(session: Session, actor: Actor, now: datetime, leaver: Person, order: Order) -> list[Person]:
    if order.to:
        people = [named(session, actor, one) for one in order.to]
        if leaver in people:
            raise SameHands
        for person in people:
            if {*WORKERS, *RELEASERS}.isdisjoint(person.roles):
                raise CannotTakeTasks(f"{person.name} has no role that takes tasks or releases. An admin can give them one.")
            if is_away(person, now):
                raise PersonAway(f"{person.name} is on leave. Choose somebody else.")
        return people
    everybody = coworkers(session, actor.workspace_id, Role.SPECIALIST, Role.ROI_SPECIALIST)
    there = [person for person in everybody if person.id != leaver.id and not is_away(person, now)]
    if not there:
        raise NobodyHere
    return there


def _tasks_of(session: Session, actor: Actor, leaver: Person) -> Sequence[ReviewTask]:
    """What is in their hands or offered to them, locked: an offer they accept at this moment is waited for, and its task goes along."""
    asked = sa.exists().where(
        TaskOffer.workspace_id == actor.workspace_id,
        TaskOffer.task_id == ReviewTask.id,
        TaskOffer.taker_id == leaver.id,
        TaskOffer.state == OfferState.OPEN,
    )
    return session.scalars(
        sa.select(ReviewTask)
        .where(ReviewTask.workspace_id == actor.workspace_id, ReviewTask.state.in_(OWNED), sa.or_(ReviewTask.owner_id == leaver.id, asked))
        .order_by(ReviewTask.id)
        .with_for_update(key_share=True)
    ).all()


def _crew(session: Session, actor: Actor, people: Sequence[Person]) -> Crew:
    workers = [person for person in people if not set(WORKERS).isdisjoint(person.roles)]
    loads = loads_of(session, actor.workspace_id, [person.id for person in workers])
    return Crew({person.id: person for person in workers}, tuple(hand_of(person, loads[person.id]) for person in workers))


def _shares(team: Crew, given: Sequence[Given], releases: Counter[int], people: Sequence[Person]) -> tuple[Share, ...]:
    """Who got how many tasks and releases together."""
    by_id = {person.slack_user_id: person.id for person in people}
    known = {share.slack_user_id: share for share in team.shares(given)}
    for person in people:
        known.setdefault(person.slack_user_id, Share(person.slack_user_id, person.name, 0, 0, "takes no tasks"))
    told = [
        replace(share, got=share.got + more, why="" if more else share.why)
        for share in known.values()
        for more in (releases[by_id[share.slack_user_id]],)
    ]
    return tuple(sorted(told, key=lambda share: (-share.got, share.name, share.slack_user_id)))
