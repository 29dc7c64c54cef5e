"""The board of clocks on the Home: how pending releases stand, and the nearest of them with what blocks each."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.roi.clocks import ClockCounts
from bot.roi.requests import RequestList, RequestPage
from bot.views.ids import ActionId
from bot.views.layout import actions, button, context, divider, fields, header, section
from bot.views.roi_lists import request_row


def releases_part(page: RequestPage | None, counts: ClockCounts | None, lines: int, *, oversees: bool) -> list[Block]:
    """The Home's part about releases, the nearest effective due date on top; nothing for who does not work on them."""
    if page is None:
        return []
    title = "Releases due soon" if page.list is RequestList.DUE else "My pending releases"
    rows: list[Block] = [request_row(card) for card in page.cards[:lines]]
    more = [context(f"{page.total - lines} more: `/roi`")] if page.total > lines else []
    empty = section("Nothing pending. `/roi due` shows what is due for all.")
    return [header(f"{title} ({page.total})"), *_counts(counts), *(rows or [empty]), *more, _buttons(oversees=oversees), divider()]


def _counts(counts: ClockCounts | None) -> list[Block]:
    if counts is None or not counts.total:
        return []
    told = [
        ("Overdue", counts.overdue),
        ("Due today", counts.today),
        ("In three business days", counts.soon),
        ("Later", counts.later),
        ("Put aside", counts.aside),
        ("Nobody has it", counts.unassigned),
    ]
    return fields([(label, str(number)) for label, number in told])


def _buttons(*, oversees: bool) -> Block:
    elements: list[InteractiveElement] = [button("Log a release", ActionId.ROI_NEW, "new")]
    if oversees:
        elements.append(button("Timeline", ActionId.ROI_TIMELINE, "all"))
    return actions(*elements)
