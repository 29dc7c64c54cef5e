"""Limits of modals and Home views, and of the answers to a type-ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.limits import check_suggestions, check_view

View = dict[str, Any]


def plain(length: int) -> View:
    return {"type": "plain_text", "text": "x" * length}


def modal(**fields: Any) -> View:
    return {"type": "modal", "title": plain(3), "blocks": [{"type": "divider"}], **fields}


def home(**fields: Any) -> View:
    return {"type": "home", "blocks": [{"type": "divider"}], **fields}


def ask(element: View, **fields: Any) -> View:
    return {"type": "input", "label": plain(3), "element": element, **fields}


def markdown_sized(size: int) -> View:
    """A modal of exactly ``size`` bytes as JSON."""
    import json

    view = modal(private_metadata="")
    view["title"]["text"] += "x" * (size - len(json.dumps(view)))
    return view


LARGEST: dict[str, tuple[Callable[[int], View], int, str]] = {
    "blocks of a modal": (lambda n: modal(blocks=[{"type": "divider"}] * n), 100, "/view/blocks"),
    "blocks of a home": (lambda n: home(blocks=[{"type": "divider"}] * n), 100, "/view/blocks"),
    "title": (lambda n: modal(title=plain(n)), 24, "/view/title/text"),
    "submit": (lambda n: modal(submit=plain(n)), 24, "/view/submit/text"),
    "close": (lambda n: modal(close=plain(n)), 24, "/view/close/text"),
    "private_metadata": (lambda n: modal(private_metadata="m" * n), 3000, "/view/private_metadata"),
    "callback_id": (lambda n: modal(callback_id="c" * n), 255, "/view/callback_id"),
    "external_id": (lambda n: modal(external_id="e" * n), 255, "/view/external_id"),
    "private_metadata of a home": (lambda n: home(private_metadata="m" * n), 3000, "/view/private_metadata"),
    "files": (
        lambda n: modal(submit=plain(2), blocks=[ask({"type": "file_input", "max_files": n})]),
        10,
        "/view/blocks/0/element/max_files",
    ),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_fits_and_one_more_is_refused(name: str) -> None:
    build, limit, path = LARGEST[name]
    assert check_view(build(limit)) == []
    assert path in [problem.path for problem in check_view(build(limit + 1))]


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    assert "view_too_large" not in [problem.code for problem in check_view(markdown_sized(250_000))]
    assert [problem.code for problem in check_view(markdown_sized(250_001))] == ["view_too_large"]


def test_an_input_needs_a_submit_button() -> None:
    blocks = [ask({"type": "plain_text_input"})]
    assert check_view(modal(blocks=blocks, submit=plain(4))) == []
    assert "`submit` is required" in check_view(modal(blocks=blocks))[0].sentence
    assert check_view(home(blocks=blocks)) == []


def test_a_modal_needs_a_title_and_a_home_may_not_have_one() -> None:
    assert check_view({"type": "modal", "blocks": []})[0].sentence == "missing required field: title"
    assert check_view(home(title=plain(3)))[0].sentence == "invalid additional property: title"


def test_only_messages_hold_tables_and_markdown() -> None:
    assert check_view(modal(blocks=[{"type": "markdown", "text": "a"}]))[0].path == "/view/blocks/0/type"


def test_only_one_element_gets_the_focus() -> None:
    focused = ask({"type": "plain_text_input", "focus_on_load": True})
    assert check_view(modal(submit=plain(2), blocks=[focused])) == []
    assert check_view(modal(submit=plain(2), blocks=[focused, dict(focused)]))[0].path == "/view/blocks"


def test_a_response_url_comes_only_from_an_input_of_a_modal() -> None:
    picker = {"type": "conversations_select", "response_url_enabled": True}
    assert check_view(modal(submit=plain(2), blocks=[ask(picker)])) == []
    assert check_view(home(blocks=[ask(picker)])) != []


def test_a_type_ahead_answers_with_at_most_100_options() -> None:
    option = {"text": plain(3), "value": "v"}
    assert check_suggestions({"options": [option] * 100}) == []
    assert check_suggestions({"options": []}) == []
    assert check_suggestions({"options": [option] * 101})[0].path == "/options"
    assert check_suggestions({"option_groups": [{"label": plain(2), "options": [option]}]}) == []
    assert check_suggestions({}) != []
    assert check_suggestions({"options": [option], "option_groups": []}) != []
