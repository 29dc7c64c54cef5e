"""Looking at the rules of deadlines of one workspace: how they stand, page by page, and what admins changed so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import RELEASERS, Actor
from bot.errors import NotFound
from bot.people import names
from bot.roi.due_rules import DueRule, HolidaysOf, RuleBook
from bot.roi.rule_versions import SHIPPED_NUMBER, current_rules, newest_version
from storage.columns import CleanText
from storage.tables import DueRuleVersion
from storage.words import Role

PAGE = 8
#: How many versions the history shows; the audit trail holds all.
LATEST = 12


class NoSuchRule(NotFound):
    """No rule here has that name. /roi rules shows them all."""


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
    holidays_of: HolidaysOf = HolidaysOf.FEDERAL

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
        holidays_of=rules.calendar.business_days,
    )


def rule_in_force(session: Session, actor: Actor, _now: datetime, shipped: RuleBook, rule_id: str) -> RuleInForce:
    """One rule, for the form that changes it.

    :raises NotAllowed: unless an admin asks.
    :raises NoSuchRule: when there is none of that name.
    """
    actor.require(Role.ADMIN)
    rules = current_rules(session, actor.workspace_id, shipped)
    return RuleInForce(rule_named(rules, rule_id), rules.version)


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


def rule_named(rules: RuleBook, rule_id: str) -> DueRule:
    """One rule of a book.

    :raises NoSuchRule: when there is none of that name.
    """
    try:
        return rules.rule(rule_id.strip().upper())
    except KeyError:
        raise NoSuchRule from None
