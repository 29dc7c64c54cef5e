"""The pictures of reports: accuracy week by week, turnaround by kind, root reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pictures.drawing import HATCHES, SMALL_POINTS, Colour, Picture, draw
from bot.reports.accuracy import AccuracyReport
from bot.reports.measures import Measure
from bot.reports.reasons import ReasonReport
from bot.reports.turnaround import TurnaroundReport
from bot.spoken import spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Rows a chart of weeks is as high as.
TREND_ROWS = 9
#: At most so many weeks are named below the chart; more would overlap on a phone.
NAMED_WEEKS = 6


def accuracy_picture(report: AccuracyReport, title: str) -> Picture:
    """Both measures of random samples week by week, with their 95 percent intervals; weeks with fewer than ten charts are left out.

    It begins with the first week in which anything was audited, so that what there is has room.
    """
    begins = next((at for at, week in enumerate(report.trend) if week.accuracy.cases), 0)
    trend = report.trend[begins:]
    series = (
        ("Code over code", Colour.BLUE, "o", "-", [week.accuracy.code_over_code for week in trend]),
        ("Case over case", Colour.VERMILION, "s", "--", [week.accuracy.case_over_case for week in trend]),
    )
    weeks = [f"{week.monday:%b} {week.monday.day}" for week in trend]

    def paint(axes: Axes) -> None:
        for shift, (label, colour, mark, line, measures) in zip((-0.08, 0.08), series, strict=True):
            at, shares, below, above = _points(measures)
            axes.errorbar(
                [one + shift for one in at], shares, yerr=[below, above], label=label, color=colour, marker=mark, linestyle=line,
                capsize=4, linewidth=2, markersize=7,
            )  # fmt: skip
        axes.set_ylim(0, 100)
        axes.set_xlim(-0.5, len(weeks) - 0.5)
        step = -(-len(weeks) // NAMED_WEEKS)
        axes.set_xticks(range(0, len(weeks), step), weeks[::step])
        axes.set_ylabel("Percent, with 95 % interval")
        axes.grid(axis="y", color=Colour.PALE)
        axes.legend(loc="lower left", frameon=False)

    told = "; ".join(f"{label}: {_weekspoken(weeks, measures)}" for label, _, _, _, measures in series)
    alt = f"{title}, random samples, percent by week with 95 percent intervals. {told}."
    return draw("accuracy", f"{title}, random samples", alt, paint, rows=TREND_ROWS)


def turnaround_picture(report: TurnaroundReport) -> Picture:
    """Two bars for each kind of task: the time within which half, and nine of ten, were finished."""
    lines = report.lines
    labels = [f"{spoken(line.type)} ({line.done:,})" for line in lines]

    def paint(axes: Axes) -> None:
        rows = range(len(lines))
        slow = axes.barh(
            rows, [line.slow_hours / 24 for line in lines], height=0.7, color=Colour.PALE, edgecolor=Colour.GREY, hatch=HATCHES[1],
            label="nine of ten finished",
        )  # fmt: skip
        axes.barh(rows, [line.median_hours / 24 for line in lines], height=0.4, color=Colour.BLUE, label="half finished")
        axes.bar_label(slow, [f"{line.median_hours / 24:.1f} / {line.slow_hours / 24:.1f}" for line in lines], padding=4, fontsize=SMALL_POINTS)
        axes.set_yticks(rows, labels)
        axes.invert_yaxis()
        axes.margins(x=0.2)
        axes.set_xlabel("Days from arrival")
        axes.figure.legend(loc="outside lower left", frameon=False, ncols=2)

    told = "; ".join(
        f"{label}: half within {line.median_hours / 24:.1f} days, nine of ten within {line.slow_hours / 24:.1f}"
        for label, line in zip(labels, lines, strict=True)
    )
    return draw("turnaround", "Turnaround", f"Turnaround in days by kind of task. {told}.", paint, rows=len(lines) + 2)


def reasons_picture(report: ReasonReport) -> Picture:
    """One bar for each root reason: flags, and after them audit findings."""
    lines = report.reasons
    labels = [spoken(line.reason) for line in lines]

    def paint(axes: Axes) -> None:
        rows, flags = range(len(lines)), [line.flags for line in lines]
        findings = [line.findings for line in lines]
        axes.barh(rows, flags, color=Colour.BLUE, label="flags")
        last = axes.barh(rows, findings, left=flags, color=Colour.ORANGE, edgecolor=Colour.INK, hatch=HATCHES[1], label="audit findings")
        axes.bar_label(last, [f"{one} + {other}" for one, other in zip(flags, findings, strict=True)], padding=4, fontsize=SMALL_POINTS)
        axes.set_yticks(rows, labels)
        axes.invert_yaxis()
        axes.margins(x=0.15)
        axes.locator_params(axis="x", integer=True)
        axes.set_xlabel("How often")
        # Below the chart: inside it would cover a bar or its figures.
        axes.figure.legend(loc="outside lower left", frameon=False, ncols=2)

    told = "; ".join(f"{label}: {line.flags} flags, {line.findings} audit findings" for label, line in zip(labels, lines, strict=True))
    return draw("root_reasons", "Root reasons", f"Root reasons, most frequent first. {told}.", paint, rows=len(lines) + 2)


def _points(measures: list[Measure]) -> tuple[list[int], list[float], list[float], list[float]]:
    """Where there is something to show: the week, the share in percent, and how far the interval reaches below and above."""
    at, shares, below, above = [], [], [], []
    for week, measure in enumerate(measures):
        if measure.share is not None and measure.interval is not None:
            at.append(week)
            shares.append(measure.share * 100)
            below.append((measure.share - measure.interval.low) * 100)
            above.append((measure.interval.high - measure.share) * 100)
    return at, shares, below, above


def _weekspoken(weeks: list[str], measures: list[Measure]) -> str:
    told = [f"{week} {measure.share * 100:.0f}" for week, measure in zip(weeks, measures, strict=True) if measure.share is not None]
    return ", ".join(told) or "no week with ten charts"
