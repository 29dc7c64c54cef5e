"""Limits of the interactive elements, as Slack publishes them for Block Kit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.sandbox.identifiers import JsonValue
from bot.sandbox.limits.checks import (
    Check,
    Problem,
    by_type,
    choice,
    exactly_one,
    flag,
    items,
    matching,
    shape,
    string,
    text,
    whole,
)

ACTION_ID = string(255, 1)
LINK = matching(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+", "a valid URL")
PLACEHOLDER = text(150)
_EITHER = ("plain_text", "mrkdwn")
_STYLE = choice("primary", "danger")
_ID = string(255, 1)
_DIGITS = matching(r"-?\d+(\.\d+)?", "a number")
_CLOCK = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time in the format HH:mm")

CONFIRM = shape(
    {"title": text(100), "text": text(300, *_EITHER), "confirm": text(30), "deny": text(30)}, {"style": _STYLE}
)


def option(*types: str, with_link: bool = False) -> Check:
    """An option object: text 75, value 150, description 75 characters."""
    optional = {"description": text(75, *types)} | ({"url": LINK} if with_link else {})
    return shape({"text": text(75, *types), "value": string(150, 1)}, optional)


PLAIN_OPTION = option()
RICH_OPTION = option(*_EITHER)
OPTION_GROUP = shape({"label": text(75), "options": items(PLAIN_OPTION, 1, 100)}, {})
OPTIONS = items(PLAIN_OPTION, 1, 100)
OPTION_GROUPS = items(OPTION_GROUP, 1, 100)
SUGGESTED_OPTIONS = items(PLAIN_OPTION, 0, 100)
SUGGESTED_GROUPS = items(OPTION_GROUP, 0, 100)
_FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
_SLACK_FILE = shape({}, {"id": _ID, "url": LINK})
_DISPATCH = shape({}, {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 1, 2)})


def _calendar_date(value: JsonValue, path: str) -> Iterator[Problem]:
    try:
        date.fromisoformat(value if isinstance(value, str) and len(value) == len("2026-01-31") else "")
    except ValueError:
        yield Problem(path, "must be a valid date in the format YYYY-MM-DD")


def _offered_options(element: dict[str, Any]) -> list[Any]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(entry for group in groups for entry in group["options"])]


def _initial_among_options(element: JsonValue, path: str) -> Iterator[Problem]:
    """Slack refuses a preselected option that is not offered word for word."""
    offered = [(entry["value"], entry["text"]["text"]) for entry in _offered_options(element)]
    chosen = [("initial_option", element["initial_option"])] if "initial_option" in element else []
    chosen += [(f"initial_options/{index}", entry) for index, entry in enumerate(element.get("initial_options", []))]
    for name, entry in chosen:
        if (entry["value"], entry["text"]["text"]) not in offered:
            yield Problem(f"{path}/{name}", "initial option is not among the options")


def _lengths_in_order(element: JsonValue, path: str) -> Iterator[Problem]:
    longest = element.get("max_length", 3000)
    if element.get("min_length", 0) > longest:
        yield Problem(f"{path}/min_length", "must not be greater than max_length")
    if len(element.get("initial_value", "")) > longest:
        yield Problem(f"{path}/initial_value", f"must be less than {longest + 1} characters")


def _initial_within_maximum(element: JsonValue, path: str) -> Iterator[Problem]:
    most = element.get("max_selected_items")
    for name in ("initial_options", "initial_users", "initial_conversations", "initial_channels"):
        if most is not None and len(element.get(name, [])) > most:
            yield Problem(f"{path}/{name}", f"no more than {most} items allowed")


def _element(
    kind: str, fields: Mapping[str, Check], required: Mapping[str, Check] | None = None, *rules: Check
) -> Check:
    return shape(required or {}, {"action_id": ACTION_ID, **fields}, rules, kind)


_FOCUS = {"focus_on_load": flag}
_MENU = {"placeholder": PLACEHOLDER, "confirm": CONFIRM, **_FOCUS}
_MULTI = {**_MENU, "max_selected_items": whole(1, 100_000)}
_LISTED = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
_LISTED_RULES = (exactly_one("options", "option_groups"), _initial_among_options, _initial_within_maximum)
_FETCHED = {"min_query_length": whole(0, 3000)}
_CONVERSATION = {"default_to_current_conversation": flag, "filter": _FILTER}
_TYPED = {"placeholder": PLACEHOLDER, "dispatch_action_config": _DISPATCH, **_FOCUS}
_PICKED = {"confirm": CONFIRM, **_FOCUS}
_BOXES = items(RICH_OPTION, 1, 10)

ELEMENTS: dict[str, Check] = {
    "button": _element(
        "button",
        {"value": string(2000), "url": LINK, "style": _STYLE, "confirm": CONFIRM, "accessibility_label": string(75)},
        {"text": text(75)},
    ),
    "overflow": _element("overflow", {"confirm": CONFIRM}, {"options": items(option(with_link=True), 2, 5)}),
    "static_select": _element("static_select", {**_MENU, **_LISTED, "initial_option": PLAIN_OPTION}, None,
                              *_LISTED_RULES),
    "multi_static_select": _element(
        "multi_static_select", {**_MULTI, **_LISTED, "initial_options": items(PLAIN_OPTION, 1, 100)}, None,
        *_LISTED_RULES
    ),
    "external_select": _element("external_select", {**_MENU, **_FETCHED, "initial_option": PLAIN_OPTION}),
    "multi_external_select": _element(
        "multi_external_select", {**_MULTI, **_FETCHED, "initial_options": items(PLAIN_OPTION, 1, 100)}, None,
        _initial_within_maximum
    ),
    "users_select": _element("users_select", {**_MENU, "initial_user": _ID}),
    "multi_users_select": _element("multi_users_select", {**_MULTI, "initial_users": items(_ID, 1, 1000)}, None,
                                   _initial_within_maximum),
    "conversations_select": _element(
        "conversations_select",
        {**_MENU, **_CONVERSATION, "initial_conversation": _ID, "response_url_enabled": flag},
    ),
    "multi_conversations_select": _element(
        "multi_conversations_select", {**_MULTI, **_CONVERSATION, "initial_conversations": items(_ID, 1, 1000)}, None,
        _initial_within_maximum
    ),
    "channels_select": _element("channels_select", {**_MENU, "initial_channel": _ID, "response_url_enabled": flag}),
    "multi_channels_select": _element("multi_channels_select", {**_MULTI, "initial_channels": items(_ID, 1, 1000)},
                                      None, _initial_within_maximum),
    "datepicker": _element("datepicker", {**_PICKED, "placeholder": PLACEHOLDER, "initial_date": _calendar_date}),
    "timepicker": _element(
        "timepicker", {**_PICKED, "placeholder": PLACEHOLDER, "initial_time": _CLOCK, "timezone": string(255, 1)}
    ),
    "datetimepicker": _element("datetimepicker", {**_PICKED, "initial_date_time": whole(10**9, 10**10 - 1)}),
    "checkboxes": _element("checkboxes", {**_PICKED, "initial_options": items(RICH_OPTION, 1, 10)},
                           {"options": _BOXES}, _initial_among_options),
    "radio_buttons": _element("radio_buttons", {**_PICKED, "initial_option": RICH_OPTION}, {"options": _BOXES},
                              _initial_among_options),
    "plain_text_input": _element(
        "plain_text_input",
        {**_TYPED, "initial_value": string(3000), "multiline": flag, "min_length": whole(0, 3000),
         "max_length": whole(1, 3000)},
        None, _lengths_in_order,
    ),
    "number_input": _element("number_input", {**_TYPED, "initial_value": _DIGITS, "min_value": _DIGITS,
                                              "max_value": _DIGITS}, {"is_decimal_allowed": flag}),
    "email_text_input": _element("email_text_input", {**_TYPED, "initial_value": string(3000)}),
    "url_text_input": _element("url_text_input", {**_TYPED, "initial_value": string(3000)}),
    "file_input": _element("file_input", {"filetypes": items(string(20, 1), 1, 100), "max_files": whole(1, 10)}),
    "image": shape({"alt_text": string(2000, 1)}, {"image_url": LINK, "slack_file": _SLACK_FILE},
                   (exactly_one("image_url", "slack_file"),), "image"),
}  # fmt: skip

SELECTS = tuple(name for name in ELEMENTS if name.endswith("_select"))
PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")
IN_SECTION = ("button", "overflow", "image", *SELECTS, *PICKERS)
IN_ACTIONS = ("button", "overflow", "datetimepicker", *SELECTS, *PICKERS)
IN_INPUT = (
    "plain_text_input", "number_input", "email_text_input", "url_text_input", "datetimepicker", "file_input",
    *SELECTS, *PICKERS,
)  # fmt: skip

ACCESSORY = by_type(ELEMENTS, IN_SECTION)
ACTION = by_type(ELEMENTS, IN_ACTIONS)
INPUT = by_type(ELEMENTS, IN_INPUT)
