"""Lists of releases: the nearest effective due date first, a page at a time."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.roi.cards import RoiCard
from bot.roi.requests import RequestList, RequestPage
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, day, header, person, section, words
from bot.views.layout import (
    context as small_print,
)
from bot.views.roi_card import request_title, time_left

LIST_TITLES = {
    RequestList.MINE: "Your pending releases",
    RequestList.DUE: "Releases due soon",
    RequestList.ALL: "Pending releases",
}
EMPTY_LISTS = {
    RequestList.MINE: "You have no pending releases. /roi due shows what is due for all.",
    RequestList.DUE: "No release is due in the next three business days.",
    RequestList.ALL: "No release is pending.",
}


def request_list(page: RequestPage) -> Message:
    """A page of requests, the nearest effective due date first, each with a button to open it."""
    if not page.cards:
        return Message(text=EMPTY_LISTS[page.list], blocks=[section(EMPTY_LISTS[page.list])])
    title = f"{LIST_TITLES[page.list]} ({page.total})"
    shown: list[Block] = [header(title), *(request_row(card) for card in page.cards)]
    if page.pages > 1:
        shown += [small_print(f"Page {page.page + 1} of {page.pages}"), actions(*_page_buttons(page))]
    return Message(text=f"{LIST_TITLES[page.list]}: {page.total}", blocks=shown)


def request_row(card: RoiCard) -> Block:
    """One line of a list."""
    line = f"*{request_title(card)}*\n*{time_left(card)}* ({day(card.deadline.effective_due_on)}) · priority {card.priority}"
    if card.blocks:
        line += f" · blocked by {', '.join(words(block.kind) for block in card.blocks)}"
    if not card.owner_is_reader:
        line += f" · {person(card.owner)}" if card.owner else " · nobody has it"
    return section(line, accessory=button("Open", ActionId.ROI_OPEN, card.reference))


def read_page(value: str) -> tuple[RequestList, int]:
    """Which page a button asks for."""
    which, _, page = value.partition("|")
    return RequestList(which), int(page)


def _page_buttons(page: RequestPage) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page.page > 0:
        buttons.append(button("Previous", ActionId.ROI_PAGE, f"{page.list}|{page.page - 1}", key="previous"))
    if page.page + 1 < page.pages:
        buttons.append(button("Next", ActionId.ROI_PAGE, f"{page.list}|{page.page + 1}", key="next"))
    return buttons
