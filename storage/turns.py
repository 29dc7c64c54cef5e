"""Turns: who came first goes first. For writers of a SQLite file, which by itself lets them poll and lets luck decide."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock of one process that is handed on in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def turn(self, longest: float) -> Iterator[bool]:
        """Wait for a turn, and give it on at the end.

        :param longest: seconds; whoever waited so long goes on without a turn.
        :returns: whether it is a turn.
        """
        mine = self._ask(longest)
        try:
            yield mine
        finally:
            if mine:
                self._hand_on()

    def _ask(self, longest: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(longest):
            return True
        with self._guard:
            if called.is_set():  # called at the last moment
                return True
            self._waiting.remove(called)
        return False

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
