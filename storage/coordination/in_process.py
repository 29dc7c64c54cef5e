"""The coordinator of a single process: dictionaries, a lock and a clock."""

from __future__ import annotations

import queue
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

from storage.coordination.coordinator import (
    MICROSECONDS,
    interval_in_microseconds,
    life_in_microseconds,
    window_in_microseconds,
)

MAX_KEYS = 20_000
MAX_WAITING_MESSAGES = 1_000
TIDY_PER_INSERT = 4

ValueT = TypeVar("ValueT")
log = structlog.get_logger(__name__)


class Memory(Generic[ValueT]):
    """A dictionary whose entries have an end and whose size has a limit; the one unused for longest goes first."""

    def __init__(self, max_keys: int) -> None:
        self._entries: OrderedDict[str, tuple[int, ValueT]] = OrderedDict()
        self._max_keys = max_keys

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str, now: int) -> ValueT | None:
        """Return what is kept under the key, or None when there is nothing or its time is over."""
        ends, value = self._entries.get(key, (0, None))
        return value if ends > now else None

    def keep(self, key: str, value: ValueT, ends: int, now: int) -> None:
        """Keep the value until ``ends`` (exclusive), and forget a few that are over or one too many."""
        self._entries[key] = (ends, value)
        self._entries.move_to_end(key)
        for _ in range(TIDY_PER_INSERT):
            oldest = next(iter(self._entries))
            over = self._entries[oldest][0] <= now
            if not over and len(self._entries) <= self._max_keys:
                return
            del self._entries[oldest]
            if not self._entries:
                return


class InProcessCoordinator:
    """A :class:`~storage.coordination.coordinator.Coordinator` for one process; other processes know nothing of it.

    Memory is bounded: beyond ``max_keys`` of a kind the one unused for longest is forgotten, which may let one more
    through.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, max_keys: int = MAX_KEYS) -> None:
        """``clock`` gives seconds that never go back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._allowed: Memory[deque[int]] = Memory(max_keys)
        self._next_place: Memory[int] = Memory(max_keys)
        self._seen: Memory[bool] = Memory(max_keys)
        self._listeners: dict[str, list[QueuedListener]] = {}

    def allow(self, key: str, limit: int, per_seconds: float) -> bool:
        """See :meth:`Coordinator.allow`. Keeps the moments of the last ``limit`` allowed ones."""
        window = window_in_microseconds(limit, per_seconds)
        with self._lock:
            now = self._now()
            moments = self._allowed.get(key, now) or deque()
            if len(moments) >= limit and moments[-limit] > now - window:
                return False
            moments.append(now)
            while len(moments) > limit:
                moments.popleft()
            self._allowed.keep(key, moments, now + window, now)
            return True

    def send_after(self, key: str, per_second: float, burst: int) -> float:
        """See :meth:`Coordinator.send_after`.

        Keeps when the budget would be full again (the generic cell rate algorithm).
        """
        interval = interval_in_microseconds(per_second, burst)
        with self._lock:
            now = self._now()
            full_again = max(self._next_place.get(key, now) or now, now)
            wait = max(0, full_again - (burst - 1) * interval - now)
            self._next_place.keep(key, full_again + interval, full_again + interval, now)
            return wait / MICROSECONDS

    def once(self, key: str, ttl_seconds: float) -> bool:
        """See :meth:`Coordinator.once`."""
        life = life_in_microseconds(ttl_seconds)
        with self._lock:
            now = self._now()
            if self._seen.get(key, now):
                return False
            self._seen.keep(key, True, now + life, now)
            return True

    def publish(self, topic: str, text: str) -> None:
        """See :meth:`Coordinator.publish`."""
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for listener in listeners:
            listener.put(text)

    def subscribe(self, topic: str, callback: Callable[[str], None]) -> QueuedListener:
        """See :meth:`Coordinator.subscribe`. A listener that falls behind loses the oldest of its waiting messages."""
        listener = QueuedListener(topic, callback, self._forget)
        with self._lock:
            self._listeners.setdefault(topic, []).append(listener)
        return listener

    def healthy(self) -> bool:
        """Always true: there is nothing to lose touch with."""
        return True

    def close(self) -> None:
        """See :meth:`Coordinator.close`."""
        with self._lock:
            listeners = [listener for of_topic in self._listeners.values() for listener in of_topic]
        for listener in listeners:
            listener.close()

    def __len__(self) -> int:
        """Return how many keys are kept, of all kinds."""
        with self._lock:
            return len(self._allowed) + len(self._next_place) + len(self._seen)

    def _now(self) -> int:
        return round(self._clock() * MICROSECONDS)

    def _forget(self, listener: QueuedListener) -> None:
        with self._lock:
            of_topic = self._listeners.get(listener.topic, [])
            if listener in of_topic:
                of_topic.remove(listener)
            if not of_topic:
                self._listeners.pop(listener.topic, None)


class QueuedListener:
    """A background thread that hands the queued texts of one topic to a callback, one at a time."""

    def __init__(
        self, topic: str, callback: Callable[[str], None], forget: Callable[[QueuedListener], None] = lambda _: None
    ) -> None:
        """Start the thread; ``forget`` is called once when the listener is closed."""
        self.topic = topic
        self._callback = callback
        self._forget = forget
        self._waiting: queue.Queue[str | None] = queue.Queue(MAX_WAITING_MESSAGES)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._deliver, name=f"coordination {topic}", daemon=True)
        self._thread.start()

    def put(self, text: str | None) -> None:
        """Queue a text for the callback; when too many wait, the oldest is dropped. Never blocks."""
        while True:
            try:
                self._waiting.put_nowait(text)
            except queue.Full:
                self._drop_oldest()
            else:
                return

    def close(self) -> None:
        """See :meth:`Subscription.close`."""
        if not self._closed.is_set():
            self._closed.set()
            self._forget(self)
            self.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _drop_oldest(self) -> None:
        try:
            self._waiting.get_nowait()
        except queue.Empty:
            return

    def _deliver(self) -> None:
        while True:
            text = self._waiting.get()
            if text is None or self._closed.is_set():
                return
            try:
                self._callback(text)
            except Exception as error:  # noqa: BLE001 - one bad message must not end the listener
                log.warning("coordination.callback_failed", topic=self.topic, error=type(error).__name__)
