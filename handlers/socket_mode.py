"""Serving over Slack's WebSocket (Socket Mode), with the addresses for health and metrics on PORT beside it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.desk import Desk
from bot.errors import Refusal
from bot.settings import Settings, SettingsError
from handlers.app import build_app, listener_threads
from handlers.serve import GRACE_SECONDS, Site, require_free, warm_up

log = structlog.get_logger(__name__)


class SlackUnreachable(Refusal):
    """Slack cannot be reached. Check the network and SLACK_API_URL."""


class DrainingHandler(SocketModeHandler):
    """Bolt's handler, which can be asked to take nothing new and to wait until what it took is acknowledged.

    Slack sends an event again that nobody acknowledged, so another process gets it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Bolt's own
        super().__init__(*arguments, **options)
        self._at_work = 0
        self._draining = False
        self._changed = threading.Condition()

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Hand one request to Bolt, unless it is too late for that."""
        with self._changed:
            if self._draining:
                return
            self._at_work += 1
        try:
            super().handle(client, req)
        finally:
            with self._changed:
                self._at_work -= 1
                self._changed.notify_all()

    def drain(self) -> None:
        """Take nothing new, and wait until everything taken is acknowledged."""
        with self._changed:
            self._draining = True
            self._changed.wait_for(lambda: self._at_work == 0, timeout=GRACE_SECONDS)


def serve_socket_mode(settings: Settings) -> None:
    """Serve over Slack's WebSocket until the process is asked to stop.

    :raises SettingsError: when Slack does not take SLACK_APP_TOKEN.
    :raises SlackUnreachable: when Slack does not answer.
    :raises PortTaken: when the port for health is in use.
    """
    require_free(settings.host, settings.port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    desk = Desk.open(settings)
    executor = listener_threads(desk)
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    handler = DrainingHandler(build_app(desk, executor), token, concurrency=settings.chartdesk_listener_threads)
    warm_up(desk)
    try:
        _connect(handler, settings)
        with _health_served(desk, settings):
            log.info("listening", mode="socket")
            stop.wait()
        handler.drain()
    finally:
        handler.close()  # type: ignore[no-untyped-call]
        executor.shutdown(wait=True)
        desk.close()


def _connect(handler: DrainingHandler, settings: Settings) -> None:
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        word = error.response.get("error", "no reason given")
        raise SettingsError(f"SLACK_APP_TOKEN is not accepted by Slack ({word}). Copy the app-level token (xapp-…) again.") from None
    except (SlackClientError, OSError):
        raise SlackUnreachable(f"Slack cannot be reached at {settings.slack_api_url}. Check the network and SLACK_API_URL.") from None


class _HealthServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _SilentHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base class's signature
        """Health is asked every few seconds; nobody reads of it."""


@contextmanager
def _health_served(desk: Desk, settings: Settings) -> Iterator[None]:
    with make_server(settings.host, settings.port, Site(desk), _HealthServer, _SilentHandler) as server:
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
        yield
        server.shutdown()
