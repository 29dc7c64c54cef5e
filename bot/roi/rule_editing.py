"""Changing the rules of deadlines: by an admin, with a reason, as a new version of all rules. Requests logged before keep to theirs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.calendar import is_state
from bot.errors import BadInput, Refusal, Stale
from bot.roi.due_rules import VERIFY, VERSION_LENGTH, DueRule, HolidaysOf, Level, RuleBook, Unit
from bot.roi.rule_pages import PAGE, RulePage, rule_named, rule_page
from bot.roi.rule_versions import (
    SHIPPED_NUMBER,
    current_rules,
    forget_read,
    newest_version,
    read_document,
    write_document,
)
from storage.columns import CleanText
from storage.tables import DueRuleVersion, Workspace
from storage.words import ClockStart, RequestType, Role, Subject

#: The desk's own target of a rule somebody adds, as of the states' rules that come with the program.
TARGET_DAYS, TARGET_UNIT = 5, Unit.BUSINESS
#: What the history calls a change of the calendar.
HOLIDAYS = "HOLIDAYS"
_LETTERS = {Unit.CALENDAR: "C", Unit.BUSINESS: "B"}


class WhyNeeded(BadInput):
    """Say in a few words why, so that others can follow it: the statute that was read, or counsel's answer."""


class NothingChanged(Refusal):
    """Nothing was changed, so the rules stay as they are."""


class OnlyStates(Refusal):
    """Only a state's rule can be taken out: every type of request needs one that counts everywhere. Change its days instead."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """How an admin wants a rule to be; days are those of its unit, those of the extension of its own."""

    days: int
    unit: Unit
    clock_start: ClockStart
    extension_days: int
    extension_within: int
    verified: bool
    source: CleanText | None = None
    extension_unit: Unit = Unit.CALENDAR


@dataclass(frozen=True, slots=True)
class Because:
    """Why the rules change. ``seen_version``: what the admin looked at, so that a change made meanwhile is not overwritten. ``reckon_open``: whether the clock
    is to reckon the open requests anew by it.
    """

    seen_version: str
    why: CleanText | None
    reckon_open: bool = False


@dataclass(frozen=True, slots=True)
class RuleEdit:
    """One change of one rule; ``drop``: it is to count no more."""

    rule_id: str
    change: RuleChange
    because: Because
    drop: bool = False


@dataclass(frozen=True, slots=True)
class NewRule:
    """A state's rule that the program does not bring along: for requests of these types where that state's law applies."""

    state: str
    applies_to: tuple[RequestType, ...]
    change: RuleChange
    because: Because


def change_rule(session: Session, actor: Actor, now: datetime, shipped: RuleBook, edit: RuleEdit) -> RulePage:
    """Change one rule or take a state's one out: a new version of all of them, which counts for every request logged from now on.

    :raises BadInput: when the rule would make no sense; ``field`` names the input.
    :raises WhyNeeded, NothingChanged, NoSuchRule, OnlyStates, NotAllowed, Stale: as they say.
    """
    rules = _open(session, actor, shipped, edit.because)
    was = rule_named(rules, edit.rule_id)
    changed = _without(rules, was) if edit.drop else _with(rules, was, edit.change)
    facts = {} if edit.drop else {name: _plain(value) for name, value in _differences(was, edit.change).items() if name != "source"}
    _keep(session, actor, now, changed, was.id, edit.because, "due_rule_removed" if edit.drop else "due_rule_changed", **facts)
    return rule_page(session, actor, now, shipped, [rule.id for rule in rules.rules].index(was.id) // PAGE)


def add_rule(session: Session, actor: Actor, now: datetime, shipped: RuleBook, new: NewRule) -> tuple[str, RulePage]:
    """Add a state's rule: a new version of all of them, which counts for every request logged from now on. Returns the name it got, and its page.

    :raises BadInput: when the rule would make no sense; ``field`` names the input.
    :raises WhyNeeded, NotAllowed, Stale: as they say.
    """
    rules = _open(session, actor, shipped, new.because)
    _require_whole(new)
    rule_id = _free_id(rules, new)
    document = rules.model_dump(mode="json")
    document["rules"].append(_row(rule_id, new))
    added = _checked(document, rule_id)
    _keep(session, actor, now, added, rule_id, new.because, "due_rule_added", days=new.change.days, unit=new.change.unit.value)
    return rule_id, rule_page(session, actor, now, shipped, len(rules.rules) // PAGE)


def choose_calendar(session: Session, actor: Actor, now: datetime, shipped: RuleBook, whose: HolidaysOf, because: Because) -> RulePage:
    """Say whose holidays business days skip: a new version of all rules, which counts for every request logged from now on.

    :raises WhyNeeded, NothingChanged, NotAllowed, Stale: as they say.
    """
    rules = _open(session, actor, shipped, because)
    if rules.calendar.business_days == whose:
        raise NothingChanged
    calendar = rules.calendar.model_copy(update={"business_days": whose})
    changed = rules.model_copy(update={"calendar": calendar})
    _keep(session, actor, now, changed, HOLIDAYS, because, "due_calendar_changed", whose=whose.value)
    return rule_page(session, actor, now, shipped)


def _open(session: Session, actor: Actor, shipped: RuleBook, because: Because) -> RuleBook:
    """The rules as they stand, for an admin who has seen them so and says why. Two admins change them one after the other; the second one's look is stale."""
    actor.require(Role.ADMIN)
    if because.why is None:
        raise WhyNeeded(field="why")
    session.execute(sa.select(Workspace.id).where(Workspace.id == actor.workspace_id).with_for_update())
    rules = current_rules(session, actor.workspace_id, shipped)
    if rules.version != because.seen_version:
        raise Stale("Somebody changed the rules in the meantime. Open /roi rules again to see how they stand.")
    return rules


def _differences(was: DueRule, change: RuleChange) -> dict[str, Any]:
    wanted = {name: getattr(change, name) for name in change.__slots__ if getattr(change, name) is not None}
    return {name: value for name, value in wanted.items() if value != getattr(was, name)}


def _with(rules: RuleBook, was: DueRule, change: RuleChange) -> RuleBook:
    """The whole book with one rule changed, checked as a rules file is."""
    differences = _differences(was, change)
    if not differences:
        raise NothingChanged
    _check(change)
    document = rules.model_dump(mode="json")
    row = next(row for row in document["rules"] if row["id"] == was.id)
    row.update({name: _plain(value) for name, value in differences.items()})
    return _checked(document, was.id)


def _without(rules: RuleBook, was: DueRule) -> RuleBook:
    if not was.states:
        raise OnlyStates
    return rules.model_copy(update={"rules": tuple(rule for rule in rules.rules if rule.id != was.id)})


def _require_whole(new: NewRule) -> None:
    if not is_state(new.state):
        raise BadInput(f"“{new.state}” is no US state. Use its two letters, such as CA.", field="legal_state")
    if not new.applies_to:
        raise BadInput("Choose the types of requests the rule is about.", field="applies_to")
    if new.change.unit not in _LETTERS:
        raise BadInput("A state's rule counts calendar or business days.", field="unit")
    if new.change.source is None:
        raise BadInput("Enter where the rule comes from: the statute and its section.", field="source")
    _check(new.change)


def _free_id(rules: RuleBook, new: NewRule) -> str:
    """The state, the days and how they count, such as IL-20B; with a number when that name is taken."""
    name, taken = f"{new.state.strip().upper()}-{new.change.days}{_LETTERS[new.change.unit]}", {rule.id for rule in rules.rules}
    return next(one for number in range(1, len(taken) + 2) if (one := name if number == 1 else f"{name}-{number}") not in taken)


def _row(rule_id: str, new: NewRule) -> dict[str, Any]:
    counted = {name: _plain(getattr(new.change, name)) for name in new.change.__slots__}
    return {
        "id": rule_id, "level": Level.STATE.value, "states": [new.state.strip().upper()], "applies_to": [kind.value for kind in new.applies_to],
        "target_days": TARGET_DAYS, "target_unit": TARGET_UNIT.value, "note": f"Added here. {VERIFY.capitalize()}.", **counted,
    }  # fmt: skip


def _checked(document: dict[str, Any], rule_id: str) -> RuleBook:
    try:
        return RuleBook.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        field = next((str(part) for part in reversed(first["loc"]) if part in RuleChange.__slots__), "days")
        raise BadInput(f"{rule_id} cannot be like that: {first['msg'].removeprefix('Value error, ')}.", field=field) from error


def _check(change: RuleChange) -> None:
    if change.unit is Unit.DATE_ON_LETTER and change.days:
        raise BadInput("Where the letter names the date, no days are counted. Enter 0 days, or choose calendar or business days.", field="days")
    if change.unit is not Unit.DATE_ON_LETTER and not change.days:
        raise BadInput("Enter how many days there are, 1 at least.", field="days")
    if change.extension_days and not change.extension_within:
        raise BadInput("Enter within how many days the extension has to be made.", field="extension_within")
    if change.extension_days and change.unit is Unit.DATE_ON_LETTER:
        raise BadInput("A date on a letter has no extension by rule. Enter 0.", field="extension_days")


def _keep(
    session: Session, actor: Actor, now: datetime, rules: RuleBook, rule_id: str, because: Because, action: str, **facts: Any  # noqa: ANN401 - words and numbers
) -> None:
    """Store a new version, and write into the audit trail what was done to which rule."""
    newest = newest_version(session, actor.workspace_id)
    number = (newest.number if newest else SHIPPED_NUMBER) + 1
    document = write_document(rules)
    version = hashlib.sha256(f"{actor.workspace_id} {number} {document}".encode()).hexdigest()[:VERSION_LENGTH]
    read_document(document, version)
    if newest is not None:
        newest.reckon_after = None
    session.add(
        DueRuleVersion(
            workspace_id=actor.workspace_id, number=number, version=version, document=document, rule_id=rule_id,
            changed_by_id=actor.person_id, why=because.why, at=now, reckon_after=0 if because.reckon_open else None,
        )
    )  # fmt: skip
    audit.record(session, actor, now, action, Subject.WORKSPACE, rule_id, number=number, reckon_open=because.reckon_open, **facts)
    session.flush()
    forget_read(session)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field of a rule
    return value.value if isinstance(value, Unit | ClockStart) else value if isinstance(value, bool | int) else str(value)
