"""``/sandbox/faults``: planning failures over HTTP, for the page and for tests in another process."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.faults import ANY_METHOD, FaultKind
from bot.sandbox.identifiers import Json
from bot.sandbox.page import only_json
from bot.sandbox.workspace import Workspace

_MOST_TIMES = 1000


def fault_routes(workspace: Workspace) -> list[Route]:
    """POST plans a failure (``method``, ``kind``, ``times``, ``seconds``), GET lists them, DELETE forgets them."""

    def list_faults(_request: Request) -> Response:
        with workspace.lock:
            return _listing(workspace)

    async def plan_fault(request: Request) -> Response:
        return await run_in_threadpool(_plan, workspace, await request.json())

    def clear_faults(_request: Request) -> Response:
        with workspace.lock:
            workspace.faults.clear()
            workspace.feed.tell()
            return _listing(workspace)

    return [
        Route("/sandbox/faults", list_faults, methods=["GET"]),
        Route("/sandbox/faults", only_json(plan_fault), methods=["POST"]),
        Route("/sandbox/faults", clear_faults, methods=["DELETE"]),
    ]


def _plan(workspace: Workspace, body: Json) -> Response:
    kinds = [kind.value for kind in FaultKind]
    if body.get("kind") not in kinds:
        return JSONResponse({"ok": False, "error": f"kind must be one of {', '.join(kinds)}"}, 400)
    times = min(int(body.get("times", 1)), _MOST_TIMES)
    with workspace.lock:
        method = str(body.get("method") or ANY_METHOD)
        workspace.faults.plan(method, FaultKind(body["kind"]), times, float(body.get("seconds", 1)))
        workspace.feed.tell()
        return _listing(workspace)


def _listing(workspace: Workspace) -> Response:
    planned = [{"method": method, "kind": kind} for method, kind in workspace.faults.planned()]
    return JSONResponse({"ok": True, "faults": planned})
