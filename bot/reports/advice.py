"""What a supervisor might do about a week: plain rules, all of them here, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.reports.measures import FEWEST_CASES, apart
from bot.reports.week import WeeklyReport
from storage.words import RootReason, SampleBasis

#: At most so many things are advised; more would be read as none.
MOST = 3
#: A waiting task older than this many days is named.
OLD_DAYS = 7
#: So many more flags opened than settled are a pile that grows.
PILE = 5
#: A root reason is named when it was found so often, and in this share of everything found.
OFTEN, SHARE = 3, 1 / 3
#: Work is called slower when its median grew by this share and by so many hours.
SLOWER, SLOWER_HOURS = 1.25, 4


class AdviceKind(StrEnum):
    """What is advised, in the order of how much it presses."""

    PRESSING = "pressing"
    OLD = "old"
    UNASSIGNED_AUDITS = "unassigned_audits"
    LESS_ACCURATE = "less_accurate"
    FLAGS_PILE_UP = "flags_pile_up"
    ROOT_REASON = "root_reason"
    SLOWER = "slower"
    NOTHING_AUDITED = "nothing_audited"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do. ``count`` is what the sentence tells; ``reason`` the root reason it is about."""

    kind: AdviceKind
    count: int = 0
    reason: RootReason | None = None


def advise(week: WeeklyReport) -> tuple[Advice, ...]:
    """At most three things to do about a week; nothing when nothing calls for it."""
    found = (rule(week) for rule in _RULES)
    return tuple(advice for advice in found if advice is not None)[:MOST]


def _pressing(week: WeeklyReport) -> Advice | None:
    return Advice(AdviceKind.PRESSING, week.waiting.urgent) if week.waiting.urgent else None


def _old(week: WeeklyReport) -> Advice | None:
    days = week.waiting.oldest_days if week.waiting.available else 0
    return Advice(AdviceKind.OLD, days) if days > OLD_DAYS else None


def _unassigned_audits(week: WeeklyReport) -> Advice | None:
    return Advice(AdviceKind.UNASSIGNED_AUDITS, week.unassigned_audits) if week.unassigned_audits else None


def _less_accurate(week: WeeklyReport) -> Advice | None:
    """Only random samples estimate, and only intervals that do not touch say more than chance does."""
    for change in week.accuracy:
        if change.before is not None and apart(change.now.case_over_case, change.before.case_over_case) < 0:
            return Advice(AdviceKind.LESS_ACCURATE, change.now.cases)
    return None


def _flags_pile_up(week: WeeklyReport) -> Advice | None:
    more = week.opened.now - week.settled.now
    return Advice(AdviceKind.FLAGS_PILE_UP, more) if more >= PILE else None


def _root_reason(week: WeeklyReport) -> Advice | None:
    top = week.top_reason
    if top is None:
        return None
    often = top.flags + top.findings
    return Advice(AdviceKind.ROOT_REASON, often, top.reason) if often >= OFTEN and often >= week.explained * SHARE else None


def _slower(week: WeeklyReport) -> Advice | None:
    change = week.turnaround
    if change is None or change.before is None or min(change.now.done, change.before.done) < FEWEST_CASES:
        return None
    took, had = change.now.median_hours, change.before.median_hours
    return Advice(AdviceKind.SLOWER, took - had) if took >= had * SLOWER and took - had >= SLOWER_HOURS else None


def _nothing_audited(week: WeeklyReport) -> Advice | None:
    random = any(change.now.basis is SampleBasis.RANDOM for change in week.accuracy)
    return Advice(AdviceKind.NOTHING_AUDITED, week.coded) if week.coded >= FEWEST_CASES and not random and not week.open_audits else None


#: The rules in the order of :class:`AdviceKind`.
_RULES: tuple[Callable[[WeeklyReport], Advice | None], ...] = (
    _pressing,
    _old,
    _unassigned_audits,
    _less_accurate,
    _flags_pile_up,
    _root_reason,
    _slower,
    _nothing_audited,
)
