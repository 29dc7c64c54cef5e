"""The deadlines of releases as data: read, checked and versioned. What they mean together is in
:mod:`bot.roi.due_dates`.

The shipped file is ``bot/roi/due_rules.toml``; an organisation may keep its own. Nothing in it is legal advice.
"""

from __future__ import annotations

import hashlib
import tomllib
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.calendar import is_state
from bot.errors import BadInput
from storage.words import ClockStart, RequestType

SHIPPED = "due_rules.toml"
VERSION_LENGTH = 16
VERIFY = "verify with your privacy counsel"

Days = Annotated[int, Field(ge=0, le=400)]


class Level(StrEnum):
    """Who sets a deadline; in the order in which equal dates are named."""

    STATE = "state"
    FEDERAL = "federal"
    LETTER = "letter"
    POLICY = "policy"


class Unit(StrEnum):
    """How a deadline counts: in calendar days, in business days, or not at all because the letter names a date."""

    CALENDAR = "calendar"
    BUSINESS = "business"
    DATE_ON_LETTER = "date_on_letter"


class HolidaysOf(StrEnum):
    """Whose holidays business days skip: the federal ones everywhere, or those of the legal state."""

    FEDERAL = "federal"
    STATE = "state"


class ReminderKind(StrEnum):
    """What a reminder is about."""

    HALF_TIME = "half_time"
    LAST_HOURS = "last_hours"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    EXTEND_OR_FINISH = "extend_or_finish"
    LAST_CALL_EXTENSION = "last_call_extension"
    UNASSIGNED = "unassigned"
    NOT_IN_QA = "not_in_qa"
    OVERDUE = "overdue"
    AUTHORIZATION_EXPIRING = "authorization_expiring"
    AUTHORIZATION_EXPIRED = "authorization_expired"
    STILL_PENDING = "still_pending"
    PENDING_LONG = "pending_long"


class Audience(StrEnum):
    """Who is reminded."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"


class PartOfDay(StrEnum):
    """When on its day a reminder is due: at the start of the reader's day, half-way to the deadline, or two hours
    before its end.
    """

    START_OF_DAY = "start_of_day"
    HALF_OF_THE_TIME = "half_of_the_time"
    TWO_HOURS_BEFORE = "two_hours_before"


class OnlyIf(StrEnum):
    """What must still be so when a reminder is due; otherwise it is left out."""

    UNASSIGNED = "unassigned"
    NOT_IN_QA = "not_in_qa"
    CAN_BE_EXTENDED = "can_be_extended"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class DueRule(_Entry):
    """One deadline. The keys are explained in the rules file."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$", max_length=40)]
    level: Level
    applies_to: tuple[RequestType, ...]
    optional_for: tuple[RequestType, ...] = ()
    states: tuple[str, ...] = ()
    requesters: tuple[str, ...] = ()
    unless_requesters: tuple[str, ...] = ()
    days: Days
    unit: Unit
    clock_start: ClockStart
    extension_days: Days = 0
    extension_within: Days = 0
    extension_unit: Unit = Unit.CALENDAR
    target_days: Days
    target_unit: Unit
    source: Annotated[str, Field(min_length=5)]
    verified: bool
    note: str

    @field_validator("states")
    @classmethod
    def _known_states(cls, states: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [letters for letters in states if not is_state(letters)]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no US state")
        return states

    @field_validator("note")
    @classmethod
    def _says_who_decides(cls, note: str) -> str:
        if VERIFY not in note.lower():
            raise ValueError(f"must say “{VERIFY}”")
        return note

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.level is Level.STATE) != bool(self.states):
            raise ValueError("a state's rule names its states, and no other does")
        if (self.unit is Unit.DATE_ON_LETTER) != (self.days == 0):
            raise ValueError("days are above 0, or 0 with the unit date_on_letter")
        if Unit.DATE_ON_LETTER in {self.target_unit, self.extension_unit}:
            raise ValueError("a target and an extension are counted in calendar or business days")
        return self

    def applies(self, request_type: RequestType, legal_state: str | None, requester_type: str | None) -> bool:
        """Whether the rule is about such a request (its date may still be missing, see :meth:`is_optional_for`)."""
        return (
            request_type in (*self.applies_to, *self.optional_for)
            and (not self.states or legal_state in self.states)
            and (not self.requesters or requester_type in self.requesters)
            and requester_type not in self.unless_requesters
        )

    def is_optional_for(self, request_type: RequestType) -> bool:
        """Whether the rule only counts for this type when its date is known."""
        return request_type in self.optional_for


class ReminderRule(_Entry):
    """One reminder of a clock: exactly one of the four ways to place it, and what must still be so."""

    kind: ReminderKind
    audience: Audience
    business_days_before: Days | None = None
    business_days_after: Days | None = None
    calendar_days_after: Days | None = None
    overdue: bool = False
    at: PartOfDay = PartOfDay.START_OF_DAY
    only_if: OnlyIf | None = None

    @model_validator(mode="after")
    def _placed_once(self) -> Self:
        placed = (self.business_days_before, self.business_days_after, self.calendar_days_after, self.overdue or None)
        if sum(place is not None for place in placed) != 1:
            raise ValueError("a reminder is placed in exactly one way")
        return self


class Clock(_Entry):
    """The reminders of all deadlines up to a length; without a length, of all longer ones."""

    name: str
    up_to_business_days: Days | None = None
    up_to_days: Days | None = None
    points: tuple[ReminderRule, ...]

    def holds(self, days: int, unit: Unit) -> bool:
        """Whether a deadline of this length belongs here, if no earlier clock took it."""
        limit = self.up_to_business_days if unit is Unit.BUSINESS else self.up_to_days
        return limit is None or days <= limit


class AuthorizationLife(_Entry):
    """How long an authorization for some request types is valid from its signature."""

    id: str
    applies_to: tuple[RequestType, ...]
    months: Annotated[int, Field(ge=1, le=120)]
    source: str
    verified: bool
    note: str


class AuthorizationReminders(_Entry):
    """Calendar days before an authorization expires on which its owner is reminded."""

    owner_days_before: tuple[Days, ...]
    note: str


class PendingReminders(_Entry):
    """Reminders while a request waits for somebody outside."""

    owner_every_business_days: Annotated[int, Field(ge=1)]
    supervisor_after_business_days: Annotated[int, Field(ge=1)]
    note: str


class BusinessDays(_Entry):
    """Whose holidays count: those of the legal state, or the federal ones everywhere."""

    business_days: HolidaysOf
    note: str


class RuleBook(_Entry):
    """All deadlines and reminders of one file.

    ``version`` is a hash of its content and is stored with each due date.
    """

    version: str
    notice: str
    calendar: BusinessDays
    rules: tuple[DueRule, ...]
    authorizations: tuple[AuthorizationLife, ...]
    clocks: tuple[Clock, ...]
    authorization_reminders: AuthorizationReminders
    pending_reminders: PendingReminders

    @model_validator(mode="after")
    def _complete(self) -> Self:
        ids = [rule.id for rule in self.rules]
        twice = {rule_id for rule_id in ids if ids.count(rule_id) > 1}
        if twice:
            raise ValueError(f"the rule id {min(twice)} is there twice")
        covered = {request_type for rule in self.rules if not rule.states for request_type in rule.applies_to}
        without = sorted(set(RequestType) - covered)
        if without:
            raise ValueError(f"no rule applies to {without[0]} in every state")
        if not self.clocks or not self.clocks[-1].holds(10_000, Unit.CALENDAR):
            raise ValueError("the last clock must take every length")
        return self

    def rule(self, rule_id: str) -> DueRule:
        """Return the rule with this id.

        :raises KeyError: no such rule.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def calendar_of(self, legal_state: str | None) -> str | None:
        """Return the calendar whose holidays count (see :mod:`bot.calendar`) for a legal state."""
        return legal_state if self.calendar.business_days == HolidaysOf.STATE else None


def load_rules(path: Path | None = None) -> RuleBook:
    """Read the shipped rules, or those of a file of the same form.

    :raises BadInput: a file that is missing or is wrong; the sentence names the file, the place in it and what is
        wrong.
    """
    name = path.name if path else SHIPPED
    try:
        text = path.read_text(encoding="utf-8") if path else _shipped_text()
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{name} cannot be read: {error}.") from error
    # Hashed as text: line endings, which a checkout may change, must not change the version.
    version = hashlib.sha256(text.encode()).hexdigest()[:VERSION_LENGTH]
    try:
        return RuleBook.model_validate({**document, "version": version})
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        raise BadInput(f"{name} cannot be used: {_place(document, first['loc'])}: {said}.") from error


def _place(document: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """Where in the file, with a rule's id instead of its number: ``MT-10C.days``."""
    match location:
        case ["rules", int(number), *rest]:
            return ".".join([str(document["rules"][number].get("id", f"rule {number + 1}")), *map(str, rest)])
        case []:
            return "the whole file"
        case _:
            return ".".join(map(str, location))


def _shipped_text() -> str:
    return resources.files("bot.roi").joinpath(SHIPPED).read_text(encoding="utf-8")
