"""When a release is due: the earliest of what federal law, state law, the letter and the desk's own promise say.

The deadlines themselves are data (:mod:`bot.roi.due_rules`); this is only how they are put together. They are settings,
not legal advice: verify them with your privacy counsel.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar import add_business_days, business_day_on_or_before, is_state
from bot.errors import BadInput, Refusal
from bot.roi.due_rules import Clock, DueRule, Level, RuleBook, Unit, load_rules
from bot.spoken import spoken
from storage.words import ClockStart, RequestType

__all__ = [
    "Candidate",
    "DueDate",
    "MissingClockStart",
    "NoExtension",
    "RuleBook",
    "authorization_expires_on",
    "check_extension",
    "due_date",
    "load_rules",
]

MONTHS = 12


class MissingClockStart(Refusal):
    """The date this deadline counts from is missing. Enter it and try again."""


class NoExtension(Refusal):
    """This request cannot be extended."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one rule says: its date, how long its clock is, and how far to trust it."""

    rule: DueRule
    starts_on: date
    due_on: date
    clock_days: int

    @property
    def rule_id(self) -> str:
        """The rule's id."""
        return self.rule.id


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a release is due, by which rule of which version.

    ``effective_due_on`` is the business day on which it must be done when ``due_on`` is a day off;
    ``internal_target_on`` the desk's own goal. ``clock_days`` is the length of the deadline in ``unit`` (calendar days
    for a date on a letter). ``candidates`` holds every rule that was weighed, the chosen one first.
    """

    rule_id: str
    rule_version: str
    due_on: date
    effective_due_on: date
    internal_target_on: date
    clock_days: int
    unit: Unit
    candidates: tuple[Candidate, ...]
    extended: bool
    calendar_state: str | None
    clock: Clock

    @property
    def rule(self) -> DueRule:
        """The rule that decided, with its source, whether it is verified, and its note."""
        return self.candidates[0].rule

    @property
    def starts_on(self) -> date:
        """The day its clock started."""
        return self.candidates[0].starts_on

    @property
    def extend_by(self) -> date | None:
        """The last day on which it can be extended; None when it cannot."""
        return self._counted(self.starts_on, self.rule.extension_within, self.rule) if self.can_be_extended else None

    @property
    def latest_with_extension(self) -> date:
        """The last day an extension may promise: the earliest of all rules with the days each of them allows once."""
        return min(self._counted(one.due_on, one.rule.extension_days, one.rule) for one in self.candidates)

    @property
    def can_be_extended(self) -> bool:
        """Whether one extension is still possible and would move the due date."""
        return bool(self.rule.extension_days) and not self.extended and self.latest_with_extension > self.due_on

    def _counted(self, start: date, days: int, rule: DueRule) -> date:
        return _later(start, days, rule.extension_unit, self.calendar_state)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known about a request's dates."""

    received_on: date
    letter_on: date | None
    authorization_valid_on: date | None
    letter_due_on: date | None
    promised_on: date | None


def due_date(  # noqa: PLR0913 - the facts of a request
    rulebook: RuleBook,
    request_type: RequestType,
    legal_state: str | None,
    received_on: date,
    letter_on: date | None = None,
    authorization_valid_on: date | None = None,
    letter_due_on: date | None = None,
    extended: bool = False,
    *,
    promised_on: date | None = None,
    requester_type: str | None = None,
) -> DueDate:
    """Return the earliest date of all rules that apply. All dates are days in the facility's legal zone.

    :param legal_state: two letters, or None when unknown: then no state's rule applies and federal holidays count.
    :param letter_on: the date of the letter; deadlines of payers' documentation requests count from it.
    :param authorization_valid_on: the day a complete authorization was there.
    :param letter_due_on: the date the letter, subpoena or order asks for.
    :param extended: whether the one extension was made (see :func:`check_extension`).
    :param promised_on: the date the extension letter names, which may be earlier than what the rule allows; then it counts.
    :param requester_type: tells contractors apart (``upic``, ``cert``); without it the usual rule holds.
    :raises MissingClockStart: a rule that must be used has no date to count from; ``field`` names it.
    :raises NoExtension: ``extended`` for a request none of whose rules has an extension.
    :raises BadInput: letters that are no state.
    """
    state = _checked_state(legal_state)
    known = _Known(received_on, letter_on, authorization_valid_on, letter_due_on, promised_on)
    holidays_of = rulebook.calendar_of(state)
    candidates = [
        _weigh(rule, known, holidays_of, extended=extended)
        for rule in rulebook.rules
        if rule.applies(request_type, state, requester_type)
        and not (rule.is_optional_for(request_type) and _start_of(rule, known) is None)
    ]
    if extended and not any(candidate.rule.extension_days for candidate in candidates):
        raise NoExtension(f"A request of the type {_spoken(request_type)} has no extension. Save it without one.")
    candidates.sort(key=_precedence)
    return _chosen(rulebook, candidates, received_on, holidays_of, extended=extended)


def check_extension(due: DueDate, asked_on: date, *, promised_on: date | None, reason_written: bool) -> date:
    """Check that a request may be extended now, and return the last date that may be promised.

    Once, in time, with the reason and the date by which the records will come told to the person in writing: by 30
    days within the first 30 (45 CFR 164.524(b)(2)(iii)); to 21 days in all in Montana (Mont. Code Ann. 50-16-541) and
    to 21 working days in Washington (RCW 70.02.080). The one letter extends every rule that allows it.

    :param asked_on: today in the facility's legal zone.
    :param promised_on: the date told to the person.
    :param reason_written: whether the letter with the reason was written.
    :raises NoExtension: not for this deadline, already used, or too late.
    :raises BadInput: the reason or the date is missing, or the date is too late; ``field`` names which.
    """
    if due.extended:
        raise NoExtension("This request was extended once already. There is no second extension.")
    if due.extend_by is None:
        fixed = next(one.rule.id for one in due.candidates if not one.rule.extension_days)
        raise NoExtension(f"The deadline that counts here ({fixed}) has no extension. It stays {due.due_on}.")
    if asked_on > due.extend_by:
        raise NoExtension(f"An extension had to be made by {due.extend_by}. Talk to the privacy officer about this request.")
    if not reason_written:
        raise BadInput("Write to the person why it takes longer, then extend.", field="reason")
    latest = due.latest_with_extension
    if promised_on is None:
        raise BadInput(f"Enter the date you told the person, {latest} at the latest.", field="promised_on")
    if not due.due_on < promised_on <= latest:
        raise BadInput(
            f"The promised date is after the {due.due_on} it is due now, and {latest} at the latest.", field="promised_on"
        )
    return latest


def authorization_expires_on(rulebook: RuleBook, request_type: RequestType, signed_on: date) -> date | None:
    """Return the last day an authorization of this type's own form is valid; None where the form itself says it.

    SSA-827: 12 months from the signature. A signature of 29 February lasts to 28 February.
    """
    for life in rulebook.authorizations:
        if request_type in life.applies_to:
            return _months_later(signed_on, life.months)
    return None


def _weigh(rule: DueRule, known: _Known, holidays_of: str | None, *, extended: bool) -> Candidate:
    start = _start_of(rule, known)
    if start is None:
        raise _missing(rule)
    if rule.unit is Unit.DATE_ON_LETTER:
        begins = known.letter_on or known.received_on
        return Candidate(rule, begins, start, max(0, (start - begins).days))
    if not (extended and rule.extension_days):
        return Candidate(rule, start, _later(start, rule.days, rule.unit, holidays_of), rule.days)
    due_on = _later(_later(start, rule.days, rule.unit, holidays_of), rule.extension_days, rule.extension_unit, holidays_of)
    if known.promised_on is not None:
        due_on = min(due_on, known.promised_on)
    return Candidate(rule, start, due_on, rule.days + rule.extension_days)


def _start_of(rule: DueRule, known: _Known) -> date | None:
    """The date a rule needs: where its clock starts, or for a date on a letter that date itself."""
    if rule.unit is Unit.DATE_ON_LETTER:
        return known.letter_due_on
    match rule.clock_start:
        case ClockStart.RECEIVED:
            return known.received_on
        case ClockStart.LETTER:
            return known.letter_on
        case ClockStart.VALID_AUTHORIZATION:
            return known.authorization_valid_on


def _missing(rule: DueRule) -> MissingClockStart:
    if rule.unit is Unit.DATE_ON_LETTER:
        return MissingClockStart(
            "Enter the due date the letter names: the deadline is that date.", field="letter_due_on"
        )
    if rule.clock_start is ClockStart.LETTER:
        return MissingClockStart(
            f"Enter the date of the letter: the {rule.days} days count from it, not from the day it came.",
            field="letter_on",
        )
    return MissingClockStart(
        f"Enter the day a valid authorization was there: the {rule.days} days count from it.",
        field="authorization_valid_on",
    )


def _chosen(
    rulebook: RuleBook, candidates: list[Candidate], received_on: date, holidays_of: str | None, *, extended: bool
) -> DueDate:
    first = candidates[0]
    effective = _effective(first.due_on, received_on, holidays_of)
    target = _later(first.starts_on, first.rule.target_days, first.rule.target_unit, holidays_of)
    target = max(business_day_on_or_before(target, holidays_of), received_on)
    return DueDate(
        rule_id=first.rule.id,
        rule_version=rulebook.version,
        due_on=first.due_on,
        effective_due_on=effective,
        internal_target_on=min(target, effective),
        clock_days=first.clock_days,
        unit=first.rule.unit,
        candidates=tuple(candidates),
        extended=extended,
        calendar_state=holidays_of,
        clock=next(clock for clock in rulebook.clocks if clock.holds(first.clock_days, first.rule.unit)),
    )


def _effective(due_on: date, received_on: date, holidays_of: str | None) -> date:
    """The business day on or before the due date; the due date itself when that day was over before the request came."""
    effective = business_day_on_or_before(due_on, holidays_of)
    return due_on if effective < received_on <= due_on else effective


def _precedence(candidate: Candidate) -> tuple[date, int, str]:
    return candidate.due_on, list(Level).index(candidate.rule.level), candidate.rule.id


def _later(start: date, days: int, unit: Unit, holidays_of: str | None) -> date:
    if unit is Unit.BUSINESS:
        return add_business_days(start, days, holidays_of)
    return start + timedelta(days=days)


def _checked_state(legal_state: str | None) -> str | None:
    if legal_state is None or not legal_state.strip():
        return None
    if not is_state(legal_state):
        raise BadInput(f"“{legal_state}” is no US state. Use its two letters, such as CA.", field="legal_state")
    return legal_state.strip().upper()


def _spoken(request_type: RequestType) -> str:
    return spoken(request_type)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
