"""The page in the browser: its files, its state, a stream of changes, and the actions of people."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.page_actions import PageError, act
from bot.sandbox.page_state import page_log, page_state
from bot.sandbox.wire import Wire
from bot.sandbox.workspace import Workspace

STATIC = Path(__file__).parent / "static"
HEARTBEAT_SECONDS = 15.0
#: What the page shows instead of offering it to be kept.
PICTURES = ("image/png", "image/jpeg", "image/gif")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def page_routes(wire: Wire) -> list[BaseRoute]:
    """The routes of the page. Changing requests must be JSON, which a foreign page cannot send here."""
    workspace = wire.workspace

    def show_page(_request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers=_HEADERS)

    def show_state(request: Request) -> Response:
        query = request.query_params
        return JSONResponse(page_state(workspace, query.get("as", ""), query.get("in", "")), headers=_HEADERS)

    def show_log(_request: Request) -> Response:
        return JSONResponse(page_log(workspace), headers=_HEADERS)

    def show_file(request: Request) -> Response:
        return _file_for(workspace, request.path_params["file_id"], request.query_params.get("as", ""))

    async def show_changes(_request: Request) -> Response:
        return StreamingResponse(_changes(workspace), media_type="text/event-stream", headers=_HEADERS)

    async def do_action(request: Request) -> Response:
        try:
            return JSONResponse(await run_in_threadpool(act, wire, await request.json()))
        except PageError as error:
            return JSONResponse({"ok": False, "words": str(error), "errors": {}, "options": []}, 409)

    return [
        Route("/", show_page),
        Route("/archives/{channel}/{message}", show_page),
        Route("/page/state", show_state),
        Route("/page/log", show_log),
        Route("/page/file/{file_id}", show_file),
        Route("/page/changes", show_changes),
        Route("/page/act", only_json(do_action), methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


def only_json(
    endpoint: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Refuse bodies that are not declared as JSON: a browser sends those across sites without asking."""

    async def checked(request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"ok": False, "error": "send application/json"}, 415)
        return await endpoint(request)

    return checked


def _file_for(workspace: Workspace, file_id: str, user: str) -> Response:
    """A file, to somebody who is in a conversation it was shared in."""
    with workspace.lock:
        stored = workspace.files.find(file_id)
        places = [workspace.channels.find(channel) for channel in stored.channels] if stored else []
        if stored is None or not any(place is not None and user in place.members for place in places):
            return PlainTextResponse("There is no such file here.", 404, headers=_HEADERS)
        # A picture is shown; whatever else somebody uploaded is only kept, so that it cannot run on this page.
        how = "inline" if stored.mimetype in PICTURES else "attachment"
        told = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(stored.name)}"}
        return Response(stored.content, media_type=stored.mimetype, headers=_HEADERS | told)


async def _changes(workspace: Workspace) -> AsyncIterator[str]:
    """One server-sent event after each change, with the number of changes so far."""
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # the server's loop may just have closed
            loop.call_soon_threadsafe(changed.set)

    stop = workspace.feed.watch(wake)
    try:
        while not workspace.feed.closed:
            changed.clear()
            yield f"data: {json.dumps({'count': workspace.feed.count})}\n\n"
            try:
                await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
    finally:
        stop()
