"""Reports as Slack sees them at their worst: as messages, as pictures, and as files."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.pictures import reports as pictures
from bot.reports.accuracy import Accuracy, AccuracyLine, AccuracyReport, AccuracyWeek, Grouping
from bot.reports.files import accuracy_file, reasons_file, turnaround_file
from bot.reports.measures import Measure
from bot.reports.periods import Weeks
from bot.reports.reasons import ReasonLine, ReasonReport
from bot.reports.turnaround import Turnaround, TurnaroundReport
from bot.views import reports as views
from bot.views.report_words import counted, hours
from bot.views.reports import ReportChoice, ReportKind, read_choice, read_report_words
from storage.words import RootReason, SampleBasis, TaskType
from tests.clinic import clean
from tests.unit.test_views_worst_case import AWKWARD, LONG, MEMBER, problems

MONDAYS = tuple(date(2026, 9, 7) + timedelta(days=7) * week for week in range(12))
WEEKS = Weeks(MONDAYS, "America/New_York")


def accuracy(cases: int, right: int, basis: SampleBasis = SampleBasis.RANDOM) -> Accuracy:
    codes = Measure(right * 3 + (cases - right), cases * 3, cases, basis)
    return Accuracy(codes, Measure(right, cases, cases, basis), cases - right)


TREND = tuple(AccuracyWeek(monday, accuracy(30 if week != 4 else 6, 15 + week if week != 4 else 5)) for week, monday in enumerate(MONDAYS))
REPORT = AccuracyReport(
    WEEKS, Grouping.PERSON, (accuracy(10**6, 5 * 10**5), accuracy(12, 3, SampleBasis.TARGETED)),
    tuple(AccuracyLine(LONG, MEMBER, accuracy(10**6, 1)) for _ in range(300)), TREND,
)  # fmt: skip
TURNAROUND = TurnaroundReport(
    WEEKS, tuple(Turnaround(kind, 10_000 - 600 * at, 20 + 9 * at, 60 + 30 * at) for at, kind in enumerate(TaskType))
)
REASONS = ReasonReport(
    WEEKS, tuple(ReasonLine(reason, 40 - 7 * at, 25 - 4 * at, (clean(AWKWARD[:500]),) * 5) for at, reason in enumerate(RootReason)), 10**6,
    tuple((LONG, 10**6) for _ in range(5)),
)  # fmt: skip
CHOICE = ReportChoice(ReportKind.ACCURACY, 12, Grouping.PERSON)
NOTHING = Accuracy(Measure(0, 0, 0, SampleBasis.RANDOM), Measure(0, 0, 0, SampleBasis.RANDOM), 0)


def test_slack_takes_every_report() -> None:
    facilities = replace(REPORT, grouping=Grouping.FACILITY, lines=tuple(replace(line, label=AWKWARD[:200], person=None) for line in REPORT.lines[:60]))
    for shown in (
        views.accuracy_message(REPORT, CHOICE),
        views.accuracy_message(facilities, CHOICE),
        views.accuracy_message(replace(REPORT, whole=(), lines=()), CHOICE),
        views.accuracy_message(replace(REPORT, lines=(), grouping=None), ReportChoice(ReportKind.MINE, 12)),
        views.turnaround_message(TURNAROUND, ReportChoice(ReportKind.TURNAROUND, 53)),
        views.turnaround_message(replace(TURNAROUND, lines=()), CHOICE),
        views.reasons_message(REASONS, ReportChoice(ReportKind.REASONS, 53)),
        views.reasons_message(ReasonReport(WEEKS, (), 0, ()), CHOICE),
    ):
        assert problems(shown) == []


def test_figures_are_said_as_they_were_counted() -> None:
    assert counted(Measure(82, 100, 40, SampleBasis.RANDOM), "codes") == "82.0 % (82 of 100 codes), 95 % interval 73.3 % to 88.3 %"
    assert counted(Measure(82, 100, 40, SampleBasis.TARGETED), "codes") == "82.0 % (82 of 100 codes)"
    assert counted(Measure(8, 9, 9, SampleBasis.RANDOM), "charts") == "8 of 9 charts; no share below 10 charts"
    assert [hours(count) for count in (0, 1, 47, 48, 60, 240)] == ["an hour", "1 hour", "47 hours", "2 days", "2.5 days", "10 days"]


@pytest.mark.parametrize(
    ("typed", "kind", "weeks"),
    [
        ("", ReportKind.ACCURACY, 12),
        ("turnaround", ReportKind.TURNAROUND, 4),
        ("8", ReportKind.ACCURACY, 8),
        ("Reasons 26", ReportKind.REASONS, 26),
        ("53 accuracy", ReportKind.ACCURACY, 53),
    ],
)
def test_what_is_typed_names_a_report(typed: str, kind: ReportKind, weeks: int) -> None:
    choice = read_report_words(typed)
    assert (choice.kind, choice.weeks) == (kind, weeks)
    assert read_choice(choice.pack()) == choice


@pytest.mark.parametrize("typed", ["everything", "12 12", "mine", "accuracy; DROP TABLE", "9" * 3000, "🩺"])
def test_anything_else_is_answered_with_how_to_type_it(typed: str) -> None:
    with pytest.raises(views.ReportWhat):
        read_report_words(typed)


def test_pictures_say_in_words_what_they_show() -> None:
    trend = pictures.accuracy_picture(REPORT, "Accuracy of coding")
    assert trend.png.startswith(b"\x89PNG")
    assert "Code over code: Sep 7 67" in trend.alt
    assert "Oct 5" not in trend.alt, "a week with six charts is left out"
    took = pictures.turnaround_picture(TURNAROUND)
    assert "coding (10,000): half within 0.8 days, nine of ten within 2.5" in took.alt
    assert "other coder error: 26 flags" in pictures.reasons_picture(REASONS).alt


def test_a_picture_of_nothing_is_still_a_picture() -> None:
    empty = replace(REPORT, trend=tuple(AccuracyWeek(monday, NOTHING) for monday in MONDAYS))
    assert "no week with ten charts" in pictures.accuracy_picture(empty, "Accuracy").alt
    assert pictures.turnaround_picture(replace(TURNAROUND, lines=TURNAROUND.lines[:1])).png
    assert pictures.reasons_picture(replace(REASONS, reasons=REASONS.reasons[:1])).png


def test_files_hold_every_line_as_counted() -> None:
    rows = list(csv.DictReader(io.StringIO(accuracy_file(REPORT).decode("utf-8-sig"))))
    assert len(rows) == 2 + 300 + 12
    assert rows[1]["sample"] == "targeted"
    assert rows[1]["case_over_case_low"] == ""
    assert rows[-1]["group"] == "week of 2026-11-23"
    assert len(turnaround_file(TURNAROUND).splitlines()) == 1 + len(TaskType)
    assert AWKWARD[:20] not in reasons_file(REASONS).decode()
