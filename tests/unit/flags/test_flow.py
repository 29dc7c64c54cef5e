"""What becomes of a flag: answered by the person it is about, decided by somebody else, corrected, verified, closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actors import Actor
from bot.errors import NotAllowed, Refusal, Stale
from bot.flags.cards import NoSuchFlag, NotYourFlag, open_card, waiting_for
from bot.flags.flow import CommentNeeded, ForSupervisor, NotFlagged, NothingToRebut, OwnReport, OwnWork, take_step
from bot.flags.reporting import report
from bot.flags.states import STEPS, Step
from storage.tables import AccuracyFlag, FlagHistory, Person, Workspace
from storage.words import ErrorType, FlagState, NoticeKind, Role
from tests.unit.roi.scene import Scene, clean

S = FlagState
#: The flow as the desk's rules draw it, written down here a second time on purpose.
ALLOWED = {
    (S.OPEN, S.ACKNOWLEDGED), (S.ACKNOWLEDGED, S.ACCEPTED), (S.ACKNOWLEDGED, S.REBUTTED), (S.REBUTTED, S.UPHELD),
    (S.REBUTTED, S.OVERTURNED), (S.REBUTTED, S.ESCALATED), (S.ESCALATED, S.UPHELD), (S.ESCALATED, S.OVERTURNED),
    (S.ACCEPTED, S.CORRECTED), (S.UPHELD, S.CORRECTED), (S.CORRECTED, S.VERIFIED), (S.VERIFIED, S.CLOSED),
    (S.OVERTURNED, S.CLOSED),
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
        return self.do(self.tomas, report, task, error_type).reference

    def steps(self, reference: str, *steps: tuple[str, Step]) -> FlagState:
        state = FlagState.OPEN
        for who, step in steps:
            note = clean("The note supports it") if step is Step.REBUT else None
            state = self.do(who, take_step, reference, step, note).state
        return state


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    yield from _open(tmp_path)


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from _open(tmp_path_factory.mktemp("flags"))


def _open(folder: Path) -> Iterator[Office]:
    scene = Office.open(folder)
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


WHO = st.sampled_from([Office.noor, Office.tomas, Office.ana, Office.priya, Office.daniel])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tries=st.lists(st.tuples(WHO, st.sampled_from(list(Step)), st.booleans()), max_size=25), owned=st.booleans())
def test_no_sequence_of_steps_leaves_the_flow_and_a_refused_step_changes_nothing(
    long_lived: Office, tries: list[tuple[str, Step, bool]], owned: bool
) -> None:
    reference = long_lived.flag(owner=long_lived.noor if owned else None)
    for who, step, with_note in tries:
        before = long_lived.do(long_lived.priya, open_card, reference).state
        rows = long_lived.do(long_lived.priya, _history)
        try:
            after = long_lived.do(who, take_step, reference, step, clean("Because") if with_note else None).state
        except Refusal:
            assert long_lived.do(long_lived.priya, open_card, reference).state is before
            assert long_lived.do(long_lived.priya, _history) == rows
            continue
        if after is before:
            assert long_lived.do(long_lived.priya, _history) == rows
            continue
        assert (before, after) in ALLOWED
        assert not (owned and who == long_lived.noor and after in {S.UPHELD, S.OVERTURNED, S.VERIFIED, S.CLOSED})
        assert not (who == long_lived.tomas and after in {S.UPHELD, S.OVERTURNED})


def _history(session: sa.orm.Session, actor: Actor, _now: object) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(FlagHistory)) or 0
