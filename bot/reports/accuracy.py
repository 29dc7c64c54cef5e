"""How accurate coding was, by the audits and second-level reviews finished in some weeks: code over code and case over case, apart, and each kind of sample
apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.people import names
from bot.reports.measures import Measure
from bot.reports.periods import Weeks, last_weeks
from storage.tables import AuditCase, AuditSample, ReviewTask
from storage.words import CaseState, Role, SampleBasis

#: How a case came to be looked at: by its sample, or in a second-level review, which is no sample. A literal, because it is grouped by.
_BASIS: sa.ColumnElement[SampleBasis] = sa.func.coalesce(
    AuditSample.basis, sa.literal_column(f"'{SampleBasis.SECOND_LEVEL.value}'"), type_=AuditSample.basis.type
)
#: As a literal, so that the partial index of finished cases serves under a generic plan too.
_FINISHED: sa.ColumnElement[bool] = sa.literal_column("audit_cases.state <> 'open'")


class Grouping(StrEnum):
    """What the lines of a report stand for."""

    PERSON = "person"
    SETTING = "setting"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The two measures of one group of cases. ``removed``: codes the coders had and the reviewers would not; they count in no denominator."""

    code_over_code: Measure
    case_over_case: Measure
    removed: int

    @property
    def cases(self) -> int:
        """How many cases were audited."""
        return self.case_over_case.denominator

    @property
    def basis(self) -> SampleBasis:
        """How they were chosen."""
        return self.case_over_case.basis


@dataclass(frozen=True, slots=True)
class AccuracyLine:
    """One line of a report. ``person`` is a Slack id where the line is about a person; ``label`` names any other group."""

    label: str
    person: str | None
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class AccuracyWeek:
    """One week of a trend; the newest may still be running."""

    monday: date
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class AccuracyReport:
    """Accuracy over some weeks: all together, by group, and week by week (random samples only).

    ``from_cancelled``: how many of the cases come from audits that were ended early; they are counted like any other.
    """

    weeks: Weeks
    grouping: Grouping | None
    whole: tuple[Accuracy, ...]
    lines: tuple[AccuracyLine, ...]
    trend: tuple[AccuracyWeek, ...]
    from_cancelled: int = 0


def team_accuracy(
    session: Session, reader: Actor, now: datetime, weeks: int = 12, grouping: Grouping = Grouping.SETTING
) -> AccuracyReport:
    """The accuracy of the whole team, by setting or facility for anybody who audits, by person for supervisors alone.

    :raises NotAllowed: for everybody else.
    :raises WeeksOutOfRange: for a number of weeks that cannot be.
    """
    reader.require(*((Role.SUPERVISOR,) if grouping is Grouping.PERSON else (Role.SUPERVISOR, Role.AUDITOR)))
    span = last_weeks(reader, now, weeks)
    return AccuracyReport(
        span, grouping, _whole(session, reader, span), _lines(session, reader, span, grouping), _trend(session, reader, span),
        _from_cancelled(session, reader, span),
    )  # fmt: skip


def own_accuracy(session: Session, reader: Actor, now: datetime, weeks: int = 12) -> AccuracyReport:
    """The accuracy of the person who asks; nobody else's work is in it.

    :raises WeeksOutOfRange: for a number of weeks that cannot be.
    """
    span, mine = last_weeks(reader, now, weeks), AuditCase.coder_id == reader.id
    return AccuracyReport(
        span, None, _whole(session, reader, span, mine), (), _trend(session, reader, span, mine),
        _from_cancelled(session, reader, span, mine),
    )  # fmt: skip


def sample_accuracy(session: Session, reader: Actor, sample_id: int) -> Accuracy | None:
    """What the finished cases of one sample come to; None when there are none. Who may see it is for the caller to check."""
    row = session.execute(_sums(reader, AuditCase.sample_id == sample_id).group_by(_BASIS)).first()
    return None if row is None else _accuracy(row)


def _from_cancelled(session: Session, reader: Actor, weeks: Weeks, *narrowed: sa.ColumnElement[bool]) -> int:
    cancelled = _counted(reader, weeks, AuditSample.cancelled_at.is_not(None), *narrowed).group_by(AuditSample.basis)
    return sum(row.cases for row in session.execute(cancelled))


def _whole(session: Session, reader: Actor, weeks: Weeks, *narrowed: sa.ColumnElement[bool]) -> tuple[Accuracy, ...]:
    rows = session.execute(_counted(reader, weeks, *narrowed).group_by(_BASIS).order_by(_BASIS))
    return tuple(_accuracy(row) for row in rows)


def _lines(session: Session, reader: Actor, weeks: Weeks, grouping: Grouping) -> tuple[AccuracyLine, ...]:
    group: Any = {
        Grouping.PERSON: AuditCase.coder_id,
        Grouping.SETTING: ReviewTask.setting,
        Grouping.FACILITY: ReviewTask.facility,
    }[grouping]
    query = _counted(reader, weeks).add_columns(group.label("grouped"))
    if grouping is not Grouping.PERSON:
        query = query.join(ReviewTask, ReviewTask.id == AuditCase.task_id)
    rows = session.execute(query.group_by(_BASIS, group)).all()
    return _labelled(session, reader, grouping, rows)


def _labelled(session: Session, reader: Actor, grouping: Grouping, rows: Iterable[Any]) -> tuple[AccuracyLine, ...]:
    """Lines in the order of their labels: a report is no ranking."""
    found = list(rows)
    people = names(session, reader.workspace_id, (row.grouped for row in found)) if grouping is Grouping.PERSON else {}
    lines = [
        AccuracyLine(people[row.grouped].name, people[row.grouped].slack_user_id, _accuracy(row))
        if grouping is Grouping.PERSON
        else AccuracyLine(row.grouped or "none given", None, _accuracy(row))
        for row in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.label.casefold(), line.accuracy.basis)))


def accuracy_by_week(
    session: Session, reader: Actor, weeks: Weeks, *narrowed: sa.ColumnElement[bool]
) -> dict[tuple[int, SampleBasis], Accuracy]:
    """The accuracy of each week (counted from 0) and each kind of sample; what was not audited is left out. Who may see it is for the caller to check."""
    query = _counted(reader, weeks, *narrowed).add_columns(weeks.number_of(AuditCase.finished_at).label("week"))
    rows = session.execute(query.group_by(_BASIS, sa.text("week")))
    return {(row.week, row.basis): _accuracy(row) for row in rows}


def _trend(session: Session, reader: Actor, weeks: Weeks, *narrowed: sa.ColumnElement[bool]) -> tuple[AccuracyWeek, ...]:
    found = accuracy_by_week(session, reader, weeks, AuditSample.basis == SampleBasis.RANDOM, *narrowed)
    none = Accuracy(Measure(0, 0, 0, SampleBasis.RANDOM), Measure(0, 0, 0, SampleBasis.RANDOM), 0)
    return tuple(
        AccuracyWeek(monday, found.get((number, SampleBasis.RANDOM), none)) for number, monday in enumerate(weeks.mondays)
    )


def _counted(reader: Actor, weeks: Weeks, *narrowed: sa.ColumnElement[bool]) -> Any:  # noqa: ANN401 - columns are added to it
    """The sums over the cases finished in these weeks."""
    return _sums(reader, AuditCase.finished_at >= weeks.begins, AuditCase.finished_at < weeks.ends, *narrowed)


def _sums(reader: Actor, *which: sa.ColumnElement[bool]) -> Any:  # noqa: ANN401 - columns are added to it
    """The sums that make both measures, over finished cases, as a statement to group."""
    right = sa.func.count(sa.case((AuditCase.state == CaseState.AGREED, 1)))
    return (
        sa.select(
            _BASIS.label("basis"),
            sa.func.count().label("cases"),
            right.label("right"),
            sa.func.sum(AuditCase.agreed).label("agreed"),
            sa.func.sum(AuditCase.reviewer_codes).label("reviewer_codes"),
            sa.func.sum(AuditCase.removed).label("removed"),
        )
        .outerjoin(AuditSample, AuditSample.id == AuditCase.sample_id)
        .where(
            AuditCase.workspace_id == reader.workspace_id,
            _FINISHED,
            AuditCase.finished_at.is_not(None),
            *which,
        )
    )


def _accuracy(row: Any) -> Accuracy:  # noqa: ANN401 - a row of _counted
    return Accuracy(
        code_over_code=Measure(int(row.agreed or 0), int(row.reviewer_codes or 0), row.cases, row.basis),
        case_over_case=Measure(row.right, row.cases, row.cases, row.basis),
        removed=int(row.removed or 0),
    )
