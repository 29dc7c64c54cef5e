"""Who may do what with a request: its owner, a supervisor, a privacy officer; QA only somebody who did not prepare it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from bot.actors import RELEASERS, Actor
from bot.roi.states import DONE, next_states
from storage.tables import RoiRequest
from storage.words import RequestState, Role


class Does(StrEnum):
    """What people do with a request beside moving it from state to state."""

    TAKE = "take"
    GIVE = "give"
    AUTHORIZE = "authorize"
    ACCOUNT = "account"
    SNOOZE = "snooze"
    EXTEND = "extend"
    RECKON = "reckon"


def can_act(reader: Actor, request: RoiRequest) -> bool:
    """Whether this reader may work on this request: its owner, a supervisor, a privacy officer."""
    if not reader.has(*RELEASERS):
        return False
    owns = request.owner_id is not None and request.owner_id == reader.person_id
    return owns or reader.has(Role.SUPERVISOR, Role.PRIVACY_OFFICER)


def can_check(reader: Actor, request: RoiRequest) -> bool:
    """Whether this reader may do the QA: anybody who works on releases, except who prepared it."""
    prepared = request.prepared_by_id is not None and request.prepared_by_id == reader.person_id
    return reader.has(*RELEASERS) and not prepared


def can_extend(request: RoiRequest, today: date) -> bool:
    """Whether the one extension is still to be had on this day of the legal zone."""
    return not request.extended and request.extend_by is not None and today <= request.extend_by


def next_for(reader: Actor, request: RoiRequest) -> tuple[RequestState, ...]:
    """The states this reader may move a request to now, the usual one first."""
    possible = next_states(request.state, request.resumes_to)
    if request.state is RequestState.QA_REVIEW:
        passing = (RequestState.READY_TO_SEND,) if can_check(reader, request) else ()
        others = tuple(state for state in possible if state is not RequestState.READY_TO_SEND)
        return (*passing, *(others if can_act(reader, request) else ()))
    return possible if can_act(reader, request) else ()


def does(reader: Actor, request: RoiRequest, today: date) -> frozenset[Does]:
    """What else this reader may do with a request now; ``today`` is a day of the legal zone."""
    if request.state in DONE or not reader.has(*RELEASERS):
        return frozenset()
    may: set[Does] = set()
    if request.owner_id is None:
        may.add(Does.TAKE)
    if reader.has(Role.SUPERVISOR) or (request.owner_id is not None and request.owner_id == reader.person_id):
        may.add(Does.GIVE)
    if can_act(reader, request):
        may |= {Does.AUTHORIZE, Does.ACCOUNT, Does.SNOOZE, Does.RECKON}
        if can_extend(request, today):
            may.add(Does.EXTEND)
    return frozenset(may)
