"""One line of a file of releases, understood: the facts it states, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.intake import request_words as words
from bot.intake.cells import Unreadable, as_word, read_date, read_number, read_word, read_yes_no
from bot.intake.keys import KeyedHash, own_reference
from bot.intake.line_cells import Cells, CodeCheck, read_sensitive
from bot.intake.problems import Problem
from bot.intake.roster import Roster
from bot.intake.source import Line
from bot.references import Prefix
from bot.roi.intake import RequestFacts
from storage.words import (
    AuthorizationStatus,
    ClockStart,
    DeliveryMethod,
    PendReason,
    Priority,
    Purpose,
    RequestState,
    RequestType,
)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """The facts of one line, and which of our dates the file had reckoned itself."""

    number: int
    facts: RequestFacts
    due_on: date | None
    priority_stated: bool


@dataclass(slots=True)
class RequestReader:
    """Reads the lines of one file. Codes pass the PHI guard, keys of the source become hashes, owners are looked up."""

    check: CodeCheck
    keyed: KeyedHash
    roster: Roster
    today: date
    unit: str = "line"

    def read(self, line: Line) -> RequestLine | list[Problem]:
        """The facts of a line, or everything that is wrong with it."""
        cells = Cells(line, self.check, self.unit)
        starts = _starts(cells, self.today)
        facts = self._facts(cells, starts)
        if facts.reference is None and facts.external_key is None:
            cells.wrong("request_ref", "names nothing, so the line could not be found again")
        if cells.problems:
            return cells.problems
        return RequestLine(line.number, facts, facts.given_due_on, priority_stated=bool(cells.text("priority")))

    def _facts(self, cells: Cells, starts: dict[ClockStart, date | None]) -> RequestFacts:
        reference = own_reference(cells.text("request_ref"), Prefix.REQUEST)
        key = cells.external_key("request_ref", foreign=reference is None)
        return RequestFacts(
            type=_type(cells),
            received_on=starts[ClockStart.RECEIVED] or self.today,
            requester_type=cells.slug("requester_type"),
            purpose=cells.take("purpose", _purpose),
            facility=cells.slug("facility"),
            legal_state=cells.slug("state"),
            letter_on=starts[ClockStart.LETTER],
            letter_due_on=cells.take("letter_due_date", read_date),
            given_rule=cells.slug("due_rule"),
            given_due_on=cells.take("due_date", read_date),
            extended=_extended(cells),
            promised_on=cells.take("promised_date", read_date),
            state=_state(cells),
            pend_reason=cells.take("pend_reason", lambda text: read_word(text, PendReason, words.PEND_REASONS)),
            authorization=cells.take(
                "authorization_status", lambda text: read_word(text, AuthorizationStatus, words.AUTHORIZATIONS)
            ),
            authorization_valid_on=starts[ClockStart.VALID_AUTHORIZATION],
            authorization_expires_on=cells.take("authorization_expires", read_date),
            sensitive=cells.take("sensitive_categories", read_sensitive) or (),
            sensitive_authorized=bool(cells.take("sensitive_authorized", read_yes_no)),
            accounting=cells.take("accounting_required", read_yes_no),
            delivery_method=cells.take("delivery_method", lambda text: read_word(text, DeliveryMethod, words.DELIVERY)),
            priority=cells.take("priority", lambda text: read_word(text, Priority, words.PRIORITIES))
            or Priority.NORMAL,
            pages=cells.take("page_estimate", read_number),
            owner_id=self.roster.find(cells.slug("owner"), cells.line.number),
            reference=reference,
            record=_record(cells),
            external_key=self.keyed(key) if key else None,
        )


def _starts(cells: Cells, today: date) -> dict[ClockStart, date | None]:
    """What starts the clock and when. A file that only knows the letter's date counts as received on it."""
    event = cells.take("clock_start_event", lambda text: read_word(text, ClockStart, words.CLOCK_STARTS))
    starts = {
        ClockStart.RECEIVED: cells.take("received_date", read_date),
        ClockStart.LETTER: cells.take("letter_date", read_date),
        ClockStart.VALID_AUTHORIZATION: cells.take("authorization_date", read_date),
    }
    start = cells.take("clock_start_date", read_date)
    if start is not None:
        starts[event or ClockStart.RECEIVED] = start
    starts[ClockStart.RECEIVED] = starts[ClockStart.RECEIVED] or starts[ClockStart.LETTER] or start
    received = starts[ClockStart.RECEIVED]
    if received is None and not cells.problems:
        cells.wrong("clock_start_date", "is empty, so no due date can be reckoned")
    if received is not None and received > today:
        cells.wrong("clock_start_date" if start else "received_date", "is in the future")
    return starts


def _type(cells: Cells) -> RequestType:
    if not cells.text("request_type"):
        cells.wrong("request_type", "is empty")
    found = cells.take("request_type", lambda text: read_word(text, RequestType, words.REQUEST_TYPES))
    return found or RequestType.PATIENT_ACCESS


def _purpose(text: str) -> Purpose:
    """Other systems write much into this column; what is none of our words is another purpose, and no reason to turn the line away."""
    try:
        return read_word(text, Purpose, words.PURPOSES)
    except Unreadable:
        return Purpose.OTHER


def _state(cells: Cells) -> RequestState:
    found = cells.take("status", lambda text: read_word(text, RequestState, words.STATES))
    return found or RequestState.LOGGED


def _extended(cells: Cells) -> bool:
    stated = cells.take("extension_used", read_yes_no)
    return bool(stated) or as_word(cells.text("status")) == words.EXTENDED


def _record(cells: Cells) -> str | None:
    text = cells.text("record_ref")
    found = own_reference(text, Prefix.RECORD)
    if text and found is None:
        cells.wrong("record_ref", "must be a reference such as RR-2F7KQ")
    return found
