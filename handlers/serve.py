"""Serving over HTTP behind gunicorn's threads, and what every way of serving shares. Stops only after the listeners at work have finished."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import structlog
from gunicorn.app.base import BaseApplication
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.calendar import is_business_day
from bot.codes.errors import NoEdition
from bot.database_trouble import database_trouble
from bot.desk import Desk
from bot.errors import Refusal
from bot.health import readiness
from bot.installations import require_same_key
from bot.processes import prepare_codes
from bot.settings import Settings
from handlers import counts
from handlers.app import build_app, listener_threads
from storage import migrations
from storage.database import Database

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

log = structlog.get_logger(__name__)

#: How long listeners may finish after the process was asked to stop.
GRACE_SECONDS = 25


class PortTaken(Refusal):
    """Another program listens on this port."""


class Site:
    """The WSGI application: Slack's requests, and the addresses for health and metrics.

    Without an ``app`` it serves only the latter, beside a Socket Mode connection.
    """

    def __init__(self, desk: Desk, app: App | None = None) -> None:
        self.slack = SlackRequestHandler(app) if app else _not_here
        self.desk = desk

    def __call__(self, environ: dict[str, Any], respond: StartResponse) -> Iterable[bytes]:
        """Answer one HTTP request."""
        match environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"):
            case ("GET", "/healthz"):
                return _json(respond, "200 OK", {"alive": True})
            case ("GET", "/readyz"):
                return _ready(self.desk, respond)
            case ("GET", "/metrics"):
                return _metrics(self.desk, respond)
        try:
            answer: Iterable[bytes] = self.slack(environ, respond)
        except Exception:
            log.exception("request_failed")
            return _json(respond, "500 Internal Server Error", {"error": "Something went wrong on our side."})
        return answer


class WebServer(BaseApplication):
    """Gunicorn with threads: a sync Bolt app on an event loop would answer one request at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.desk: Desk | None = None
        self.executor: ThreadPoolExecutor | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options."""
        options = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.chartdesk_web_workers,
            "threads": self.settings.chartdesk_listener_threads,
            "worker_class": "gthread",
            "graceful_timeout": GRACE_SECONDS,
            "timeout": 60,
            "keepalive": 30,
            "loglevel": "warning",
            "accesslog": None,
            "control_socket_disable": True,
            "child_exit": lambda _arbiter, worker: counts.forget_worker(worker.pid),
            "on_exit": lambda _arbiter: counts.clear_away(),
            "worker_exit": lambda _arbiter, _worker: self.finish(),
            "when_ready": lambda _arbiter: log.info(
                "listening", address=f"http://{self.settings.host}:{self.settings.port}"
            ),
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Site:  # type: ignore[override]  # gunicorn's stubs want a bare function
        """Open the desk in the worker, after the fork: connections and threads do not survive one."""
        self.desk = Desk.open(self.settings)
        self.executor = listener_threads(self.desk)
        warm_up(self.desk)
        return Site(self.desk, build_app(self.desk, self.executor))

    def finish(self) -> None:
        """Let the listeners at work finish, then close the desk."""
        if self.executor:
            self.executor.shutdown(wait=True)
        if self.desk:
            self.desk.close()


def make_ready(settings: Settings) -> None:
    """Check the database, and read the code set if this is the first start.

    :raises Refusal: with a sentence, when the database cannot be used as it is, or its tokens not be read.
    """
    with database_trouble(settings):
        database = Database.open(settings.database_url)
        migrations.require_current(database)
        require_same_key(database, settings)
        prepare_codes(database)
        database.close()


def warm_up(desk: Desk) -> None:
    """Load in the background what the first request would otherwise wait for: the index of codes and the calendar of holidays."""

    def load() -> None:
        is_business_day(desk.now().date())
        with suppress(NoEdition):
            log.info("codes_ready", edition=desk.codes.edition.slug)

    threading.Thread(target=load, name="warm-up", daemon=True).start()


def serve_http(settings: Settings) -> None:
    """Serve Slack's HTTP requests until the process is asked to stop.

    :raises PortTaken: when the port is in use.
    """
    require_free(settings.host, settings.port)
    WebServer(settings).run()


def require_free(host: str, port: int) -> None:
    """Look whether a port can be listened on.

    :raises PortTaken: when it cannot.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"PORT {port} on {host} cannot be used ({error.strerror}). Stop the other program, or set PORT to a free one."
            ) from None


def _not_here(_environ: dict[str, Any], respond: StartResponse) -> Iterable[bytes]:
    return _json(respond, "404 Not Found", {"error": "Slack is reached by Socket Mode here."})


def _ready(desk: Desk, respond: StartResponse) -> Iterable[bytes]:
    state = readiness(desk)
    return _json(
        respond, "200 OK" if state.ready else "503 Service Unavailable", {"ready": state.ready, **asdict(state)}
    )


def _metrics(desk: Desk, respond: StartResponse) -> Iterable[bytes]:
    state = readiness(desk)
    respond("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
    return [desk.metrics.page(shared_memory=state.shared_memory, oldest_notice_seconds=state.oldest_notice_seconds)]


def _json(respond: StartResponse, status: str, said: dict[str, object]) -> Iterable[bytes]:
    respond(status, [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]
