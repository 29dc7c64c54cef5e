"""Who gets what: even by load, only what somebody may do, and the same whatever the order in which people are named."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.team.sharing import Hand, Piece, may_do, share_out

SKILLS = ("inpatient", "ed")
hands = st.lists(
    st.builds(
        Hand,
        key=st.integers(1, 8),
        load=st.integers(0, 6),
        skills=st.lists(st.sampled_from(SKILLS), unique=True).map(tuple),
        facilities=st.lists(st.sampled_from(("F1", "F2")), unique=True).map(tuple),
        works_restricted=st.booleans(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda hand: hand.key,
)
pieces = st.lists(
    st.builds(
        Piece,
        key=st.integers(1, 200),
        skill=st.none() | st.sampled_from(SKILLS),
        facility=st.none() | st.sampled_from(("F1", "F2")),
        restricted=st.booleans(),
        worked_by=st.none() | st.integers(1, 8),
    ),
    max_size=30,
    unique_by=lambda piece: piece.key,
)


@settings(deadline=None)
@given(hands=hands, pieces=pieces)
def test_nobody_gets_what_they_may_not_do_and_all_that_can_be_given_is_given(hands: list[Hand], pieces: list[Piece]) -> None:
    given = share_out(pieces, hands)
    by_key = {hand.key: hand for hand in hands}
    for piece in pieces:
        able = [hand.key for hand in hands if may_do(hand, piece)]
        assert (piece.key in given) == bool(able)
        assert not able or may_do(by_key[given[piece.key]], piece)


@settings(deadline=None)
@given(hands=hands, pieces=pieces, order=st.randoms())
def test_the_order_in_which_people_are_named_changes_nothing(hands: list[Hand], pieces: list[Piece], order: object) -> None:
    shuffled = list(hands)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert share_out(pieces, shuffled) == share_out(pieces, hands)


@settings(deadline=None)
@given(loads=st.lists(st.integers(0, 9), min_size=1, max_size=8), count=st.integers(0, 40))
def test_whoever_gets_something_ends_up_with_at_most_one_more_than_anybody_else(loads: list[int], count: int) -> None:
    hands = [Hand(key, load) for key, load in enumerate(loads, start=1)]
    got = Counter(share_out([Piece(key) for key in range(count)], hands).values())
    ends = {hand.key: hand.load + got[hand.key] for hand in hands}
    assert sum(got.values()) == count
    assert all(ends[key] <= min(ends.values()) + 1 for key in got)


def test_work_few_can_do_is_placed_before_work_all_can_do() -> None:
    both, one = Hand(1, 0, ("inpatient", "ed")), Hand(2, 0, ("ed",))
    pieces = [Piece(10), Piece(11), Piece(12, "inpatient"), Piece(13, "inpatient")]
    assert Counter(share_out(pieces, [both, one]).values()) == {1: 2, 2: 2}
