"""Turns are given in the order of asking, and whoever waited too long goes on without one."""

from __future__ import annotations

import threading

from storage.turns import Turns

LONG = 20.0


def test_whoever_asked_first_goes_first() -> None:
    turns, order, threads = Turns(), [], []
    with turns.turn(LONG) as mine:
        assert mine
        for number in range(5):
            thread = threading.Thread(target=_take_turn, args=(turns, number, order))
            thread.start()
            threads.append(thread)
            _until(lambda number=number: len(turns._waiting) == number + 1)
    for thread in threads:
        thread.join(LONG)
    assert order == [0, 1, 2, 3, 4]


def test_whoever_waited_too_long_goes_on_without_a_turn_and_takes_nobodys() -> None:
    turns = Turns()
    with turns.turn(LONG), turns.turn(0) as second:
        assert not second
    with turns.turn(0) as free:
        assert free


def test_a_turn_is_handed_on_when_its_holder_fails() -> None:
    turns = Turns()
    try:
        with turns.turn(LONG):
            raise RuntimeError
    except RuntimeError:
        pass
    with turns.turn(0) as free:
        assert free


def _take_turn(turns: Turns, number: int, order: list[int]) -> None:
    with turns.turn(LONG):
        order.append(number)


def _until(happened: object) -> None:
    assert callable(happened)
    for _ in range(2000):
        if happened():
            return
        threading.Event().wait(0.005)
    raise AssertionError("Nobody came to wait.")
