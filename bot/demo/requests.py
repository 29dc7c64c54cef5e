"""Forty requests for release of information for the sandbox: some overdue, some due today, one critical, the rest ahead."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.moments import local_day
from bot.roi.due_rules import RuleBook
from bot.roi.intake import RequestFacts, log_request
from storage.tables import Person, Record, RoiRequest
from storage.words import DeliveryMethod, Priority, Purpose, RequestState, RequestType, Sensitive

REQUESTS = 40
#: How long ago each request came in, in days: the first are late, the next due about now, the rest have time.
_AGES = (34, 31, 30, 29, 28, 27, 26, 25, 21, 16, 15, 14)
_TYPES = {
    RequestType.PATIENT_ACCESS: 14,
    RequestType.ATTORNEY: 5,
    RequestType.PAYER_REQUEST: 5,
    RequestType.PAYER_ADR: 5,
    RequestType.DISABILITY_SSA: 4,
    RequestType.WORKERS_COMP: 3,
    RequestType.CONTINUITY_OF_CARE: 3,
    RequestType.PUBLIC_HEALTH: 2,
}
_PURPOSES = {
    RequestType.PATIENT_ACCESS: Purpose.PERSONAL_USE,
    RequestType.ATTORNEY: Purpose.LEGAL_CASE,
    RequestType.PAYER_REQUEST: Purpose.PAYMENT,
    RequestType.PAYER_ADR: Purpose.AUDIT,
    RequestType.DISABILITY_SSA: Purpose.DISABILITY_DETERMINATION,
    RequestType.WORKERS_COMP: Purpose.WORK_INJURY,
    RequestType.CONTINUITY_OF_CARE: Purpose.CONTINUED_CARE,
    RequestType.PUBLIC_HEALTH: Purpose.PUBLIC_HEALTH,
}
#: These are due on the day their letter names.
_BY_LETTER = frozenset({RequestType.PAYER_REQUEST, RequestType.WORKERS_COMP, RequestType.ATTORNEY})
_STATES = (
    RequestState.LOGGED,
    RequestState.READY_TO_FULFILL,
    RequestState.RETRIEVAL,
    RequestState.QA_REVIEW,
    RequestState.READY_TO_SEND,
)
_LEGAL_STATES = ("OH", "CA", "TX", "WA", "NY", "TN", None)


def generate_requests(
    session: Session, desk: Actor, now: datetime, rulebook: RuleBook, owners: list[Person], records: list[Record], seed: int = 11
) -> list[RoiRequest]:
    """Log the requests of the demonstration, owned by the release specialists, on records that also have review tasks."""
    chance = random.Random(seed)  # noqa: S311 - a demonstration, not a secret
    today = local_day(now, desk.legal_zone)
    return [
        log_request(session, desk, now, rulebook, _facts(chance, today, number, owners, records))
        for number in range(REQUESTS)
    ]


def _facts(chance: random.Random, today: date, number: int, owners: list[Person], records: list[Record]) -> RequestFacts:
    late = number < len(_AGES)
    kind = RequestType.PATIENT_ACCESS if late else chance.choices(list(_TYPES), list(_TYPES.values()))[0]
    received = today - timedelta(days=_AGES[number] if late else chance.randint(0, 12))
    with_letter = kind in {RequestType.PAYER_ADR, RequestType.PAYER_REQUEST}
    return RequestFacts(
        type=kind,
        received_on=received,
        purpose=_PURPOSES[kind],
        requester_type="patient" if kind is RequestType.PATIENT_ACCESS else None,
        legal_state=None if late else chance.choice(_LEGAL_STATES),
        letter_on=received - timedelta(days=2) if with_letter else None,
        letter_due_on=received + timedelta(days=21) if kind in _BY_LETTER else None,
        state=chance.choice(_STATES),
        sensitive=(chance.choice((Sensitive.MENTAL_HEALTH, Sensitive.HIV)),) if chance.random() < 0.1 else (),
        delivery_method=chance.choice((DeliveryMethod.PORTAL, DeliveryMethod.SECURE_EMAIL, DeliveryMethod.FAX)),
        priority=Priority.CRITICAL if number == 0 else chance.choice((Priority.NORMAL, Priority.HIGH)),
        pages=chance.randint(4, 600),
        owner_id=None if chance.random() < 0.1 else chance.choice(owners).id,
        record=records[number].reference,
    )
