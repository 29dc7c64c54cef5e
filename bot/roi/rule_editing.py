"""Changing a rule of deadlines: by an admin, with a reason, as a new version of all rules. Requests logged before keep to theirs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import RELEASERS, Actor
from bot.errors import BadInput, NotFound, Refusal, Stale
from bot.people import names
from bot.roi.due_rules import VERSION_LENGTH, DueRule, RuleBook, Unit
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
from storage.words import ClockStart, Role, Subject

PAGE = 8
#: How many versions the history shows; the audit trail holds all.
LATEST = 12


class NoSuchRule(NotFound):
    """No rule here has that name. /roi rules shows them all."""


class WhyNeeded(BadInput):
    """Say in a few words why, so that others can follow it: the statute that was read, or counsel's answer."""


class NothingChanged(Refusal):
    """Nothing was changed, so the rules stay as they are."""


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
class RuleEdit:
    """One change of one rule. ``seen_version``: what the admin looked at, so that a change made meanwhile is not overwritten. ``reckon_open``: whether the
    clock is to reckon the open requests anew by it.
    """

    rule_id: str
    seen_version: str
    change: RuleChange
    why: CleanText | None
    reckon_open: bool = False


@dataclass(frozen=True, slots=True)
class RulePage:
    """One page of the rules as they count now: ``page`` counts from 0. ``number`` is 0 while they are as the program brings them along."""

    rules: tuple[DueRule, ...]
    page: int
    total: int
    version: str
    number: int
    can_edit: bool
    reckoning: bool
    notice: str

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // PAGE), 1)


@dataclass(frozen=True, slots=True)
class PastVersion:
    """One earlier version: which rule changed, who did it (a Slack id; None for the command line), when, and why."""

    number: int
    version: str
    rule_id: str | None
    by: str | None
    at: datetime
    why: CleanText | None


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule as it stands, and the version it is of."""

    rule: DueRule
    version: str


def rule_page(session: Session, actor: Actor, _now: datetime, shipped: RuleBook, page: int = 0) -> RulePage:
    """The rules that count now; a page past the end is the last one.

    :raises NotAllowed: for who neither works on releases nor is an admin.
    """
    actor.require(*RELEASERS, Role.ADMIN)
    rules = current_rules(session, actor.workspace_id, shipped)
    newest = newest_version(session, actor.workspace_id)
    page = max(min(page, (len(rules.rules) - 1) // PAGE), 0)
    return RulePage(
        rules=rules.rules[page * PAGE : (page + 1) * PAGE],
        page=page,
        total=len(rules.rules),
        version=rules.version,
        number=newest.number if newest else SHIPPED_NUMBER,
        can_edit=actor.has(Role.ADMIN),
        reckoning=newest is not None and newest.reckon_after is not None,
        notice=rules.notice,
    )


def rule_in_force(session: Session, actor: Actor, _now: datetime, shipped: RuleBook, rule_id: str) -> RuleInForce:
    """One rule, for the form that changes it.

    :raises NotAllowed: unless an admin asks.
    :raises NoSuchRule: when there is none of that name.
    """
    actor.require(Role.ADMIN)
    rules = current_rules(session, actor.workspace_id, shipped)
    return RuleInForce(_rule(rules, rule_id), rules.version)


def past_versions(session: Session, actor: Actor, _now: datetime) -> list[PastVersion]:
    """What admins changed here, newest first.

    :raises NotAllowed: for who neither works on releases nor is an admin.
    """
    actor.require(*RELEASERS, Role.ADMIN)
    rows = session.scalars(
        sa.select(DueRuleVersion)
        .where(DueRuleVersion.workspace_id == actor.workspace_id, DueRuleVersion.number > SHIPPED_NUMBER)
        .order_by(DueRuleVersion.number.desc())
        .limit(LATEST)
    ).all()
    people = names(session, actor.workspace_id, (row.changed_by_id for row in rows))
    return [
        PastVersion(
            row.number, row.version, row.rule_id,
            people[row.changed_by_id].slack_user_id if row.changed_by_id else None, row.at, row.why,
        )
        for row in rows
    ]  # fmt: skip


def change_rule(
    session: Session,
    actor: Actor,
    now: datetime,
    shipped: RuleBook,
    edit: RuleEdit,
) -> RulePage:
    """Change one rule: a new version of all of them, which counts for every request logged from now on.

    :raises BadInput: when the rule would make no sense; ``field`` names the input.
    :raises WhyNeeded, NothingChanged, NoSuchRule, NotAllowed, Stale: as they say.
    """
    actor.require(Role.ADMIN)
    if edit.why is None:
        raise WhyNeeded(field="why")
    _one_at_a_time(session, actor)
    rules = current_rules(session, actor.workspace_id, shipped)
    if rules.version != edit.seen_version:
        raise Stale("Somebody changed the rules in the meantime. Open /roi rules again to see how they stand.")
    was = _rule(rules, edit.rule_id)
    number = _keep(session, actor, now, _with(rules, was, edit.change), edit, edit.why)
    facts = {name: _plain(value) for name, value in _differences(was, edit.change).items() if name != "source"}
    audit.record(
        session, actor, now, "due_rule_changed", Subject.WORKSPACE, was.id,
        number=number, reckon_open=edit.reckon_open, **facts,
    )  # fmt: skip
    session.flush()
    place = next(at for at, rule in enumerate(rules.rules) if rule.id == was.id)
    return rule_page(session, actor, now, shipped, place // PAGE)


def _one_at_a_time(session: Session, actor: Actor) -> None:
    """Two admins change the rules one after the other; the second one's look is stale then."""
    session.execute(sa.select(Workspace.id).where(Workspace.id == actor.workspace_id).with_for_update())


def _rule(rules: RuleBook, rule_id: str) -> DueRule:
    try:
        return rules.rule(rule_id.strip().upper())
    except KeyError:
        raise NoSuchRule from None


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
    try:
        return RuleBook.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        field = next((str(part) for part in reversed(first["loc"]) if part in RuleChange.__slots__), "days")
        raise BadInput(f"{was.id} cannot be like that: {first['msg'].removeprefix('Value error, ')}.", field=field) from error


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
    session: Session, actor: Actor, now: datetime, rules: RuleBook, edit: RuleEdit, why: CleanText
) -> int:
    newest = newest_version(session, actor.workspace_id)
    number = (newest.number if newest else SHIPPED_NUMBER) + 1
    document = write_document(rules)
    version = hashlib.sha256(f"{actor.workspace_id} {number} {document}".encode()).hexdigest()[:VERSION_LENGTH]
    read_document(document, version)
    if newest is not None:
        newest.reckon_after = None
    session.add(
        DueRuleVersion(
            workspace_id=actor.workspace_id, number=number, version=version, document=document, rule_id=edit.rule_id,
            changed_by_id=actor.person_id, why=why, at=now, reckon_after=0 if edit.reckon_open else None,
        )
    )  # fmt: skip
    session.flush()
    forget_read(session)
    return number


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field of a rule
    return value.value if isinstance(value, Unit | ClockStart) else value if isinstance(value, bool | int) else str(value)
