"""Review tasks: the card, the lists, and the forms to hold, return, complete and assign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    ExternalDataMultiSelectElement,
    InteractiveElement,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.moments import days
from bot.reviews.assign import Assignment
from bot.reviews.history import Happening
from bot.reviews.lists import TaskList, TaskPage
from bot.reviews.states import ENDED, Step
from bot.reviews.tasks import TaskCard
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import (
    Message,
    actions,
    button,
    day,
    divider,
    escape,
    fields,
    form,
    header,
    input_block,
    menu,
    moment,
    note_input,
    option,
    person,
    section,
    title_words,
    window,
    word_options,
    words,
)
from bot.views.layout import (
    context as small_print,
)
from bot.views.task_checks import checklist, read_checklist
from storage.columns import FAR_FUTURE
from storage.words import CheckItem, HoldReason, ReturnReason, TaskEvent, TaskType

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
LOOKED_AT = "looked_at"
_BUTTONS: tuple[tuple[Step, str, ActionId, str | None], ...] = (
    (Step.CLAIM, "Claim", ActionId.TASK_CLAIM, "primary"),
    (Step.START, "Start", ActionId.TASK_START, "primary"),
    (Step.RESUME, "Resume", ActionId.TASK_RESUME, "primary"),
    (Step.COMPLETE, "Complete", ActionId.TASK_COMPLETE, "primary"),
    (Step.HOLD, "Hold", ActionId.TASK_HOLD, None),
    (Step.RESUME, "Waits for…", ActionId.TASK_REASONS, None),
    (Step.RETURN, "Return", ActionId.TASK_RETURN, None),
)


def task_message(card: TaskCard, opening: str = "") -> Message:
    """A task's card as a message; ``opening`` is the sentence above it."""
    told = opening or f"{card.reference} is {words(card.state)}."
    return Message(text=f"{told} {task_title(card)}", blocks=[*([section(told)] if opening else []), *task_card(card)])


def task_window(card: TaskCard) -> View:
    """A task's card in a window of its own, opened from the Home."""
    return window(card.reference, task_card(card))


def task_title(card: TaskCard) -> str:
    """A task in one line: reference, kind, state."""
    kind = title_words(card.type) + (f", {words(card.setting)}" if card.setting else "")
    return f"{card.reference} · {kind} · {words(card.state)}"


def task_card(card: TaskCard) -> list[Block]:
    """All that a person needs to decide what to do with a task; no buttons once it has ended."""
    shown: list[Block] = [section(f"*{task_title(card)}*"), *fields(_facts(card))]
    if Step.CLAIM in card.may or card.owner_is_reader:
        shown.append(small_print(card.why))
    if card.open_flags:
        shown.append(small_print(f"Open accuracy flags on this record: {card.open_flags}"))
    if card.state not in ENDED:
        shown.append(actions(*_card_actions(card)))
    return shown


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
        line += f" · due {moment(card.due_at)}"
    if card.holds:
        line += f" · waits for {', '.join(words(reason) for reason in card.holds)}"
    if card.owner and not card.owner_is_reader:
        line += f" · {person(card.owner)}"
    return section(line, accessory=button("Open", ActionId.TASK_OPEN, card.reference))


def history_window(reference: str, happenings: Sequence[Happening]) -> View:
    """What happened to a task, newest first."""
    return window(reference, [section(_happening(one)) for one in happenings] or [section("Nothing happened yet.")])


def hold_form(card: TaskCard, context: FormContext) -> View:
    """Ask why the owner cannot go on, and when to be woken."""
    reasons = StaticMultiSelectElement(action_id=str(Field.REASONS), options=word_options(HoldReason))
    return form(
        CallbackId.TASK_HOLD_FORM,
        "Put on hold",
        [
            section(f"*{task_title(card)}*\nThe task stays yours and does not count against your limit."),
            input_block(Field.REASONS, "What does it wait for?", reasons),
            input_block(Field.WAKE, "Wake me on", DatePickerElement(action_id=str(Field.WAKE)), optional=True),
            note_input(),
        ],
        context,
        submit="Hold",
    )


@dataclass(frozen=True, slots=True)
class HoldAnswers:
    """What the hold form said."""

    reasons: tuple[HoldReason, ...]
    wake_on: date | None
    note: str | None


def read_hold_form(values: FormValues) -> HoldAnswers:
    """Read the hold form."""
    reasons = tuple(HoldReason(value) for value in values.many(Field.REASONS))
    return HoldAnswers(reasons, values.day(Field.WAKE), values.text(Field.NOTE))


def return_form(card: TaskCard, context: FormContext) -> View:
    """Ask why the task goes back."""
    reasons = [reason for reason in ReturnReason if reason is not ReturnReason.IDLE]
    reason = StaticSelectElement(action_id=str(Field.REASON), options=word_options(reasons))
    return form(
        CallbackId.TASK_RETURN_FORM,
        "Return to the queue",
        [
            section(f"*{task_title(card)}*\nIt goes back to the queue for somebody else."),
            input_block(Field.REASON, "Why?", reason),
            note_input(),
        ],
        context,
        submit="Return",
    )


@dataclass(frozen=True, slots=True)
class ReturnAnswers:
    """What the return form said."""

    reason: ReturnReason
    note: str | None


def read_return_form(values: FormValues) -> ReturnAnswers:
    """Read the return form."""
    return ReturnAnswers(ReturnReason(values.one(Field.REASON) or ""), values.text(Field.NOTE))


def complete_form(card: TaskCard, context: FormContext) -> View:
    """End a task; a coding task asks for its codes by type-ahead, some kinds for their checklist."""
    asked: list[Block] = [section(f"*{task_title(card)}*\nCompleting takes it off your list.")]
    if card.type is TaskType.CODING:
        codes = ExternalDataMultiSelectElement(
            action_id=str(Field.CODES), min_query_length=2, max_selected_items=30, placeholder="Type words or a code"
        )
        asked.append(
            input_block(
                Field.CODES, "Codes assigned", codes, hint="Principal diagnosis first. Type two letters or more."
            )
        )
        keep = CheckboxesElement(
            action_id=str(Field.CONFIRM), options=[option("Keep these codes: I looked at what the check says", LOOKED_AT)]
        )
        asked.append(input_block(Field.CONFIRM, "If the check asks", keep, optional=True))
    asked += checklist(card)
    return form(CallbackId.TASK_COMPLETE_FORM, "Complete", asked, context, submit="Complete")


@dataclass(frozen=True, slots=True)
class CompleteAnswers:
    """What the completion form said: the codes, the principal one first, whether they stay although the check asks, and the checklist."""

    codes: tuple[str, ...]
    looked_at: bool
    checks: Mapping[CheckItem, str]


def read_complete_form(values: FormValues) -> CompleteAnswers:
    """Read the completion form."""
    return CompleteAnswers(values.many(Field.CODES), LOOKED_AT in values.many(Field.CONFIRM), read_checklist(values))


def assign_form(context: FormContext, reference: str = "", assignee: str | None = None) -> View:
    """Ask which task goes to whom."""
    task = PlainTextInputElement(action_id=str(Field.TASK), initial_value=reference or None, max_length=20)
    to = UserSelectElement(action_id=str(Field.PERSON), initial_user=assignee)
    return form(
        CallbackId.ASSIGN_FORM,
        "Assign a task",
        [
            input_block(Field.TASK, "Task", task, hint="Its reference, such as RV-2F7KQ"),
            input_block(Field.PERSON, "To whom?", to),
        ],
        context,
        submit="Assign",
    )


@dataclass(frozen=True, slots=True)
class AssignAnswers:
    """What the assign form said."""

    task: str
    person: str


def read_assign_form(values: FormValues) -> AssignAnswers:
    """Read the assign form."""
    return AssignAnswers(values.text(Field.TASK) or "", values.person(Field.PERSON) or "")


def assigned_message(done: Assignment) -> Message:
    """What the supervisor reads after an assignment."""
    verb = "already has" if done.was_theirs else "now has"
    return task_message(done.card, f"{person(done.assignee)} {verb} {done.card.reference}.")


def _happening(one: Happening) -> str:
    who = f" by {person(one.actor)}" if one.actor else ""
    to = f" to {person(one.owner)}" if one.event is TaskEvent.ASSIGNED else ""
    why = f" · {words(one.reason)}" if one.reason else ""
    note = f"\n{escape(one.note)}" if one.note else ""
    return f"*{title_words(one.event)}*{to}{who} · {moment(one.at)}{why}{note}"


def _facts(card: TaskCard) -> list[tuple[str, str]]:
    return [
        ("Record", card.record),
        ("Priority", title_words(card.priority)),
        ("Age", days(card.age_days)),
        ("Due", moment(card.due_at) if card.due_at else ""),
        ("Bill hold until", day(card.bill_hold_until) if card.bill_hold_until else ""),
        ("Facility", card.facility or ""),
        ("Payer class", title_words(card.payer_class) if card.payer_class else ""),
        ("Working DRG", card.working_drg or ""),
        ("Owner", f"{person(card.owner)} since {moment(card.since)}" if card.owner and card.since else ""),
        ("Waits for", ", ".join(words(reason) for reason in card.holds)),
        ("Physician query", f"{words(card.query)} since {moment(card.query_since)}" if card.query and card.query_since else ""),
        ("Offered to", person(card.offered_to) if card.offered_to else ""),
        ("Wakes", moment(card.wake_at) if card.wake_at and card.wake_at < FAR_FUTURE else ""),
    ]


def _card_actions(card: TaskCard) -> list[InteractiveElement]:
    main = [
        button(label, action, card.reference, style=style)
        for step, label, action, style in _BUTTONS
        if step in card.may and (step is not Step.RETURN or card.owner_is_reader)
    ][:3]
    if card.offered_to_reader:
        main = [
            button("Accept", ActionId.OFFER_ACCEPT, card.reference, style="primary"),
            button("Decline", ActionId.OFFER_DECLINE, card.reference),
        ]
    more = [("Flag a problem", f"flag|{card.reference}"), ("What happened so far", f"history|{card.reference}")]
    if Step.OFFER in card.may:
        more += [("Hand over to somebody", f"offer|{card.reference}"), ("Physician query", f"query|{card.reference}")]
    if Step.ASSIGN in card.may:
        more.append(("Assign to somebody", f"assign|{card.reference}"))
    if Step.RETURN in card.may and not any(element.action_id == ActionId.TASK_RETURN for element in main):
        more.append(("Return to the queue", f"return|{card.reference}"))
    return [*main, menu(ActionId.TASK_MORE, more)]


def _page_buttons(page: TaskPage) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page.page > 0:
        buttons.append(button("Previous", ActionId.TASK_PAGE, f"{page.list}|{page.page - 1}|{page.words}", key="previous"))
    if page.page + 1 < page.pages:
        buttons.append(button("Next", ActionId.TASK_PAGE, f"{page.list}|{page.page + 1}|{page.words}", key="next"))
    if page.list is TaskList.QUEUE:
        buttons.append(button("Narrow the list", ActionId.TASK_FILTER, str(page.list)))
    return buttons


def list_blocks(title: str, cards: tuple[TaskCard, ...], empty: str) -> list[Block]:
    """A titled list for the Home."""
    return [header(title), *([task_row(card) for card in cards] or [section(empty)]), divider()]


def read_page(value: str) -> tuple[TaskList, int, str]:
    """Which page a button asks for, and what narrows the list."""
    which, page, words_typed = (*value.split("|", 2), "")[:3]
    return TaskList(which), int(page), words_typed


def read_choice(value: str) -> tuple[str, str]:
    """What was chosen behind ⋯, and for which reference."""
    choice, _, reference = value.partition("|")
    return choice, reference
