"""Listening to one Redis channel for as long as it takes, whatever happens to the connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import redis

from storage.coordination.in_process import QueuedListener

LOOK_SECONDS = 0.25
PING_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0


class RedisListener:
    """A :class:`~storage.coordination.coordinator.Subscription` fed by Redis; closing it also closes the queue it
    feeds.

    A thread reads the channel and only queues what it hears, so a slow callback never lets the connection go stale. A
    server that stays silent for two pings counts as gone, and is connected to anew.
    """

    def __init__(
        self, client: redis.Redis, channel: str, heard: QueuedListener, forget: Callable[[RedisListener], None]
    ) -> None:
        """Start the thread; ``forget`` is called once when the listener is closed."""
        self._client = client
        self._channel = channel
        self._heard = heard
        self._forget = forget
        self._closing = threading.Event()
        self._subscribed = threading.Event()
        self._thread = threading.Thread(target=self._listen, name=f"redis {channel}", daemon=True)
        self._thread.start()

    def wait_until_subscribed(self, seconds: float) -> bool:
        """Return whether the server has confirmed the subscription within that time."""
        return self._subscribed.wait(seconds)

    def close(self) -> None:
        """See :meth:`Subscription.close`."""
        if not self._closing.is_set():
            self._closing.set()
            self._forget(self)
        self._thread.join()
        self._heard.close()

    def _listen(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._closing.is_set():
            try:
                self._hear()
            except (redis.RedisError, OSError):
                pause = FIRST_PAUSE_SECONDS if self._subscribed.is_set() else min(2 * pause, LONGEST_PAUSE_SECONDS)
                self._subscribed.clear()
                self._closing.wait(pause)

    def _hear(self) -> None:
        """Pass on messages of one connection until it fails or the listener is closed.

        :raises redis.RedisError: the connection failed, or the server was silent for too long.
        """
        with self._client.pubsub() as channel:  # type: ignore[no-untyped-call]
            channel.subscribe(self._channel)
            heard_at = pinged_at = time.monotonic()
            while not self._closing.is_set():
                message = channel.get_message(timeout=LOOK_SECONDS)
                now = time.monotonic()
                if message is not None:
                    heard_at = now
                    self._pass_on(message)
                if now - heard_at > 2 * PING_SECONDS:
                    raise redis.ConnectionError("the server is silent")
                if now - pinged_at > PING_SECONDS:
                    pinged_at = now
                    channel.ping()

    def _pass_on(self, message: dict[str, object]) -> None:
        if message["type"] == "subscribe":
            self._subscribed.set()
        elif message["type"] == "message":
            self._heard.put(str(message["data"]))
