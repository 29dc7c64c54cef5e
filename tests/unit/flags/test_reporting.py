"""Somebody reports an accuracy problem: one flag, the right people told, and a critical one stops the releases of its record."""

from __future__ import annotations

import pytest

from bot.actors import NoRoleYet
from bot.errors import BadInput, Refusal
from bot.flags.about import NothingToFlag, may_report, mentioned
from bot.flags.cards import NotYourFlag, open_card
from bot.flags.flow import take_step
from bot.flags.involved_codes import CodeNotFound
from bot.flags.reporting import CriticalStays, Problem, report
from bot.flags.states import Step
from bot.flags.telling import still_frozen, still_true
from storage.words import ErrorType, FlagState, NoticeKind, NoticeState, Role, RootReason, Severity
from tests.unit.roi.scene import Scene, clean


@pytest.fixture
def noor(scene: Scene) -> str:
    return scene.person("noor", Role.SPECIALIST)


@pytest.fixture
def tomas(scene: Scene) -> str:
    return scene.person("tomas", Role.SPECIALIST, Role.AUDITOR)


@pytest.fixture
def priya(scene: Scene) -> str:
    return scene.person("priya", Role.SUPERVISOR)


def kinds(scene: Scene, who: str) -> list[NoticeKind]:
    return [notice.kind for notice in scene.notices(who)]


def test_the_person_whose_task_it_is_is_told_of_a_flag_on_it(scene: Scene, noor: str, tomas: str) -> None:
    task, record = scene.task(noor)
    flag = scene.do(tomas, report, task, Problem(ErrorType.LATERALITY, RootReason.DOCUMENTATION_MISSED))
    assert (flag.task, flag.record, flag.flagged, flag.state) == (task, record, noor, FlagState.OPEN)
    assert (flag.severity, flag.freezes, flag.joined) == (Severity.LOW, False, False)
    assert kinds(scene, noor) == [NoticeKind.FLAG_RAISED]
    assert scene.audited(flag.reference) == ["flag_reported"]


def test_a_flag_on_a_returned_task_is_about_who_had_it_last(scene: Scene, noor: str, tomas: str) -> None:
    task, _ = scene.task(before=noor)
    assert scene.do(tomas, report, task, Problem(ErrorType.UNITS)).flagged == noor


def test_a_flag_on_a_second_review_is_about_the_person_reviewed_not_the_reviewer(scene: Scene, noor: str, tomas: str) -> None:
    task, _ = scene.task(tomas, worked_by_id=scene.key_of(noor))
    assert scene.do(tomas, report, task, Problem(ErrorType.UNITS)).flagged == noor


def test_a_flag_on_a_record_finds_the_only_person_who_worked_on_it(scene: Scene, noor: str, tomas: str) -> None:
    task, record = scene.task(noor)
    flag = scene.do(tomas, report, record.lower(), Problem(ErrorType.MISFILED))
    assert (flag.task, flag.flagged) == (task, noor)


def test_a_flag_on_work_nobody_did_goes_to_the_supervisors(scene: Scene, tomas: str, priya: str) -> None:
    task, _ = scene.task()
    assert scene.do(tomas, report, task, Problem(ErrorType.INSURANCE)).flagged is None
    assert kinds(scene, priya) == [NoticeKind.FLAG_RAISED]


def test_nobody_flags_themselves(scene: Scene, noor: str, priya: str) -> None:
    task, _ = scene.task(noor)
    assert scene.do(noor, report, task, Problem(ErrorType.MISSING_DOCUMENT)).flagged is None
    assert scene.notices(noor) == []
    assert kinds(scene, priya) == [NoticeKind.FLAG_RAISED]


def test_the_severity_is_the_usual_one_unless_it_is_raised(scene: Scene, noor: str, tomas: str) -> None:
    usual, _ = scene.task(noor)
    raised, _ = scene.task(noor)
    assert scene.do(tomas, report, usual, Problem(ErrorType.MODIFIER)).severity is Severity.MEDIUM
    assert scene.do(tomas, report, raised, Problem(ErrorType.MODIFIER, None, Severity.CRITICAL)).severity is Severity.CRITICAL


def test_a_wrong_patient_cannot_be_made_less_than_critical(scene: Scene, noor: str, tomas: str) -> None:
    task, _ = scene.task(noor)
    with pytest.raises(CriticalStays) as refused:
        scene.do(tomas, report, task, Problem(ErrorType.WRONG_PATIENT, None, Severity.LOW))
    assert refused.value.field == "severity"
    assert scene.notices() == []


def test_a_critical_flag_tells_the_privacy_officers_at_once_and_the_owners_whose_releases_stop(
    scene: Scene, noor: str, tomas: str
) -> None:
    daniel = scene.person("daniel", Role.PRIVACY_OFFICER)
    grace = scene.person("grace", Role.ROI_SPECIALIST)
    task, record = scene.task(noor)
    scene.release(grace, record=record)
    scene.release(grace)
    flag = scene.do(tomas, report, task, Problem(ErrorType.WRONG_PATIENT))
    assert flag.freezes
    [to_officer] = scene.notices(daniel)
    assert (to_officer.kind, to_officer.breaks_through) == (NoticeKind.FLAG_RAISED, True)
    [to_owner] = scene.notices(grace)
    assert (to_owner.kind, to_owner.facts) == (NoticeKind.RELEASES_FROZEN, {"flag": flag.reference})


def test_the_same_problem_is_joined_and_says_so(scene: Scene, noor: str, tomas: str, priya: str) -> None:
    task, _ = scene.task(noor)
    first = scene.do(tomas, report, task, Problem(ErrorType.UNITS))
    again = scene.do(priya, report, task, Problem(ErrorType.UNITS, None, None, None, None, clean("Seen here as well")))
    assert (again.reference, again.joined) == (first.reference, True)
    assert again.also_reported_by == (priya,)
    assert kinds(scene, noor) == [NoticeKind.FLAG_RAISED, NoticeKind.FLAG_COMMENTED]
    assert scene.audited(first.reference) == ["flag_reported", "flag_joined"]
    assert not scene.do(priya, report, task, Problem(ErrorType.MODIFIER)).joined


def test_another_code_is_another_problem(scene: Scene, noor: str, tomas: str) -> None:
    scene.code("S52.501A", "S52.502A")
    task, _ = scene.task(noor)
    one = scene.do(tomas, report, task, Problem(ErrorType.LATERALITY, None, None, "S52.501A", "S52.502A"))
    other = scene.do(tomas, report, task, Problem(ErrorType.LATERALITY, None, None, "S52.502A", None))
    assert one.reference != other.reference
    assert not other.joined


def test_a_settled_problem_that_comes_again_is_a_new_flag(scene: Scene, noor: str, tomas: str, priya: str) -> None:
    task, _ = scene.task(noor)
    flag = scene.do(tomas, report, task, Problem(ErrorType.UNITS))
    for who, step in ((noor, Step.ACKNOWLEDGE), (noor, Step.ACCEPT), (noor, Step.CORRECT), (priya, Step.VERIFY)):
        scene.do(who, take_step, flag.reference, step)
    assert not scene.do(tomas, report, task, Problem(ErrorType.UNITS)).joined


def test_joining_with_a_worse_severity_raises_the_flag_and_freezes(scene: Scene, noor: str, tomas: str, priya: str) -> None:
    daniel = scene.person("daniel", Role.PRIVACY_OFFICER)
    task, _ = scene.task(noor)
    scene.do(tomas, report, task, Problem(ErrorType.MISFILED))
    joined = scene.do(priya, report, task, Problem(ErrorType.MISFILED, None, Severity.CRITICAL))
    assert (joined.severity, joined.freezes) == (Severity.CRITICAL, True)
    assert kinds(scene, daniel) == [NoticeKind.FLAG_RAISED]


def test_a_code_that_is_in_no_code_set_is_refused_under_its_field(scene: Scene, noor: str, tomas: str) -> None:
    scene.code("S52.501A")
    task, _ = scene.task(noor)
    with pytest.raises(CodeNotFound) as refused:
        scene.do(tomas, report, task, Problem(ErrorType.LATERALITY, None, None, "S52.501A", "Jane Doe"))
    assert refused.value.field == "code_after"


@pytest.mark.parametrize("about", ["RV-22222", "RR-22222"])
def test_what_is_not_here_cannot_be_flagged(scene: Scene, tomas: str, about: str) -> None:
    before = scene.everything()
    with pytest.raises(NothingToFlag, match=about):
        scene.do(tomas, report, about, Problem(ErrorType.UNITS))
    assert scene.everything() == before


def test_a_reference_of_another_kind_is_refused_under_its_field(scene: Scene, tomas: str) -> None:
    with pytest.raises(BadInput) as refused:
        scene.do(tomas, report, "FL-22222", Problem(ErrorType.UNITS))
    assert refused.value.field == "record"


def test_without_a_role_nobody_reports(scene: Scene, noor: str) -> None:
    stranger = scene.person("stranger")
    task, _ = scene.task(noor)
    with pytest.raises(NoRoleYet):
        scene.do(stranger, may_report)
    with pytest.raises(NoRoleYet):
        scene.do(stranger, report, task, Problem(ErrorType.UNITS))


def test_the_form_opens_with_the_reference_as_it_is_written(scene: Scene, noor: str) -> None:
    task, record = scene.task(noor)
    assert scene.do(noor, may_report) == ""
    assert scene.do(noor, may_report, task.lower()) == task
    assert scene.do(noor, may_report, record) == record


def test_a_shortcut_takes_only_the_reference_out_of_a_message() -> None:
    assert mentioned("please see rv-2f7kq, it looks odd") == ("RV-2F7KQ",)
    assert mentioned("FL-2F7KQ is another matter, RR-CDFGH and ROI-2F7KQ are meant, rr-cdfgh") == ("RR-CDFGH", "ROI-2F7KQ")
    assert mentioned("nothing of the kind") == ()


def test_a_flag_is_shown_only_to_those_it_concerns(scene: Scene, noor: str, tomas: str, priya: str) -> None:
    colleague = scene.person("colleague", Role.SPECIALIST)
    daniel = scene.person("daniel", Role.PRIVACY_OFFICER)
    task, _ = scene.task(noor)
    flag = scene.do(tomas, report, task, Problem(ErrorType.UNITS))
    for who in (noor, tomas, priya, daniel):
        assert scene.do(who, open_card, flag.reference).reference == flag.reference
    with pytest.raises(NotYourFlag):
        scene.do(colleague, open_card, flag.reference)


def test_a_notice_of_a_flag_is_dropped_once_the_flag_is_settled(scene: Scene, noor: str, tomas: str, priya: str) -> None:
    grace = scene.person("grace", Role.ROI_SPECIALIST)
    task, record = scene.task(noor)
    scene.release(grace, record=record)
    flag = scene.do(tomas, report, task, Problem(ErrorType.WRONG_PATIENT))
    [raised], [frozen] = scene.notices(noor), scene.notices(grace)
    with scene.database.read() as session:
        assert still_true(session, raised)
        assert still_frozen(session, frozen)
    for who, step in ((noor, Step.ACKNOWLEDGE), (noor, Step.ACCEPT), (noor, Step.CORRECT), (priya, Step.VERIFY)):
        scene.do(who, take_step, flag.reference, step)
    with scene.database.read() as session:
        assert not still_true(session, raised)
        assert not still_frozen(session, frozen)
    assert NoticeKind.FLAG_RAISED in [notice.kind for notice in scene.notices(noor, NoticeState.CANCELLED)]


def test_every_refusal_is_a_sentence(scene: Scene) -> None:
    for refusal in (CriticalStays, CodeNotFound, NothingToFlag, NotYourFlag):
        assert issubclass(refusal, Refusal)
        assert refusal().sentence.endswith(".")
