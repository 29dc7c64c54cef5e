"""What people are told about releases: reminders, and what happened to a release of theirs."""

from __future__ import annotations

from datetime import datetime

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.roi.cards import RoiCard
from bot.roi.due_rules import ReminderKind
from bot.roi.hands import Does
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, moment, person, section, words
from bot.views.layout import (
    context as small_print,
)
from bot.views.roi_card import request_title, time_left
from storage.words import NoticeKind

_REMINDERS: dict[str, str] = {
    ReminderKind.HALF_TIME: "Half of the time is over.",
    ReminderKind.LAST_HOURS: "Two hours are left.",
    ReminderKind.EXTEND_OR_FINISH: "Finish it, or write to the person why it takes longer.",
    ReminderKind.LAST_CALL_EXTENSION: "Last call for the letter that extends it.",
    ReminderKind.UNASSIGNED: "Nobody has it yet.",
    ReminderKind.NOT_IN_QA: "It has not reached QA yet.",
    ReminderKind.AUTHORIZATION_EXPIRING: "Its authorization ends soon. Deliver before, or ask for a new one.",
    ReminderKind.AUTHORIZATION_EXPIRED: "Its authorization has expired, so it is pending. Ask for a new one.",
    ReminderKind.STILL_PENDING: "It is still pending. Ask how it stands.",
    ReminderKind.PENDING_LONG: "It has been pending for long. Please look at it.",
}


def release_notice(
    kind: NoticeKind, card: RoiCard, *, point: str = "", by: str = "", flag: str = "", instead_of: str = ""
) -> Message:
    """What somebody is told about a request. ``card`` is theirs; ``point``, ``by``, ``flag`` and ``instead_of`` are the notice's facts."""
    match kind:
        case NoticeKind.RELEASES_FROZEN:
            told = f"{card.reference} waits: the critical flag {flag} is open on its record. Nothing from it may be delivered until that is settled."
        case NoticeKind.RELEASES_FREED:
            told = f"{card.reference} may go on: the critical flag {flag} on its record is settled."
        case NoticeKind.RELEASE_ASSIGNED if card.owner_is_reader:
            told = f"{person(by)} gave you {card.reference}: {time_left(card)}." if by else f"{card.reference} is yours."
        case NoticeKind.RELEASE_ASSIGNED:
            return _short(card, f"{card.reference} is no longer in your hands: {person(card.owner)} has it now.")
        case _:
            away = f" {person(instead_of)} is away, so this comes to you." if instead_of and not card.owner_is_reader else ""
            told = f"{card.reference} is {time_left(card)}. {_REMINDERS.get(point, '')}".rstrip() + away
    return _short(card, told, with_actions=True)


def snoozed_message(card: RoiCard, at: datetime) -> Message:
    """What takes the place of a reminder that was snoozed until ``at``."""
    late = " That is after the day it is due: the clock goes on." if at.date() > card.deadline.effective_due_on else ""
    told = f"{card.reference} is {time_left(card)}. You are reminded again {moment(at)}.{late}"
    return Message(text=told, blocks=[section(told), actions(button("Open", ActionId.ROI_OPEN, card.reference))])


def _short(card: RoiCard, told: str, *, with_actions: bool = False) -> Message:
    shown: list[Block] = [section(f"{told}\n*{request_title(card)}*")]
    if with_actions and card.blocks:
        shown.append(small_print(f"Delivery is blocked by: {', '.join(words(block.kind) for block in card.blocks)}"))
    if with_actions:
        shown.append(actions(*_notice_buttons(card)))
    return Message(text=f"{told} {request_title(card)}", blocks=shown)


def _notice_buttons(card: RoiCard) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = [button("Open", ActionId.ROI_OPEN, card.reference, style="primary")]
    if Does.SNOOZE in card.may:
        buttons.append(button("Snooze to tomorrow", ActionId.REMINDER_SNOOZE, card.reference))
    if Does.GIVE in card.may:
        buttons.append(button("Reassign" if card.owner else "Assign", ActionId.ROI_ASSIGN, card.reference))
    elif Does.TAKE in card.may:
        buttons.append(button("Take", ActionId.ROI_TAKE, card.reference))
    return buttons
