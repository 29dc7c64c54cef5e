"""Limits of whole messages, modals and Home views, on top of those of their blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.inputs import operable
from bot.sandbox.limits.blocks import MESSAGE_BLOCK, VIEW_BLOCK
from bot.sandbox.limits.checks import Check, Problem, by_type, flag, items, shape, string, text
from bot.sandbox.limits.elements import SUGGESTED_GROUPS, SUGGESTED_OPTIONS

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_BLOCK_TEXT = 13_000
"""Characters of block text in one message beyond which Slack answers msg_blocks_too_long (seen, not published)."""
MARKDOWN_TEXT = 12_000
TABLE_TEXT = 10_000
VIEW_BYTES = 250_000
POSTED_TEXT = 40_000
UPDATED_TEXT = 4_000
ATTACHMENTS = 100

_ANY_VIEW = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_SHORT_TITLE = text(24)
_VIEW: Check = by_type(
    {
        "modal": shape(
            {"title": _SHORT_TITLE, "blocks": items(VIEW_BLOCK, 0, VIEW_BLOCKS)},
            {
                **_ANY_VIEW,
                "submit": _SHORT_TITLE,
                "close": _SHORT_TITLE,
                "clear_on_close": flag,
                "notify_on_close": flag,
                "submit_disabled": flag,
            },
            kind="modal",
        ),
        "home": shape({"blocks": items(VIEW_BLOCK, 0, VIEW_BLOCKS)}, _ANY_VIEW, kind="home"),
    }
)
_MESSAGE_BLOCKS: Check = items(MESSAGE_BLOCK, 0, MESSAGE_BLOCKS)


def check_message(blocks: JsonValue, path: str = "/blocks") -> list[Problem]:
    """What Slack would refuse about these blocks as a message; empty when all is well."""
    problems = list(_MESSAGE_BLOCKS(blocks, path))
    if problems:
        return problems
    problems += _check_ids(blocks, path)
    problems += _check_message_only(blocks, path)
    problems += _check_message_size(blocks, path)
    return problems


def check_view(view: JsonValue, path: str = "/view") -> list[Problem]:
    """What Slack would refuse about this modal or Home view; empty when all is well."""
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        return [Problem(path, f"view must be smaller than {VIEW_BYTES} bytes", "view_too_large")]
    problems = list(_VIEW(view, path))
    if problems:
        return problems
    blocks = view["blocks"]
    problems += _check_ids(blocks, f"{path}/blocks")
    problems += _check_focus(blocks, path)
    problems += _check_modal_parts(view, path)
    return problems


def check_suggestions(answer: JsonValue) -> list[Problem]:
    """What Slack would refuse about the answer to a block_suggestion: at most 100 options or groups."""
    rule = shape({}, {"options": SUGGESTED_OPTIONS, "option_groups": SUGGESTED_GROUPS})
    problems = list(rule(answer, ""))
    if not problems and len(answer) != 1:
        problems.append(Problem("", "must define either `options` or `option_groups`"))
    return problems


def block_text_length(blocks: list[Json]) -> int:
    """The characters of text in all blocks together, tables apart."""
    return sum(_text_length(block) for block in blocks if block.get("type") != "table")


def _text_length(node: JsonValue) -> int:
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(_text_length(child) for child in node.values() if isinstance(child, dict | list))
    if isinstance(node, list):
        return sum(_text_length(child) for child in node)
    return 0


def _check_ids(blocks: list[Json], path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if name in seen:
            yield Problem(f"{path}/{index}/block_id", f"`block_id` is not unique: {name}")
        if name:
            seen.add(name)


def _check_focus(blocks: list[Json], path: str) -> Iterator[Problem]:
    if sum(1 for _, element in operable(blocks) if element.get("focus_on_load")) > 1:
        yield Problem(f"{path}/blocks", "only one element may have `focus_on_load`")


def _check_message_only(blocks: list[Json], path: str) -> Iterator[Problem]:
    for index, block in enumerate(blocks):
        for element in [element for _, element in operable([block])]:
            if element["type"] == "file_input":
                yield Problem(f"{path}/{index}/element", "unsupported type: file_input")
            if "response_url_enabled" in element:
                yield Problem(f"{path}/{index}", "`response_url_enabled` is only allowed in modals")
    if sum(1 for block in blocks if block["type"] == "table") > 1:
        yield Problem(path, "only one table is allowed in a message", "only_one_table_allowed")


def _check_message_size(blocks: list[Json], path: str) -> Iterator[Problem]:
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_TEXT:
        yield Problem(path, f"markdown blocks may hold {MARKDOWN_TEXT} characters together", "msg_blocks_too_long")
    if sum(_text_length(block) for block in blocks if block["type"] == "table") > TABLE_TEXT:
        yield Problem(path, f"a table may hold {TABLE_TEXT} characters", "msg_blocks_too_long")
    if block_text_length(blocks) > MESSAGE_BLOCK_TEXT:
        yield Problem(path, f"blocks may hold about {MESSAGE_BLOCK_TEXT} characters together", "msg_blocks_too_long")


def _check_modal_parts(view: Json, path: str) -> Iterator[Problem]:
    is_home = view["type"] == "home"
    if not is_home and "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        yield Problem(path, "`submit` is required when an `input` block is within the `blocks` array")
    for index, block in enumerate(view["blocks"]):
        for _, element in operable([block]):
            if "response_url_enabled" in element and (is_home or block["type"] != "input"):
                yield Problem(f"{path}/blocks/{index}", "`response_url_enabled` is only allowed in a modal's input")
            if is_home and element["type"] == "file_input":
                yield Problem(f"{path}/blocks/{index}/element", "unsupported type: file_input")
