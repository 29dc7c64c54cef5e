"""The change feed: who watches is told that something changed, and how often so far."""

from __future__ import annotations

import threading
from collections.abc import Callable

Watcher = Callable[[], None]


class Feed:
    """A counter of changes with watchers that are called after each one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: list[Watcher] = []
        self._count = 0
        self.closed = False

    @property
    def count(self) -> int:
        """How many changes there have been."""
        return self._count

    def tell(self) -> None:
        """Record a change and call every watcher; a watcher must return at once."""
        with self._lock:
            self._count += 1
            watchers = list(self._watchers)
        for watcher in watchers:
            watcher()

    def close(self) -> None:
        """Tell every watcher that nothing more will come."""
        self.closed = True
        self.tell()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call ``watcher`` after each change, until the function returned here is called."""
        with self._lock:
            self._watchers.append(watcher)

        def stop() -> None:
            with self._lock:
                self._watchers.remove(watcher)

        return stop
