"""Shared memory for several processes behind one small interface: Redis, or this process alone.

See :class:`Coordinator` for what it does and what it never promises.
"""

from __future__ import annotations

from storage.coordination.coordinator import Coordinator, Subscription
from storage.coordination.in_process import InProcessCoordinator
from storage.coordination.over_redis import RedisCoordinator

__all__ = ["Coordinator", "InProcessCoordinator", "RedisCoordinator", "Subscription", "open_coordinator"]


def open_coordinator(url: str | None) -> Coordinator:
    """Return the coordinator for a ``REDIS_URL``; without one, that of this process alone. Nothing is connected yet.

    :raises ValueError: an URL that names no Redis.
    """
    return RedisCoordinator(url) if url else InProcessCoordinator()
