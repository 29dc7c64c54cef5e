"""An export that somebody asked for in Slack: gathered page by page, written down, and handed over as one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from bot.actors import Identity
from bot.desk import Desk
from bot.exports.files import written
from bot.exports.tasks import ExportedTask, ExportFormat, last_key, note_export, tasks_after


def export_file(desk: Desk, who: Identity, form: ExportFormat) -> tuple[bytes, int]:
    """All open tasks as a file, and how many they are. That they leave is written down before they are handed over.

    :raises NotAllowed: unless a supervisor asks.
    """
    counted = [0]
    content = b"".join(written(_counting(pages(partial(_page, desk, who)), counted), form))
    desk.change(who, note_export, None, form, counted[0])
    return content, counted[0]


def pages(page: Callable[[int], list[ExportedTask]]) -> Iterator[list[ExportedTask]]:
    """Page after page, until there is none."""
    after = 0
    while found := page(after):
        yield found
        after = last_key(found)


def _page(desk: Desk, who: Identity, after: int) -> list[ExportedTask]:
    return desk.look(who, tasks_after, after)


def _counting(found: Iterator[list[ExportedTask]], counted: list[int]) -> Iterator[list[ExportedTask]]:
    for page in found:
        counted[0] += len(page)
        yield page
