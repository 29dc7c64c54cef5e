"""What becomes of a flag: answered by the person it is about, decided by somebody else, corrected, verified, closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import NotAllowed, Refusal, Stale
from bot.flags.cards import NoSuchFlag, NotYourFlag, open_card, waiting_for
from bot.flags.comments import NothingSaid, comment
from bot.flags.flow import (
    CommentNeeded,
    ForSupervisor,
    NotFlagged,
    NothingToRebut,
    OwnFallen,
    OwnReport,
    OwnWork,
    take_step,
)
from bot.flags.history import flag_history
from bot.flags.reporting import Problem, report
from bot.flags.states import STEPS, Step
from storage.tables import AccuracyFlag, Person, Workspace
from storage.words import ErrorType, FlagState, NoticeKind, Role
from tests.unit.roi.scene import Scene, clean

S = FlagState
#: The flow as the desk's rules draw it, written down here a second time on purpose.
ALLOWED = {
    (S.OPEN, S.ACKNOWLEDGED), (S.ACKNOWLEDGED, S.ACCEPTED), (S.ACKNOWLEDGED, S.REBUTTED), (S.REBUTTED, S.UPHELD),
    (S.REBUTTED, S.OVERTURNED), (S.REBUTTED, S.ESCALATED), (S.ESCALATED, S.UPHELD), (S.ESCALATED, S.OVERTURNED),
    (S.ACCEPTED, S.CORRECTED), (S.UPHELD, S.CORRECTED), (S.CORRECTED, S.VERIFIED), (S.VERIFIED, S.CLOSED),
    (S.OVERTURNED, S.CLOSED), (S.CORRECTED, S.OPEN), (S.VERIFIED, S.OPEN), (S.OVERTURNED, S.OPEN), (S.CLOSED, S.OPEN),
}  # fmt: skip


class Office(Scene):
    """A coder, an auditor who reports, another auditor, a supervisor, a privacy officer."""

    noor = "U0NOOR"
    tomas = "U0TOMAS"
    ana = "U0ANA"
    priya = "U0PRIYA"
    daniel = "U0DANIEL"

    def flag(self, error_type: ErrorType = ErrorType.UNITS, owner: str | None = "U0NOOR") -> str:
        task, _ = self.task(owner)
        return self.do(self.tomas, report, task, Problem(error_type)).reference

    def steps(self, reference: str, *steps: tuple[str, Step]) -> FlagState:
        state = FlagState.OPEN
        for who, step in steps:
            note = clean("The note supports it") if step is Step.REBUT else None
            state = self.do(who, take_step, reference, step, note).state
        return state


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    scene = Office.open(tmp_path)
    assert isinstance(scene, Office)
    scene.person("noor", Role.SPECIALIST)
    scene.person("tomas", Role.SPECIALIST, Role.AUDITOR)
    scene.person("ana", Role.AUDITOR)
    scene.person("priya", Role.SUPERVISOR)
    scene.person("daniel", Role.PRIVACY_OFFICER)
    yield scene
    scene.close()


def test_an_accepted_flag_goes_its_way_to_the_end(office: Office) -> None:
    reference = office.flag()
    seen = [
        office.do(who, take_step, reference, step).state
        for who, step in (
            (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.ACCEPT), (office.noor, Step.CORRECT),
            (office.tomas, Step.VERIFY), (office.priya, Step.CLOSE),
        )
    ]  # fmt: skip
    assert seen == [S.ACKNOWLEDGED, S.ACCEPTED, S.CORRECTED, S.VERIFIED, S.CLOSED]
    assert office.audited(reference) == ["flag_reported", *(f"flag_{state}" for state in seen)]


def test_a_rebuttal_needs_a_comment_and_is_decided_by_somebody_who_did_not_report(office: Office) -> None:
    reference = office.flag()
    office.steps(reference, (office.noor, Step.ACKNOWLEDGE))
    with pytest.raises(CommentNeeded) as refused:
        office.do(office.noor, take_step, reference, Step.REBUT)
    assert refused.value.field == "note"
    rebutted = office.do(office.noor, take_step, reference, Step.REBUT, clean("The guideline says otherwise"))
    assert rebutted.answer == "The guideline says otherwise"
    with pytest.raises(OwnReport):
        office.do(office.tomas, take_step, reference, Step.UPHOLD)
    assert office.do(office.ana, take_step, reference, Step.OVERTURN).state is S.OVERTURNED
    assert office.do(office.tomas, take_step, reference, Step.CLOSE).state is S.CLOSED


def test_an_upheld_flag_is_corrected_by_the_person_flagged(office: Office) -> None:
    reference = office.flag()
    state = office.steps(
        reference,
        (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.REBUT), (office.ana, Step.UPHOLD), (office.noor, Step.CORRECT),
    )  # fmt: skip
    assert state is S.CORRECTED


def test_what_was_escalated_is_decided_by_a_supervisor(office: Office) -> None:
    reference = office.flag()
    office.steps(
        reference, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.REBUT), (office.tomas, Step.ESCALATE)
    )
    with pytest.raises(ForSupervisor):
        office.do(office.ana, take_step, reference, Step.UPHOLD)
    assert office.do(office.priya, take_step, reference, Step.UPHOLD).state is S.UPHELD


def test_the_person_flagged_cannot_decide_verify_or_close_even_as_an_auditor(office: Office) -> None:
    office.person("cora", Role.SPECIALIST, Role.AUDITOR, Role.SUPERVISOR)
    reference = office.flag(owner="U0CORA")
    office.steps(reference, ("U0CORA", Step.ACKNOWLEDGE), ("U0CORA", Step.ACCEPT), ("U0CORA", Step.CORRECT))
    for step in (Step.VERIFY, Step.CLOSE, Step.UPHOLD):
        with pytest.raises(OwnWork):
            office.do("U0CORA", take_step, reference, step)
    office.steps(reference, (office.ana, Step.VERIFY))
    with pytest.raises(OwnWork):
        office.do("U0CORA", take_step, reference, Step.CLOSE)


def test_only_the_person_flagged_answers(office: Office) -> None:
    reference = office.flag()
    for who in (office.tomas, office.priya, office.daniel):
        with pytest.raises(NotFlagged):
            office.do(who, take_step, reference, Step.ACKNOWLEDGE)


def test_a_flag_about_nobodys_work_is_put_right_by_a_decider_and_verified_by_another(office: Office) -> None:
    reference = office.flag(owner=None)
    office.steps(reference, (office.ana, Step.ACKNOWLEDGE))
    with pytest.raises(NothingToRebut):
        office.do(office.ana, take_step, reference, Step.REBUT, clean("No"))
    office.steps(reference, (office.ana, Step.ACCEPT), (office.ana, Step.CORRECT))
    with pytest.raises(OwnWork):
        office.do(office.ana, take_step, reference, Step.VERIFY)
    assert office.do(office.priya, take_step, reference, Step.VERIFY).state is S.VERIFIED


def test_when_the_person_flagged_has_left_a_decider_answers_so_that_no_release_stays_frozen(office: Office) -> None:
    reference = office.flag(ErrorType.WRONG_PATIENT)
    with office.database.write() as session:
        session.execute(sa.update(Person).where(Person.slack_user_id == office.noor).values(active=False))
    assert [card.reference for card in office.do(office.priya, waiting_for)] == [reference]
    office.steps(reference, (office.ana, Step.ACKNOWLEDGE), (office.ana, Step.ACCEPT), (office.ana, Step.CORRECT))
    assert not office.do(office.priya, take_step, reference, Step.VERIFY).freezes


def test_a_flag_of_another_workspace_is_not_here(office: Office) -> None:
    reference = office.flag()
    with office.database.write() as session:
        other = Workspace(team_id="T0OTHER", name="Other", created_at=office.now)
        session.add(other)
        session.flush()
        session.execute(sa.update(AccuracyFlag).values(workspace_id=other.id))
    with pytest.raises(NoSuchFlag, match=reference):
        office.do(office.noor, take_step, reference, Step.ACKNOWLEDGE)


def test_a_privacy_officer_sees_a_flag_but_does_not_decide_it(office: Office) -> None:
    reference = office.flag(ErrorType.WRONG_PATIENT)
    office.steps(reference, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.ACCEPT), (office.noor, Step.CORRECT))
    with pytest.raises(NotAllowed):
        office.do(office.daniel, take_step, reference, Step.VERIFY)
    assert office.do(office.daniel, open_card, reference).may == frozenset()


def test_somebody_it_does_not_concern_learns_nothing(office: Office) -> None:
    office.person("colleague", Role.SPECIALIST)
    with pytest.raises(NotYourFlag):
        office.do("U0COLLEAGUE", take_step, office.flag(), Step.ACKNOWLEDGE)


def test_a_second_click_changes_nothing(office: Office) -> None:
    reference = office.flag()
    office.do(office.noor, take_step, reference, Step.ACKNOWLEDGE)
    before = office.everything()
    assert office.do(office.noor, take_step, reference, Step.ACKNOWLEDGE).state is S.ACKNOWLEDGED
    assert office.everything() == before


def test_a_step_that_comes_too_late_says_how_the_flag_stands(office: Office) -> None:
    reference = office.flag()
    office.steps(reference, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.ACCEPT))
    with pytest.raises(Stale, match="accepted now"):
        office.do(office.noor, take_step, reference, Step.REBUT, clean("Too late"))


def test_those_whom_a_step_concerns_are_told(office: Office) -> None:
    reference = office.flag()
    office.steps(reference, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.REBUT))
    assert [notice.kind for notice in office.notices(office.tomas)] == [NoticeKind.FLAG_MOVED]
    assert [notice.kind for notice in office.notices(office.priya)] == [NoticeKind.FLAG_MOVED]
    office.steps(reference, (office.priya, Step.OVERTURN))
    assert [notice.facts["state"] for notice in office.notices(office.noor)] == ["overturned"]


def test_flags_wait_for_whoever_can_move_them(office: Office) -> None:
    reference = office.flag()

    def waiting(who: str) -> list[str]:
        return [card.reference for card in office.do(who, waiting_for)]

    assert (waiting(office.noor), waiting(office.priya)) == ([reference], [])
    office.steps(reference, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.REBUT))
    assert (waiting(office.noor), waiting(office.priya)) == ([], [reference])


def test_the_table_of_steps_allows_exactly_the_drawn_flow() -> None:
    assert {(source, target) for sources, target in STEPS.values() for source in sources} == ALLOWED


def closed(office: Office, error_type: ErrorType = ErrorType.UNITS) -> str:
    reference = office.flag(error_type)
    office.steps(
        reference, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.ACCEPT), (office.noor, Step.CORRECT),
        (office.tomas, Step.VERIFY), (office.priya, Step.CLOSE),
    )  # fmt: skip
    return reference


def test_a_closed_flag_is_opened_again_with_a_reason_and_begins_anew(office: Office) -> None:
    reference = closed(office)
    with pytest.raises(CommentNeeded, match="why it is opened again"):
        office.do(office.priya, take_step, reference, Step.REOPEN)
    again = office.do(office.priya, take_step, reference, Step.REOPEN, clean("The same code is back"))
    assert (again.state, again.freezes) == (S.OPEN, False)
    assert office.do(office.noor, open_card, reference).may == {Step.ACKNOWLEDGE}
    assert office.notices(office.noor)[-1].facts["state"] == "open"
    assert office.audited(reference)[-1] == "flag_reopened"


def test_who_is_flagged_cannot_open_it_again_nor_who_reported_what_fell(office: Office) -> None:
    reference = closed(office)
    with pytest.raises(OwnWork):
        office.do(office.noor, take_step, reference, Step.REOPEN, clean("I want to"))
    fallen = office.flag()
    office.steps(fallen, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.REBUT), (office.ana, Step.OVERTURN))
    with pytest.raises(OwnFallen):
        office.do(office.tomas, take_step, fallen, Step.REOPEN, clean("I was right"))
    assert office.do(office.ana, take_step, fallen, Step.REOPEN, clean("A new document came")).state is S.OPEN


def test_somebody_who_joined_a_report_does_not_rule_about_it_either(office: Office) -> None:
    task, _ = office.task(office.noor)
    reference = office.do(office.tomas, report, task, Problem(ErrorType.UNITS)).reference
    office.do(office.ana, report, task, Problem(ErrorType.UNITS))
    office.steps(reference, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.REBUT))
    with pytest.raises(OwnReport):
        office.do(office.ana, take_step, reference, Step.OVERTURN, clean("No"))


def test_releases_are_free_when_a_critical_flag_is_settled_and_stop_again_when_it_comes_back(office: Office) -> None:
    grace = office.person("grace", Role.ROI_SPECIALIST)
    task, record = office.task(office.noor)
    office.release(grace, record=record)
    reference = office.do(office.tomas, report, task, Problem(ErrorType.WRONG_PATIENT)).reference
    office.steps(reference, (office.noor, Step.ACKNOWLEDGE), (office.noor, Step.ACCEPT), (office.noor, Step.CORRECT), (office.ana, Step.VERIFY))
    office.do(office.ana, take_step, reference, Step.REOPEN, clean("Still two people in one chart"))
    kinds = [notice.kind for notice in office.notices(grace)]
    assert kinds == [NoticeKind.RELEASES_FROZEN, NoticeKind.RELEASES_FREED, NoticeKind.RELEASES_FROZEN]
    to_officer = [notice for notice in office.notices(office.daniel) if notice.kind is NoticeKind.FLAG_RAISED]
    assert all(notice.breaks_through for notice in to_officer)


def test_a_comment_is_kept_and_told_to_all_whom_it_concerns(office: Office) -> None:
    reference = office.flag()
    kept = office.do(office.noor, comment, reference, clean("Which page is it on?"))
    assert kept.told == (office.tomas,)
    assert office.do(office.tomas, flag_history, reference)[0].note == "Which page is it on?"
    assert [notice.kind for notice in office.notices(office.tomas)] == [NoticeKind.FLAG_COMMENTED]
    with pytest.raises(NothingSaid):
        office.do(office.noor, comment, reference, None)


def test_every_refusal_of_the_flow_is_a_sentence() -> None:
    for refusal in (CommentNeeded, ForSupervisor, NotFlagged, NothingToRebut, OwnFallen, OwnReport, OwnWork, NothingSaid):
        assert issubclass(refusal, Refusal)
        assert refusal().sentence.endswith(".")
