"""``/response/<id>``: answering an interaction through its response_url."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.identifiers import Json
from bot.sandbox.messages import Message
from bot.sandbox.tickets import ResponseUrl, TicketError
from bot.sandbox.web_api.calls import ApiError, Call
from bot.sandbox.web_api.chat import apply_contents, bot_message
from bot.sandbox.web_api.contents import read_contents
from bot.sandbox.web_api.endpoint import read_arguments
from bot.sandbox.workspace import Workspace


def response_url_routes(workspace: Workspace, base_url: str) -> list[Route]:
    """The route every response_url points to."""

    async def respond(request: Request) -> Response:
        body = await request.body()
        content_type = request.headers.get("content-type", "application/json")
        arguments = read_arguments(content_type, body, "")
        return await run_in_threadpool(_respond, workspace, base_url, request.path_params["ticket"], arguments)

    return [Route("/response/{ticket}", respond, methods=["POST"])]


def _respond(workspace: Workspace, base_url: str, ticket_id: str, body: Json) -> Response:
    call = Call(workspace, "response_url", body, base_url, workspace.bot_user.id)
    with workspace.lock:
        try:
            ticket = workspace.tickets.redeem_response_url(ticket_id, workspace.now())
            answer_interaction(call, ticket)
        except TicketError as error:
            return JSONResponse({"ok": False, "error": error.code}, 404)
        except ApiError as error:
            return JSONResponse(error.answer, 400)
    return PlainTextResponse("ok")


def answer_interaction(call: Call, ticket: ResponseUrl) -> None:
    """Do what the body asks for: delete or replace the original, or say something new.

    Raises ApiError as chat.postMessage does, and message_not_found without an original to change.
    """
    original = _original(call.workspace, ticket)
    if call.flag("delete_original"):
        call.workspace.messages.remove(_existing(original))
        call.workspace.feed.tell()
    elif call.flag("replace_original"):
        apply_contents(_existing(original), read_contents(call), call)
        call.workspace.feed.tell()
    else:
        post_answer(call, ticket.user, ticket.channel)


def post_answer(call: Call, user: str, channel_id: str) -> Message | None:
    """Say something new: to the person alone, or to all with ``response_type`` in_channel."""
    channel = call.workspace.channels.find(channel_id)
    if channel is None:
        raise ApiError("channel_not_found")
    message = bot_message(call, channel, read_contents(call))
    if call.text("response_type", "ephemeral") != "in_channel":
        message.ephemeral_to = user
    return call.workspace.post(message)


def _existing(message: Message | None) -> Message:
    if message is None:
        raise ApiError("message_not_found")
    return message


def _original(workspace: Workspace, ticket: ResponseUrl) -> Message | None:
    if ticket.ephemeral:
        return workspace.messages.find_ephemeral(ticket.user, ticket.message_ts)
    return workspace.messages.find(ticket.channel, ticket.message_ts)
