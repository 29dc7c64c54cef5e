"""Every limit of a message: what just fits is accepted, one more is refused at the right place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.limits import check_message, check_view

FIELDS = st.sampled_from(["type", "text", "elements", "fields", "accessory", "options", "initial_option", "action_id"])
Build = Callable[[int], list[dict[str, Any]]]


def plain(length: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": "x" * length}


def option(number: int = 0, text: int = 5, **more: Any) -> dict[str, Any]:
    return {"text": plain(text), "value": f"v{number}", **more}


def options(count: int) -> list[dict[str, Any]]:
    return [option(number) for number in range(count)]


def section(**fields: Any) -> list[dict[str, Any]]:
    return [{"type": "section", "text": mrkdwn(3), **fields}]


def actions(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "elements": list(elements)}]


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(4), **fields}


def menu(kind: str = "static_select", **fields: Any) -> dict[str, Any]:
    return {"type": kind, "options": options(2), **fields}


def confirm(**fields: Any) -> dict[str, Any]:
    return {"title": plain(3), "text": mrkdwn(3), "confirm": plain(3), "deny": plain(3), **fields}


def ask(element: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    return [{"type": "input", "label": plain(3), "element": element, **fields}]


def table(rows: int, columns: int, text: int = 1) -> list[dict[str, Any]]:
    cell = {"type": "raw_text", "text": "x" * text}
    return [{"type": "table", "rows": [[cell] * columns for _ in range(rows)]}]


def choices(kind: str, count: int) -> dict[str, Any]:
    return {"type": kind, "options": options(count)}


LARGEST: dict[str, tuple[Build, int, str]] = {
    "blocks": (lambda n: [{"type": "divider"}] * n, 50, "/blocks"),
    "section text": (lambda n: section(text=mrkdwn(n)), 3000, "/blocks/0/text/text"),
    "section fields": (lambda n: section(fields=[mrkdwn(1)] * n), 10, "/blocks/0/fields"),
    "field text": (lambda n: section(fields=[mrkdwn(n)]), 2000, "/blocks/0/fields/0/text"),
    "header": (lambda n: [{"type": "header", "text": plain(n)}], 150, "/blocks/0/text/text"),
    "context elements": (lambda n: [{"type": "context", "elements": [mrkdwn(1)] * n}], 10, "/blocks/0/elements"),
    "actions elements": (lambda n: actions(*[button()] * n), 25, "/blocks/0/elements"),
    "block_id": (lambda n: section(block_id="b" * n), 255, "/blocks/0/block_id"),
    "action_id": (lambda n: actions(button(action_id="a" * n)), 255, "/blocks/0/elements/0/action_id"),
    "button text": (lambda n: actions(button(text=plain(n))), 75, "/blocks/0/elements/0/text/text"),
    "button value": (lambda n: actions(button(value="v" * n)), 2000, "/blocks/0/elements/0/value"),
    "button url": (lambda n: actions(button(url="https://" + "u" * (n - 8))), 3000, "/blocks/0/elements/0/url"),
    "button label": (
        lambda n: actions(button(accessibility_label="l" * n)),
        75,
        "/blocks/0/elements/0/accessibility_label",
    ),
    "option text": (
        lambda n: actions(menu(options=[option(text=n)])),
        75,
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "option value": (
        lambda n: actions(menu(options=[{"text": plain(1), "value": "v" * n}])),
        150,
        "/blocks/0/elements/0/options/0/value",
    ),
    "option description": (
        lambda n: actions(menu(options=[option(description=plain(n))])),
        75,
        "/blocks/0/elements/0/options/0/description/text",
    ),
    "options": (lambda n: actions(menu(options=options(n))), 100, "/blocks/0/elements/0/options"),
    "option groups": (
        lambda n: actions({"type": "static_select", "option_groups": [{"label": plain(1), "options": options(1)}] * n}),
        100,
        "/blocks/0/elements/0/option_groups",
    ),
    "group label": (
        lambda n: actions({"type": "static_select", "option_groups": [{"label": plain(n), "options": options(1)}]}),
        75,
        "/blocks/0/elements/0/option_groups/0/label/text",
    ),
    "overflow": (lambda n: actions(choices("overflow", n)), 5, "/blocks/0/elements/0/options"),
    "checkboxes": (lambda n: actions(choices("checkboxes", n)), 10, "/blocks/0/elements/0/options"),
    "radio buttons": (lambda n: actions(choices("radio_buttons", n)), 10, "/blocks/0/elements/0/options"),
    "placeholder": (lambda n: actions(menu(placeholder=plain(n))), 150, "/blocks/0/elements/0/placeholder/text"),
    "input label": (
        lambda n: ask({"type": "plain_text_input"}, label=plain(n)),
        2000,
        "/blocks/0/label/text",
    ),
    "input hint": (lambda n: ask({"type": "plain_text_input"}, hint=plain(n)), 2000, "/blocks/0/hint/text"),
    "max_length": (
        lambda n: ask({"type": "plain_text_input", "max_length": n}),
        3000,
        "/blocks/0/element/max_length",
    ),
    "typed start": (
        lambda n: ask({"type": "plain_text_input", "initial_value": "x" * n}),
        3000,
        "/blocks/0/element/initial_value",
    ),
    "confirm title": (
        lambda n: actions(button(confirm=confirm(title=plain(n)))),
        100,
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "confirm text": (
        lambda n: actions(button(confirm=confirm(text=mrkdwn(n)))),
        300,
        "/blocks/0/elements/0/confirm/text/text",
    ),
    "confirm yes": (
        lambda n: actions(button(confirm=confirm(confirm=plain(n)))),
        30,
        "/blocks/0/elements/0/confirm/confirm/text",
    ),
    "confirm no": (
        lambda n: actions(button(confirm=confirm(deny=plain(n)))),
        30,
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    "image alt": (
        lambda n: [{"type": "image", "image_url": "https://e.org/i.png", "alt_text": "a" * n}],
        2000,
        "/blocks/0/alt_text",
    ),
    "image url": (
        lambda n: [{"type": "image", "image_url": "https://" + "u" * (n - 8), "alt_text": "a"}],
        3000,
        "/blocks/0/image_url",
    ),
    "image title": (
        lambda n: [{"type": "image", "image_url": "https://e.org", "alt_text": "a", "title": plain(n)}],
        2000,
        "/blocks/0/title/text",
    ),
    "markdown": (lambda n: [{"type": "markdown", "text": "x" * n}], 12_000, "/blocks/0/text"),
    "markdown together": (
        lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
        12_000,
        "/blocks",
    ),
    "table rows": (lambda n: table(n, 1), 100, "/blocks/0/rows"),
    "table columns": (lambda n: table(1, n), 20, "/blocks/0/rows/0"),
    "table text": (lambda n: table(1, 1, n), 10_000, "/blocks/0/rows/0/0/text"),
    "table text together": (
        lambda n: [
            {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * size}] for size in (5000, n - 5000)]}
        ],
        10_000,
        "/blocks",
    ),
    "tables": (lambda n: table(1, 1) * n, 1, "/blocks"),
    "text of all blocks": (
        lambda n: section(text=mrkdwn(3000)) * 4 + section(text=mrkdwn(n - 12_000)),
        13_000,
        "/blocks",
    ),
    "selected at start": (
        lambda n: actions(
            menu("multi_static_select", options=options(5), initial_options=options(n), max_selected_items=3)
        ),
        3,
        "/blocks/0/elements/0/initial_options",
    ),
}

SMALLEST: dict[str, tuple[Build, int, str]] = {
    "section text": (lambda n: section(text=mrkdwn(n)), 1, "/blocks/0/text/text"),
    "header": (lambda n: [{"type": "header", "text": plain(n)}], 1, "/blocks/0/text/text"),
    "overflow": (lambda n: actions(choices("overflow", n)), 2, "/blocks/0/elements/0/options"),
    "options": (lambda n: actions(menu(options=options(n))), 1, "/blocks/0/elements/0/options"),
    "option value": (
        lambda n: actions(menu(options=[{"text": plain(1), "value": "v" * n}])),
        1,
        "/blocks/0/elements/0/options/0/value",
    ),
    "context": (lambda n: [{"type": "context", "elements": [mrkdwn(1)] * n}], 1, "/blocks/0/elements"),
    "actions": (lambda n: actions(*[button()] * n), 1, "/blocks/0/elements"),
    "fields": (lambda n: [{"type": "section", "fields": [mrkdwn(1)] * n}], 1, "/blocks/0/fields"),
    "table rows": (lambda n: table(n, 1), 1, "/blocks/0/rows"),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_fits_and_one_more_is_refused(name: str) -> None:
    build, limit, path = LARGEST[name]
    assert check_message(build(limit)) == []
    assert path in [problem.path for problem in check_message(build(limit + 1))]


@pytest.mark.parametrize("name", SMALLEST)
def test_the_smallest_fits_and_one_less_is_refused(name: str) -> None:
    build, limit, path = SMALLEST[name]
    assert check_message(build(limit)) == []
    assert path in [problem.path for problem in check_message(build(limit - 1))]


WRONG: dict[str, tuple[list[Any], str, str]] = {
    "unknown block": ([{"type": "video"}], "/blocks/0/type", "unsupported type: video"),
    "block without type": ([{"text": plain(1)}], "/blocks/0", "missing required field: type"),
    "block that is no object": (["hello"], "/blocks/0", "must be an object"),
    "unknown element": (actions({"type": "slider"}), "/blocks/0/elements/0/type", "unsupported type: slider"),
    "text input in actions": (
        actions({"type": "plain_text_input"}),
        "/blocks/0/elements/0/type",
        "unsupported type: plain_text_input",
    ),
    "date and time in a section": (
        section(accessory={"type": "datetimepicker"}),
        "/blocks/0/accessory/type",
        "unsupported type: datetimepicker",
    ),
    "button in an input": (ask(button()), "/blocks/0/element/type", "unsupported type: button"),
    "mrkdwn in a header": ([{"type": "header", "text": mrkdwn(1)}], "/blocks/0/text/type", "unsupported type: mrkdwn"),
    "mrkdwn on a button": (
        actions(button(text=mrkdwn(1))),
        "/blocks/0/elements/0/text/type",
        "unsupported type: mrkdwn",
    ),
    "emoji beside mrkdwn": (
        section(text={**mrkdwn(1), "emoji": True}),
        "/blocks/0/text",
        "invalid additional property: emoji",
    ),
    "unknown property": (section(colour="red"), "/blocks/0", "invalid additional property: colour"),
    "empty section": ([{"type": "section"}], "/blocks/0", "must define either `text` or `fields`"),
    "button without text": (
        actions({"type": "button"}),
        "/blocks/0/elements/0",
        "missing required field: text",
    ),
    "style": (actions(button(style="green")), "/blocks/0/elements/0/style", "must be one of: primary, danger"),
    "link": (actions(button(url="no link")), "/blocks/0/elements/0/url", "must be a valid URL"),
    "same block_id": (
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        "/blocks/1/block_id",
        "`block_id` is not unique: a",
    ),
    "same action_id": (
        actions(button(action_id="a"), button(action_id="a")),
        "/blocks/0/elements/1/action_id",
        "`action_id` is not unique in this block: a",
    ),
    "options and groups": (
        actions(menu(option_groups=[{"label": plain(1), "options": options(1)}])),
        "/blocks/0/elements/0",
        "only one is allowed: options, option_groups",
    ),
    "neither options nor groups": (
        actions({"type": "static_select"}),
        "/blocks/0/elements/0",
        "must define either `options` or `option_groups`",
    ),
    "initial option": (
        actions(menu(initial_option=option(9))),
        "/blocks/0/elements/0/initial_option",
        "initial option is not among the options",
    ),
    "initial checkbox": (
        actions({**choices("checkboxes", 2), "initial_options": [option(9)]}),
        "/blocks/0/elements/0/initial_options/0",
        "initial option is not among the options",
    ),
    "day that does not exist": (
        actions({"type": "datepicker", "initial_date": "2026-02-30"}),
        "/blocks/0/elements/0/initial_date",
        "must be a valid date in the format YYYY-MM-DD",
    ),
    "time that does not exist": (
        actions({"type": "timepicker", "initial_time": "24:00"}),
        "/blocks/0/elements/0/initial_time",
        "must be a time in the format HH:mm",
    ),
    "milliseconds": (
        actions({"type": "datetimepicker", "initial_date_time": 1_795_000_000_000}),
        "/blocks/0/elements/0/initial_date_time",
        "must be between 1000000000 and 9999999999",
    ),
    "lengths": (
        ask({"type": "plain_text_input", "min_length": 5, "max_length": 4}),
        "/blocks/0/element/min_length",
        "must not be greater than max_length",
    ),
    "number without kind": (
        ask({"type": "number_input"}),
        "/blocks/0/element",
        "missing required field: is_decimal_allowed",
    ),
    "image without address": (
        [{"type": "image", "alt_text": "a"}],
        "/blocks/0",
        "must define either `image_url` or `slack_file`",
    ),
    "file input in a message": (ask({"type": "file_input"}), "/blocks/0/element", "unsupported type: file_input"),
    "response_url_enabled in a message": (
        ask({"type": "conversations_select", "response_url_enabled": True}),
        "/blocks/0",
        "`response_url_enabled` is only allowed in modals",
    ),
    "list without style": (
        [{"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": []}]}],
        "/blocks/0/elements/0",
        "missing required field: style",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_slack_does_not_know_is_named_with_its_place(name: str) -> None:
    blocks, path, sentence = WRONG[name]
    assert (path, sentence) in [(problem.path, problem.sentence) for problem in check_message(blocks)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=6),
    max_leaves=30,
)


@given(JSON)
def test_whatever_is_sent_is_judged_and_never_breaks_the_judge(value: Any) -> None:
    for checked in (
        value,
        [value],
        [{"type": "section", "accessory": value}],
        [{"type": "actions", "elements": [value]}],
    ):
        assert all(problem.sentence for problem in check_message(checked))
    assert check_view({"type": "modal", "blocks": value}) != []


def test_too_much_text_has_an_error_of_its_own() -> None:
    codes = [problem.code for problem in check_message(section(text=mrkdwn(3000)) * 5)]
    assert codes == ["msg_blocks_too_long"]


def test_a_problem_reads_like_slacks() -> None:
    (problem,) = check_message([{"type": "section"}])
    assert str(problem) == "[ERROR] must define either `text` or `fields` [json-pointer:/blocks/0]"
