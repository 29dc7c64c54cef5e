"""Trends in words: the newest weeks as they were counted, and whether they differ by more than chance explains."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.reports.accuracy import Accuracy, AccuracyReport, AccuracyWeek
from bot.reports.measures import Measure, apart, pooled
from bot.reports.turnaround import TurnaroundReport
from bot.views.layout import full_day, title_words
from bot.views.report_words import hours, percent, short
from storage.words import SampleBasis

#: Weeks told one by one; the picture and the file have all.
TOLD = 6


def accuracy_trend(report: AccuracyReport) -> list[str]:
    """The newest weeks in which random samples were audited, then the newer half of the time beside the older one; nothing for a single week."""
    audited = [week for week in report.trend if week.accuracy.cases]
    if len(audited) < 2:
        return []
    lines = [
        f"Week of {full_day(week.monday)}: codes {short(week.accuracy.code_over_code)} · charts {short(week.accuracy.case_over_case)}"
        for week in audited[-TOLD:]
    ]
    return ["\n".join(["*Week by week, random samples*", *lines]), *_halves(audited)]


def turnaround_trend(report: TurnaroundReport) -> list[str]:
    """The most frequent kind of task in the newest weeks."""
    weeks = [(monday, line) for monday, line in zip(report.weeks.mondays, report.trend, strict=False) if line is not None]
    if len(weeks) < 2:
        return []
    lines = [
        f"Week of {full_day(monday)}: {line.done:,} done · half within {hours(line.median_hours)}, nine of ten within {hours(line.slow_hours)}"
        for monday, line in weeks[-TOLD:]
    ]
    return ["\n".join([f"*Week by week, {title_words(report.lines[0].type)}*", *lines])]


def _halves(audited: Sequence[AccuracyWeek]) -> list[str]:
    """The newer half of the audited weeks beside the older one, each measure by itself."""
    half = len(audited) // 2
    told = [
        sentence
        for name, pick in (("Code over code", _codes), ("Case over case", _charts))
        if (sentence := _compared(name, _pool(audited[:half], pick), _pool(audited[half:], pick)))
    ]
    return ["\n".join(told)] if told else []


def _codes(accuracy: Accuracy) -> Measure:
    return accuracy.code_over_code


def _charts(accuracy: Accuracy) -> Measure:
    return accuracy.case_over_case


def _pool(weeks: Sequence[AccuracyWeek], pick: Callable[[Accuracy], Measure]) -> Measure:
    return pooled((pick(week.accuracy) for week in weeks), SampleBasis.RANDOM)


def _compared(name: str, older: Measure, newer: Measure) -> str:
    if older.share is None or newer.share is None:
        return ""
    verdict = {1: "higher by more than chance explains", -1: "lower by more than chance explains", 0: "no more than chance explains"}
    return (
        f"{name}: {percent(newer.share)} in the newer half of these weeks, {percent(older.share)} in the older: {verdict[apart(newer, older)]}."
    )
