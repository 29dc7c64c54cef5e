"""The coordinator of several processes: Redis, and the in-process form while Redis is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from storage.coordination.breaker import REST_SECONDS, Breaker
from storage.coordination.coordinator import (
    MICROSECONDS,
    Subscription,
    interval_in_microseconds,
    life_in_microseconds,
    window_in_microseconds,
)
from storage.coordination.in_process import InProcessCoordinator
from storage.coordination.redis_listener import RedisListener

PREFIX = "chartdesk:"
# redis-py's own defaults (5 s, several retries) are longer than Slack waits for an answer (3 s).
TIMEOUT_SECONDS = 0.2
CONFIRM_SECONDS = 0.3
# Any RedisError, so that a full, read-only or misconfigured server is treated like an absent one.
FAILURES = (redis.RedisError, OSError)

# The moment is the server's own, so that machines whose clocks differ agree; a test may give one instead.
# Whole microseconds are written with %.0f: Lua's tostring would round them to 14 digits.
MOMENT = """
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
"""

# A list of the moments of the last `limit` allowed ones, oldest first.
ALLOW = (
    MOMENT
    + """
local limit, window = tonumber(ARGV[2]), tonumber(ARGV[3])
local decisive = redis.call('LINDEX', KEYS[1], -limit)
if decisive and tonumber(decisive) > now - window then return 0 end
redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], -limit, -1)
redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
return 1
"""
)

# When the budget would be full again (the generic cell rate algorithm).
SEND_AFTER = (
    MOMENT
    + """
local interval, burst = tonumber(ARGV[2]), tonumber(ARGV[3])
local full_again = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = math.max(0, full_again - (burst - 1) * interval - now)
local next = full_again + interval
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000))
return string.format('%.0f', wait)
"""
)

AnswerT = TypeVar("AnswerT")


class RedisCoordinator:
    """A :class:`~storage.coordination.coordinator.Coordinator` for every process that has the same Redis (6.2 or
    later).

    After one failure Redis is left alone for ``rest_seconds`` and an in-process coordinator answers: limits and budgets
    then hold for each process by itself. Nothing is connected before the first call.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        moment: Callable[[], float] | None = None,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        """Build it; no connection is made yet.

        :param url: ``redis://``, ``rediss://`` or ``unix://``.
        :param clock: seconds that never go back, for the breaker and the in-process form.
        :param moment: seconds for limits and budgets instead of the server's own clock (tests).
        :raises ValueError: an URL that names no Redis.
        """
        self._client = _connect_lazily(url)
        self._allow = self._client.register_script(ALLOW)
        self._send_after = self._client.register_script(SEND_AFTER)
        self._breaker = Breaker(clock, rest_seconds)
        self._alone = InProcessCoordinator(clock)
        self._moment = moment
        self._lock = threading.Lock()
        self._listeners: list[RedisListener] = []

    def allow(self, key: str, limit: int, per_seconds: float) -> bool:
        """See :meth:`Coordinator.allow`."""
        arguments = [self._now(), limit, window_in_microseconds(limit, per_seconds)]
        return self._ask(
            lambda: bool(self._allow(keys=[f"{PREFIX}allow:{key}"], args=arguments)),
            lambda: self._alone.allow(key, limit, per_seconds),
        )

    def send_after(self, key: str, per_second: float, burst: int) -> float:
        """See :meth:`Coordinator.send_after`."""
        arguments = [self._now(), interval_in_microseconds(per_second, burst), burst]
        return self._ask(
            lambda: int(self._send_after(keys=[f"{PREFIX}send:{key}"], args=arguments)) / MICROSECONDS,
            lambda: self._alone.send_after(key, per_second, burst),
        )

    def once(self, key: str, ttl_seconds: float) -> bool:
        """See :meth:`Coordinator.once`. Redis keeps whole milliseconds."""
        milliseconds = -(-life_in_microseconds(ttl_seconds) // 1000)
        return self._ask(
            lambda: bool(self._client.set(f"{PREFIX}once:{key}", 1, nx=True, px=milliseconds)),
            lambda: self._alone.once(key, ttl_seconds),
        )

    def publish(self, topic: str, text: str) -> None:
        """See :meth:`Coordinator.publish`. While Redis is away only this process hears it."""
        self._ask(
            lambda: self._client.publish(_channel(topic), text),
            lambda: self._alone.publish(topic, text),
        )

    def subscribe(self, topic: str, callback: Callable[[str], None]) -> Subscription:
        """See :meth:`Coordinator.subscribe`.

        Returns once Redis has confirmed, or after a moment; reconnects by itself.
        """
        listener = RedisListener(self._client, _channel(topic), self._alone.subscribe(topic, callback), self._forget)
        with self._lock:
            self._listeners.append(listener)
        if not self._breaker.is_open:
            listener.wait_until_subscribed(CONFIRM_SECONDS)
        return listener

    def healthy(self) -> bool:
        """Ask Redis, unless it failed less than ``rest_seconds`` ago; then False at once."""
        return self._ask(lambda: bool(self._client.ping()), lambda: False)

    def close(self) -> None:
        """See :meth:`Coordinator.close`."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.close()
        self._alone.close()
        self._client.close()

    def _ask(self, redis_answers: Callable[[], AnswerT], alone: Callable[[], AnswerT]) -> AnswerT:
        if not self._breaker.may_try():
            return alone()
        try:
            answer = redis_answers()
        except FAILURES as error:
            self._breaker.failed(error)
            return alone()
        self._breaker.succeeded()
        return answer

    def _now(self) -> str | int:
        return "" if self._moment is None else round(self._moment() * MICROSECONDS)

    def _forget(self, listener: RedisListener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)


def _channel(topic: str) -> str:
    return f"{PREFIX}topic:{topic}"


def _connect_lazily(url: str) -> redis.Redis:
    try:
        return redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            protocol=2,
        )
    except ValueError as error:  # its text may repeat the URL, and with it a password
        raise ValueError("REDIS_URL is not one Redis understands; it reads like redis://host:6379/0") from error
