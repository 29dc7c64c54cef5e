"""An audit is kept in order: dealt again when auditors are away, ended early with a reason, chosen by a code; and what is stale is said so."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.audits.cases import waiting_cases, waiting_count, worksheet
from bot.audits.order import AuditOver, CancelReasonNeeded, NobodyToDealTo, NothingToDeal, cancel_sample, deal_again
from bot.audits.population import CodeUnclear, Span, read_code
from bot.audits.progress import sample_progress
from bot.audits.samples import NoSuchSample, NothingToAudit, Size, SpanBackwards, drawn_again, target_by_code
from bot.audits.worksheets import AuditCancelled, FinishedMeanwhile, agree, edit, sheet_to_edit
from bot.errors import NotAllowed
from bot.reports.accuracy import team_accuracy
from bot.reports.sample import sample_file, sample_page
from storage.tables import Person
from storage.words import CaseState, NoticeKind, NoticeState, Role, RootReason, SampleBasis
from tests.clinic import clean
from tests.unit.audits.conftest import Ward

WHY = RootReason.DOCUMENTATION_MISSED
REASON = clean("Drawn for the wrong month")


def change_person(ward: Ward, name: str, **values: object) -> None:
    with ward.clinic.database.write() as session:
        session.execute(sa.update(Person).where(Person.workspace_id == 1, Person.name == name).values(**values))


def sample_of(ward: Ward, charts: int) -> None:
    for _ in range(charts):
        ward.coded(ward.noor, "I10", "E11.9")
    ward.drawn(Size(per_coder=charts))


def test_what_lies_with_somebody_on_leave_is_dealt_to_who_is_at_work(ward: Ward) -> None:
    sample_of(ward, 6)
    desk, left = ward.clinic.desk, ward.clinic.desk.look(ward.ana, waiting_cases).total
    assert left == 3
    change_person(ward, "Ana", away_until=ward.clinic.clock() + timedelta(days=9))
    ward.clinic.clock.move(minutes=1)

    done = desk.change(ward.priya, deal_again, None, 1)
    assert (done.cases, done.auditors, done.left) == (3, 1, 0)
    assert desk.look(ward.tomas, waiting_cases).total == 6
    assert desk.look(ward.ana, waiting_cases).total == 0
    newest = ward.clinic.notices(kind=NoticeKind.AUDITS_WAIT)[-1]
    assert (newest.recipient_id, newest.facts["cases"]) == (ward.clinic.key_of(ward.tomas), 3)
    with pytest.raises(NothingToDeal):
        desk.change(ward.priya, deal_again, None, 1)


def test_cases_without_an_auditor_wait_for_the_next_one_who_gets_the_role(ward: Ward) -> None:
    change_person(ward, "Ana", roles=())
    ward.coded(ward.tomas)
    ward.drawn(Size(per_coder=1))
    desk = ward.clinic.desk
    assert desk.look(ward.priya, sample_progress, 1).unassigned == 1
    with pytest.raises(NobodyToDealTo):
        desk.change(ward.priya, deal_again, None, 1)
    ben = ward.clinic.person("Ben", Role.AUDITOR)
    assert desk.change(ward.priya, deal_again, None, 1).cases == 1
    assert desk.look(ben, waiting_cases).total == 1
    assert desk.look(ward.priya, sample_progress, 1).unassigned == 0


def test_a_cancelled_audit_withdraws_what_is_open_and_keeps_what_is_finished(ward: Ward) -> None:
    sample_of(ward, 4)
    desk = ward.clinic.desk
    finished, stale = ward.case_of(ward.ana), ward.case_of(ward.tomas)
    desk.change(ward.ana, edit, None, finished, ["I10"], WHY, clean("Read the consult"), looked_at=True)
    with pytest.raises(CancelReasonNeeded) as told:
        desk.change(ward.priya, cancel_sample, None, 1, None)
    assert told.value.field == "note"
    assert desk.change(ward.priya, cancel_sample, None, 1, REASON) == 3

    progress = desk.look(ward.priya, sample_progress, 1)
    assert (progress.open, progress.edited, progress.withdrawn, progress.cancel_note) == (0, 1, 3, REASON)
    assert waiting_total(ward) == 0
    assert {notice.state for notice in ward.clinic.notices(kind=NoticeKind.AUDITS_WAIT)} == {NoticeState.CANCELLED}
    report = desk.look(ward.priya, team_accuracy)
    assert ([whole.cases for whole in report.whole], report.from_cancelled) == ([1], 1)
    for rule in (agree, sheet_to_edit):
        with pytest.raises(AuditCancelled):
            desk.change(ward.tomas, rule, None, stale)
    assert desk.look(ward.tomas, worksheet, stale).may_work is False
    for again in (lambda: desk.change(ward.priya, cancel_sample, None, 1, REASON), lambda: desk.change(ward.priya, deal_again, None, 1)):
        with pytest.raises(AuditOver):
            again()
    assert desk.look(ward.priya, drawn_again, 1) is True
    assert [entry.facts for entry in ward.clinic.audit(action="sample_cancelled")] == [{"withdrawn": 3}]


def waiting_total(ward: Ward) -> int:
    return sum(ward.clinic.desk.look(who, lambda session, reader, _now: waiting_count(session, reader)) for who in (ward.ana, ward.tomas, ward.priya))


def test_only_supervisors_deal_again_cancel_and_take_files(ward: Ward) -> None:
    sample_of(ward, 1)
    for who in (ward.noor, ward.ana):
        for rule, arguments in ((deal_again, (1,)), (cancel_sample, (1, REASON)), (sample_file, (1,))):
            with pytest.raises(NotAllowed):
                ward.clinic.desk.change(who, rule, None, *arguments)
    with pytest.raises(NotAllowed):
        ward.clinic.desk.look(ward.noor, sample_page, 1)
    neighbour = ward.clinic.neighbour()
    stranger = neighbour.person("Stranger", Role.SUPERVISOR)
    for rule, arguments in ((deal_again, (1,)), (cancel_sample, (1, REASON)), (sample_file, (1,)), (sample_page, (1,))):
        with pytest.raises(NoSuchSample):
            neighbour.desk.change(stranger, rule, None, *arguments)


def test_a_case_somebody_else_finished_meanwhile_is_not_overwritten(ward: Ward) -> None:
    sample_of(ward, 2)
    desk, case = ward.clinic.desk, ward.case_of(ward.ana)
    desk.change(ward.ana, edit, None, case, ["I10"], WHY, looked_at=True)
    for stale in (
        lambda: desk.change(ward.priya, agree, None, case, CaseState.OPEN),
        lambda: desk.change(ward.priya, edit, None, case, ["E11.9"], WHY, looked_at=True, seen=CaseState.OPEN),
        lambda: desk.look(ward.priya, sheet_to_edit, case, CaseState.OPEN),
    ):
        with pytest.raises(FinishedMeanwhile):
            stale()
    assert desk.look(ward.priya, worksheet, case).state is CaseState.EDITED
    assert desk.change(ward.priya, agree, None, case, CaseState.EDITED).state is CaseState.AGREED


def test_charts_are_chosen_by_a_code_or_its_beginning(ward: Ward) -> None:
    desk, today = ward.clinic.desk, ward.clinic.clock().date()
    span = Span(today - timedelta(days=3), today)
    for codes in (("A41.9", "I10"), ("A41.51", "I10"), ("I10", "E11.9")):
        ward.coded(ward.noor, *codes)
    drawn = desk.change(ward.ana, target_by_code, None, "a41.*", span)
    assert (drawn.basis, drawn.cases, drawn.seed) == (SampleBasis.TARGETED, 2, None)
    assert desk.look(ward.ana, sample_progress, drawn.number).code == "A41.*"
    assert desk.change(ward.ana, target_by_code, None, "e119", span).cases == 1
    assert desk.change(ward.ana, target_by_code, None, "I10", span).cases == 3
    with pytest.raises(NothingToAudit, match=r"has J18\.9") as told:
        desk.change(ward.ana, target_by_code, None, "J18.9", span)
    assert told.value.field == "code"
    with pytest.raises(SpanBackwards):
        desk.change(ward.ana, target_by_code, None, "I10", Span(today, today - timedelta(days=1)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("a41*", "A41.*"), (" E11.9 ", "E11.9"), ("e1165", "E11.65"), ("0DTJ4ZZ", "0DTJ4ZZ"), ("0DT*", "0DT*"), ("I10", "I10")],
)
def test_codes_are_read_in_any_spelling(typed: str, meant: str) -> None:
    assert str(read_code(typed)) == meant
    assert read_code(meant) == read_code(typed)


@pytest.mark.parametrize("typed", ["", "*", "A", "John", "Smith*", "John Smith", "A41.9 I10", "%", "A4%", "_____", "A41.12345*", "١٢٣", "A" * 3000])
def test_what_is_no_code_is_refused_and_kept_nowhere(typed: str) -> None:
    with pytest.raises(CodeUnclear):
        read_code(typed)


def test_the_page_of_an_audit_shows_what_was_found_and_what_can_be_learned(ward: Ward) -> None:
    sample_of(ward, 12)
    desk = ward.clinic.desk
    for number in range(3):
        note = clean("Read the consult") if number else None
        desk.change(ward.ana, edit, None, ward.case_of(ward.ana), ["I10"], WHY, note, looked_at=True)
    desk.change(ward.tomas, agree, None, ward.case_of(ward.tomas))
    page = desk.look(ward.ana, sample_page, 1)
    assert page.found is not None
    assert (page.found.case_over_case.numerator, page.found.case_over_case.denominator, page.found.removed) == (1, 4, 3)
    assert page.lessons == ((WHY, 3, ("Read the consult",)),)
    assert [sheet.state for sheet in page.sheets] == [CaseState.OPEN] * 8 + [CaseState.EDITED] * 2
    last = desk.look(ward.priya, sample_page, 1, 1)
    assert ([sheet.state for sheet in last.sheets], last.pages) == ([CaseState.EDITED, CaseState.AGREED], 2)
    assert desk.look(ward.priya, sample_page, 1, 99).page == 1
    assert (page.supervises, last.supervises) == (False, True)


def test_the_file_of_an_audit_holds_every_case_with_both_measures_and_no_notes(ward: Ward) -> None:
    sample_of(ward, 3)
    desk = ward.clinic.desk
    desk.change(ward.ana, edit, None, ward.case_of(ward.ana), ["A41.9", "I10", "E11.9"], WHY, clean("=Read the consult"), looked_at=True)
    desk.change(ward.tomas, agree, None, ward.case_of(ward.tomas))
    content = desk.change(ward.priya, sample_file, None, 1)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    found = {row["state"]: row for row in rows}
    assert len(rows) == 3
    assert found["edited"]["code_over_code_correct"] + "/" + found["edited"]["code_over_code_of"] == "1/3"
    assert (found["edited"]["codes_of_the_auditor"], found["edited"]["case_right"]) == ("A41.9 I10 E11.9", "no")
    assert (found["agreed"]["code_over_code_correct"], found["agreed"]["case_right"]) == ("2", "yes")
    assert (found["open"]["case_right"], found["open"]["codes_of_the_auditor"], found["open"]["coder"]) == ("", "", "Noor")
    assert b"consult" not in content
    assert len(ward.clinic.audit(action="sample_exported")) == 1
