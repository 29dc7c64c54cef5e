"""The accounting of disclosures of one record: what a patient may ask for, six years back (45 CFR 164.528). Reading it out is written into the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import RELEASERS, Actor
from bot.csv_file import Cell, csv_bytes
from bot.errors import NotFound
from bot.references import Prefix, read_reference
from bot.spoken import spoken
from storage.tables import Disclosure, Record, RoiRequest
from storage.words import Subject

#: How far back a patient may ask, 45 CFR 164.528(a)(3).
YEARS = 6
HEADING = ("disclosed_on", "recipient", "type_of_request", "purpose", "what", "how", "release")


class NoSuchRecord(NotFound):
    """No record here has that reference. It looks like RR-2F7KQ and stands on the card of its release."""


@dataclass(frozen=True, slots=True)
class Accounting:
    """The disclosures of one record within a span of days of the legal zone, as a CSV file with ``lines`` lines under its heading."""

    record: str
    since: date
    until: date
    lines: int
    csv: bytes

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"disclosures-{self.record}-{self.until}.csv"


def account(session: Session, actor: Actor, now: datetime, text: str) -> Accounting:
    """Read out the disclosures of the record with this reference, oldest first; the audit trail says who asked.

    :raises NotAllowed: without a role that works on releases.
    :raises NoSuchRecord: when there is none.
    """
    actor.require(*RELEASERS)
    record = _record(session, actor, text)
    place = ZoneInfo(actor.legal_zone)
    until = now.astimezone(place).date()
    since = years_before(until, YEARS)
    rows = session.execute(
        sa.select(Disclosure, RoiRequest.reference)
        .join(RoiRequest, RoiRequest.id == Disclosure.request_id)
        .where(
            Disclosure.workspace_id == actor.workspace_id,
            Disclosure.record_id == record.id,
            Disclosure.disclosed_at >= datetime.combine(since, time(), place),
        )
        .order_by(Disclosure.disclosed_at, Disclosure.id)
    ).all()
    lines = list(_lines(((row.Disclosure, row.reference) for row in rows), place))
    audit.record(session, actor, now, "disclosures_read_out", Subject.RECORD, record.reference, lines=len(lines))
    return Accounting(record.reference, since, until, len(lines), csv_bytes(HEADING, lines))


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _lines(rows: Iterable[tuple[Disclosure, str]], place: ZoneInfo) -> Iterator[tuple[Cell, ...]]:
    for line, reference in rows:
        yield (
            line.disclosed_at.astimezone(place).date().isoformat(),
            _spoken(line.recipient_type) or "not recorded",
            _spoken(line.type),
            _spoken(line.purpose) or _spoken(line.type),
            f"{line.pages} pages" if line.pages else "copies of the record",
            _spoken(line.delivery_method) or "not recorded",
            reference,
        )


def _spoken(word: str | None) -> str:
    return spoken(word or "")


def _record(session: Session, actor: Actor, text: str) -> Record:
    reference = read_reference(text, Prefix.RECORD)
    found = session.scalars(
        sa.select(Record).where(Record.workspace_id == actor.workspace_id, Record.reference == reference)
    ).first()
    if found is None:
        raise NoSuchRecord
    return found
