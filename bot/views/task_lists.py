"""Review tasks in lists, a page at a time, each with a button to open it."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    Block,
    InteractiveElement,
)
from slack_sdk.models.views import View

from bot.moments import days
from bot.reviews.cards import TaskCard
from bot.reviews.lists import TaskList, TaskPage
from bot.views.ids import ActionId
from bot.views.layout import (
    Message,
    actions,
    button,
    escape,
    header,
    moment,
    person,
    section,
    window,
    words,
)
from bot.views.layout import (
    context as small_print,
)
from bot.views.task_card import task_title

LIST_TITLES = {
    TaskList.MINE: "Your tasks",
    TaskList.QUEUE: "The queue",
    TaskList.HOLDS: "On hold",
    TaskList.DUE: "Due soon",
    TaskList.FOUND: "Found",
}
EMPTY_LISTS = {
    TaskList.MINE: "You have no tasks. /claim takes the next one.",
    TaskList.QUEUE: "The queue is empty. New work appears here as soon as it comes in.",
    TaskList.HOLDS: "Nothing is on hold.",
    TaskList.DUE: "None of your tasks is due in the next three days.",
    TaskList.FOUND: "No task here has that in its reference. /tasks shows yours.",
}


def task_list(page: TaskPage) -> Message:
    """A page of tasks, each with a button to open it."""
    title = LIST_TITLES[page.list]
    if not page.cards:
        empty = f"Nothing in this list is “{page.words}”." if page.words and page.list is not TaskList.FOUND else EMPTY_LISTS[page.list]
        return Message(text=empty, blocks=[section(empty)])
    shown: list[Block] = [header(f"{title} ({page.total})")]
    if page.words:
        shown.append(small_print(f"Only: {escape(page.words)}"))
    shown += [task_row(card) for card in page.cards]
    if page.pages > 1:
        shown.append(small_print(f"Page {page.page + 1} of {page.pages}"))
    if below := _page_buttons(page):
        shown.append(actions(*below))
    return Message(text=f"{title}: {page.total}", blocks=shown)


def list_window(page: TaskPage) -> View:
    """The same in a window, for a list chosen over the Home."""
    return window(LIST_TITLES[page.list], task_list(page).blocks)


def task_row(card: TaskCard) -> Block:
    """One line of a list."""
    line = f"*{task_title(card)}*\n{days(card.age_days)} old · priority {card.priority}"
    if card.due_at:
        line += f" · {'*overdue* since' if card.overdue else 'due'} {moment(card.due_at)}"
    if card.holds:
        line += f" · waits for {', '.join(words(reason) for reason in card.holds)}"
    if card.owner and not card.owner_is_reader:
        line += f" · {person(card.owner)}"
    return section(line, accessory=button("Open", ActionId.TASK_OPEN, card.reference))


def read_page(value: str) -> tuple[TaskList, int, str]:
    """Which page a button asks for, and what narrows the list."""
    which, page, words_typed = (*value.split("|", 2), "")[:3]
    return TaskList(which), int(page), words_typed


def _page_buttons(page: TaskPage) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page.page > 0:
        buttons.append(button("Previous", ActionId.TASK_PAGE, f"{page.list}|{page.page - 1}|{page.words}", key="previous"))
    if page.page + 1 < page.pages:
        buttons.append(button("Next", ActionId.TASK_PAGE, f"{page.list}|{page.page + 1}|{page.words}", key="next"))
    if page.list is TaskList.QUEUE:
        buttons.append(button("Narrow the list", ActionId.TASK_FILTER, str(page.list)))
    return buttons
