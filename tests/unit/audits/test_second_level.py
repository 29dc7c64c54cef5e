"""A second-level review ends on the auditor's worksheet, for somebody else than the coder, and is counted apart from every sample."""

from __future__ import annotations

import pytest

from bot.audits.cases import NotYourAudit, OwnWorkAudited, waiting_cases, worksheet
from bot.audits.progress import samples_progress
from bot.audits.samples import Size
from bot.audits.second_level import NoWorksheet, agree_with_review, change_in_review, review_sheet
from bot.audits.worksheets import CodesNeeded, NothingChanged, ReasonNeeded, agree, edit
from bot.errors import Stale
from bot.reports.accuracy import own_accuracy, team_accuracy
from bot.reviews import work
from bot.reviews.assigned_codes import UnknownCode
from bot.reviews.claims import OwnWorkUnderReview, claim
from bot.reviews.work import NotYours, WorksheetNeeded
from storage.words import CaseState, NoticeKind, ReturnReason, Role, RootReason, SampleBasis, TaskState, TaskType
from tests.clinic import clean
from tests.unit.audits.conftest import Ward

WHY = RootReason.DOCUMENTATION_MISSED


def reviewed(ward: Ward, *codes: str, started: bool = True) -> tuple[str, str]:
    """A chart Noor coded and whose second review Tomas has in hand: the references of both."""
    task = ward.coded(ward.noor, *(codes or ("I10", "E11.9")), second_review=True)
    [made] = [entry.reference for entry in ward.clinic.audit(action="second_review_created") if entry.facts["of"] == task]
    ward.clinic.desk.change(ward.tomas, claim, None, made)
    if started:
        ward.clinic.desk.change(ward.tomas, work.start, None, made)
    return task, made


def test_agreeing_ends_the_review_and_counts_by_itself(ward: Ward) -> None:
    task, review = reviewed(ward)
    sheet = ward.clinic.desk.look(ward.tomas, review_sheet, review)
    assert (sheet.task, [one.code for one in sheet.codes], sheet.state) == (task, ["I10", "E11.9"], CaseState.OPEN)
    for _ in range(2):
        done = ward.clinic.desk.change(ward.tomas, agree_with_review, None, review)
    assert (done.state, done.basis, done.sample) == (CaseState.AGREED, SampleBasis.SECOND_LEVEL, None)
    assert ward.clinic.row(review)["state"] is TaskState.COMPLETED
    assert len(ward.clinic.audit(action="audit_finished")) == 1
    [figures] = ward.clinic.desk.look(ward.priya, team_accuracy).whole
    assert (figures.basis, figures.code_over_code.numerator, figures.code_over_code.denominator) == (SampleBasis.SECOND_LEVEL, 2, 2)
    assert ward.clinic.desk.look(ward.ana, waiting_cases).total == 0
    assert ward.clinic.desk.look(ward.priya, samples_progress) == ()


def test_changed_codes_are_measured_as_in_an_audit_and_read_by_the_coder(ward: Ward) -> None:
    _, review = reviewed(ward)
    sheet = ward.clinic.desk.change(
        ward.tomas, change_in_review, None, review, ["A41.9", "I10", "E11.9"], WHY, clean("Look at section II.B"), looked_at=True
    )
    assert (sheet.comparison.errors, sheet.comparison.reviewer_codes, sheet.comparison.principal_changed) == (2, 3, True)
    [told] = ward.clinic.notices(kind=NoticeKind.AUDIT_FINISHED)
    assert told.recipient_id == ward.clinic.key_of(ward.noor)
    theirs = ward.clinic.desk.look(ward.noor, worksheet, sheet.id)
    assert (theirs.review, theirs.note, theirs.may_work) == (review, "Look at section II.B", False)
    [mine] = ward.clinic.desk.look(ward.noor, own_accuracy).whole
    assert (mine.code_over_code.numerator, mine.code_over_code.denominator, mine.case_over_case.numerator) == (1, 3, 0)


def test_rates_of_random_samples_stay_as_they_are(ward: Ward) -> None:
    ward.coded(ward.noor, "I10")
    ward.drawn(Size(per_coder=1))
    ward.clinic.desk.change(ward.ana, agree, None, ward.case_of(ward.ana))
    before = {one.basis: one for one in ward.clinic.desk.look(ward.priya, team_accuracy).whole}
    _, review = reviewed(ward)
    ward.clinic.desk.change(ward.tomas, change_in_review, None, review, ["I10"], WHY, looked_at=True)
    report = ward.clinic.desk.look(ward.priya, team_accuracy)
    after = {one.basis: one for one in report.whole}
    assert after[SampleBasis.RANDOM] == before[SampleBasis.RANDOM]
    assert (after[SampleBasis.SECOND_LEVEL].cases, after[SampleBasis.SECOND_LEVEL].code_over_code.interval) == (1, None)
    assert sum(week.accuracy.cases for week in report.trend) == 1, "the trend is of random samples"


def test_nothing_is_kept_of_what_is_wrong(ward: Ward) -> None:
    _, review = reviewed(ward)
    for codes, reason, refusal in (
        ([], WHY, CodesNeeded), (["I10", "E11.9"], WHY, NothingChanged), (["I10"], None, ReasonNeeded), (["I10", "Z99.9"], WHY, UnknownCode)
    ):  # fmt: skip
        with pytest.raises(refusal):
            ward.clinic.desk.change(ward.tomas, change_in_review, None, review, codes, reason)
    with pytest.raises(WorksheetNeeded):
        ward.clinic.desk.change(ward.tomas, work.complete, None, review)
    assert ward.clinic.row(review)["state"] is TaskState.IN_PROGRESS
    assert ward.clinic.desk.look(ward.priya, team_accuracy).whole == ()
    ward.clinic.desk.change(ward.tomas, change_in_review, None, review, ["I10"], WHY, looked_at=True)
    with pytest.raises(Stale):
        ward.clinic.desk.change(ward.tomas, change_in_review, None, review, ["E11.9"], WHY, looked_at=True)


def test_it_is_somebody_elses_and_under_way(ward: Ward) -> None:
    task, review = reviewed(ward, started=False)
    with pytest.raises(Stale):
        ward.clinic.desk.look(ward.tomas, review_sheet, review)
    with pytest.raises(NotYours):
        ward.clinic.desk.look(ward.ana, review_sheet, review)
    with pytest.raises(NotYours):
        ward.clinic.desk.change(ward.noor, agree_with_review, None, review)
    with pytest.raises(NoWorksheet):
        ward.clinic.desk.look(ward.noor, review_sheet, task)
    ward.clinic.desk.change(ward.tomas, work.return_task, None, review, ReturnReason.END_OF_SHIFT)
    with pytest.raises(OwnWorkUnderReview):
        ward.clinic.desk.change(ward.noor, claim, None, review)
    ward.clinic.change_task(review, owner_id=ward.clinic.key_of(ward.noor), state=TaskState.IN_PROGRESS)
    with pytest.raises(OwnWorkAudited):
        ward.clinic.desk.change(ward.noor, agree_with_review, None, review)


def test_who_reviewed_can_change_it_later_without_being_an_auditor(ward: Ward) -> None:
    dana = ward.clinic.person("Dana", Role.SPECIALIST)
    ward.coded(ward.noor, "I10", "E11.9", second_review=True)
    review = ward.clinic.audit(action="second_review_created")[0].reference
    ward.clinic.desk.change(dana, claim, None, review)
    ward.clinic.desk.change(dana, work.start, None, review)
    case = ward.clinic.desk.change(dana, change_in_review, None, review, ["I10"], WHY, looked_at=True).id
    again = ward.clinic.desk.change(dana, edit, None, case, ["E11.9"], WHY, looked_at=True)
    assert [one.code for one in again.reviewer] == ["E11.9"]
    assert ward.clinic.desk.change(dana, agree, None, case).state is CaseState.AGREED
    with pytest.raises(NotYourAudit):
        ward.clinic.desk.look(ward.clinic.person("Eli", Role.SPECIALIST), worksheet, case)


def test_a_review_of_something_else_than_coding_ends_like_any_task(ward: Ward) -> None:
    task = ward.clinic.owned_task(ward.noor, second_review=True)
    for step in (work.start, work.complete):
        ward.clinic.desk.change(ward.noor, step, None, task)
    review = ward.clinic.audit(action="second_review_created")[0].reference
    assert ward.clinic.row(task)["type"] is not TaskType.CODING
    ward.clinic.desk.change(ward.tomas, claim, None, review)
    for step in (work.start, work.complete):
        ward.clinic.desk.change(ward.tomas, step, None, review)
    assert ward.clinic.row(review)["state"] is TaskState.COMPLETED
