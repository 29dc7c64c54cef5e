"""Reports as CSV files, every figure as it was counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.csv_file import Cell, csv_bytes
from bot.reports.accuracy import Accuracy, AccuracyReport
from bot.reports.measures import Measure
from bot.reports.reasons import ReasonReport
from bot.reports.turnaround import TurnaroundReport
from storage.words import Subject

_ACCURACY = (
    "group", "sample", "charts", "code_over_code_correct", "code_over_code_of", "code_over_code_low", "code_over_code_high",
    "case_over_case_correct", "case_over_case_of", "case_over_case_low", "case_over_case_high", "codes_removed",
)  # fmt: skip


def accuracy_file(report: AccuracyReport) -> bytes:
    """All together, each group, then each week of the random samples."""
    rows = [
        *(("all", one) for one in report.whole),
        *((line.label, line.accuracy) for line in report.lines),
        *((f"week of {week.monday.isoformat()}", week.accuracy) for week in report.trend),
    ]
    return csv_bytes(_ACCURACY, [_accuracy_row(label, one) for label, one in rows])


def turnaround_file(report: TurnaroundReport) -> bytes:
    """One line for each kind of task; hours of the calendar."""
    return csv_bytes(
        ("task_type", "done", "median_hours", "p90_hours"),
        [(line.type, line.done, line.median_hours, line.slow_hours) for line in report.lines],
    )


def reasons_file(report: ReasonReport) -> bytes:
    """One line for each root reason. Notes stay out of files."""
    rows: list[tuple[Cell, ...]] = [(line.reason, line.flags, line.findings) for line in report.reasons]
    return csv_bytes(("root_reason", "flags", "audit_findings"), [*rows, ("none given", report.unexplained, 0)])


def note_export(session: Session, actor: Actor, now: datetime, what: str, lines: int) -> None:
    """Write down that a report left the desk as a file."""
    audit.record(session, actor, now, "report_exported", Subject.WORKSPACE, str(actor.workspace_id), what=what, lines=lines)


def _accuracy_row(label: str, one: Accuracy) -> tuple[Cell, ...]:
    return (label, one.basis, one.cases, *_measure(one.code_over_code), *_measure(one.case_over_case), one.removed)


def _measure(measure: Measure) -> tuple[Cell, ...]:
    interval = measure.interval
    ends = (round(interval.low, 4), round(interval.high, 4)) if interval else (None, None)
    return (measure.numerator, measure.denominator, *ends)
