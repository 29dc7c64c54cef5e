"""What several processes have to agree on for a short time: limits, send budgets, "already seen", and short messages.

Nothing here is the truth. What must happen exactly once is a unique key in the database; losing everything the
coordinator remembers costs at most a limit that is too generous or a cached value that lives its short life to the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

MICROSECONDS = 1_000_000


class Subscription(Protocol):
    """Messages of one topic on their way to a callback."""

    def close(self) -> None:
        """Stop: no callback starts after this returns (unless it is called from the callback itself). Repeatable."""


class Coordinator(Protocol):
    """Shared short-term memory. Every method is safe from any thread and answers in well under a second.

    Keys are made of ids, never of what people wrote. Limits and budgets under one key are always asked with the same
    numbers.
    """

    def allow(self, key: str, limit: int, per_seconds: float) -> bool:
        """Return whether one more is within ``limit`` in any span of ``per_seconds`` (a sliding window, exact).

        A refused one does not count. One that was allowed counts for exactly ``per_seconds``.

        :raises ValueError: ``limit`` below 1 or ``per_seconds`` not above 0.
        """
        ...

    def send_after(self, key: str, per_second: float, burst: int) -> float:
        """Reserve the next place in a send budget and return how many seconds to wait before using it (0.0 for now).

        At most ``burst`` places fall on the same moment; after that they are ``1 / per_second`` seconds apart. Slack's
        own figure is one message a second for each channel, with short bursts let through. A place that is not used is
        lost.

        :raises ValueError: ``per_second`` not above 0 or ``burst`` below 1.
        """
        ...

    def once(self, key: str, ttl_seconds: float) -> bool:
        """Return True for the first caller with this key, False for everybody else until ``ttl_seconds`` have passed.

        :raises ValueError: ``ttl_seconds`` not above 0.
        """
        ...

    def publish(self, topic: str, text: str) -> None:
        """Send a short text to all who listen to the topic now. Nobody who comes later, or is cut off, sees it."""

    def subscribe(self, topic: str, callback: Callable[[str], None]) -> Subscription:
        """Call ``callback`` with each text of the topic, one at a time, in a background thread, until closed.

        Messages sent while the connection is away are lost, so whatever they keep fresh also needs a short life of its
        own. An exception of the callback is logged by its kind and the next message is delivered.
        """
        ...

    def healthy(self) -> bool:
        """Return whether the memory is really shared at this moment (for ``/readyz`` and the ``redis_up`` gauge)."""
        ...

    def close(self) -> None:
        """Close connections and end the background threads. Repeatable."""


def window_in_microseconds(limit: int, per_seconds: float) -> int:
    """Return the window of :meth:`Coordinator.allow` in whole microseconds.

    :raises ValueError: a limit or a window that allows nothing.
    """
    if limit < 1 or per_seconds <= 0:
        raise ValueError(f"a limit of {limit} per {per_seconds:g} s allows nothing; give at least 1 and more than 0 s")
    return max(1, round(per_seconds * MICROSECONDS))


def interval_in_microseconds(per_second: float, burst: int) -> int:
    """Return the distance between two places of :meth:`Coordinator.send_after` in whole microseconds.

    :raises ValueError: a budget that lets nothing through.
    """
    if per_second <= 0 or burst < 1:
        raise ValueError(f"a budget of {per_second:g} per second, burst {burst}, lets nothing through")
    return max(1, round(MICROSECONDS / per_second))


def life_in_microseconds(ttl_seconds: float) -> int:
    """Return the life of a :meth:`Coordinator.once` key in whole microseconds.

    :raises ValueError: no life at all.
    """
    if ttl_seconds <= 0:
        raise ValueError(f"a key cannot be kept for {ttl_seconds:g} s; give more than 0")
    return max(1, round(ttl_seconds * MICROSECONDS))
