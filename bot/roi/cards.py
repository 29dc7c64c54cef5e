"""A request for release of information as people see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import RELEASERS, Actor
from bot.flags.freeze import frozen_records
from bot.moments import local_day
from bot.people import names
from bot.roi.blocks import Block, blocks_on
from bot.roi.hands import Does, can_extend, does, next_for
from bot.roi.states import DONE
from bot.roi.types import NEEDS_OWN_AUTHORIZATION, TYPE_RULES, TypeRule
from storage.columns import CleanText
from storage.tables import Person, Record, RoiRequest
from storage.words import (
    AuthorizationStatus,
    DeliveryMethod,
    ExtensionReason,
    PendReason,
    Priority,
    Purpose,
    RequestState,
    RequestType,
    Sensitive,
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a request is due, by which rule of which version, and how far that may be trusted.

    Dates are days of the legal ``zone``; ``ends_at`` is the moment the effective due date is over there, ``ends_elsewhere`` whether the reader's own clock
    shows another time then. ``days_left`` are calendar days to the effective due date, negative when it is past. ``extend_by`` is the last day for the one
    extension, None when there is none to make (any more).
    """

    received_on: date
    letter_on: date | None
    due_on: date
    effective_due_on: date
    target_on: date | None
    days_left: int
    rule: str
    rule_version: str
    source: str
    verified: bool
    extend_by: date | None
    extended_on: date | None
    extended: bool
    zone: str
    ends_at: datetime
    ends_elsewhere: bool
    extension_reason: ExtensionReason | None
    promised_on: date | None


@dataclass(frozen=True, slots=True)
class Permission:
    """What allows the release. ``sensitive`` names categories: show it in windows only, never in a message."""

    authorization: AuthorizationStatus
    expires_on: date | None
    asks: TypeRule
    sensitive: tuple[Sensitive, ...]
    needs_own_authorization: bool
    sensitive_authorized: bool
    accounting: bool | None


@dataclass(frozen=True, slots=True)
class RoiCard:
    """One request as one reader sees it: ``may`` and ``next`` are what this reader can do now, ``next`` with the usual state first."""

    reference: str
    record: str | None
    facility: str | None
    type: RequestType
    purpose: Purpose | None
    purpose_note: CleanText | None
    requester_type: str | None
    legal_state: str | None
    state: RequestState
    resumes_to: RequestState | None
    reason: PendReason | None
    priority: Priority
    deadline: Deadline
    permission: Permission
    delivery_method: DeliveryMethod | None
    pages: int | None
    owner: str | None
    owner_is_reader: bool
    delivered_at: datetime | None
    blocks: tuple[Block, ...]
    next: tuple[RequestState, ...]
    may: frozenset[Does]


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
    today = local_day(now, reader.legal_zone)
    return [
        _card(reader, today, request, owners.get(request.owner_id or 0), records, frozen.get(request.record_id or 0))
        for request in requests
    ]


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
        facility=request.facility,
        type=request.type,
        purpose=request.purpose,
        purpose_note=request.purpose_note,
        requester_type=request.requester_type,
        legal_state=request.legal_state,
        state=request.state,
        resumes_to=request.resumes_to,
        reason=request.pend_reason,
        priority=request.priority,
        deadline=_deadline(reader, request, today),
        permission=_permission(reader, request),
        delivery_method=request.delivery_method,
        pages=request.pages,
        owner=owner.slack_user_id if owner else None,
        owner_is_reader=request.owner_id is not None and request.owner_id == reader.person_id,
        delivered_at=request.delivered_at,
        blocks=() if request.state in DONE else blocks_on(request, today, freezing_flag),
        next=next_for(reader, request),
        may=does(reader, request, today),
    )


def _deadline(reader: Actor, request: RoiRequest, today: date) -> Deadline:
    place = ZoneInfo(reader.legal_zone)
    ends_at = datetime.combine(request.effective_due_on + timedelta(days=1), time(), place)
    return Deadline(
        received_on=request.received_on,
        letter_on=request.letter_on,
        due_on=request.due_on,
        effective_due_on=request.effective_due_on,
        target_on=request.internal_target_on,
        days_left=(request.effective_due_on - today).days,
        rule=request.due_rule,
        rule_version=request.due_rule_version,
        source=request.due_source,
        verified=request.due_verified,
        extend_by=request.extend_by if can_extend(request, today) else None,
        extended_on=request.extended_on,
        extended=request.extended,
        zone=reader.legal_zone,
        ends_at=ends_at,
        ends_elsewhere=ends_at.astimezone(ZoneInfo(reader.zone)).utcoffset() != ends_at.utcoffset(),
        extension_reason=request.extension_reason,
        promised_on=request.promised_on,
    )


def _permission(reader: Actor, request: RoiRequest) -> Permission:
    return Permission(
        authorization=request.authorization,
        expires_on=request.authorization_expires_on,
        asks=TYPE_RULES[request.type],
        sensitive=request.sensitive if reader.has(*RELEASERS) else (),
        needs_own_authorization=not NEEDS_OWN_AUTHORIZATION.isdisjoint(request.sensitive),
        sensitive_authorized=request.sensitive_authorized,
        accounting=request.accounting_required,
    )
