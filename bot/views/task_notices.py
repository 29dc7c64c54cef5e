"""Messages about a task that goes round: offers, idle tasks, holds that wake, queries nobody answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.reviews.cards import TaskCard
from bot.views.layout import Message, moment, person, say, words
from bot.views.task_card import task_message
from storage.words import NoticeKind

#: Notices that show the card, which is kept up to date.
WITH_CARD = frozenset(
    {
        NoticeKind.TASK_ASSIGNED, NoticeKind.TASK_OFFERED, NoticeKind.OFFER_DECLINED, NoticeKind.OFFER_EXPIRED,
        NoticeKind.TASK_IDLE, NoticeKind.HOLD_WAKES, NoticeKind.QUERY_OVERDUE, NoticeKind.URGENT_WORK,
        NoticeKind.TASK_RETURNED_TWICE,
    }
)  # fmt: skip


_SAID = {
    NoticeKind.TASK_ASSIGNED: "{by} assigned you {name}.",
    NoticeKind.TASK_CANCELLED: "{by} cancelled {name}: {why}. It is off your list, and nothing is left to do with it.",
    NoticeKind.TASK_OFFERED: "{by} asks whether you can take {name} over. It stays theirs until you accept.",
    NoticeKind.OFFER_ACCEPTED: "{by} has taken {name} over. It is no longer in your hands.",
    NoticeKind.OFFER_DECLINED: "{by} cannot take {name} over. It is still yours.",
    NoticeKind.OFFER_EXPIRED: "Your offer of {name} was not answered in time. It is still yours.",
    NoticeKind.TASK_IDLE: "Are you still on {name}? Start, hold or return it; untouched, it goes back to the queue after {more} more working hours.",
    NoticeKind.TASK_RETURNED_IDLE: "{name} is back in the queue: nothing happened with it for a working day. /claim {name} takes it again.",
    NoticeKind.HOLD_WAKES: "You asked to be woken: {name} is on hold until you resume it.",
    NoticeKind.URGENT_WORK: "Nobody has {name} yet, and it is urgent. Can you claim it? Whoever claims it first has it.",
    NoticeKind.TASK_RETURNED_TWICE: "{name} came back from idle hands again. *Assign to somebody* is behind the ⋯ of its card.",
    NoticeKind.QUERY_OVERDUE: "The physician query of {name} has been open{since}. Please help to get an answer.",
}


def task_letter(kind: NoticeKind, card: TaskCard, facts: Mapping[str, Any]) -> Message:
    """A notice that is true, as its reader sees it."""
    by = person(str(facts["by"])) if facts.get("by") else "A supervisor"
    since = f" since {moment(card.query_since)}" if card.query_since else ""
    why = words(str(facts.get("reason") or "no longer needed"))
    told = _SAID[kind].format(by=by, name=card.reference, since=since, more=facts.get("more", 4), why=why)
    return task_message(card, told) if kind in WITH_CARD else say(told)


def settled_letter(card: TaskCard) -> Message:
    """What stands where a notice was true once: the task as it is now."""
    return task_message(card, f"{card.reference} is {words(card.state)} now.")
