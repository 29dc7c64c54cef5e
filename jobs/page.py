"""The clock's own small page: ``/metrics`` for Prometheus, ``/healthz`` and ``/readyz`` for whoever keeps it running."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client import CONTENT_TYPE_LATEST

from bot.desk import Desk
from bot.errors import Refusal
from bot.health import readiness

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

log = structlog.get_logger(__name__)


class ClockPortTaken(Refusal):
    """Another program listens on the clock's port."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = 10

    def log_message(self, *_: object) -> None:
        """Say nothing: a scrape every few seconds is no news."""


class ClockPage:
    """The WSGI application."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __call__(self, environ: dict[str, Any], respond: StartResponse) -> Iterable[bytes]:
        """Answer one HTTP request."""
        asked = environ.get("PATH_INFO") if environ.get("REQUEST_METHOD") == "GET" else None
        if asked == "/healthz":
            return _json(respond, "200 OK", {"alive": True})
        if asked not in {"/metrics", "/readyz"}:
            return _json(respond, "404 Not Found", {"error": "The clock has /metrics, /healthz and /readyz."})
        state = readiness(self.desk)
        if asked == "/readyz":
            well = state.ready and state.clock
            return _json(respond, "200 OK" if well else "503 Service Unavailable", {"ready": well, **asdict(state)})
        page = self.desk.metrics.page(
            shared_memory=state.shared_memory, oldest_notice_seconds=state.oldest_notice_seconds
        )
        respond("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
        return [page]


@contextmanager
def serving(desk: Desk) -> Iterator[None]:
    """Serve the page on ``CHARTDESK_CLOCK_PORT`` while the block runs; nothing where it is not set.

    :raises ClockPortTaken: when the port is in use.
    """
    settings = desk.settings
    if settings.chartdesk_clock_port is None:
        yield
        return
    where = (settings.host, settings.chartdesk_clock_port)
    try:
        server = make_server(*where, ClockPage(desk), _Server, _Quiet)
    except OSError as error:
        raise ClockPortTaken(
            f"CHARTDESK_CLOCK_PORT {where[1]} on {where[0]} cannot be used ({error.strerror}). Set it to a free one."
        ) from None
    threading.Thread(target=server.serve_forever, name="clock-page", daemon=True).start()
    log.info("listening", address=f"http://{where[0]}:{where[1]}")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _json(respond: StartResponse, status: str, said: dict[str, object]) -> Iterable[bytes]:
    respond(status, [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]
