"""Socket Mode: the bot connects here, requests go down the WebSocket and acknowledgements come back."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.delivery import ACK_SECONDS, OK, TIMED_OUT, UNREACHABLE, Delivery, Kind, Reply
from bot.sandbox.identifiers import Json
from bot.sandbox.workspace import Workspace

MOST_CONNECTIONS = 10
_ENVELOPE_TYPES = {
    Kind.COMMAND: "slash_commands",
    Kind.INTERACTIVE: "interactive",
    Kind.OPTIONS: "interactive",
    Kind.EVENT: "events_api",
}


@dataclass(frozen=True)
class _Connection:
    socket: WebSocket
    loop: asyncio.AbstractEventLoop


class SocketDelivery(Delivery):
    """Requests to whichever bot process is connected; each goes to one connection, chosen at random."""

    def __init__(self, workspace: Workspace, timeout: float = ACK_SECONDS) -> None:
        self._workspace = workspace
        self.patience = timeout
        self._connections: list[_Connection] = []
        self._waiting: dict[str, Future[Json]] = {}

    @property
    def connections(self) -> int:
        """How many connections bot processes hold open."""
        return len(self._connections)

    def post(self, kind: str, body: Json, headers: Mapping[str, str]) -> Reply:
        """Send one envelope and wait for the message that acknowledges it."""
        connections = list(self._connections)
        if not connections:
            return Reply(UNREACHABLE, {}, "")
        envelope = _envelope(kind, body, headers)
        answer: Future[Json] = Future()
        self._waiting[envelope["envelope_id"]] = answer
        chosen = secrets.choice(connections)
        asyncio.run_coroutine_threadsafe(chosen.socket.send_text(json.dumps(envelope)), chosen.loop)
        return self._await_answer(envelope["envelope_id"], answer)

    def route(self) -> WebSocketRoute:
        """The route the addresses of apps.connections.open point to."""
        return WebSocketRoute("/link/{ticket}", self._serve)

    def _await_answer(self, envelope_id: str, answer: Future[Json]) -> Reply:
        try:
            payload = answer.result(self.patience)
        except FutureTimeoutError:
            return Reply(TIMED_OUT, {}, "")
        finally:
            self._waiting.pop(envelope_id, None)
        return Reply(OK, {"content-type": "application/json"}, json.dumps(payload) if payload else "")

    async def _serve(self, socket: WebSocket) -> None:
        if not self._redeem(socket.path_params["ticket"]):
            await socket.close()
            return
        await socket.accept()
        if len(self._connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        await self._keep_open(_Connection(socket, asyncio.get_running_loop()))

    async def _keep_open(self, connection: _Connection) -> None:
        self._connections.append(connection)
        try:
            await connection.socket.send_json(self._hello())
            while True:
                self._receive(await connection.socket.receive_text())
        except WebSocketDisconnect:
            return
        finally:
            self._connections.remove(connection)

    def _receive(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        answer = self._waiting.get(message.get("envelope_id", "")) if isinstance(message, dict) else None
        if answer is not None and not answer.done():
            answer.set_result(message.get("payload") or {})

    def _redeem(self, ticket: str) -> bool:
        with self._workspace.lock:
            known = ticket in self._workspace.socket_tickets
            self._workspace.socket_tickets.discard(ticket)
        return known

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": self._workspace.app_id},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        }


def _envelope(kind: str, body: Json, headers: Mapping[str, str]) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": _ENVELOPE_TYPES[Kind(kind)],
        "accepts_response_payload": kind != Kind.EVENT,
        "payload": body,
    }
    if kind == Kind.EVENT:
        envelope["retry_attempt"] = int(headers.get("X-Slack-Retry-Num", 0))
        envelope["retry_reason"] = headers.get("X-Slack-Retry-Reason", "")
    return envelope
