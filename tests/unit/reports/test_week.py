"""The week that is over beside the one before, and when a supervisor reads it: once, at the start of their first working day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.audits.cases import waiting_cases
from bot.audits.population import Span, Which
from bot.audits.samples import Size, draw_sample
from bot.audits.worksheets import agree, edit
from bot.errors import NotAllowed
from bot.flags.flow import take_step
from bot.flags.reporting import Problem, report
from bot.flags.states import Step
from bot.reports.accuracy import own_accuracy, team_accuracy
from bot.reports.turnaround import turnaround
from bot.reports.week import Change, weekly_report
from bot.views.report_trends import accuracy_trend, turnaround_trend
from bot.weekly import last_week
from jobs.digest import sweep_weekly_reports
from storage.tables import Person
from storage.words import ErrorType, NoticeKind, Role, RootReason, SampleBasis, TaskType
from tests.clinic import Clinic
from tests.unit.audits.conftest import Ward

WHY = RootReason.STANDARD_NOT_FOLLOWED
#: The Mondays of the tests at 14:00 UTC, an hour after everybody in New York began.
MONDAYS = [datetime(2026, 11, 2, 14, tzinfo=UTC) + timedelta(days=7 * week) for week in range(6)]


def weeks_written(clinic: Clinic) -> list[tuple[int, str]]:
    return [(notice.recipient_id, notice.facts["monday"]) for notice in clinic.notices(kind=NoticeKind.WEEKLY_REPORT)]


def coded_and_audited(ward: Ward, right: int, wrong: int) -> None:
    """One day's charts, all of them audited on the day."""
    for _ in range(right + wrong):
        ward.coded(ward.noor, "I10", "E11.9")
    today = ward.clinic.clock().date()
    ward.clinic.desk.change(ward.priya, draw_sample, None, Which(Span(today, today)), Size(percent=100))
    done = 0
    for auditor in (ward.ana, ward.tomas):
        while sheets := ward.clinic.desk.look(auditor, waiting_cases).sheets:
            for sheet in sheets:
                if done < right:
                    ward.clinic.desk.change(auditor, agree, None, sheet.id)
                else:
                    ward.clinic.desk.change(auditor, edit, None, sheet.id, ["E11.9", "I10"], WHY, looked_at=True)
                done += 1


@pytest.fixture
def two_weeks(ward: Ward) -> Ward:
    """Ten charts two weeks ago, twelve last week, and a flag that was settled; now it is the Monday after."""
    clock = ward.clinic.clock
    clock.moment = MONDAYS[0] + timedelta(days=1)
    coded_and_audited(ward, right=10, wrong=0)
    clock.moment = MONDAYS[1] + timedelta(days=1)
    coded_and_audited(ward, right=8, wrong=4)
    task = ward.coded(ward.noor)
    flags = [ward.clinic.desk.change(ward.ana, report, None, task, Problem(kind, WHY)).reference for kind in (ErrorType.UNITS, ErrorType.MODIFIER)]
    for who, step in ((ward.noor, Step.ACKNOWLEDGE), (ward.noor, Step.ACCEPT), (ward.noor, Step.CORRECT), (ward.ana, Step.VERIFY), (ward.ana, Step.CLOSE)):
        ward.clinic.desk.change(who, take_step, None, flags[0], step)
    clock.moment = MONDAYS[2]
    return ward


def test_a_week_stands_beside_the_one_before(two_weeks: Ward) -> None:
    found = two_weeks.clinic.desk.look(two_weeks.priya, weekly_report)
    assert (found.week.starts_on.isoformat(), found.week.ends_on.isoformat()) == ("2026-11-09", "2026-11-15")
    assert (found.done, found.coded) == (Change(13, 10), 13)
    assert found.turnaround is not None
    assert (found.turnaround.type, found.turnaround.now.done) == (TaskType.CODING, 13)
    [accuracy] = found.accuracy
    assert (accuracy.now.case_over_case.numerator, accuracy.now.case_over_case.denominator) == (8, 12)
    assert accuracy.before is not None
    assert (accuracy.before.case_over_case.numerator, accuracy.before.basis) == (10, SampleBasis.RANDOM)
    assert (found.opened, found.settled) == (Change(2, 0), Change(1, 0))
    assert found.top_reason is not None
    assert (found.top_reason.reason, found.top_reason.flags, found.top_reason.findings, found.explained) == (WHY, 2, 4, 6)


def test_only_supervisors_read_it(two_weeks: Ward) -> None:
    for who in (two_weeks.noor, two_weeks.ana):
        with pytest.raises(NotAllowed):
            two_weeks.clinic.desk.look(who, weekly_report)
    sweep_weekly_reports(two_weeks.clinic.desk)
    assert [key for key, _ in weeks_written(two_weeks.clinic)] == [two_weeks.clinic.key_of(two_weeks.priya)]


def test_it_is_written_once_on_the_first_working_day_of_the_week(clinic: Clinic) -> None:
    priya = clinic.key_of(clinic.person("Priya", Role.SUPERVISOR))
    clinic.clock.moment = MONDAYS[0] - timedelta(days=1, hours=2)
    written = {}
    for _ in range(14 * 24 * 2):
        if sweep_weekly_reports(clinic.desk):
            written[clinic.clock()] = weeks_written(clinic)[-1]
        clinic.clock.move(minutes=30)
    assert written == {
        datetime(2026, 11, 2, 13, tzinfo=UTC): (priya, "2026-10-26"),
        datetime(2026, 11, 9, 13, tzinfo=UTC): (priya, "2026-11-02"),
    }


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        ({"workdays": ("3", "4")}, datetime(2026, 11, 4, 13, tzinfo=UTC)),
        ({"away_until": datetime(2026, 11, 3, 5, tzinfo=UTC)}, datetime(2026, 11, 3, 13, tzinfo=UTC)),
        ({"zone": "Asia/Tokyo"}, datetime(2026, 11, 2, 23, tzinfo=UTC)),
        ({"weekly_report": False}, None),
        ({"active": False}, None),
    ],
)
def test_whose_week_begins_later_reads_it_later(clinic: Clinic, settings: dict[str, object], first: datetime | None) -> None:
    """In Tokyo Monday morning is still Sunday in New York, where the week is counted: the report comes on Tuesday there."""
    clinic.person("Priya", Role.SUPERVISOR)
    with clinic.database.write() as session:
        for name, value in settings.items():
            session.execute(sa.update(Person).where(Person.name == "Priya").values(**{name: value}))
    clinic.clock.moment = MONDAYS[0] - timedelta(hours=20)
    found = []
    for _ in range(5 * 24 * 2):
        if sweep_weekly_reports(clinic.desk):
            found.append(clinic.clock())
        clinic.clock.move(minutes=30)
    assert found == ([first] if first else [])


def test_a_clock_that_stood_still_for_weeks_writes_one_report(clinic: Clinic) -> None:
    clinic.person("Priya", Role.SUPERVISOR)
    clinic.clock.moment = MONDAYS[0]
    assert sweep_weekly_reports(clinic.desk) == 1
    clinic.clock.moment = MONDAYS[4]
    assert [sweep_weekly_reports(clinic.desk) for _ in range(3)] == [1, 0, 0]
    assert [monday for _, monday in weeks_written(clinic)] == ["2026-10-26", "2026-11-23"]


def test_a_report_that_waited_until_its_week_was_over_says_nothing(two_weeks: Ward) -> None:
    clinic = two_weeks.clinic
    sweep_weekly_reports(clinic.desk)
    [notice] = clinic.notices(kind=NoticeKind.WEEKLY_REPORT)

    assert clinic.desk.look(two_weeks.priya, last_week, notice) is not None
    clinic.clock.move(days=7)
    assert clinic.desk.look(two_weeks.priya, last_week, notice) is None


def test_where_nothing_happened_nothing_is_said(clinic: Clinic) -> None:
    priya = clinic.person("Priya", Role.SUPERVISOR)
    assert clinic.desk.look(priya, weekly_report).is_empty
    clinic.task()
    assert not clinic.desk.look(priya, weekly_report).is_empty


def test_trends_are_told_in_words(two_weeks: Ward) -> None:
    clinic = two_weeks.clinic
    weeks, halves = accuracy_trend(clinic.desk.look(two_weeks.priya, team_accuracy))
    assert weeks.splitlines()[1:] == [
        "Week of Nov 2, 2026: codes 100.0 % (20 of 20) · charts 100.0 % (10 of 10)",
        "Week of Nov 9, 2026: codes 66.7 % (16 of 24) · charts 66.7 % (8 of 12)",
    ]
    assert halves.splitlines() == [
        "Code over code: 66.7 % in the newer half of these weeks, 100.0 % in the older: lower by more than chance explains.",
        "Case over case: 66.7 % in the newer half of these weeks, 100.0 % in the older: no more than chance explains.",
    ]
    [took] = turnaround_trend(clinic.desk.look(two_weeks.priya, turnaround))
    assert "Week of Nov 9, 2026: 13 done" in took
    assert accuracy_trend(clinic.desk.look(two_weeks.tomas, own_accuracy)) == []
