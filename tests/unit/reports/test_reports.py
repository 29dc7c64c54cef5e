"""Reports count what audits and flags found, apart where it must stay apart, and show each person only what is theirs to see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.audits.cases import waiting_cases
from bot.audits.samples import Size, target_sample
from bot.audits.worksheets import agree, edit
from bot.errors import NotAllowed
from bot.flags.reporting import Problem, report
from bot.reports.accuracy import Grouping, own_accuracy, team_accuracy
from bot.reports.periods import WeeksOutOfRange
from bot.reports.reasons import root_reasons
from bot.reports.turnaround import turnaround
from storage.words import ErrorType, RootReason, SampleBasis, TaskSetting, TaskType
from tests.clinic import clean
from tests.unit.audits.conftest import Ward

WHY = RootReason.DOCUMENTATION_MISSED


def audited(ward: Ward, right: int, wrong: int) -> None:
    """Noor coded two codes a chart; so many were found right, in the others the principal one was changed."""
    for number in range(right + wrong):
        ward.coded(ward.noor, "I10", "E11.9", setting=TaskSetting.ED if number % 2 else TaskSetting.CLINIC)
    ward.drawn(Size(percent=100))
    found = 0
    for auditor in (ward.ana, ward.tomas):
        while sheets := ward.clinic.desk.look(auditor, waiting_cases).sheets:
            for sheet in sheets:
                if found < right:
                    ward.clinic.desk.change(auditor, agree, None, sheet.id)
                else:
                    codes = ["A41.9", "I10", "E11.9"]
                    ward.clinic.desk.change(auditor, edit, None, sheet.id, codes, WHY, clean("See section II"), looked_at=True)
                found += 1


def test_both_measures_are_counted_apart_with_their_denominators(ward: Ward) -> None:
    audited(ward, right=8, wrong=4)
    report = ward.clinic.desk.look(ward.priya, team_accuracy)
    [whole] = report.whole
    assert (whole.code_over_code.numerator, whole.code_over_code.denominator) == (8 * 2 + 4 * 1, 8 * 2 + 4 * 3)
    assert (whole.case_over_case.numerator, whole.case_over_case.denominator) == (8, 12)
    assert whole.basis is SampleBasis.RANDOM
    assert [line.label for line in report.lines] == ["clinic", "ed"]
    assert sum(line.accuracy.cases for line in report.lines) == 12
    assert [week.accuracy.cases for week in report.trend] == [0] * 11 + [12]


def test_a_targeted_sample_never_mixes_with_a_random_one(ward: Ward) -> None:
    audited(ward, right=2, wrong=0)
    task = ward.coded(ward.noor, "I10")
    ward.clinic.desk.change(ward.ana, target_sample, None, [task])
    for auditor in (ward.ana, ward.tomas):
        for sheet in ward.clinic.desk.look(auditor, waiting_cases).sheets:
            ward.clinic.desk.change(auditor, agree, None, sheet.id)
    report = ward.clinic.desk.look(ward.priya, team_accuracy)
    assert {whole.basis: whole.cases for whole in report.whole} == {SampleBasis.RANDOM: 2, SampleBasis.TARGETED: 1}
    assert sum(week.accuracy.cases for week in report.trend) == 2


def test_people_see_their_own_figures_supervisors_everybodys_and_auditors_groups(ward: Ward) -> None:
    audited(ward, right=1, wrong=1)
    own = ward.clinic.desk.look(ward.noor, own_accuracy)
    assert [whole.cases for whole in own.whole] == [2]
    assert ward.clinic.desk.look(ward.tomas, own_accuracy).whole == ()
    by_person = ward.clinic.desk.look(ward.priya, team_accuracy, 4, Grouping.PERSON)
    assert [(line.label, line.person) for line in by_person.lines] == [("Noor", "U0NOOR")]
    ward.clinic.desk.look(ward.ana, team_accuracy)
    with pytest.raises(NotAllowed):
        ward.clinic.desk.look(ward.ana, team_accuracy, 4, Grouping.PERSON)
    for rule in (team_accuracy, turnaround, root_reasons):
        with pytest.raises(NotAllowed):
            ward.clinic.desk.look(ward.noor, rule)


def test_lines_are_in_the_order_of_names_so_that_no_ranking_comes_of_it(ward: Ward) -> None:
    for who in (ward.tomas, ward.noor):
        ward.coded(who, "I10")
    ward.drawn(Size(percent=100))
    for auditor in (ward.ana, ward.tomas):
        for sheet in ward.clinic.desk.look(auditor, waiting_cases).sheets:
            ward.clinic.desk.change(auditor, agree, None, sheet.id)
    report = ward.clinic.desk.look(ward.priya, team_accuracy, 4, Grouping.PERSON)
    assert [line.label for line in report.lines] == ["Noor", "Tomas"]


def test_root_reasons_join_flags_and_findings_and_carry_the_notes(ward: Ward) -> None:
    audited(ward, right=0, wrong=7)
    task = ward.coded(ward.noor)
    for error_type, reason in ((ErrorType.LATERALITY, WHY), (ErrorType.MODIFIER, None), (ErrorType.UNITS, RootReason.OTHER_CODER_ERROR)):
        ward.clinic.desk.change(ward.ana, report, None, task, Problem(error_type, reason))
    found = ward.clinic.desk.look(ward.priya, root_reasons)
    first, second = found.reasons
    assert (first.reason, first.flags, first.findings, first.notes) == (WHY, 1, 7, ("See section II",))
    assert (second.reason, second.flags, second.findings) == (RootReason.OTHER_CODER_ERROR, 1, 0)
    assert found.unexplained == 1
    assert ("Laterality", 1) in found.types


def test_turnaround_is_told_by_kind_from_arrival_to_completion(ward: Ward) -> None:
    clinic = ward.clinic
    tasks = [clinic.task(type=TaskType.DENIAL_REVIEW) for _ in range(10)]
    from bot.reviews import work
    from bot.reviews.claims import claim

    for hours, task in enumerate(tasks, start=1):
        clinic.clock.move(hours=1)
        clinic.desk.change(ward.noor, claim, None, task)
        clinic.desk.change(ward.noor, work.start, None, task)
        clinic.desk.change(ward.noor, work.complete, None, task)
        assert hours <= 10
    [line] = clinic.desk.look(ward.priya, turnaround).lines
    assert (line.type, line.done, line.median_hours, line.slow_hours) == (TaskType.DENIAL_REVIEW, 10, 5, 9)


def test_weeks_that_cannot_be_are_refused_in_a_sentence(ward: Ward) -> None:
    for weeks in (0, -1, 54, 10**9):
        with pytest.raises(WeeksOutOfRange, match="1 to 53 weeks"):
            ward.clinic.desk.look(ward.priya, team_accuracy, weeks)


def test_an_empty_desk_reports_nothing_and_divides_by_nothing(ward: Ward) -> None:
    report = ward.clinic.desk.look(ward.priya, team_accuracy)
    assert (report.whole, report.lines) == ((), ())
    assert all(week.accuracy.code_over_code.share is None for week in report.trend)
    assert ward.clinic.desk.look(ward.priya, turnaround).lines == ()
    assert ward.clinic.desk.look(ward.priya, root_reasons).reasons == ()


def test_another_workspace_sees_nothing_of_it(ward: Ward) -> None:
    audited(ward, right=1, wrong=0)
    neighbour = ward.clinic.neighbour()
    stranger = neighbour.person("Stranger", *("supervisor",))
    assert neighbour.desk.look(stranger, team_accuracy).whole == ()
    assert replace(neighbour.desk.look(stranger, turnaround), weeks=None).lines == ()
