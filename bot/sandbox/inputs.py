"""The elements a person can operate, and the values they hold (Slack's ``state.values``)."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.sandbox.identifiers import Json, new_block_id

Values = dict[str, dict[str, Json]]
"""``state.values``: block_id to action_id to the value of that element."""


@dataclass(frozen=True)
class StateField:
    """Where an element keeps its value in the state, and where it says what it starts with."""

    current: str
    initial: str
    many: bool = False

    def empty(self) -> Json | list[Json] | None:
        """The value of an element nobody has touched."""
        return [] if self.many else None


_TYPED = StateField("value", "initial_value")
_ONE_OPTION = StateField("selected_option", "initial_option")
_MANY_OPTIONS = StateField("selected_options", "initial_options", many=True)
STATE_FIELDS: dict[str, StateField] = {
    "plain_text_input": _TYPED,
    "number_input": _TYPED,
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "static_select": _ONE_OPTION,
    "external_select": _ONE_OPTION,
    "radio_buttons": _ONE_OPTION,
    "multi_static_select": _MANY_OPTIONS,
    "multi_external_select": _MANY_OPTIONS,
    "checkboxes": _MANY_OPTIONS,
    "users_select": StateField("selected_user", "initial_user"),
    "conversations_select": StateField("selected_conversation", "initial_conversation"),
    "channels_select": StateField("selected_channel", "initial_channel"),
    "multi_users_select": StateField("selected_users", "initial_users", many=True),
    "multi_conversations_select": StateField("selected_conversations", "initial_conversations", many=True),
    "multi_channels_select": StateField("selected_channels", "initial_channels", many=True),
    "datepicker": StateField("selected_date", "initial_date"),
    "timepicker": StateField("selected_time", "initial_time"),
    "datetimepicker": StateField("selected_date_time", "initial_date_time"),
    "file_input": StateField("files", "", many=True),
}
OPTION_TYPES = frozenset({
    "static_select", "external_select", "radio_buttons", "multi_static_select", "multi_external_select", "checkboxes",
})  # fmt: skip


def elements_of(block: Json) -> Iterator[Json]:
    """The elements of a block a person can operate: its accessory, its elements or its input."""
    if block.get("type") == "section" and isinstance(block.get("accessory"), dict):
        yield block["accessory"]
    elif block.get("type") == "actions":
        yield from block.get("elements", [])
    elif block.get("type") == "input" and isinstance(block.get("element"), dict):
        yield block["element"]


def operable(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) pair of a surface, in reading order."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a ``block_id`` and every element an ``action_id``, as Slack hands them back."""
    filled = copy.deepcopy(blocks)
    for block in filled:
        block.setdefault("block_id", new_block_id())
        for element in elements_of(block):
            if element.get("type") != "image":
                element.setdefault("action_id", new_block_id())
    return filled


def initial_entry(element: Json) -> Json | None:
    """The state entry an element starts with, or None when it holds no value (a button, an overflow)."""
    field = STATE_FIELDS.get(element.get("type", ""))
    if field is None:
        return None
    return {"type": element["type"], field.current: element.get(field.initial, field.empty())}


def initial_values(blocks: Iterable[Json], kept: Values | None = None) -> Values:
    """The state of a fresh surface; a value in ``kept`` stays when block_id, action_id and type are the same."""
    values: Values = {}
    for block, element in operable(blocks):
        entry = initial_entry(element)
        if entry is None:
            continue
        earlier = (kept or {}).get(block["block_id"], {}).get(element["action_id"])
        same_type = earlier is not None and earlier.get("type") == entry["type"]
        values.setdefault(block["block_id"], {})[element["action_id"]] = earlier if same_type and earlier else entry
    return values


def is_empty(entry: Json) -> bool:
    """Whether a state entry holds nothing."""
    return entry.get(STATE_FIELDS[entry["type"]].current) in (None, "", [])
