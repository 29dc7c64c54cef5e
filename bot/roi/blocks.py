"""What stands between a request and its delivery. Always shown, and delivery is refused while any of it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.flags.freeze import frozen_records
from bot.moments import local_day
from bot.roi.types import NEEDS_OWN_AUTHORIZATION, TYPE_RULES
from storage.tables import RoiRequest, Workspace
from storage.words import AuthorizationStatus, RequestState


class BlockKind(StrEnum):
    """Kinds of block."""

    AUTHORIZATION = "authorization"
    QA = "qa"
    CRITICAL_FLAG = "critical_flag"
    SENSITIVE = "sensitive"
    ACCOUNTING = "accounting"


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that blocks delivery, and the sentence that says what to do."""

    kind: BlockKind
    sentence: str


def what_blocks(session: Session, request: RoiRequest, now: datetime) -> tuple[Block, ...]:
    """Everything that blocks the delivery of a request now; empty when it may go."""
    zone = session.scalar(sa.select(Workspace.legal_zone).where(Workspace.id == request.workspace_id)) or "UTC"
    frozen = frozen_records(session, request.workspace_id, [request.record_id])
    return blocks_on(request, local_day(now, zone), frozen.get(request.record_id or 0))


def blocks_on(request: RoiRequest, today: date, freezing_flag: str | None) -> tuple[Block, ...]:
    """The same on a day of the legal zone, with the reference of the flag that freezes its record, if there is one."""
    found = (
        _authorization(request, today),
        _qa(request),
        _flag(freezing_flag),
        _sensitive(request),
        _accounting(request),
    )
    return tuple(block for block in found if block is not None)


def authorization_block(request: RoiRequest, today: date) -> Block | None:
    """What is wrong with the authorization alone, if anything."""
    return _authorization(request, today)


def is_expired(request: RoiRequest, today: date) -> bool:
    """Whether the authorization was valid and is over."""
    if request.authorization is AuthorizationStatus.EXPIRED:
        return True
    ends = request.authorization_expires_on
    return request.authorization is AuthorizationStatus.VALID and ends is not None and ends < today


def _authorization(request: RoiRequest, today: date) -> Block | None:
    rule = TYPE_RULES[request.type]
    if is_expired(request, today):
        return Block(BlockKind.AUTHORIZATION, "The authorization has expired. Ask for a new one and record it.")
    match request.authorization:
        case AuthorizationStatus.VALID:
            return None
        case AuthorizationStatus.WAIVER if rule.waiver:
            return None
        case AuthorizationStatus.NOT_REQUIRED if not rule.authorization:
            return None
        case AuthorizationStatus.INVALID:
            return Block(BlockKind.AUTHORIZATION, "The authorization is not valid. Ask for a complete one and record it.")
    return Block(BlockKind.AUTHORIZATION, "A valid authorization is required. Check it and record the result.")


def _qa(request: RoiRequest) -> Block | None:
    if request.checked_by_id is not None and request.checked_by_id == request.prepared_by_id:
        return Block(BlockKind.QA, "QA was done by the person who prepared it. Send it back to QA for somebody else.")
    if request.state is RequestState.READY_TO_SEND and request.checked_by_id is None:
        return Block(BlockKind.QA, "Nobody has recorded the QA. Send it back to QA review.")
    return None


def _flag(freezing_flag: str | None) -> Block | None:
    if freezing_flag is None:
        return None
    sentence = f"The critical flag {freezing_flag} is open on this record. Delivery waits until it is verified or overturned."
    return Block(BlockKind.CRITICAL_FLAG, sentence)


def _sensitive(request: RoiRequest) -> Block | None:
    if request.sensitive_authorized or NEEDS_OWN_AUTHORIZATION.isdisjoint(request.sensitive):
        return None
    sentence = "The sensitive content needs an authorization that names it. Check it and record the result."
    return Block(BlockKind.SENSITIVE, sentence)


def _accounting(request: RoiRequest) -> Block | None:
    if request.accounting_required is not None:
        return None
    return Block(BlockKind.ACCOUNTING, "Say whether this goes into the accounting of disclosures.")
