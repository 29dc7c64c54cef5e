"""Several processes share limits, budgets and messages; without Redis, or with Redis away, each one goes on by itself.

The first classes hold for both forms: in one process, and over a real Redis.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from storage.coordination import Coordinator, InProcessCoordinator, open_coordinator
from storage.coordination.over_redis import RedisCoordinator
from tests.servers import RedisServer

ROOT = Path(__file__).resolve().parents[2]
AFTER_THE_REST = 5.01
real_server = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class Clock:
    """A clock the test moves, in seconds."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds = round(self.seconds + seconds, 6)


def until(holds: Callable[[], bool], seconds: float = 5) -> bool:
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.01)
    return True


def seconds_for(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def a_key() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["in process", "redis"])
def coordinator(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Coordinator]:
    """Either form, with a clock the test moves for limits and budgets."""
    over_redis = request.param == "redis"
    made: Coordinator = InProcessCoordinator(clock)
    if over_redis:
        made = RedisCoordinator(request.getfixturevalue("redis_url"), moment=clock)
    yield made
    made.close()


@pytest.fixture(params=["in process", "redis"])
def on_real_time(request: pytest.FixtureRequest) -> Iterator[Coordinator]:
    """Either form as the product opens it."""
    made = open_coordinator(request.getfixturevalue("redis_url") if request.param == "redis" else None)
    yield made
    made.close()


class TestRateLimit:
    def test_five_in_a_minute_and_the_sixth_waits_until_the_first_is_a_minute_old(
        self, coordinator: Coordinator, clock: Clock
    ) -> None:
        answers = []
        for _ in range(6):
            answers.append(coordinator.allow("person", 5, 60))
            clock.advance(1)
        assert answers == [True] * 5 + [False]
        clock.advance(53.999999)
        assert coordinator.allow("person", 5, 60) is False
        clock.advance(0.000001)
        assert coordinator.allow("person", 5, 60) is True
        assert coordinator.allow("person", 5, 60) is False

    def test_people_have_limits_of_their_own(self, coordinator: Coordinator) -> None:
        assert coordinator.allow("one", 1, 60) is True
        assert coordinator.allow("one", 1, 60) is False
        assert coordinator.allow("another", 1, 60) is True

    @pytest.mark.parametrize(("limit", "per"), [(0, 1.0), (-1, 1.0), (1, 0.0), (1, -2.0)])
    def test_a_limit_that_allows_nothing_is_a_mistake_of_the_caller(
        self, coordinator: Coordinator, limit: int, per: float
    ) -> None:
        with pytest.raises(ValueError, match="allows nothing"):
            coordinator.allow("person", limit, per)

    @real_server
    @given(
        limit=st.integers(1, 6),
        window=st.integers(1, 50),
        gaps=st.lists(st.integers(0, 30), min_size=1, max_size=40),
    )
    def test_it_agrees_with_counting_by_hand(
        self, coordinator: Coordinator, clock: Clock, limit: int, window: int, gaps: list[int]
    ) -> None:
        key, allowed = a_key(), list[float]()
        for gap in gaps:
            clock.advance(gap)
            in_the_window = [moment for moment in allowed if moment > clock() - window]
            expected = len(in_the_window) < limit
            assert coordinator.allow(key, limit, window) is expected
            if expected:
                allowed.append(clock())

    def test_with_eight_threads_at_once_exactly_the_limit_gets_through(self, on_real_time: Coordinator) -> None:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: on_real_time.allow("crowd", 50, 600), range(200)))
        assert answers.count(True) == 50


class TestSendBudget:
    def test_a_burst_of_three_goes_at_once_and_the_rest_a_second_apart(
        self, coordinator: Coordinator, clock: Clock
    ) -> None:
        assert [coordinator.send_after("channel", 1, 3) for _ in range(6)] == [0, 0, 0, 1, 2, 3]
        clock.advance(3.5)
        assert coordinator.send_after("channel", 1, 3) == 0.5

    def test_channels_do_not_wait_for_each_other(self, coordinator: Coordinator) -> None:
        assert [coordinator.send_after("one", 1, 1) for _ in range(2)] == [0, 1]
        assert coordinator.send_after("another", 1, 1) == 0

    def test_after_a_quiet_hour_the_burst_is_not_bigger(self, coordinator: Coordinator, clock: Clock) -> None:
        coordinator.send_after("channel", 1, 2)
        clock.advance(3600)
        assert [coordinator.send_after("channel", 1, 2) for _ in range(3)] == [0, 0, 1]

    @pytest.mark.parametrize(("per_second", "burst"), [(0.0, 1), (-1.0, 1), (1.0, 0)])
    def test_a_budget_that_lets_nothing_through_is_a_mistake_of_the_caller(
        self, coordinator: Coordinator, per_second: float, burst: int
    ) -> None:
        with pytest.raises(ValueError, match="lets nothing through"):
            coordinator.send_after("channel", per_second, burst)

    @real_server
    @given(
        per_second=st.sampled_from([0.2, 0.5, 1.0, 4.0, 20.0]),
        burst=st.integers(1, 5),
        gaps=st.lists(st.integers(0, 4000), min_size=1, max_size=40),
    )
    def test_it_agrees_with_a_bucket_of_tokens(
        self, coordinator: Coordinator, clock: Clock, per_second: float, burst: int, gaps: list[int]
    ) -> None:
        key, tokens = a_key(), float(burst)
        for gap in gaps:
            clock.advance(gap / 1000)
            tokens = min(float(burst), tokens + gap / 1000 * per_second) - 1
            waited = max(0.0, -tokens / per_second)
            assert coordinator.send_after(key, per_second, burst) == pytest.approx(waited, abs=1e-5)


class TestOnce:
    def test_the_first_is_told_so_and_the_others_are_not(self, coordinator: Coordinator) -> None:
        assert [coordinator.once("event", 60) for _ in range(3)] == [True, False, False]
        assert coordinator.once("another event", 60) is True

    def test_when_its_time_is_over_it_counts_as_new(self, on_real_time: Coordinator) -> None:
        begun = time.monotonic()
        assert on_real_time.once("event", 0.15) is True
        assert on_real_time.once("event", 0.15) is False
        assert until(lambda: on_real_time.once("event", 0.15))
        assert time.monotonic() - begun >= 0.149

    def test_of_sixteen_at_the_same_moment_one_is_first(self, on_real_time: Coordinator) -> None:
        line = threading.Barrier(16)

        def arrive(_: int) -> bool:
            line.wait()
            return on_real_time.once("event", 60)

        with ThreadPoolExecutor(16) as pool:
            assert list(pool.map(arrive, range(16))).count(True) == 1

    def test_a_key_without_a_life_is_a_mistake_of_the_caller(self, coordinator: Coordinator) -> None:
        with pytest.raises(ValueError, match="more than 0"):
            coordinator.once("event", 0)


class TestMessages:
    def test_listeners_hear_their_topic_in_order_and_nothing_else(self, on_real_time: Coordinator) -> None:
        heard, elsewhere = list[str](), list[str]()
        on_real_time.subscribe("codes", heard.append)
        on_real_time.subscribe("people", elsewhere.append)
        for text in ("first", "zweitens ü", "third"):
            on_real_time.publish("codes", text)
        on_real_time.publish("people", "other")
        assert until(lambda: len(heard) == 3 and len(elsewhere) == 1)
        assert (heard, elsewhere) == (["first", "zweitens ü", "third"], ["other"])

    def test_a_closed_subscription_hears_nothing_more(self, on_real_time: Coordinator) -> None:
        heard, still = list[str](), list[str]()
        closed = on_real_time.subscribe("codes", heard.append)
        on_real_time.subscribe("codes", still.append)
        closed.close()
        closed.close()
        on_real_time.publish("codes", "late")
        assert until(lambda: still == ["late"])
        assert heard == []

    def test_a_callback_may_close_its_own_subscription(self, on_real_time: Coordinator) -> None:
        heard = list[str]()

        def hear_once(text: str) -> None:
            heard.append(text)
            subscription.close()

        subscription = on_real_time.subscribe("codes", hear_once)
        on_real_time.publish("codes", "first")
        assert until(lambda: heard == ["first"])
        on_real_time.publish("codes", "second")
        assert not until(lambda: len(heard) > 1, seconds=0.15)

    def test_a_callback_that_fails_is_logged_without_the_text_and_the_next_message_comes(
        self, on_real_time: Coordinator
    ) -> None:
        heard = list[str]()

        def stumble(text: str) -> None:
            heard.append(text)
            if text == "bad":
                raise LookupError("something private")

        with capture_logs() as logs:
            on_real_time.subscribe("codes", stumble)
            on_real_time.publish("codes", "bad")
            on_real_time.publish("codes", "good")
            assert until(lambda: heard == ["bad", "good"])
        failures = [line for line in logs if line["event"] == "coordination.callback_failed"]
        assert [line["error"] for line in failures] == ["LookupError"]
        assert "private" not in str(logs)

    def test_closing_the_coordinator_ends_its_threads(self, redis_url: str) -> None:
        before = set(threading.enumerate())
        for made in (open_coordinator(None), open_coordinator(redis_url)):
            made.subscribe("codes", print)
            assert set(threading.enumerate()) - before
            made.close()
            made.close()
            assert set(threading.enumerate()) == before


class TestInProcess:
    def test_it_is_what_opens_without_an_address(self) -> None:
        for nothing in (None, ""):
            made = open_coordinator(nothing)
            assert isinstance(made, InProcessCoordinator)
            assert made.healthy() is True

    def test_a_hundred_thousand_keys_do_not_fill_the_memory(self, clock: Clock) -> None:
        coordinator = InProcessCoordinator(clock, max_keys=100)
        for number in range(100_000):
            coordinator.once(f"event {number}", 60)
        assert coordinator.once("event 99999", 60) is False
        for number in range(1000):
            coordinator.allow(f"person {number}", 5, 60)
            coordinator.send_after(f"channel {number}", 1, 1)
        assert len(coordinator) == 300

    def test_what_is_over_is_forgotten_as_new_things_come(self, clock: Clock) -> None:
        coordinator = InProcessCoordinator(clock)
        for number in range(1000):
            coordinator.once(f"event {number}", 60)
        clock.advance(61)
        for number in range(400):
            coordinator.once(f"later event {number}", 60)
        assert len(coordinator) == 400

    def test_a_listener_that_hangs_loses_the_oldest_and_holds_up_nobody(self) -> None:
        coordinator = InProcessCoordinator()
        go, heard = threading.Event(), list[str]()

        def hang(text: str) -> None:
            go.wait(10)
            heard.append(text)

        coordinator.subscribe("codes", hang)
        coordinator.publish("codes", "held")
        assert until(coordinator._listeners["codes"][0]._waiting.empty)
        begun = time.monotonic()
        for number in range(5000):
            coordinator.publish("codes", str(number))
        assert time.monotonic() - begun < 2
        go.set()
        assert until(lambda: len(heard) == 1001)
        assert (heard[1], heard[-1]) == ("4000", "4999")
        coordinator.close()


SECOND_PROCESS = """
import sys
from storage.coordination import open_coordinator
from storage.coordination.over_redis import RedisCoordinator
shared = open_coordinator(sys.argv[1])
print(shared.allow("person", 3, 600), shared.once("event", 600), shared.send_after("channel", 1, 1) > 0)
shared.publish("codes", "from another process")
shared.close()
"""


class TestOverRedis:
    def test_two_processes_share_limits_budgets_and_messages(self, redis_url: str) -> None:
        shared, heard = RedisCoordinator(redis_url), list[str]()
        shared.subscribe("codes", heard.append)
        assert [shared.allow("person", 3, 600) for _ in range(3)] == [True, True, True]
        assert shared.once("event", 600) is True
        assert shared.send_after("channel", 1, 1) == 0
        second = subprocess.run(
            [sys.executable, "-c", SECOND_PROCESS, redis_url], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert second.stdout.split() == ["False", "False", "True"]
        assert until(lambda: heard == ["from another process"])
        shared.close()

    def test_nothing_it_keeps_stays_for_ever_and_all_is_under_its_own_prefix(self, redis_url: str) -> None:
        shared = RedisCoordinator(redis_url)
        shared.allow("mine", 3, 60)
        shared.once("mine", 60)
        shared.send_after("mine", 1, 1)
        with redis.Redis.from_url(redis_url, decode_responses=True) as client:
            left = {key: client.pttl(key) for key in client.scan_iter("*mine*")}
        assert set(left) == {"chartdesk:allow:mine", "chartdesk:once:mine", "chartdesk:send:mine"}
        assert all(0 < milliseconds <= 60_000 for milliseconds in left.values())
        shared.close()

    def test_however_often_it_is_asked_it_keeps_only_the_moments_that_count(self, redis_url: str, clock: Clock) -> None:
        shared = RedisCoordinator(redis_url, moment=clock)
        for _ in range(50):
            shared.allow("busy person", 3, 60)
            clock.advance(25)
        with redis.Redis.from_url(redis_url) as client:
            assert client.llen("chartdesk:allow:busy person") == 3
        shared.close()

    @pytest.mark.parametrize("wrong", ["http://host", "localhost:6379", "redis://host:notaport"])
    def test_an_address_that_is_no_redis_is_said_without_repeating_it(self, wrong: str) -> None:
        with pytest.raises(ValueError, match="REDIS_URL") as refused:
            open_coordinator(wrong)
        assert wrong not in str(refused.value)


class TestWhileRedisIsAway:
    def test_a_frozen_server_costs_one_short_wait_and_then_nothing(self, private_redis: RedisServer) -> None:
        shared = RedisCoordinator(private_redis.url)
        assert shared.once("warm up", 60) is True
        private_redis.freeze()
        with capture_logs() as logs:
            assert seconds_for(lambda: shared.allow("person", 2, 60)) < 0.5
            later = [seconds_for(lambda: shared.allow("person", 2, 60)) for _ in range(100)]
        assert statistics.median(later) < 0.01
        assert sum(later) < 1
        assert [line["event"] for line in logs] == ["coordination.redis_down"]
        assert shared.healthy() is False
        private_redis.thaw()
        shared.close()

    def test_without_redis_limits_hold_in_each_process_by_itself(self, private_redis: RedisServer) -> None:
        one, another = RedisCoordinator(private_redis.url), RedisCoordinator(private_redis.url)
        private_redis.stop()
        assert [one.allow("person", 2, 60) for _ in range(3)] == [True, True, False]
        assert [another.allow("person", 2, 60) for _ in range(3)] == [True, True, False]
        assert [one.once("event", 60) for _ in range(2)] == [True, False]
        assert [one.send_after("channel", 1, 1) > 0 for _ in range(2)] == [False, True]
        one.close()
        another.close()

    def test_without_redis_a_process_still_hears_itself(self, private_redis: RedisServer) -> None:
        private_redis.stop()
        alone, heard = RedisCoordinator(private_redis.url), list[str]()
        alone.subscribe("codes", heard.append)
        alone.publish("codes", "changed")
        assert until(lambda: heard == ["changed"])
        alone.close()

    def test_a_refused_connection_answers_at_once(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound but not listening: refused
            shared = RedisCoordinator(f"redis://someone:very-secret@127.0.0.1:{taken.getsockname()[1]}/0")
            with capture_logs() as logs:
                assert seconds_for(lambda: shared.once("event", 60)) < 0.5
                assert shared.healthy() is False
        assert [line["event"] for line in logs] == ["coordination.redis_down"]
        assert "very-secret" not in str(logs)
        shared.close()

    def test_after_a_restart_it_is_shared_again_and_both_ends_are_logged_once(
        self, private_redis: RedisServer, clock: Clock
    ) -> None:
        one, another = RedisCoordinator(private_redis.url, clock=clock), RedisCoordinator(private_redis.url)
        assert one.healthy() is True
        with capture_logs() as logs:
            private_redis.stop()
            assert one.healthy() is False
            assert one.once("event", 60) is True
            private_redis.start()
            assert one.healthy() is False  # left alone for five seconds
            clock.advance(AFTER_THE_REST)
            assert one.healthy() is True
            assert one.once("another event", 60) is True
            assert another.once("another event", 60) is False
        assert [line["event"] for line in logs] == ["coordination.redis_down", "coordination.redis_up"]
        one.close()
        another.close()

    def test_during_a_long_outage_only_one_call_in_five_seconds_waits(
        self, private_redis: RedisServer, clock: Clock
    ) -> None:
        shared = RedisCoordinator(private_redis.url, clock=clock)
        shared.healthy()
        private_redis.freeze()
        shared.healthy()
        clock.advance(AFTER_THE_REST)
        with ThreadPoolExecutor(8) as pool:
            took = list(pool.map(lambda _: seconds_for(lambda: shared.allow("person", 99, 60)), range(8)))
        assert len([seconds for seconds in took if seconds > 0.15]) == 1
        private_redis.thaw()
        shared.close()

    def test_a_subscription_survives_a_restart_of_the_server(self, private_redis: RedisServer) -> None:
        listening, speaking = (
            RedisCoordinator(private_redis.url),
            RedisCoordinator(private_redis.url, rest_seconds=0.05),
        )
        heard = list[str]()
        listening.subscribe("codes", heard.append)
        speaking.publish("codes", "before")
        assert until(lambda: heard == ["before"])
        private_redis.stop()
        private_redis.start()

        def speak_and_hear() -> bool:
            speaking.publish("codes", "after")
            return "after" in heard

        assert until(speak_and_hear)
        listening.close()
        speaking.close()

    def test_a_server_that_refuses_to_write_counts_as_away(self, private_redis: RedisServer) -> None:
        shared = RedisCoordinator(private_redis.url)
        with redis.Redis.from_url(private_redis.url) as client:
            client.config_set("maxmemory", "1")
        assert [shared.once("event", 60) for _ in range(2)] == [True, False]
        assert shared.healthy() is False
        shared.close()
