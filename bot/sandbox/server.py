"""The sandbox's own web server, on this machine only."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from bot.sandbox.acting import Person
from bot.sandbox.delivery import Delivery
from bot.sandbox.fault_switch import fault_routes
from bot.sandbox.happenings import change_member, join_team, uninstall_app
from bot.sandbox.members import Member
from bot.sandbox.page import page_routes
from bot.sandbox.response_urls import response_url_routes
from bot.sandbox.socket_mode import SocketDelivery
from bot.sandbox.web_api.endpoint import web_api_routes
from bot.sandbox.wire import Wire
from bot.sandbox.workspace import Workspace

LOOPBACK = "127.0.0.1"
_START_SECONDS = 10


def build_application(wire: Wire, sockets: SocketDelivery) -> Starlette:
    """The web application. Requests under another host name are refused, so that no foreign page can reach it."""
    workspace, base_url = wire.workspace, wire.base_url
    routes = [
        *page_routes(wire),
        *web_api_routes(workspace, base_url),
        *response_url_routes(workspace, base_url),
        *fault_routes(workspace),
        sockets.route(),
    ]
    return Starlette(
        routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])]
    )


def serve(
    workspace: Workspace,
    delivery: Delivery | None = None,
    host: str = LOOPBACK,
    port: int = 0,
    ready: Callable[[SandboxServer], None] = lambda _server: None,
) -> None:
    """Serve until Ctrl-C; ``ready`` is called with the running server, to start a bot or print the address.

    Raises ValueError for any host but this machine: the sandbox has no passwords.
    """
    if host not in (LOOPBACK, "localhost"):
        raise ValueError(f"The sandbox listens on {LOOPBACK} only, not on {host}: it has no passwords.")
    with SandboxServer(workspace, delivery, port) as server, suppress(KeyboardInterrupt):
        ready(server)
        server.wait()


class SandboxServer:
    """Serves a workspace on a free port of this machine, in a thread, until the ``with`` block ends.

    Without a ``delivery`` the bot is expected to connect by Socket Mode. ``retry_waits`` are the seconds
    before each retry of an event.
    """

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery | None = None,
        port: int = 0,
        retry_waits: Sequence[float] = (0.1, 1.0, 5.0),
    ) -> None:
        self.workspace = workspace
        self.sockets = SocketDelivery(workspace)
        self._socket = socket.create_server((LOOPBACK, port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.wire = Wire(workspace, delivery or self.sockets, self.url, retry_waits)
        self._server = uvicorn.Server(self._config())
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def api_url(self) -> str:
        """The base URL for a WebClient, with its slash."""
        return f"{self.url}/api/"

    def deliver_by(self, delivery: Delivery) -> None:
        """From now on bring requests to the bot this way; for a bot that starts after the server."""
        self.wire.delivery = delivery

    def person(self, user_id: str) -> Person:
        """One of the people, to act as them and to see what they see."""
        return Person(self.wire, user_id)

    def join(self, member: Member) -> Person:
        """Let a new person join the workspace (team_join) and act as them."""
        join_team(self.wire, member)
        return self.person(member.id)

    def change(self, user_id: str, **changes: Any) -> None:  # noqa: ANN401 - fields of Member
        """Change a person (``tz``, ``real_name``, ``deleted`` …): user_change."""
        change_member(self.wire, user_id, **changes)

    def uninstall(self) -> None:
        """Remove the app from the workspace: its token dies, tokens_revoked and app_uninstalled are told."""
        uninstall_app(self.wire)

    def start(self) -> Self:
        """Begin to serve. Raises RuntimeError when the server does not come up within ten seconds."""
        self.workspace.feed.closed = False
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError(f"The sandbox could not start on {self.url}.")
            time.sleep(0.01)
        return self

    def wait(self) -> None:
        """Block until the server stops."""
        self._thread.join()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self.workspace.feed.close()
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            build_application(self.wire, self.sockets),
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
