"""Leave a failing server alone for a while, so that nobody waits for it again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

REST_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Breaker:
    """Opens after one failure. Every ``rest_seconds`` one caller may try again; the others are told not to.

    One line is logged when an outage begins and one when it ends, never one for each call.
    """

    def __init__(self, clock: Callable[[], float], rest_seconds: float = REST_SECONDS) -> None:
        """``clock`` gives seconds that never go back."""
        self._clock = clock
        self._rest_seconds = rest_seconds
        self._lock = threading.Lock()
        self._failed_at: float | None = None
        self._next_try = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the last thing known of the server is a failure."""
        return self._failed_at is not None

    def may_try(self) -> bool:
        """Return whether the server may be asked now. During an outage True is given to one caller per rest."""
        with self._lock:
            if self._failed_at is None:
                return True
            if self._clock() < self._next_try:
                return False
            self._next_try = self._clock() + self._rest_seconds
            return True

    def failed(self, error: Exception) -> None:
        """Note a failure. The kind of error is logged, not its text, which may name the server's address."""
        with self._lock:
            begins = self._failed_at is None
            now = self._clock()
            self._failed_at = now if self._failed_at is None else self._failed_at
            self._next_try = now + self._rest_seconds
        if begins:
            log.warning("coordination.redis_down", error=type(error).__name__, retry_seconds=self._rest_seconds)

    def succeeded(self) -> None:
        """Note that the server answered."""
        with self._lock:
            failed_at, self._failed_at = self._failed_at, None
            now = self._clock()
        if failed_at is not None:
            log.info("coordination.redis_up", outage_seconds=round(now - failed_at, 3))
