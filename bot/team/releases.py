"""Releases that change hands together with somebody's tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import RELEASERS, Actor
from bot.roi.history import write_down
from bot.roi.work import look_again
from bot.team.assignments import last_happening, moved_by
from bot.team.sharing import Hand, Piece, share_out
from storage.tables import AssignedRequest, Assignment, Person, RequestHistory, RoiRequest
from storage.tables.roi import OPEN
from storage.words import NoticeKind, Subject


def hand_on_releases(
    session: Session, actor: Actor, made: Assignment, leaver: Person, people: Sequence[Person]
) -> tuple[Counter[int], list[str]]:
    """Give the open requests of somebody to others who work on releases, to whoever has the fewest; returns how many each got, and what nobody could take."""
    requests = session.scalars(
        sa.select(RoiRequest)
        .where(RoiRequest.workspace_id == actor.workspace_id, RoiRequest.owner_id == leaver.id, OPEN)
        .order_by(RoiRequest.id)
        .with_for_update(key_share=True)
    ).all()
    able = {person.id: person for person in people if not set(RELEASERS).isdisjoint(person.roles)}
    load = _open_requests(session, actor.workspace_id, able)
    hands = [Hand(key, load[key], works_restricted=True) for key in able]
    given = share_out([Piece(request.id, worked_by=request.prepared_by_id) for request in requests], hands)
    for request in requests:
        if request.id in given:
            _give(session, actor, made, request, able[given[request.id]])
    left = [f"{request.reference} stays: nobody of these people may take this release." for request in requests if request.id not in given]
    return Counter(given.values()), left


def give_back(session: Session, actor: Actor, now: datetime, made: Assignment) -> tuple[int, list[str]]:
    """Undo what an assignment did with requests, where nothing happened since; returns how many, and the references of the others."""
    rows = moved_by(session, made, AssignedRequest, AssignedRequest.request_id, RoiRequest)
    last = last_happening(session, made.workspace_id, RequestHistory.request_id, [row.request_id for row, _ in rows])
    back, kept = 0, []
    for row, request in rows:
        if request.owner_id != row.to_id or last[request.id] != row.history_id:
            kept.append(request.reference)
            continue
        request.owner_id = row.from_id
        look_again(request, now)
        write_down(session, actor, now, request, "request_assignment_undone", request.state)
        back += 1
    return back, kept


def _give(session: Session, actor: Actor, made: Assignment, request: RoiRequest, person: Person) -> None:
    row = AssignedRequest(
        workspace_id=made.workspace_id, assignment_id=made.id, request_id=request.id, to_id=person.id, from_id=request.owner_id
    )
    request.owner_id = person.id
    look_again(request, made.made_at)
    write_down(session, actor, made.made_at, request, "request_assigned", request.state, to=person.slack_user_id)
    session.flush()
    row.history_id = last_happening(session, made.workspace_id, RequestHistory.request_id, [request.id])[request.id]
    session.add(row)
    if person.id != actor.person_id:
        notices.tell(
            session, person, made.made_at, NoticeKind.RELEASE_ASSIGNED, Subject.REQUEST, request.id,
            key=f"release_assigned:{request.id}:{person.id}:{made.id}", by=actor.slack_user_id,
        )  # fmt: skip


def _open_requests(session: Session, workspace_id: int, people: Iterable[int]) -> Counter[int]:
    rows = session.execute(
        sa.select(RoiRequest.owner_id, sa.func.count())
        .where(RoiRequest.workspace_id == workspace_id, RoiRequest.owner_id.in_(list(people)), OPEN)
        .group_by(RoiRequest.owner_id)
    )
    return Counter({key: count for key, count in rows if key is not None})
