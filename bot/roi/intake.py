"""Logging a request: its facts become a row with a reference, a record reference and a due date by rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import BadInput
from bot.moments import local_day
from bot.people import names
from bot.references import Prefix, free_references, read_reference
from bot.roi.blocks import authorization_block
from bot.roi.due_rules import RuleBook, Unit
from bot.roi.history import write_down
from bot.roi.reckoning import keep, reckon
from bot.roi.rule_versions import current_rules, keep_version
from bot.roi.states import BESIDE
from bot.roi.types import accounting_by_type, accounting_demanded, starting_authorization
from storage.columns import FAR_FUTURE, CleanText
from storage.tables import Record, RoiRequest
from storage.words import (
    AuthorizationStatus,
    DeliveryMethod,
    PendReason,
    Priority,
    Purpose,
    RequestState,
    RequestType,
    Sensitive,
)


class ReferenceTaken(BadInput):
    """Another request has this reference already."""


class NotYet(BadInput):
    """That day is still to come. Enter the day it happened."""


class DueBeforeStart(BadInput):
    """The due date is before the day its clock starts. Check both."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What is known about a request when it is logged, in the desk's words. Dates are days in the legal zone.

    ``given_rule`` and ``given_due_on`` are the rule and date the source names: the date counts where its rule is a date on a letter or a subpoena,
    all others are reckoned. ``reference`` is the request's own (``ROI-…``) if it has one, ``record`` that of its record (``RR-…``); both are minted when
    left out. ``owner_id`` is a person's key. ``external_key`` is the keyed hash of the source's own key. ``authorization`` and ``accounting`` are None
    when the source says nothing; then the type does.
    """

    type: RequestType
    received_on: date
    requester_type: str | None = None
    purpose: Purpose | None = None
    purpose_note: CleanText | None = None
    facility: str | None = None
    legal_state: str | None = None
    letter_on: date | None = None
    letter_due_on: date | None = None
    given_rule: str | None = None
    given_due_on: date | None = None
    extended: bool = False
    promised_on: date | None = None
    state: RequestState = RequestState.LOGGED
    pend_reason: PendReason | None = None
    authorization: AuthorizationStatus | None = None
    authorization_valid_on: date | None = None
    authorization_expires_on: date | None = None
    sensitive: tuple[Sensitive, ...] = ()
    sensitive_authorized: bool = False
    accounting: bool | None = None
    delivery_method: DeliveryMethod | None = None
    priority: Priority = Priority.NORMAL
    pages: int | None = None
    owner_id: int | None = None
    reference: str | None = None
    record: str | None = None
    external_key: str | None = None


def log_request(
    session: Session, actor: Actor, now: datetime, rulebook: RuleBook, facts: RequestFacts
) -> RoiRequest:
    """Log a request and reckon its due date by the rules that count here now.

    One with the same ``external_key`` is returned as it is, so that an import repeats nothing.

    :raises MissingClockStart, NoExtension: when the due date cannot be reckoned; ``field`` names what is missing.
    :param rulebook: the rules that come with the program; an admin's own go before them.
    :raises BadInput: for a legal state or a reference that is none, or dates that cannot be; ``field`` names which.
    :raises ReferenceTaken: when another request has the reference.
    """
    known = find_by_key(session, actor.workspace_id, facts.external_key)
    if known is not None:
        return known
    rules = current_rules(session, actor.workspace_id, rulebook)
    check_dates(facts, local_day(now, actor.legal_zone))
    request = _as_request(actor, now, facts)
    _settle_given_date(rules, request, facts)
    check_letter(request)
    keep(request, reckon(rules, request))
    keep_version(session, actor.workspace_id, rules, now)
    request.reference = _reference(session, actor, facts)
    # Last, because a refused request must leave no record behind.
    record = _record(session, actor, now, facts)
    request.record_id, request.sensitive = record.id, tuple(sorted({*facts.sensitive, *record.sensitive}))
    _settle_start(session, actor, now, request)
    session.add(request)
    session.flush()
    write_down(session, actor, now, request, "request_logged", None, reason=facts.pend_reason, rule=request.due_rule)
    return request


def check_dates(facts: RequestFacts, today: date) -> None:
    """Refuse days that cannot be: what starts a clock has happened.

    :param today: in the legal zone.
    :raises NotYet: for a day that is still to come; ``field`` names it.
    """
    happened = (
        ("received_on", facts.received_on, "was received"),
        ("letter_on", facts.letter_on, "was written"),
        ("authorization_valid_on", facts.authorization_valid_on, "was there"),
    )
    for name, day, what in happened:
        if day is not None and day > today:
            raise NotYet(f"{day:%Y-%m-%d} is still to come, and this {what} already. Enter the day it {what}.", field=name)


def check_letter(request: RoiRequest) -> None:
    """Refuse a clock that starts after the date it ends on. A letter that came late, written in time, is taken as it is.

    :raises DueBeforeStart: when it does.
    """
    if request.letter_due_on is None:
        return
    starts, name = (request.letter_on, "letter") if request.letter_on else (request.received_on, "request")
    if starts > request.letter_due_on:
        raise DueBeforeStart(
            f"The due date, {request.letter_due_on:%Y-%m-%d}, is before the day of the {name}, {starts:%Y-%m-%d}. Check both; "
            "if it came after its own due date, enter the day the letter was written.",
            field="letter_due_on",
        )


def find_by_key(session: Session, workspace_id: int, external_key: str | None) -> RoiRequest | None:
    """The request that came from the source's row with this keyed hash, if it was imported before."""
    if external_key is None:
        return None
    return session.scalars(
        sa.select(RoiRequest).where(RoiRequest.workspace_id == workspace_id, RoiRequest.external_key == external_key)
    ).first()


def _as_request(actor: Actor, now: datetime, facts: RequestFacts) -> RoiRequest:
    return RoiRequest(
        workspace_id=actor.workspace_id,
        type=facts.type,
        requester_type=facts.requester_type,
        purpose=facts.purpose,
        purpose_note=facts.purpose_note,
        facility=facts.facility,
        legal_state=facts.legal_state or actor.legal_state,
        state=facts.state,
        pend_reason=facts.pend_reason,
        received_on=facts.received_on,
        letter_on=facts.letter_on,
        letter_due_on=facts.letter_due_on,
        extended=facts.extended,
        promised_on=facts.promised_on if facts.extended else None,
        authorization=facts.authorization or starting_authorization(facts.type),
        authorization_valid_on=facts.authorization_valid_on,
        authorization_expires_on=facts.authorization_expires_on,
        sensitive_authorized=facts.sensitive_authorized,
        accounting_required=accounting_by_type(facts.type) if facts.accounting is None else facts.accounting,
        delivery_method=facts.delivery_method,
        priority=facts.priority,
        pages=facts.pages,
        owner_id=facts.owner_id,
        external_key=facts.external_key,
        remind_at=FAR_FUTURE,
        changed_at=now,
        created_at=now,
    )


def _settle_given_date(rulebook: RuleBook, request: RoiRequest, facts: RequestFacts) -> None:
    """A date the source names counts where its rule is the date on a letter; any other is reckoned by us."""
    on_letter = {rule.id for rule in rulebook.rules if rule.unit is Unit.DATE_ON_LETTER}
    if request.letter_due_on is None and facts.given_rule in on_letter:
        request.letter_due_on = facts.given_due_on


def _settle_start(session: Session, actor: Actor, now: datetime, request: RoiRequest) -> None:
    """Fill in what follows from where the request stands when it comes to the desk."""
    if request.accounting_required is False and accounting_demanded(request.type, request.authorization):
        request.accounting_required = None
    owner = names(session, actor.workspace_id, [request.owner_id]).get(request.owner_id or 0)
    zone = ZoneInfo(owner.zone if owner else actor.legal_zone)
    local = now.astimezone(zone)
    # From the start of the day, so that a reminder of this very day is not missed.
    request.remind_at = datetime.combine(local.date(), time(), zone)
    if request.state in BESIDE:
        unsettled = authorization_block(request, local_day(now, actor.legal_zone)) is not None
        request.resumes_to = RequestState.AUTHORIZATION_REVIEW if unsettled else RequestState.READY_TO_FULFILL
    if request.state in {RequestState.QA_REVIEW, RequestState.READY_TO_SEND}:
        request.prepared_by_id = request.owner_id


def _reference(session: Session, actor: Actor, facts: RequestFacts) -> str:
    if facts.reference is None:
        return free_references(session, RoiRequest.reference, actor.workspace_id, Prefix.REQUEST)[0]
    reference = read_reference(facts.reference, Prefix.REQUEST)
    taken = session.scalar(
        sa.select(RoiRequest.id).where(
            RoiRequest.workspace_id == actor.workspace_id, RoiRequest.reference == reference
        )
    )
    if taken is not None:
        raise ReferenceTaken(f"{reference} is here already, from another source.", field="reference")
    return reference


def _record(session: Session, actor: Actor, now: datetime, facts: RequestFacts) -> Record:
    """The record the request is about; a new reference stands for one the desk has not met."""
    if facts.record is not None:
        reference = read_reference(facts.record, Prefix.RECORD)
        found = session.scalars(
            sa.select(Record).where(Record.workspace_id == actor.workspace_id, Record.reference == reference)
        ).first()
        if found is not None:
            return found
        raise BadInput(f"No record here is called {reference}.", field="record")
    reference = free_references(session, Record.reference, actor.workspace_id, Prefix.RECORD)[0]
    record = Record(workspace_id=actor.workspace_id, reference=reference, sensitive=facts.sensitive, created_at=now)
    session.add(record)
    session.flush()
    return record
