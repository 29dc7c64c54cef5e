"""Who gets which piece of work: fair by load, by skill and facility, and always the same for the same people and work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody work can be given to. ``load``: what they have in hand already. Without skills or facilities they may do all of them."""

    key: int
    load: int
    skills: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    works_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work. ``worked_by``: whose work it reviews."""

    key: int
    skill: str | None = None
    facility: str | None = None
    restricted: bool = False
    worked_by: int | None = None


def may_do(hand: Hand, piece: Piece) -> bool:
    """Whether somebody may be given a piece: their skill and facility, cleared for it if it is restricted, and not their own work."""
    skilled = not hand.skills or piece.skill is None or piece.skill in hand.skills
    there = not hand.facilities or piece.facility is None or piece.facility in hand.facilities
    return skilled and there and piece.worked_by != hand.key and (hand.works_restricted or not piece.restricted)


def share_out(pieces: Sequence[Piece], hands: Sequence[Hand]) -> Mapping[int, int]:
    """Give each piece to whoever has the least in hand of those who may do it; returns hand by piece. What nobody may do is left out.

    Pieces few people may do are placed first, so that they do not end up on somebody who was filled with what others could have done as well.
    """
    load = {hand.key: hand.load for hand in hands}
    possible = {piece.key: sorted(hand.key for hand in hands if may_do(hand, piece)) for piece in pieces}
    given: dict[int, int] = {}
    for piece in sorted(pieces, key=lambda piece: len(possible[piece.key])):
        if able := possible[piece.key]:
            chosen = min(able, key=lambda key: (load[key], key))
            given[piece.key] = chosen
            load[chosen] += 1
    return given
