"""One finished week of the team beside the week before it: what changed, for supervisors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.flags.states import SETTLED
from bot.reports.accuracy import Accuracy, accuracy_by_week
from bot.reports.periods import Weeks, last_weeks
from bot.reports.reasons import ReasonLine, reasons_between
from bot.reports.turnaround import Turnaround, turnaround_by_week
from bot.reviews.lists import Backlog, backlog
from storage.tables import AccuracyFlag, AuditCase, FlagHistory
from storage.words import Role, SampleBasis, TaskType


@dataclass(frozen=True, slots=True)
class Change:
    """A count in the week, and in the week before."""

    now: int
    before: int

    @property
    def by(self) -> int:
        """How many more; negative for fewer."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class KindChange:
    """How long the most frequent kind of task took; ``before`` is None when none was finished the week before."""

    type: TaskType
    now: Turnaround
    before: Turnaround | None


@dataclass(frozen=True, slots=True)
class AccuracyChange:
    """The accuracy of one kind of sample; ``before`` is None when nothing was audited the week before."""

    now: Accuracy
    before: Accuracy | None


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """A finished week beside the one before. ``waiting`` and the open audits are as things are now. No person is named.

    ``explained``: flags and audit findings of the week that have a root reason. ``coded``: coding tasks finished in it.
    """

    week: Weeks
    done: Change
    turnaround: KindChange | None
    accuracy: tuple[AccuracyChange, ...]
    opened: Change
    settled: Change
    top_reason: ReasonLine | None
    explained: int
    coded: int
    waiting: Backlog
    open_audits: int
    unassigned_audits: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened and nothing waits, so that there is nothing to say."""
        counts = (self.done, self.opened, self.settled)
        waits = self.waiting.available or self.waiting.in_hand or self.waiting.on_hold or self.open_audits
        return not waits and not self.accuracy and not any(one.now or one.before for one in counts)


def weekly_report(session: Session, reader: Actor, now: datetime) -> WeeklyReport:
    """The last finished week of the team beside the one before it.

    :raises NotAllowed: for anybody but a supervisor.
    """
    reader.require(Role.SUPERVISOR)
    both = last_weeks(reader, now, 2, finished=True)
    took = turnaround_by_week(session, reader, both)
    last = took[1]
    open_audits, unassigned = _open_audits(session, reader)
    week = Weeks(both.mondays[1:], both.zone)
    reasons = reasons_between(session, reader, week)
    return WeeklyReport(
        week=week,
        done=Change(_done(last), _done(took[0])),
        turnaround=_busiest(took[0], last),
        accuracy=_accuracies(session, reader, both),
        opened=_opened(session, reader, both),
        settled=_settled(session, reader, both),
        top_reason=reasons[0] if reasons else None,
        explained=sum(line.flags + line.findings for line in reasons),
        coded=last[TaskType.CODING].done if TaskType.CODING in last else 0,
        waiting=backlog(session, reader, now),
        open_audits=open_audits,
        unassigned_audits=unassigned,
    )


def reported_monday(reader: Actor, now: datetime) -> date:
    """The Monday of the week a weekly report is about at this moment."""
    return last_weeks(reader, now, 1, finished=True).starts_on


def _done(kinds: Mapping[TaskType, Turnaround]) -> int:
    return sum(one.done for one in kinds.values())


def _busiest(before: Mapping[TaskType, Turnaround], last: Mapping[TaskType, Turnaround]) -> KindChange | None:
    """Only one kind is compared with itself: a median over all kinds would move with their mix."""
    if not last:
        return None
    busiest = min(last.values(), key=lambda one: (-one.done, one.type))
    return KindChange(busiest.type, busiest, before.get(busiest.type))


def _accuracies(session: Session, reader: Actor, both: Weeks) -> tuple[AccuracyChange, ...]:
    found = accuracy_by_week(session, reader, both)
    return tuple(AccuracyChange(found[1, basis], found.get((0, basis))) for basis in SampleBasis if (1, basis) in found)


def _opened(session: Session, reader: Actor, both: Weeks) -> Change:
    at = AccuracyFlag.created_at
    return _by_week(
        session,
        sa.select(both.number_of(at).label("week"), sa.func.count()).where(
            AccuracyFlag.workspace_id == reader.workspace_id, at >= both.begins, at < both.ends
        ),
    )


def _settled(session: Session, reader: Actor, both: Weeks) -> Change:
    """Steps that settled a flag; that a settled one was closed later is not another."""
    at = FlagHistory.at
    return _by_week(
        session,
        sa.select(both.number_of(at).label("week"), sa.func.count()).where(
            FlagHistory.workspace_id == reader.workspace_id,
            at >= both.begins,
            at < both.ends,
            FlagHistory.to_state.in_(SETTLED),
            FlagHistory.from_state.not_in(SETTLED),
        ),
    )


def _by_week(session: Session, counted: sa.Select[int, int]) -> Change:
    found = dict(session.execute(counted.group_by(sa.text("week"))).all())
    return Change(found.get(1, 0), found.get(0, 0))


def _open_audits(session: Session, reader: Actor) -> tuple[int, int]:
    """Cases that wait to be audited, and those of them that have no auditor."""
    waiting, unassigned = session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((AuditCase.auditor_id.is_(None), 1)))).where(
            AuditCase.workspace_id == reader.workspace_id, sa.literal_column("audit_cases.state = 'open'")
        )
    ).one()
    return waiting, unassigned
