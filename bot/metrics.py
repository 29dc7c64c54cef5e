"""What is counted for ``/metrics``: requests by kind and outcome, how long listeners take, and the state of the outbox. Never who or what."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

#: Slack waits three seconds; the finer steps are where a person notices.
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)


#: Where several processes keep their counts beside each other. The library looks at it when it is imported, and not again.
SHARED_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The counters of one process, or of all that share a folder of counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "chartdesk_requests",
            "Requests from Slack by kind and outcome.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "chartdesk_listener_seconds",
            "How long a listener works.",
            ["kind"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.shared_memory = Gauge(
            "chartdesk_redis_up",
            "1 while memory is shared between processes.",
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )
        self.notices = Counter(
            "chartdesk_notices",
            "What became of notices on their way out; unsettled ones were repeated because history could not be read.",
            ["outcome"],
            registry=self.registry,
        )
        self.oldest_notice = Gauge(
            "chartdesk_oldest_notice_seconds",
            "How long the oldest due notice has waited.",
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    def count(self, kind: str, outcome: str) -> None:
        """Count one request: its outcome is answered, refused, repeated, guarded or failed."""
        self.requests.labels(kind, outcome).inc()

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Measure how long a listener works."""
        started = perf_counter()
        yield
        self.seconds.labels(kind).observe(perf_counter() - started)

    def page(self, *, shared_memory: bool, oldest_notice_seconds: int) -> bytes:
        """All counters in Prometheus' text format; where processes share a folder, the sums of all of them."""
        self.shared_memory.set(int(shared_memory))
        self.oldest_notice.set(oldest_notice_seconds)
        return generate_latest(_of_all() if os.environ.get(SHARED_COUNTS) else self.registry)


def _of_all() -> CollectorRegistry:
    """What all processes together have counted."""
    everything = CollectorRegistry()
    MultiProcessCollector(everything)  # type: ignore[no-untyped-call]  # the library has no types here
    return everything
