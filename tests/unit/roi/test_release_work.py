"""Working a release: taking it, moving it along its way, aside and back, and never where it must not go."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actors import NoSuchPerson
from bot.errors import NotAllowed, Refusal, Stale
from bot.roi.answers import AuthorizationFound, record_authorization
from bot.roi.hands import Does
from bot.roi.reasons import MEANINGS, REASONS
from bot.roi.requests import NoSuchRequest, RequestList, open_card, request_page
from bot.roi.states import BESIDE, GIVEN_UP, NEED_REASON, next_states
from bot.roi.work import (
    AuthorizationFirst,
    CannotTakeRequests,
    NotYourRequest,
    OtherReason,
    OwnQa,
    ReasonNeeded,
    TakenByOther,
    give,
    move,
    take,
)
from bot.spoken import spoken
from storage.tables import RoiRequest, Workspace
from storage.words import AuthorizationStatus, NoticeKind, PendReason, RequestState, RequestType, Role
from tests.unit.roi.scene import Scene, clean

S = RequestState
WAY = (S.LOGGED, S.AUTHORIZATION_REVIEW, S.READY_TO_FULFILL, S.RETRIEVAL, S.QA_REVIEW, S.READY_TO_SEND)
ASIDE = {S.HOLD, S.PENDING, S.EXCEPTION, S.RETURNED_TO_REQUESTER, S.AWAITING_PAYMENT, S.AWAITING_CERTIFICATION}
OVER = {S.DENIED, S.CANCELLED}
#: The way as the desk's rules draw it, with the steps back; written down here a second time on purpose.
ALONG = {
    (S.LOGGED, S.AUTHORIZATION_REVIEW), (S.LOGGED, S.READY_TO_FULFILL), (S.AUTHORIZATION_REVIEW, S.READY_TO_FULFILL),
    (S.READY_TO_FULFILL, S.RETRIEVAL), (S.READY_TO_FULFILL, S.AUTHORIZATION_REVIEW), (S.RETRIEVAL, S.QA_REVIEW),
    (S.QA_REVIEW, S.READY_TO_SEND), (S.QA_REVIEW, S.RETRIEVAL), (S.READY_TO_SEND, S.DELIVERED),
    (S.READY_TO_SEND, S.QA_REVIEW), (S.READY_TO_SEND, S.RETRIEVAL), (S.DELIVERED, S.CLOSED),
}  # fmt: skip
GRACE, OMAR, PRIYA, DANIEL, NOOR = "U0GRACE", "U0OMAR", "U0PRIYA", "U0DANIEL", "U0NOOR"


def _open(folder: Path) -> Iterator[Scene]:
    scene = Scene.open(folder)
    scene.person("grace", Role.ROI_SPECIALIST)
    scene.person("omar", Role.ROI_SPECIALIST)
    scene.person("priya", Role.SUPERVISOR)
    scene.person("daniel", Role.PRIVACY_OFFICER)
    scene.person("noor", Role.SPECIALIST)
    yield scene
    scene.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Scene]:
    yield from _open(tmp_path)


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    yield from _open(tmp_path_factory.mktemp("releases"))


def test_a_release_goes_its_way_from_taking_to_closing(office: Scene) -> None:
    reference = office.release()
    office.do(GRACE, take, reference)
    for to in (S.READY_TO_FULFILL, S.RETRIEVAL, S.QA_REVIEW):
        assert office.do(GRACE, move, reference, to).state is to
    assert office.do(OMAR, move, reference, S.READY_TO_SEND).state is S.READY_TO_SEND
    assert office.do(GRACE, move, reference, S.DELIVERED).delivered_at == office.now
    assert office.do(GRACE, move, reference, S.CLOSED).next == ()
    assert office.audited(reference) == [
        "request_logged", "request_taken", "request_ready_to_fulfill", "request_retrieval", "request_qa_review",
        "request_ready_to_send", "request_delivered", "request_closed",
    ]  # fmt: skip


def test_only_one_of_two_people_gets_a_release_and_the_other_hears_who(office: Scene) -> None:
    reference = office.release()
    office.do(GRACE, take, reference)
    with pytest.raises(TakenByOther, match="grace has"):
        office.do(OMAR, take, reference)
    before = office.everything()
    assert office.do(GRACE, take, reference).owner == GRACE
    assert office.everything() == before


def test_of_many_who_take_it_at_once_exactly_one_gets_it(office: Scene) -> None:
    reference = office.release()
    people = [office.person(f"r{number}", Role.ROI_SPECIALIST) for number in range(8)]

    def attempt(who: str) -> str | None:
        try:
            return office.do(who, take, reference).owner
        except TakenByOther:
            return None

    with ThreadPoolExecutor(8) as pool:
        owners = [owner for owner in pool.map(attempt, people) if owner]
    assert len(owners) == 1
    assert office.do(PRIYA, open_card, reference).owner == owners[0]
    assert office.audited(reference).count("request_taken") == 1


def test_a_release_of_another_workspace_is_not_here(office: Scene) -> None:
    reference = office.release()
    with office.database.write() as session:
        other = Workspace(team_id="T0OTHER", name="Other", created_at=office.now)
        session.add(other)
        session.flush()
        session.execute(sa.update(RoiRequest).values(workspace_id=other.id))
    with pytest.raises(NoSuchRequest, match=reference):
        office.do(PRIYA, open_card, reference)
    assert office.do(PRIYA, request_page).total == 0


def test_what_has_ended_cannot_be_taken(office: Scene) -> None:
    reference = office.release(state=S.CANCELLED)
    with pytest.raises(Stale, match="cancelled"):
        office.do(GRACE, take, reference)


def test_a_supervisor_gives_a_release_to_somebody_and_both_sides_are_told(office: Scene) -> None:
    reference = office.release(GRACE)
    assert office.do(PRIYA, give, reference, OMAR).owner == OMAR
    assert [notice.kind for notice in office.notices(OMAR)] == [NoticeKind.RELEASE_ASSIGNED]
    assert [notice.kind for notice in office.notices(GRACE)] == [NoticeKind.RELEASE_ASSIGNED]


def test_a_release_is_not_given_to_who_cannot_work_on_it(office: Scene) -> None:
    reference = office.release(GRACE)
    with pytest.raises(CannotTakeRequests, match="noor has no role"):
        office.do(PRIYA, give, reference, NOOR)
    with pytest.raises(NoSuchPerson):
        office.do(PRIYA, give, reference, "U0NOBODY")
    with pytest.raises(NotYourRequest):
        office.do(OMAR, give, reference, OMAR)


def test_a_coder_has_nothing_to_do_with_releases(office: Scene) -> None:
    reference = office.release()
    for attempt in (
        lambda: office.do(NOOR, take, reference),
        lambda: office.do(NOOR, open_card, reference),
        lambda: office.do(NOOR, request_page),
        lambda: office.do(NOOR, move, reference, S.RETRIEVAL),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_nobody_moves_a_release_that_is_not_in_their_hands(office: Scene) -> None:
    reference = office.release(GRACE)
    with pytest.raises(NotYourRequest):
        office.do(OMAR, move, reference, S.READY_TO_FULFILL)
    assert office.do(DANIEL, move, reference, S.READY_TO_FULFILL).state is S.READY_TO_FULFILL


def test_without_its_authorization_a_release_is_not_ready(office: Scene) -> None:
    reference = office.release(GRACE, type=RequestType.ATTORNEY)
    office.do(GRACE, move, reference, S.AUTHORIZATION_REVIEW)
    with pytest.raises(AuthorizationFirst):
        office.do(GRACE, move, reference, S.READY_TO_FULFILL)
    office.do(GRACE, record_authorization, reference, office.rules, AuthorizationFound(AuthorizationStatus.VALID, date(2027, 1, 31)))
    assert office.do(GRACE, move, reference, S.READY_TO_FULFILL).state is S.READY_TO_FULFILL


def test_the_preparer_cannot_pass_their_own_qa(office: Scene) -> None:
    reference = office.release(GRACE, state=S.RETRIEVAL)
    office.do(GRACE, move, reference, S.QA_REVIEW)
    with pytest.raises(OwnQa):
        office.do(GRACE, move, reference, S.READY_TO_SEND)
    office.do(OMAR, move, reference, S.READY_TO_SEND)


def test_work_taken_up_again_must_be_checked_again(office: Scene) -> None:
    reference = office.ready_to_send(GRACE, OMAR)
    office.do(GRACE, move, reference, S.RETRIEVAL)
    with office.row(reference) as request:
        assert request.checked_by_id is None


@pytest.mark.parametrize("aside", sorted(ASIDE))
def test_a_release_put_aside_goes_back_to_where_it_was(office: Scene, aside: RequestState) -> None:
    reference = office.release(GRACE, state=S.RETRIEVAL)
    put = office.do(GRACE, move, reference, aside, REASONS[aside][0])
    assert (put.state, put.resumes_to, put.next[0]) == (aside, S.RETRIEVAL, S.RETRIEVAL)
    other = S.PENDING if aside is S.HOLD else S.HOLD
    office.do(GRACE, move, reference, other, REASONS[other][0])
    back = office.do(GRACE, move, reference, S.RETRIEVAL)
    assert (back.state, back.resumes_to, back.reason) == (S.RETRIEVAL, None, None)


@pytest.mark.parametrize("to", [S.PENDING, S.EXCEPTION, S.RETURNED_TO_REQUESTER, S.DENIED, S.CANCELLED])
def test_some_states_are_entered_only_with_a_reason(office: Scene, to: RequestState) -> None:
    reference = office.release(GRACE)
    before = office.everything()
    with pytest.raises(ReasonNeeded) as refused:
        office.do(GRACE, move, reference, to)
    assert refused.value.field == "reason"
    assert office.everything() == before
    moved = office.do(GRACE, move, reference, to, REASONS[to][0], clean("See the letter"))
    assert (moved.state, moved.reason) == (to, REASONS[to][0])


@pytest.mark.parametrize(
    ("to", "reason"),
    [(S.HOLD, PendReason.AWAITING_REQUESTER), (S.PENDING, PendReason.OWNER_AWAY), (S.EXCEPTION, PendReason.RECORDS_OFFSITE), (S.DENIED, PendReason.WITHDRAWN)],
)
def test_a_hold_a_wait_and_an_exception_are_told_apart_by_their_reasons(office: Scene, to: RequestState, reason: PendReason) -> None:
    reference = office.release(GRACE)
    before = office.everything()
    with pytest.raises(OtherReason, match=f"does not go with “{spoken(to)}”. Choose one that says whose turn it is") as refused:
        office.do(GRACE, move, reference, to, reason)
    assert refused.value.field == "reason"
    assert office.everything() == before


def test_every_state_that_needs_a_reason_has_some_and_every_reason_belongs_somewhere() -> None:
    assert all(REASONS[state] for state in NEED_REASON)
    assert {reason for reasons in REASONS.values() for reason in reasons} == set(PendReason)
    assert set(MEANINGS) == {*BESIDE, *GIVEN_UP}


def test_a_hold_needs_no_reason_and_a_second_click_changes_nothing(office: Scene) -> None:
    reference = office.release(GRACE)
    office.do(GRACE, move, reference, S.HOLD)
    before = office.everything()
    assert office.do(GRACE, move, reference, S.HOLD).state is S.HOLD
    assert office.everything() == before


def test_a_step_that_comes_too_late_says_how_the_release_stands(office: Scene) -> None:
    reference = office.release(GRACE, state=S.RETRIEVAL)
    with pytest.raises(Stale, match="retrieval now"):
        office.do(GRACE, move, reference, S.READY_TO_SEND)


def test_lists_are_in_the_order_of_their_effective_due_dates_and_paged(office: Scene) -> None:
    mine = [office.release(GRACE, received_on=date(2026, 11, day)) for day in (20, 10, 16)]
    office.release(OMAR)
    office.release(GRACE, state=S.CLOSED)
    page = office.do(GRACE, request_page)
    assert (page.list, page.total) == (RequestList.MINE, 3)
    assert [card.reference for card in page.cards] == [mine[1], mine[2], mine[0]]
    last = office.do(GRACE, request_page, RequestList.MINE, 7, 2)
    assert (last.page, [card.reference for card in last.cards]) == (1, [mine[0]])


def test_a_supervisor_sees_all_that_is_open_and_everybody_what_is_due(office: Scene) -> None:
    soon = office.release(OMAR, received_on=date(2026, 11, 9))
    office.release(OMAR, received_on=date(2026, 11, 20))
    office.release(GRACE, state=S.DELIVERED)
    assert office.do(PRIYA, request_page).total == 2
    assert [card.reference for card in office.do(GRACE, request_page, RequestList.DUE).cards] == [soon]


def test_the_card_offers_what_its_reader_may_do(office: Scene) -> None:
    reference = office.release()
    assert office.do(OMAR, open_card, reference).may == {Does.TAKE}
    assert Does.GIVE in office.do(PRIYA, open_card, reference).may
    office.do(OMAR, take, reference)
    assert office.do(GRACE, open_card, reference).may == frozenset()
    assert office.do(OMAR, open_card, reference).may == set(Does) - {Does.TAKE, Does.EXTEND}


def test_every_state_has_a_way_on_except_the_ends() -> None:
    for state in RequestState:
        following = set(next_states(state, S.RETRIEVAL))
        if state in WAY:
            along = {to for at, to in ALONG if at is state}
            assert following == along | ASIDE | OVER
        elif state in ASIDE:
            assert following == {S.RETRIEVAL} | (ASIDE - {state}) | OVER
        else:
            assert following == ({S.CLOSED} if state is S.DELIVERED else set())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tries=st.lists(
        st.tuples(st.sampled_from([GRACE, OMAR, PRIYA, NOOR]), st.sampled_from(list(S)), st.booleans()), max_size=25
    ),
    start=st.sampled_from([S.LOGGED, S.RETRIEVAL, S.READY_TO_SEND]),
)
def test_no_sequence_of_moves_leaves_the_way_and_a_refused_move_changes_nothing(
    long_lived: Scene, tries: list[tuple[str, RequestState, bool]], start: RequestState
) -> None:
    reference = long_lived.release(GRACE)
    with long_lived.row(reference) as request:
        request.state, request.prepared_by_id = start, long_lived.key_of(GRACE)
    came_from: RequestState | None = None
    for who, to, with_reason in tries:
        before = long_lived.do(PRIYA, open_card, reference)
        done = long_lived.audited(reference)
        try:
            after = long_lived.do(who, move, reference, to, REASONS.get(to, (PendReason.WITHDRAWN,))[0] if with_reason else None).state
        except Refusal:
            assert long_lived.do(PRIYA, open_card, reference) == before
            assert long_lived.audited(reference) == done
            continue
        if after is before.state:
            assert long_lived.audited(reference) == done
            continue
        assert after not in {S.PENDING, S.EXCEPTION, S.RETURNED_TO_REQUESTER, *OVER} or with_reason
        if before.state in ASIDE:
            assert after is came_from or after in ASIDE | OVER
        else:
            assert (before.state, after) in ALONG or (before.state in WAY and after in ASIDE | OVER)
        came_from = before.state if before.state in WAY and after in ASIDE else came_from
        assert after is not S.DELIVERED or not before.blocks
