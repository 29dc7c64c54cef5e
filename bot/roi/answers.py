"""The two questions a release cannot do without: is its authorization valid, and does it go into the accounting of disclosures?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.errors import BadInput, Refusal
from bot.moments import local_day
from bot.roi import reckoning
from bot.roi.cards import RoiCard, card
from bot.roi.checklist import Checklist
from bot.roi.due_dates import authorization_expires_on
from bot.roi.due_rules import RuleBook
from bot.roi.history import write_down
from bot.roi.requests import find_request
from bot.roi.rule_versions import rules_of
from bot.roi.types import TYPE_RULES, accounting_demanded
from bot.roi.work import look_again, require_hands
from storage.tables import RoiRequest
from storage.words import AuthorizationStatus, RequestType


class ExpiredAlready(BadInput):
    """That day is over. If the authorization has expired, choose expired."""


class NotForThisType(BadInput):
    """This type of request needs something else. Choose another result."""


class AccountingDemanded(BadInput):
    """This type of release must go into the accounting of disclosures. Choose yes."""


@dataclass(frozen=True, slots=True)
class AuthorizationFound:
    """What somebody found when they went through an authorization.

    ``expires_on`` is the last day a valid one holds, in the legal zone; ``sensitive_authorized`` whether it names the sensitive content; ``checklist`` what
    was in it. Without an ``expires_on`` of its own a form ends by the rule of its type, counted from its signature.
    """

    result: AuthorizationStatus
    expires_on: date | None = None
    sensitive_authorized: bool = False
    checklist: Checklist | None = None


def results_for(request_type: RequestType) -> tuple[AuthorizationStatus, ...]:
    """What the authorization checklist of a type can come to."""
    rule = TYPE_RULES[request_type]
    results = [AuthorizationStatus.VALID, AuthorizationStatus.INVALID, AuthorizationStatus.EXPIRED]
    if rule.waiver:
        results.append(AuthorizationStatus.WAIVER)
    if not rule.authorization:
        results.append(AuthorizationStatus.NOT_REQUIRED)
    return tuple(results)


def record_authorization(
    session: Session, actor: Actor, now: datetime, reference: str, rulebook: RuleBook, found: AuthorizationFound
) -> RoiCard:
    """Record what the authorization checklist came to; only the result is stored. The due date is reckoned anew where it depends on it.

    :raises PartsMissing, SignedLater: when a valid one would lack a part, or be signed tomorrow.
    :raises NotForThisType: when this type of request cannot have that result.
    :raises ExpiredAlready: when a valid one would be over.
    :raises NotYourRequest, NotAllowed, NoSuchRequest, Stale: as the rules say.
    """
    request = find_request(session, actor.workspace_id, reference, lock=True)
    require_hands(actor, request)
    if found.result not in results_for(request.type):
        raise NotForThisType(field="authorization")
    rules = rules_of(session, request, rulebook)
    today = local_day(now, actor.legal_zone)
    _keep(request, found, _ends_on(rules, request, found, today), today)
    if request.accounting_required is False and accounting_demanded(request.type, found.result):
        request.accounting_required = None
    _reckon_again(rules, request)
    look_again(request, now)
    write_down(session, actor, now, request, "request_authorization", request.state, result=found.result.value)
    session.flush()
    return card(session, actor, now, request)


def _ends_on(rules: RuleBook, request: RoiRequest, found: AuthorizationFound, today: date) -> date | None:
    """The last day a valid authorization holds: as the form itself says, else by the rule of its type from its signature; None where it does not end."""
    if found.result is not AuthorizationStatus.VALID:
        return None
    expires_on = found.expires_on
    if found.checklist is not None:
        found.checklist.require_complete(today)
        if expires_on is None and found.checklist.signed_on is not None:
            expires_on = authorization_expires_on(rules, request.type, found.checklist.signed_on)
    if expires_on is not None and expires_on < today:
        raise ExpiredAlready(field="authorization_expires")
    return expires_on


def _keep(request: RoiRequest, found: AuthorizationFound, expires_on: date | None, today: date) -> None:
    request.authorization = found.result
    request.authorization_expires_on = expires_on
    # The day it came with the request counts, not the day somebody looked at it.
    request.authorization_valid_on = (request.authorization_valid_on or today) if found.result is AuthorizationStatus.VALID else None
    names_it = found.sensitive_authorized and found.result not in {AuthorizationStatus.INVALID, AuthorizationStatus.EXPIRED}
    request.sensitive_authorized = names_it


def answer_accounting(session: Session, actor: Actor, now: datetime, reference: str, *, required: bool) -> RoiCard:
    """Say whether the delivery goes into the accounting of disclosures.

    :raises AccountingDemanded: for *no* where the type demands it (45 CFR 164.528).
    :raises NotYourRequest, NotAllowed, NoSuchRequest, Stale: as the rules say.
    """
    request = find_request(session, actor.workspace_id, reference, lock=True)
    require_hands(actor, request)
    if not required and accounting_demanded(request.type, request.authorization):
        raise AccountingDemanded(field="accounting")
    if request.accounting_required is not required:
        request.accounting_required = required
        write_down(session, actor, now, request, "request_accounting", request.state, required=required)
        session.flush()
    return card(session, actor, now, request)


def _reckon_again(rulebook: RuleBook, request: RoiRequest) -> None:
    try:
        reckoning.keep(request, reckoning.reckon(rulebook, request))
    except Refusal:
        # The rule of its time asks for a date that nobody entered: the date it has stays.
        return
