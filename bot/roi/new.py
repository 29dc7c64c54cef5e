"""Logging a request by hand. No field of it is about a patient: a record has a reference, and one that has none gets one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import RELEASERS, Actor
from bot.errors import BadInput
from bot.moments import local_day
from bot.people import person_named
from bot.references import Prefix, read_reference
from bot.roi.cards import RoiCard, card
from bot.roi.due_rules import RuleBook
from bot.roi.intake import RequestFacts, log_request
from bot.roi.work import require_takes
from storage.tables import Record, ReviewTask
from storage.words import NoticeKind, Role, Subject

_MENTION = re.compile(r"\b(?:RR|RV)-[0-9A-Z]{5}\b", re.IGNORECASE)
_FACILITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}")
MOST_PAGES = 100_000


class FacilityCode(BadInput):
    """Enter the facility's short code, such as F1: letters, digits, spaces and - _ . / up to 40."""


class PagesOutOfRange(BadInput):
    """Enter the number of pages as a whole number from 1 to 100000, or leave it out."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What the form of a new request starts with: the record, the law of which state, today in the legal zone, and whether the actor would own it."""

    record: str
    legal_state: str | None
    today: date
    is_releaser: bool


def may_log(session: Session, actor: Actor, now: datetime, text: str = "") -> NewRequest:
    """Whether this person may log a request; the record is that of the first reference in ``text``, where this desk knows it.

    :raises NotAllowed: without a role that works on releases.
    """
    actor.require(*RELEASERS)
    return NewRequest(
        record=_record_mentioned(session, actor, text),
        legal_state=actor.legal_state,
        today=local_day(now, actor.legal_zone),
        is_releaser=actor.has(Role.ROI_SPECIALIST),
    )


def log_new(
    session: Session, actor: Actor, now: datetime, shipped: RuleBook, facts: RequestFacts, owner: str | None = None
) -> RoiCard:
    """Log a request somebody typed in, and reckon its due date.

    :param owner: the Slack id of who works it, None for nobody yet; somebody else is told.
    :raises NotAllowed: without a role that works on releases.
    :raises NoSuchPerson, CannotTakeRequests: for an owner who cannot work it.
    :raises FacilityCode, PagesOutOfRange, BadInput, MissingClockStart: for what cannot be; ``field`` names the input.
    """
    actor.require(*RELEASERS)
    if facts.facility is not None and not _FACILITY.fullmatch(facts.facility):
        raise FacilityCode(field="facility")
    if facts.pages is not None and not 1 <= facts.pages <= MOST_PAGES:
        raise PagesOutOfRange(field="pages")
    person = person_named(session, actor.workspace_id, owner) if owner else None
    if person is not None:
        require_takes(person, now)
    request = log_request(session, actor, now, shipped, replace(facts, owner_id=person.id if person else None))
    if person is not None and person.id != actor.person_id:
        notices.tell(
            session, person, now, NoticeKind.RELEASE_ASSIGNED, Subject.REQUEST, request.id,
            key=f"release_assigned:{request.id}:{person.id}:{int(now.timestamp())}", by=actor.slack_user_id,
        )  # fmt: skip
    session.flush()
    return card(session, actor, now, request)


def _record_mentioned(session: Session, actor: Actor, text: str) -> str:
    """The reference of the record a text names, by itself or by one of its tasks; nothing else of the text is looked at."""
    for found in _MENTION.finditer(text):
        reference = read_reference(found[0], Prefix.RECORD, Prefix.TASK)
        named = sa.select(Record.reference).where(Record.workspace_id == actor.workspace_id)
        if reference.startswith(Prefix.TASK):
            named = named.join(ReviewTask, ReviewTask.record_id == Record.id).where(
                ReviewTask.workspace_id == actor.workspace_id, ReviewTask.reference == reference
            )
        else:
            named = named.where(Record.reference == reference)
        if record := session.scalar(named):
            return record
    return ""
