"""An auditor agrees or says what they would have assigned; the coder reads it; nobody judges their own work."""

from __future__ import annotations

import pytest

from bot.audits.cases import NoSuchCase, NotYourAudit, OwnWorkAudited, waiting_cases, worksheet
from bot.audits.progress import sample_progress
from bot.audits.samples import Size
from bot.audits.worksheets import CodesNeeded, NothingChanged, ReasonNeeded, agree, edit
from bot.errors import NotAllowed
from bot.reviews.assigned_codes import LookAgain, NotBillable, UnknownCode
from storage.words import CaseState, NoticeKind, Role, RootReason
from tests.clinic import clean
from tests.unit.audits.conftest import Ward

WHY = RootReason.DOCUMENTATION_MISSED


def test_agreeing_ends_the_case_once_and_tells_who_drew_the_sample(ward: Ward) -> None:
    ward.coded(ward.noor, "I10", "E11.9")
    ward.drawn(Size(per_coder=1), by=ward.priya)
    auditor = ward.ana if ward.clinic.desk.look(ward.ana, waiting_cases).total else ward.tomas
    case = ward.case_of(auditor)
    for _ in range(2):
        sheet = ward.clinic.desk.change(auditor, agree, None, case)
    assert (sheet.state, sheet.comparison.case_right, sheet.comparison.reviewer_codes) == (CaseState.AGREED, True, 2)
    assert ward.clinic.desk.look(auditor, waiting_cases).total == 0
    assert len(ward.clinic.notices(kind=NoticeKind.SAMPLE_FINISHED)) == 1
    assert ward.clinic.notices(kind=NoticeKind.AUDIT_FINISHED) == []
    assert len(ward.clinic.audit(action="audit_finished")) == 1


def test_the_worked_example_two_codes_principal_changed(ward: Ward) -> None:
    ward.coded(ward.noor, "I10", "E11.9")
    ward.drawn(Size(per_coder=1))
    case = ward.case_of(ward.ana)
    sheet = ward.clinic.desk.change(
        ward.ana, edit, None, case, ["A41.9", "I10", "E11.9"], WHY, clean("Look at section II.B"), looked_at=True
    )
    assert (sheet.comparison.errors, sheet.comparison.reviewer_codes) == (2, 3)
    assert [one.code for one in sheet.reviewer] == ["A41.9", "I10", "E11.9"]
    [told] = ward.clinic.notices(kind=NoticeKind.AUDIT_FINISHED)
    assert told.recipient_id == ward.clinic.key_of(ward.noor)
    theirs = ward.clinic.desk.look(ward.noor, worksheet, case)
    assert (theirs.note, theirs.may_work) == ("Look at section II.B", False)


def test_a_finding_can_be_changed_later_and_every_version_is_in_the_trail(ward: Ward) -> None:
    ward.coded(ward.noor, "I10", "E11.9")
    ward.drawn(Size(per_coder=1))
    case = ward.case_of(ward.ana)
    ward.clinic.desk.change(ward.ana, edit, None, case, ["I10"], WHY, looked_at=True)
    ward.clinic.clock.move(hours=1)
    again = ward.clinic.desk.change(ward.ana, agree, None, case)
    assert (again.state, again.root_reason, again.comparison.removed) == (CaseState.AGREED, None, ())
    assert [entry.action for entry in ward.clinic.audit() if entry.action.startswith("audit_")] == ["audit_finished", "audit_changed"]


def test_what_is_missing_or_wrong_is_said_under_its_field(ward: Ward) -> None:
    ward.coded(ward.noor, "I10", "E11.9")
    ward.drawn(Size(per_coder=1))
    case = ward.case_of(ward.ana)
    for codes, reason, refusal in (
        ([], WHY, CodesNeeded),
        (["I10", "E11.9"], WHY, NothingChanged),
        (["I10"], None, ReasonNeeded),
        (["I10", "Z99.9"], WHY, UnknownCode),
        (["I10", "E11"], WHY, NotBillable),
        (["I10", "S52.509A"], WHY, LookAgain),
    ):
        with pytest.raises(refusal) as told:
            ward.clinic.desk.change(ward.ana, edit, None, case, codes, reason)
        assert told.value.field in {"codes", "root_reason"}
    assert ward.clinic.desk.look(ward.ana, worksheet, case).state is CaseState.OPEN


def test_nobody_audits_their_own_work_or_another_auditors_case(ward: Ward) -> None:
    ward.coded(ward.tomas, "I10")
    ward.drawn(Size(per_coder=1))
    case = ward.case_of(ward.ana)
    with pytest.raises(OwnWorkAudited):
        ward.clinic.desk.change(ward.tomas, agree, None, case)
    with pytest.raises(NotAllowed):
        ward.clinic.desk.change(ward.noor, agree, None, case)
    with pytest.raises(NotYourAudit):
        ward.clinic.desk.look(ward.noor, worksheet, case)
    other = ward.clinic.person("Ben", Role.AUDITOR)
    with pytest.raises(NotYourAudit):
        ward.clinic.desk.change(other, agree, None, case)
    assert ward.clinic.desk.change(ward.priya, agree, None, case).state is CaseState.AGREED


def test_a_case_of_another_workspace_or_of_none_is_not_there(ward: Ward) -> None:
    ward.coded(ward.noor)
    ward.drawn(Size(per_coder=1))
    case = ward.case_of(ward.ana)
    neighbour = ward.clinic.neighbour()
    stranger = neighbour.person("Stranger", Role.AUDITOR)
    for who, key in ((stranger, case), (ward.ana, 10**9)):
        with pytest.raises(NoSuchCase):
            ward.clinic.desk.change(who, agree, None, key)


def test_progress_counts_what_was_found(ward: Ward) -> None:
    for _ in range(3):
        ward.coded(ward.noor, "I10", "E11.9")
    ward.drawn(Size(per_coder=3))
    ward.clinic.desk.change(ward.ana, agree, None, ward.case_of(ward.ana))
    ward.clinic.desk.change(ward.tomas, edit, None, ward.case_of(ward.tomas), ["I10"], WHY, looked_at=True)
    progress = ward.clinic.desk.look(ward.priya, sample_progress, 1)
    assert (progress.cases, progress.agreed, progress.edited, progress.open) == (3, 1, 1, 1)
