"""The HTTP side of the Web API: ``/api/<method>``, uploads and private files."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qsl

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.identifiers import Json
from bot.sandbox.web_api.answering import answer_call
from bot.sandbox.workspace import Workspace


def read_arguments(content_type: str, body: bytes, query: str) -> Json:
    """The arguments of a call from a JSON or form body and the query string; anything unreadable is empty."""
    arguments: Json = dict(parse_qsl(query, keep_blank_values=True))
    if content_type.startswith("application/json"):
        try:
            parsed = json.loads(body or b"{}")
        except ValueError:
            return arguments
        return arguments | parsed if isinstance(parsed, dict) else arguments
    return arguments | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def bearer_token(authorization: str, arguments: Json) -> str:
    """The token of a call: from the Authorization header, or the ``token`` argument."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(arguments.get("token") or "")


def basic_credentials(authorization: str) -> Json:
    """``client_id`` and ``client_secret`` from a Basic Authorization header, as SDKs send them for OAuth."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, client_secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": client_secret}


def web_api_routes(workspace: Workspace, base_url: str) -> list[Route]:
    """The routes of the Web API and of files, answering for this workspace."""

    async def call_method(request: Request) -> Response:
        body = await request.body()
        authorization = request.headers.get("authorization", "")
        arguments = read_arguments(request.headers.get("content-type", ""), body, request.url.query)
        arguments |= basic_credentials(authorization)
        token = bearer_token(authorization, arguments)
        method = request.path_params["method"]
        answer = await run_in_threadpool(answer_call, workspace, method, arguments, token, base_url)
        await anyio.sleep(answer.delay)
        return JSONResponse(answer.body, answer.status, answer.headers)

    async def receive_upload(request: Request) -> Response:
        content = await request.body()
        return await run_in_threadpool(_keep_upload, workspace, request.path_params["ticket"], content)

    def send_file(request: Request) -> Response:
        token = bearer_token(request.headers.get("authorization", ""), {})
        return _hand_out(workspace, request.path_params["file_id"], token)

    return [
        Route("/api/{method}", call_method, methods=["GET", "POST"]),
        Route("/upload/{ticket}", receive_upload, methods=["POST"]),
        Route("/files-pri/{file_id}/{name}", send_file),
    ]


def _keep_upload(workspace: Workspace, ticket: str, content: bytes) -> Response:
    with workspace.lock:
        stored = workspace.files.find_ticket(ticket)
        if stored is None or stored.complete:
            return PlainTextResponse("This upload address is not in use.", 404)
        if len(content) != stored.size:
            return PlainTextResponse(f"Expected {stored.size} bytes and got {len(content)}.", 400)
        stored.content = content
    return PlainTextResponse(f"OK - {len(content)}")


def _hand_out(workspace: Workspace, file_id: str, token: str) -> Response:
    with workspace.lock:
        stored = workspace.files.find(file_id)
        if token != workspace.credentials.bot_token or workspace.out_of_service or "files:read" not in workspace.app.scopes:
            # Slack leads everybody else to its page for signing in, whatever they asked for.
            return RedirectResponse("/", 302)
        if stored is None or not stored.complete:
            return PlainTextResponse("There is no such file.", 404)
        return Response(stored.content, media_type=stored.mimetype)
