"""Finding requests for release of information, and lists of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import RELEASERS, Actor
from bot.calendar import add_business_days
from bot.errors import NotFound
from bot.moments import local_day
from bot.references import Prefix, read_reference
from bot.roi.cards import RoiCard, card, cards
from bot.roi.history import Happening, request_history
from bot.roi.states import ENDED
from storage.tables import RoiRequest
from storage.tables.roi import OPEN
from storage.words import Role

PAGE = 8
#: An effective due date within this many business days makes a request "due".
DUE_WINDOW_DAYS = 3


class NoSuchRequest(NotFound):
    """No request here has that reference. Check it, or look in /roi."""


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


def happened(session: Session, reader: Actor, _now: datetime, reference: str) -> list[Happening]:
    """What happened to the request with this reference, the newest first.

    :raises NotAllowed: without a role that works on releases.
    :raises NoSuchRequest: when there is none.
    """
    reader.require(*RELEASERS)
    request = find_request(session, reader.workspace_id, reference)
    return request_history(session, reader.workspace_id, request.id)


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


def _conditions(actor: Actor, now: datetime, which: RequestList) -> list[sa.ColumnElement[bool] | sa.TextClause]:
    match which:
        case RequestList.MINE:
            return [RoiRequest.owner_id == actor.person_id, RoiRequest.state.not_in(ENDED)]
        case RequestList.DUE:
            today = local_day(now, actor.legal_zone)
            until = add_business_days(today, DUE_WINDOW_DAYS, actor.legal_state)
            return [OPEN, RoiRequest.effective_due_on <= until]
        case RequestList.ALL:
            return [OPEN]
