"""Operating one element of a message or view: clicks, choices, typed text and type-ahead."""

from __future__ import annotations

from bot.sandbox.acknowledgements import Outcome, acknowledge_click, acknowledge_suggestion
from bot.sandbox.delivery import Kind
from bot.sandbox.identifiers import Json
from bot.sandbox.inputs import STATE_FIELDS
from bot.sandbox.payloads import Envelope, Place
from bot.sandbox.wire import Wire

_BUTTON_FIELDS = ("text", "value", "style", "url", "confirm")
DEFAULT_QUERY_LENGTH = 3


def operate(wire: Wire, envelope: Envelope, place: Place, block: Json, element: Json, entry: Json) -> Outcome:
    """Remember what is chosen and, unless it is an input that only counts on submit, tell the bot."""
    workspace = wire.workspace
    with workspace.lock:
        if element["type"] in STATE_FIELDS:
            values = place.values(envelope.member.id)
            values.setdefault(block["block_id"], {})[element["action_id"]] = entry
            workspace.feed.tell()
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Outcome()
        body = envelope.block_actions(place, _action(envelope, block, element, entry))
    reply = wire.send(Kind.INTERACTIVE, element["action_id"], body)
    wire.delivery.settle()
    return acknowledge_click(reply)


def _action(envelope: Envelope, block: Json, element: Json, entry: Json) -> Json:
    shared = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": envelope.workspace.next_ts(),
    }
    if element["type"] == "button":
        return shared | {name: element[name] for name in _BUTTON_FIELDS if name in element}
    return shared | entry


def suggest(wire: Wire, envelope: Envelope, place: Place, block: Json, element: Json, typed: str) -> Outcome:
    """Ask the bot for options; nothing is sent before ``min_query_length`` characters (3 unless set)."""
    if len(typed) < element.get("min_query_length", DEFAULT_QUERY_LENGTH):
        return Outcome()
    with wire.workspace.lock:
        body = envelope.block_suggestion(place, block, element, typed)
    reply = wire.send(Kind.OPTIONS, element["action_id"], body)
    wire.delivery.settle()
    return acknowledge_suggestion(reply)
