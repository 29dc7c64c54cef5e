"""A request for release of information as people see it, the row behind it, and lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import RELEASERS, Actor
from bot.calendar import add_business_days
from bot.errors import NotFound
from bot.flags.freeze import frozen_records
from bot.people import names
from bot.references import Prefix, read_reference
from bot.roi.blocks import Block, blocks_on
from bot.roi.states import DONE, ENDED, next_states
from bot.roi.types import NEEDS_OWN_AUTHORIZATION, TYPE_RULES, TypeRule
from storage.tables import Person, Record, RoiRequest
from storage.tables.roi import OPEN
from storage.words import (
    AuthorizationStatus,
    DeliveryMethod,
    PendReason,
    Priority,
    RequestState,
    RequestType,
    Role,
    Sensitive,
)

PAGE = 8
#: An effective due date within this many business days makes a request "due".
DUE_WINDOW_DAYS = 3


class NoSuchRequest(NotFound):
    """No request here has that reference. Check it, or look in /roi."""


class Does(StrEnum):
    """What people do with a request beside moving it from state to state."""

    TAKE = "take"
    GIVE = "give"
    AUTHORIZE = "authorize"
    ACCOUNT = "account"
    SNOOZE = "snooze"


@dataclass(frozen=True, slots=True)
class RoiCard:
    """One request as one reader sees it: ``may`` and ``next`` are what this reader can do now, ``next`` with the usual state first.

    ``days_left`` are calendar days to the effective due date in the legal zone, negative when it is past. ``sensitive`` names categories: show it in
    windows only, never in a message.
    """

    reference: str
    record: str | None
    type: RequestType
    requester_type: str | None
    legal_state: str | None
    state: RequestState
    resumes_to: RequestState | None
    reason: PendReason | None
    priority: Priority
    received_on: date
    due_on: date
    effective_due_on: date
    internal_target_on: date | None
    days_left: int
    due_rule: str
    due_source: str
    due_verified: bool
    extended: bool
    authorization: AuthorizationStatus
    authorization_expires_on: date | None
    asks: TypeRule
    sensitive: tuple[Sensitive, ...]
    needs_own_authorization: bool
    sensitive_authorized: bool
    accounting: bool | None
    delivery_method: DeliveryMethod | None
    pages: int | None
    owner: str | None
    owner_is_reader: bool
    delivered_at: datetime | None
    blocks: tuple[Block, ...]
    next: tuple[RequestState, ...]
    may: frozenset[Does]


class RequestList(StrEnum):
    """The lists people ask for by name."""

    MINE = "mine"
    DUE = "due"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One page of a list, nearest effective due date first: ``page`` counts from 0, ``total`` is the length of the whole list."""

    list: RequestList
    cards: tuple[RoiCard, ...]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(-(-self.total // PAGE), 1)


def find_request(session: Session, workspace_id: int, text: str, *, lock: bool = False) -> RoiRequest:
    """The request with this reference, in any spelling.

    :raises NoSuchRequest: when this workspace has none.
    """
    reference = read_reference(text, Prefix.REQUEST)
    query = sa.select(RoiRequest).where(RoiRequest.workspace_id == workspace_id, RoiRequest.reference == reference)
    request = session.scalars(query.with_for_update(key_share=True) if lock else query).first()
    if request is None:
        raise NoSuchRequest(f"No request here is called {reference}. Check it, or look in /roi.")
    return request


def open_card(session: Session, reader: Actor, now: datetime, reference: str) -> RoiCard:
    """The card of the request with this reference.

    :raises NotAllowed: without a role that works on releases.
    :raises NoSuchRequest: when there is none.
    """
    reader.require(*RELEASERS)
    return card(session, reader, now, find_request(session, reader.workspace_id, reference))


def card_by_id(session: Session, reader: Actor, now: datetime, request_id: int) -> RoiCard:
    """The card of a request by its key, for a notice about it.

    :raises NoSuchRequest: when this workspace has none.
    """
    request = session.scalars(
        sa.select(RoiRequest).where(RoiRequest.workspace_id == reader.workspace_id, RoiRequest.id == request_id)
    ).first()
    if request is None:
        raise NoSuchRequest
    return card(session, reader, now, request)


def card(session: Session, reader: Actor, now: datetime, request: RoiRequest) -> RoiCard:
    """One request for one reader."""
    return cards(session, reader, now, [request])[0]


def cards(session: Session, reader: Actor, now: datetime, requests: Sequence[RoiRequest]) -> list[RoiCard]:
    """Several requests for one reader, with three queries whatever their number."""
    owners = names(session, reader.workspace_id, (request.owner_id for request in requests))
    record_ids = {request.record_id for request in requests if request.record_id is not None}
    frozen = frozen_records(session, reader.workspace_id, record_ids)
    rows = session.execute(
        sa.select(Record.id, Record.reference).where(
            Record.workspace_id == reader.workspace_id, Record.id.in_(record_ids)
        )
    )
    records = dict(rows.all())
    today = now.astimezone(ZoneInfo(reader.legal_zone)).date()
    return [
        _card(reader, today, request, owners.get(request.owner_id or 0), records, frozen.get(request.record_id or 0))
        for request in requests
    ]


def request_page(
    session: Session, actor: Actor, now: datetime, which: RequestList | None = None, page: int = 0, size: int = PAGE
) -> RequestPage:
    """One page of a list; a page past the end is the last one. Without a name: all for a supervisor, else the actor's own.

    :raises NotAllowed: without a role that works on releases.
    """
    actor.require(*RELEASERS)
    which = which or (RequestList.ALL if actor.has(Role.SUPERVISOR) else RequestList.MINE)
    where = (RoiRequest.workspace_id == actor.workspace_id, *_conditions(actor, now, which))
    total = session.scalar(sa.select(sa.func.count()).select_from(RoiRequest).where(*where)) or 0
    page = max(min(page, (total - 1) // size), 0)
    rows = session.scalars(
        sa.select(RoiRequest)
        .where(*where)
        .order_by(RoiRequest.effective_due_on, RoiRequest.id)
        .limit(size)
        .offset(page * size)
    ).all()
    return RequestPage(which, tuple(cards(session, actor, now, rows)), page, total)


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


def next_for(reader: Actor, request: RoiRequest) -> tuple[RequestState, ...]:
    """The states this reader may move a request to now, the usual one first."""
    possible = next_states(request.state, request.resumes_to)
    if request.state is RequestState.QA_REVIEW:
        passing = (RequestState.READY_TO_SEND,) if can_check(reader, request) else ()
        others = tuple(state for state in possible if state is not RequestState.READY_TO_SEND)
        return (*passing, *(others if can_act(reader, request) else ()))
    return possible if can_act(reader, request) else ()


def _does(reader: Actor, request: RoiRequest) -> frozenset[Does]:
    if request.state in DONE or not reader.has(*RELEASERS):
        return frozenset()
    may: set[Does] = set()
    if request.owner_id is None:
        may.add(Does.TAKE)
    if reader.has(Role.SUPERVISOR) or (request.owner_id is not None and request.owner_id == reader.person_id):
        may.add(Does.GIVE)
    if can_act(reader, request):
        may |= {Does.AUTHORIZE, Does.ACCOUNT, Does.SNOOZE}
    return frozenset(may)


def _conditions(actor: Actor, now: datetime, which: RequestList) -> list[sa.ColumnElement[bool] | sa.TextClause]:
    match which:
        case RequestList.MINE:
            return [RoiRequest.owner_id == actor.person_id, RoiRequest.state.not_in(ENDED)]
        case RequestList.DUE:
            today = now.astimezone(ZoneInfo(actor.legal_zone)).date()
            until = add_business_days(today, DUE_WINDOW_DAYS, actor.legal_state)
            return [OPEN, RoiRequest.effective_due_on <= until]
        case RequestList.ALL:
            return [OPEN]


def _card(
    reader: Actor,
    today: date,
    request: RoiRequest,
    owner: Person | None,
    records: dict[int, str],
    freezing_flag: str | None,
) -> RoiCard:
    return RoiCard(
        reference=request.reference,
        record=records.get(request.record_id or 0),
        type=request.type,
        requester_type=request.requester_type,
        legal_state=request.legal_state,
        state=request.state,
        resumes_to=request.resumes_to,
        reason=request.pend_reason,
        priority=request.priority,
        received_on=request.received_on,
        due_on=request.due_on,
        effective_due_on=request.effective_due_on,
        internal_target_on=request.internal_target_on,
        days_left=(request.effective_due_on - today).days,
        due_rule=request.due_rule,
        due_source=request.due_source,
        due_verified=request.due_verified,
        extended=request.extended,
        authorization=request.authorization,
        authorization_expires_on=request.authorization_expires_on,
        asks=TYPE_RULES[request.type],
        sensitive=request.sensitive if reader.has(*RELEASERS) else (),
        needs_own_authorization=not NEEDS_OWN_AUTHORIZATION.isdisjoint(request.sensitive),
        sensitive_authorized=request.sensitive_authorized,
        accounting=request.accounting_required,
        delivery_method=request.delivery_method,
        pages=request.pages,
        owner=owner.slack_user_id if owner else None,
        owner_is_reader=request.owner_id is not None and request.owner_id == reader.person_id,
        delivered_at=request.delivered_at,
        blocks=() if request.state in DONE else blocks_on(request, today, freezing_flag),
        next=next_for(reader, request),
        may=_does(reader, request),
    )
