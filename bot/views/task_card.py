"""The card of a review task, alone in a message or a window, and what happened to the task so far."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    InteractiveElement,
)
from slack_sdk.models.views import View

from bot.moments import days
from bot.reviews.cards import TaskCard
from bot.reviews.history import Happening
from bot.reviews.states import ENDED, Step
from bot.views.ids import ActionId
from bot.views.layout import (
    Message,
    actions,
    button,
    day,
    escape,
    fields,
    menu,
    moment,
    person,
    section,
    title_words,
    window,
    words,
)
from bot.views.layout import (
    context as small_print,
)
from storage.columns import FAR_FUTURE
from storage.words import TaskEvent

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


def history_window(reference: str, happenings: Sequence[Happening]) -> View:
    """What happened to a task, newest first."""
    return window(reference, [section(_happening(one)) for one in happenings] or [section("Nothing happened yet.")])


def read_choice(value: str) -> tuple[str, str]:
    """What was chosen behind ⋯, and for which reference."""
    choice, _, reference = value.partition("|")
    return choice, reference


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
        ("Overdue since" if card.overdue else "Due", moment(card.due_at) if card.due_at else ""),
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
        button("Worksheet" if step is Step.COMPLETE and card.on_worksheet else label, action, card.reference, style=style)
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
        more.append(("Physician query", f"query|{card.reference}"))
    # Slack shows five choices. Who may assign needs no offer: it hands the task over at once.
    if Step.ASSIGN in card.may:
        more += [("Assign to somebody", f"assign|{card.reference}"), ("Cancel the task", f"cancel|{card.reference}")]
    elif Step.OFFER in card.may:
        more.append(("Hand over to somebody", f"offer|{card.reference}"))
    if Step.RETURN in card.may and not any(element.action_id == ActionId.TASK_RETURN for element in main):
        more.append(("Return to the queue", f"return|{card.reference}"))
    return [*main, menu(ActionId.TASK_MORE, more)]
