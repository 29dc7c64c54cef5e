"""From what a test or the page says ("choose v2", "type 31") to the state entry of the element."""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.inputs import OPTION_TYPES, STATE_FIELDS, operable
from bot.sandbox.payloads import Place
from bot.sandbox.seen import NotSeenError, offered_options


def find_element(places: Iterable[Place], action_id: str, block_id: str = "", value: str = "") -> tuple[Json, Json]:
    """The (block, element) to operate, in the first place that has it.

    ``block_id`` and, for buttons, ``value`` (or the label) tell apart elements with the same action id.
    Raises NotSeenError listing what is there.
    """
    there: list[str] = []
    for place in places:
        for block, element in operable(place.blocks):
            there.append(element.get("action_id", ""))
            if element.get("action_id") != action_id or (block_id and block["block_id"] != block_id):
                continue
            if element["type"] == "button" and value and value not in _names_of_button(element):
                continue
            return block, element
    raise NotSeenError(f"There is no {action_id!r} {value!r} to operate; there are {sorted(set(there))}.")


def _names_of_button(element: Json) -> tuple[str, str]:
    return element.get("value", ""), element["text"]["text"]


def entry_for(element: Json, chosen: JsonValue, known_options: list[Json]) -> Json:
    """The state entry (or overflow choice) for what is chosen.

    Options are named by value or text, or given as option objects; ``known_options`` are those a
    type-ahead has offered. Raises NotSeenError for an option that is not offered.
    """
    kind = element["type"]
    if kind == "overflow":
        return {"selected_option": _pick_option(element, chosen, known_options)}
    field = STATE_FIELDS[kind]
    many = [] if chosen is None else chosen if isinstance(chosen, list | tuple) else [chosen]
    if kind in OPTION_TYPES:
        picked = [_pick_option(element, one, known_options) for one in many]
        return {"type": kind, field.current: picked if field.many else (picked[0] if picked else None)}
    if field.many:
        return {"type": kind, field.current: list(many)}
    text = chosen if chosen is None or kind == "datetimepicker" else str(chosen)
    return {"type": kind, field.current: text if text != "" else None}


def _pick_option(element: Json, chosen: JsonValue, known_options: list[Json]) -> Json:
    offered = offered_options(element) + known_options
    for field in ("initial_option", "initial_options"):
        kept = element.get(field, [])
        offered += kept if isinstance(kept, list) else [kept]
    for option in offered:
        if chosen == option or chosen in (option.get("value"), option["text"]["text"]):
            return option
    names = [option.get("value") for option in offered]
    raise NotSeenError(f"{chosen!r} is not offered by {element.get('action_id')!r}; it offers {names}.")
