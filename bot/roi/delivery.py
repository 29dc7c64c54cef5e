"""Delivering: refused while anything blocks it, written into the accounting of disclosures where that is demanded, and done once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import RELEASERS, Actor
from bot.errors import NotAllowed, Refusal, Stale
from bot.roi.blocks import Block, what_blocks
from bot.roi.cards import RoiCard, card
from bot.roi.hands import can_act
from bot.roi.history import write_down
from bot.roi.requests import find_request
from bot.roi.states import RUNNING_NOTICES
from bot.roi.types import accounting_demanded
from bot.spoken import spoken
from storage.tables import Disclosure, Record, RoiRequest
from storage.words import RequestState, Subject


class DeliveryBlocked(Refusal):
    """This cannot be delivered yet."""

    def __init__(self, reference: str, blocks: tuple[Block, ...]) -> None:
        self.blocks = blocks
        super().__init__(f"{reference} cannot be delivered yet. " + " ".join(block.sentence for block in blocks))


class NotYoursToDeliver(NotAllowed):
    """Its owner delivers a release, or a supervisor or privacy officer. Take it first, or ask one of them."""


def deliver(session: Session, actor: Actor, now: datetime, reference: str) -> RoiCard:
    """Record that a release was delivered. Again changes nothing.

    :raises DeliveryBlocked: with everything that blocks it.
    :raises Stale: when it is not ready to be sent.
    :raises NotYoursToDeliver, NotAllowed, NoSuchRequest: as the rules say.
    """
    actor.require(*RELEASERS)
    request = find_request(session, actor.workspace_id, reference, lock=True)
    if not can_act(actor, request):
        raise NotYoursToDeliver
    if request.state in {RequestState.DELIVERED, RequestState.CLOSED}:
        return card(session, actor, now, request)
    _hold_record(session, request)
    blocks = what_blocks(session, request, now)
    if blocks:
        raise DeliveryBlocked(request.reference, blocks)
    sent = _mark_delivered(session, request, now)
    if sent is None:
        stands = spoken(request.state)
        raise Stale(f"{request.reference} is {stands}. It can be delivered once it is ready to send.")
    if sent.accounting_required or accounting_demanded(sent.type, sent.authorization):
        _account(session, actor, now, sent)
    notices.withdraw(session, sent.workspace_id, Subject.REQUEST, sent.id, *RUNNING_NOTICES)
    write_down(session, actor, now, sent, "request_delivered", RequestState.READY_TO_SEND)
    session.flush()
    return card(session, actor, now, sent)


def _hold_record(session: Session, request: RoiRequest) -> None:
    """Lock the record, as reporting a flag does, so that a freeze and a delivery cannot pass each other."""
    if request.record_id is not None:
        session.execute(
            sa.select(Record.id)
            .where(Record.workspace_id == request.workspace_id, Record.id == request.record_id)
            .with_for_update(key_share=True)
        )


def _mark_delivered(session: Session, request: RoiRequest, now: datetime) -> RoiRequest | None:
    return session.scalars(
        sa.update(RoiRequest)
        .where(
            RoiRequest.workspace_id == request.workspace_id,
            RoiRequest.id == request.id,
            RoiRequest.state == RequestState.READY_TO_SEND,
        )
        .values(state=RequestState.DELIVERED, delivered_at=now, changed_at=now, resumes_to=None, pend_reason=None)
        .returning(RoiRequest)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()


def _account(session: Session, actor: Actor, now: datetime, request: RoiRequest) -> None:
    """One line in the accounting of disclosures (45 CFR 164.528), whoever asks twice."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Disclosure)
        .values(
            workspace_id=request.workspace_id,
            record_id=request.record_id,
            request_id=request.id,
            type=request.type,
            purpose=request.purpose,
            recipient_type=request.requester_type,
            delivery_method=request.delivery_method,
            pages=request.pages,
            disclosed_at=now,
            disclosed_by_id=actor.id,
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "request_id"])
    )
