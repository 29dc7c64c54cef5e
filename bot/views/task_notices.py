"""Messages about a task that goes round: offers, idle tasks, holds that wake, queries nobody answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.reviews.tasks import TaskCard
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, moment, person, say, section, words
from bot.views.tasks import task_card, task_message, task_title
from storage.words import NoticeKind

#: Notices that show the card, which is kept up to date.
WITH_CARD = frozenset(
    {
        NoticeKind.TASK_ASSIGNED, NoticeKind.TASK_OFFERED, NoticeKind.OFFER_DECLINED, NoticeKind.OFFER_EXPIRED,
        NoticeKind.TASK_IDLE, NoticeKind.HOLD_WAKES, NoticeKind.QUERY_OVERDUE,
    }
)  # fmt: skip


def task_letter(kind: NoticeKind, card: TaskCard, facts: Mapping[str, Any]) -> Message:
    """A notice that is true, as its reader sees it."""
    by = person(str(facts.get("by") or "")) if facts.get("by") else "Somebody"
    name = card.reference
    match kind:
        case NoticeKind.TASK_ASSIGNED:
            return task_message(card, f"{by} assigned you {name}." if facts.get("by") else f"You were assigned {name}.")
        case NoticeKind.TASK_OFFERED:
            return _offer(card, f"{by} asks whether you can take {name} over. It stays theirs until you accept.")
        case NoticeKind.OFFER_ACCEPTED:
            return say(f"{by} has taken {name} over. It is no longer in your hands.")
        case NoticeKind.OFFER_DECLINED:
            return task_message(card, f"{by} cannot take {name} over. It is still yours.")
        case NoticeKind.OFFER_EXPIRED:
            return task_message(card, f"Nobody answered your offer of {name} in time. It is still yours.")
        case NoticeKind.TASK_IDLE:
            return task_message(card, f"Are you still on {name}? Start, hold or return it; untouched, it goes back to the queue later today.")
        case NoticeKind.TASK_RETURNED_IDLE:
            return say(f"{name} is back in the queue, because nothing happened with it for a working day. /claim takes it again.")
        case NoticeKind.HOLD_WAKES:
            return task_message(card, f"You asked to be woken: {name} is on hold until you resume it.")
        case NoticeKind.QUERY_OVERDUE:
            since = f" since {moment(card.query_since)}" if card.query_since else ""
            return task_message(card, f"The physician query of {name} has been open{since}. Please help to get an answer.")
        case _:
            raise ValueError(f"{kind} is no notice about a task that goes round")


def settled_letter(card: TaskCard) -> Message:
    """What stands where a notice was true once: the task as it is now."""
    return task_message(card, f"{card.reference} is {words(card.state)} now.")


def _offer(card: TaskCard, told: str) -> Message:
    answers = actions(
        button("Accept", ActionId.OFFER_ACCEPT, card.reference, style="primary"),
        button("Decline", ActionId.OFFER_DECLINE, card.reference),
    )
    return Message(text=f"{told} {task_title(card)}", blocks=[section(told), *task_card(card), answers])
