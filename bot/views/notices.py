"""Notices about review tasks, as direct messages."""

from __future__ import annotations

from bot.reviews.tasks import TaskCard
from bot.views.layout import Message, person, say
from bot.views.tasks import task_message


def assigned_letter(card: TaskCard, by: str) -> Message:
    """A supervisor put a task into the reader's hands: the card, ready to start."""
    who = f"{person(by)} assigned you" if by else "You were assigned"
    return task_message(card, f"{who} {card.reference}.")


def taken_back_letter(card: TaskCard) -> Message:
    """A task left the reader's hands by a supervisor's decision."""
    return say(f"{card.reference} is no longer in your hands: a supervisor moved it. /tasks shows yours.")
