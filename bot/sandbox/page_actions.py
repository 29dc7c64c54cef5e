"""What the page lets a person do; each action is one JSON message."""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable

from bot.sandbox.acknowledgements import Outcome
from bot.sandbox.acting import Person
from bot.sandbox.choosing import find_element
from bot.sandbox.forms import close_form, submit_form
from bot.sandbox.identifiers import Json
from bot.sandbox.inputs import STATE_FIELDS, operable
from bot.sandbox.operating import operate, suggest
from bot.sandbox.payloads import Place
from bot.sandbox.seen import NotSeenError, see_message
from bot.sandbox.surfaces import View
from bot.sandbox.wire import Wire


class PageError(Exception):
    """The page asked for something that is not there (any more)."""


def act(wire: Wire, body: Json) -> Json:
    """Do what the page asks and return what to show: words, errors, options. Raises PageError."""
    action = _ACTIONS.get(str(body.get("do")))
    if action is None or body.get("as") not in wire.workspace.members:
        raise PageError("The page asked for something unknown. Reload it.")
    person = Person(wire, body["as"])
    try:
        outcome = action(wire, person, body)
    except NotSeenError as gone:
        raise PageError("This is no longer here. It may just have been changed.") from gone
    return {"ok": outcome.ok, "words": outcome.words, "errors": outcome.errors, "options": outcome.options}


def _compose(wire: Wire, person: Person, body: Json) -> Outcome:
    text, channel = str(body.get("text", "")), str(body["channel"])
    if text.startswith("/"):
        name, _, argument = text.partition(" ")
        if body.get("thread"):
            words = f"{name} cannot be used in a thread. Type it in the conversation itself."
            wire.workspace.say_privately(person.id, channel, words)
            return Outcome(words=words)
        return person.command(name, argument, channel)
    files = {one["name"]: _decode(one["content"]) for one in body.get("files", [])}
    message = person.write(text, channel, str(body.get("thread", "")), files)
    threading.Thread(target=person.announce, args=(message,), daemon=True).start()
    return Outcome()


def _operate(wire: Wire, person: Person, body: Json) -> Outcome:
    place = _place(person, body)
    take_values(place, person.id, body.get("values", {}))
    block, element = find_element([place], body["action_id"], body["block_id"])
    entry = body.get("entry") or {}
    return operate(wire, person.envelope, place, block, element, entry)


def _suggest(wire: Wire, person: Person, body: Json) -> Outcome:
    place = _place(person, body)
    block, element = find_element([place], body["action_id"], body["block_id"])
    return suggest(wire, person.envelope, place, block, element, str(body.get("typed", "")))


def _submit(wire: Wire, person: Person, body: Json) -> Outcome:
    view = _open_view(person, body)
    take_values(Place(view=view), person.id, body.get("values", {}))
    return submit_form(wire, person.envelope, view)


def _close(wire: Wire, person: Person, body: Json) -> Outcome:
    return close_form(wire, person.envelope, _open_view(person, body), everything=bool(body.get("everything")))


def _shortcut(_wire: Wire, person: Person, body: Json) -> Outcome:
    return person.shortcut(str(body["callback_id"]))


def _message_shortcut(_wire: Wire, person: Person, body: Json) -> Outcome:
    place = _place(person, body)
    if place.message is None:
        raise NotSeenError("no message")
    return person.message_shortcut(see_message(place.message, person.reader), str(body["callback_id"]))


def _open_home(_wire: Wire, person: Person, _body: Json) -> Outcome:
    person.open_home()
    return Outcome()


def _open_messages(_wire: Wire, person: Person, _body: Json) -> Outcome:
    person.open_messages()
    return Outcome()


def _read(wire: Wire, person: Person, body: Json) -> Outcome:
    wire.workspace.mark_read(person.id, str(body["channel"]))
    wire.workspace.feed.tell()
    return Outcome()


def _upload(_wire: Wire, person: Person, body: Json) -> Outcome:
    stored = person.upload(str(body["name"]), _decode(body["content"]))
    return Outcome(options=[stored])


_ACTIONS: dict[str, Callable[[Wire, Person, Json], Outcome]] = {
    "compose": _compose,
    "operate": _operate,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
    "shortcut": _shortcut,
    "message_shortcut": _message_shortcut,
    "open_home": _open_home,
    "open_messages": _open_messages,
    "read": _read,
    "upload": _upload,
}


def take_values(place: Place, user: str, values: Json) -> None:
    """Take over what is filled in on the page, for elements that exist there and hold values."""
    kept = place.values(user)
    for block, element in operable(place.blocks):
        entry = values.get(block["block_id"], {}).get(element.get("action_id"))
        if element["type"] in STATE_FIELDS and isinstance(entry, dict) and entry.get("type") == element["type"]:
            kept.setdefault(block["block_id"], {})[element["action_id"]] = entry


def _place(person: Person, body: Json) -> Place:
    if body.get("view_id"):
        return Place(view=_open_view(person, body))
    store = person.workspace.messages
    ts, channel = str(body.get("ts")), str(body.get("channel"))
    message = store.find_ephemeral(person.id, ts) or store.find(channel, ts)
    if message is None:
        raise NotSeenError("no message")
    return Place(message=message)


def _open_view(person: Person, body: Json) -> View:
    view = person.workspace.views.find(str(body["view_id"]))
    if view is None or view.user != person.id:
        raise NotSeenError("no view")
    return view


def _decode(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        raise PageError("The file could not be read.") from None
