"""Reckoning requests anew by the rules that count now: one by hand, or all open ones after an admin changed the rules, a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.errors import Refusal
from bot.roi.cards import RoiCard, card
from bot.roi.due_rules import RuleBook
from bot.roi.history import write_down
from bot.roi.reckoning import keep, reckon
from bot.roi.requests import find_request
from bot.roi.rule_versions import current_rules, keep_version, newest_version
from bot.roi.states import DUE_NOTICES
from bot.roi.work import look_again, require_hands
from storage.tables import RoiRequest
from storage.tables.roi import OPEN
from storage.words import Subject

BATCH = 200


def reckon_again(session: Session, actor: Actor, now: datetime, reference: str, shipped: RuleBook) -> RoiCard:
    """Reckon one request by the rules that count now. Again changes nothing.

    :raises MissingClockStart, NoExtension: when these rules need a date that is not there, or know no extension.
    :raises NotYourRequest, NotAllowed, NoSuchRequest, Stale: as the rules say.
    """
    request = find_request(session, actor.workspace_id, reference, lock=True)
    require_hands(actor, request)
    _reckon_by(session, actor, now, request, current_rules(session, actor.workspace_id, shipped))
    session.flush()
    return card(session, actor, now, request)


def reckon_open(session: Session, clock: Actor, now: datetime, shipped: RuleBook, limit: int = BATCH) -> int:
    """Reckon the next open requests anew, where an admin asked for it; returns how many were looked at, 0 when all is done.

    Where a rule needs a date nobody entered, a request keeps the due date and the version it has.
    """
    version = newest_version(session, clock.workspace_id)
    if version is None or version.reckon_after is None:
        return 0
    found = _next_open(session, clock, version.reckon_after, limit)
    rules = current_rules(session, clock.workspace_id, shipped)
    for request in found:
        try:
            _reckon_by(session, clock, now, request, rules)
        except Refusal:
            continue
    version.reckon_after = found[-1].id if found else None
    return len(found)


def _next_open(session: Session, clock: Actor, after: int, limit: int) -> Sequence[RoiRequest]:
    return session.scalars(
        sa.select(RoiRequest)
        .where(RoiRequest.workspace_id == clock.workspace_id, RoiRequest.id > after, OPEN)
        .order_by(RoiRequest.id)
        .limit(limit)
        .with_for_update(key_share=True)
    ).all()


def _reckon_by(session: Session, actor: Actor, now: datetime, request: RoiRequest, rules: RuleBook) -> None:
    if request.due_rule_version == rules.version:
        return
    before, was = request.due_on, request.due_rule_version
    keep(request, reckon(rules, request))
    keep_version(session, actor.workspace_id, rules, now)
    if request.due_on != before:
        notices.withdraw(session, request.workspace_id, Subject.REQUEST, request.id, *DUE_NOTICES)
    look_again(request, now)
    write_down(
        session, actor, now, request, "request_reckoned", request.state,
        due=request.due_on.isoformat(), due_before=before.isoformat(), by=rules.version, by_before=was,
    )  # fmt: skip
