"""Answering one Web API call: token, scope, planned fault, the method itself, and the log."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from bot.sandbox.call_log import Call as LoggedCall
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.identifiers import Json
from bot.sandbox.surfaces import ViewError
from bot.sandbox.tickets import TicketError
from bot.sandbox.web_api.calls import ApiError, Call
from bot.sandbox.web_api.methods import METHODS, KnownMethod
from bot.sandbox.workspace import Workspace

_SECRET_ARGUMENTS = ("token", "client_secret", "code", "app_token")


@dataclass
class Answer:
    """An HTTP answer. ``delay`` are the seconds to wait before sending it (a planned time-out)."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0


def answer_call(workspace: Workspace, method: str, arguments: Json, token: str, base_url: str) -> Answer:
    """Answer a call of ``method`` and write it into ``workspace.calls``, without any secret."""
    started = time.perf_counter()
    call = Call(workspace, method, arguments, base_url)
    with workspace.lock:
        answer = _answer(call, token)
        answer.headers["x-oauth-scopes"] = ",".join(workspace.app.scopes)
        _write_log(call, answer, time.perf_counter() - started)
    return answer


def _answer(call: Call, token: str) -> Answer:
    fault = call.workspace.faults.take(call.method)
    if fault is not None and fault.kind is not FaultKind.BROKEN_AFTER:
        return _fail(fault)
    try:
        body = {"ok": True, **_run(call, token)}
    except ApiError as error:
        body = error.answer
    except (TicketError, ViewError) as error:
        body = {"ok": False, "error": error.code}
    return Answer(200, body) if fault is None else _broken()


def _run(call: Call, token: str) -> Json:
    known = METHODS.get(call.method)
    if known is None:
        raise ApiError("unknown_method", {"req_method": call.method})
    _authorize(call, known, token)
    return known.answer(call)


def _authorize(call: Call, known: KnownMethod, token: str) -> None:
    if known.token == "none":  # noqa: S105
        return
    credentials = call.workspace.credentials
    if not token:
        raise ApiError("not_authed")
    if token not in (credentials.bot_token, credentials.app_token):
        raise ApiError("invalid_auth")
    if (token == credentials.app_token) != (known.token == "app"):  # noqa: S105
        raise ApiError("not_allowed_token_type")
    if token == credentials.bot_token and call.workspace.out_of_service:
        raise ApiError(call.workspace.out_of_service)
    provided = call.workspace.app.scopes
    if known.scopes and not set(known.scopes) & set(provided):
        raise ApiError("missing_scope", {"needed": known.scopes[0], "provided": ",".join(provided)})
    call.caller = call.workspace.bot_user.id


def _fail(fault: Fault) -> Answer:
    if fault.kind is FaultKind.RATE_LIMITED:
        return Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(int(fault.seconds))})
    if fault.kind is FaultKind.TIMED_OUT:
        return Answer(504, {"ok": False, "error": "request_timeout"}, delay=fault.seconds)
    return _broken()


def _broken() -> Answer:
    return Answer(500, {"ok": False, "error": "internal_error"})


def _write_log(call: Call, answer: Answer, seconds: float) -> None:
    shown = {name: value for name, value in call.arguments.items() if name not in _SECRET_ARGUMENTS}
    public = {name: value for name, value in answer.body.items() if name not in ("access_token", "url")}
    entry = LoggedCall(call.method, shown, public, answer.status, call.workspace.now(), seconds)
    call.workspace.calls.add(entry)
