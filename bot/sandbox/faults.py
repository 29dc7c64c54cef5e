"""A switch that makes the next Web API calls fail, to see what the bot does then."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

ANY_METHOD = "*"


class FaultKind(StrEnum):
    """How a call fails."""

    RATE_LIMITED = "rate_limited"
    BROKEN_BEFORE = "broken_before"
    BROKEN_AFTER = "broken_after"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True)
class Fault:
    """One planned failure. ``seconds`` is the Retry-After of a 429, or how long a time-out hangs."""

    kind: FaultKind
    seconds: float = 1


class Faults:
    """Failures planned per method; each one is used once, oldest first."""

    def __init__(self) -> None:
        self._planned: dict[str, deque[Fault]] = {}

    def plan(self, method: str, kind: FaultKind, times: int = 1, seconds: float = 1) -> None:
        """Make the next ``times`` calls of ``method`` (``"*"`` for any) fail in this way."""
        self._planned.setdefault(method, deque()).extend(Fault(kind, seconds) for _ in range(times))

    def rate_limit(self, method: str = ANY_METHOD, times: int = 1, retry_after: int = 1) -> None:
        """Answer 429 with ``Retry-After`` in whole seconds; nothing is done."""
        self.plan(method, FaultKind.RATE_LIMITED, times, retry_after)

    def break_before(self, method: str = ANY_METHOD, times: int = 1) -> None:
        """Answer 500 without having done what was asked."""
        self.plan(method, FaultKind.BROKEN_BEFORE, times)

    def break_after(self, method: str = ANY_METHOD, times: int = 1) -> None:
        """Do what was asked, then answer 500: the caller cannot know that it worked."""
        self.plan(method, FaultKind.BROKEN_AFTER, times)

    def time_out(self, method: str = ANY_METHOD, times: int = 1, seconds: float = 35) -> None:
        """Do nothing and answer only after ``seconds``, longer than the client waits."""
        self.plan(method, FaultKind.TIMED_OUT, times, seconds)

    def take(self, method: str) -> Fault | None:
        """The failure this call has to show, if one is planned; it is used up."""
        for name in (method, ANY_METHOD):
            planned = self._planned.get(name)
            if planned:
                return planned.popleft()
        return None

    def clear(self) -> None:
        """Forget every planned failure."""
        self._planned.clear()

    def planned(self) -> list[tuple[str, str]]:
        """What is still to come, as (method, kind) pairs."""
        return [(method, fault.kind.value) for method, faults in self._planned.items() for fault in faults]
