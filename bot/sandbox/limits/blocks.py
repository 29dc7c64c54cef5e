"""Limits of the blocks, and which blocks may stand on which surface."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox.identifiers import JsonValue
from bot.sandbox.limits.checks import Check, Problem, by_type, choice, exactly_one, flag, items, shape, string, text
from bot.sandbox.limits.elements import ACCESSORY, ACTION, ELEMENTS, INPUT, LINK
from bot.sandbox.limits.rich_text import RICH_TEXT_PARTS

_EITHER = ("plain_text", "mrkdwn")
_ID = {"block_id": string(255, 1)}


def _text_or_fields(block: JsonValue, path: str) -> Iterator[Problem]:
    if "text" not in block and "fields" not in block:
        yield Problem(path, "must define either `text` or `fields`")


def _unique_action_ids(block: JsonValue, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, element in enumerate(block["elements"]):
        name = element.get("action_id")
        if name in seen:
            yield Problem(f"{path}/elements/{index}/action_id", f"`action_id` is not unique in this block: {name}")
        if name:
            seen.add(name)


_CONTEXT_PARTS: dict[str, Check] = {
    "plain_text": text(3000),
    "mrkdwn": text(3000, "mrkdwn"),
    "image": ELEMENTS["image"],
}
_CELLS: dict[str, Check] = {
    "raw_text": shape({"text": string(10_000, 1)}, {}, kind="raw_text"),
    "rich_text": shape({"elements": RICH_TEXT_PARTS}, _ID, kind="rich_text"),
}
_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})

BLOCKS: dict[str, Check] = {
    "section": shape(
        {},
        {
            **_ID,
            "text": text(3000, *_EITHER),
            "fields": items(text(2000, *_EITHER), 1, 10),
            "accessory": ACCESSORY,
            "expand": flag,
        },
        (_text_or_fields,),
        "section",
    ),
    "header": shape({"text": text(150)}, _ID, kind="header"),
    "divider": shape({}, _ID, kind="divider"),
    "context": shape({"elements": items(by_type(_CONTEXT_PARTS), 1, 10)}, _ID, kind="context"),
    "actions": shape({"elements": items(ACTION, 1, 25)}, _ID, (_unique_action_ids,), "actions"),
    "input": shape(
        {"label": text(2000), "element": INPUT},
        {**_ID, "hint": text(2000), "optional": flag, "dispatch_action": flag},
        kind="input",
    ),
    "image": shape(
        {"alt_text": string(2000, 1)},
        {**_ID, "image_url": LINK, "title": text(2000), "slack_file": shape({}, {"id": string(255), "url": LINK})},
        (exactly_one("image_url", "slack_file"),),
        "image",
    ),
    "rich_text": shape({"elements": RICH_TEXT_PARTS}, _ID, kind="rich_text"),
    "markdown": shape({"text": string(12_000, 1)}, _ID, kind="markdown"),
    "table": shape(
        {"rows": items(items(by_type(_CELLS), 1, 20), 1, 100)}, {**_ID, "column_settings": items(_COLUMN, 0, 20)},
        kind="table",
    ),
}  # fmt: skip

IN_VIEWS = ("section", "header", "divider", "context", "actions", "input", "image", "rich_text")
IN_MESSAGES = (*IN_VIEWS, "markdown", "table")

MESSAGE_BLOCK = by_type(BLOCKS, IN_MESSAGES)
VIEW_BLOCK = by_type(BLOCKS, IN_VIEWS)
