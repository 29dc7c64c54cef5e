"""Pages of a long answer, with Slack's opaque cursors."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.web_api.calls import ApiError, Call

Item = TypeVar("Item")
LARGEST_PAGE = 1000


def page_of(call: Call, items: Sequence[Item], default_limit: int = 100) -> tuple[list[Item], str]:
    """The page the call asks for and the cursor of the next one (empty after the last).

    Raises ApiError("invalid_cursor") for a cursor that was not handed out.
    """
    limit = min(max(call.whole("limit", default_limit), 1), LARGEST_PAGE)
    start = _read_cursor(call.text("cursor"))
    rest = start + limit
    return list(items[start:rest]), _write_cursor(rest) if rest < len(items) else ""


def _write_cursor(position: int) -> str:
    return base64.b64encode(f"next:{position}".encode()).decode()


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word != "next":
            raise ValueError(word)
        return int(position)
    except ValueError:
        raise ApiError("invalid_cursor") from None
