"""What people are told about flags: that one was raised, every step and comment in the thread under its card, and that one is silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.flags.cards import FlagCard
from bot.flags.education import Education
from bot.flags.history import FlagEntry
from bot.moments import days
from bot.views.flag_card import NEXT, entry_line, flag_message, flag_title
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, cut, escape, moment, person, say, section, title_words, words
from bot.views.layout import context as small_print
from storage.words import FlagEvent, FlagState, NoticeKind

#: How many entries a reply shows, and how many a card that comes with them; the history shows the rest. Slack takes about 13,000 characters in a message.
MOST_ENTRIES, BESIDE_CARD = 4, 2


def flag_notice(kind: NoticeKind, card: FlagCard) -> Message:
    """A flag's card as it first comes to somebody. ``card`` is theirs."""
    answered = card.reader_is_flagged and card.state not in {FlagState.OPEN, FlagState.ACKNOWLEDGED}
    if kind is not NoticeKind.FLAG_RAISED or answered:
        return settled_notice(card)
    if card.reader_is_flagged:
        told = f"Please look at {card.reference}: a colleague saw something on {card.task or card.request or card.record}. Accept it, or say why not."
        return flag_message(card, told)
    if card.freezes:
        told = f"{card.reference} is critical. Releases from {card.record} wait until it is verified or overturned."
        return flag_message(card, told)
    return flag_message(card, f"{card.reference} was reported on {card.record} and has nobody to answer it yet.")


def settled_notice(card: FlagCard) -> Message:
    """What stands where a notice was true once: the flag as it is now."""
    waits = "" if card.state is FlagState.CLOSED else f" {NEXT[card.state]}"
    return flag_message(card, f"{card.reference} is {words(card.state)} now.{waits}")


def reply(card: FlagCard, entries: Sequence[FlagEntry], opening: str = "") -> Message:
    """What is said in the thread under a flag's card: the entries since the last time, and whether it is this reader's turn."""
    shown: list[Block] = [section(opening)] if opening else []
    shown += _latest(entries, MOST_ENTRIES)
    if any(one.event is FlagEvent.MOVED for one in entries):
        shown.append(small_print(NEXT[card.state]))
    if card.may:
        shown.append(section("It is your turn: the card above has the buttons."))
    heading = opening or f"{card.reference}: " + ", ".join(_short(one) for one in entries[-MOST_ENTRIES:])
    return Message(text=cut(heading, 1000), blocks=shown)


def first_with_entries(kind: NoticeKind, card: FlagCard, entries: Sequence[FlagEntry]) -> Message:
    """A card that comes to somebody because something happened: what happened stands below it."""
    first = flag_notice(kind, card)
    told = _latest([one for one in entries if one.note and one.note != card.answer], BESIDE_CARD)
    return Message(text=first.text, blocks=[*first.blocks, *told])


def waiting_letter(card: FlagCard, quiet_since: datetime, *, overseen: bool) -> Message:
    """A reminder that a flag is silent: to who is to act, or at last to their supervisor."""
    if overseen:
        whose = f" It is {person(card.flagged)}'s turn." if card.waits_for_flagged else ""
        told = f"{card.reference} has been silent since {moment(quiet_since)}.{whose} Perhaps a word helps."
    else:
        told = f"{card.reference} waits for you since {moment(quiet_since)}."
    buttons = [
        button("Open", ActionId.FLAG_OPEN, card.reference, style="primary"),
        button("Snooze to tomorrow", ActionId.FLAG_SNOOZE, card.reference),
    ]
    shown: list[Block] = [section(f"{told}\n*{flag_title(card)}*"), small_print(NEXT[card.state]), actions(*buttons)]
    return Message(text=f"{told} {flag_title(card)}", blocks=shown)


def snoozed_message(card: FlagCard, at: datetime) -> Message:
    """What takes the place of a reminder that was snoozed until ``at``."""
    told = f"{card.reference} is {words(card.state)}. You are reminded again {moment(at)}."
    return Message(text=told, blocks=[section(told), actions(button("Open", ActionId.FLAG_OPEN, card.reference))])


def noted_message(card: FlagCard, told: Sequence[str]) -> Message:
    """What somebody reads who commented."""
    people = ", ".join(person(one) for one in told[:5])
    hears = f" {people} will read it." if people else " Nobody else follows it."
    return say(f"Noted on {card.reference}.{hears}")


def education_letter(education: Education) -> Message:
    """A private word when errors came from the same root reason again, with the way to the instructions."""
    told = (
        f"For you alone: “{title_words(education.root_reason).lower()}” was the reason of {education.flags} flags on your work within "
        f"{days(education.days)}, most often of this kind: {education.label.lower()}. A look at the instructions may help."
    )
    shown: list[Block] = [section(escape(told))]
    if education.code:
        opens = button(f"Instructions of {education.code}", ActionId.CODE_DETAIL, education.code)
        shown.append(actions(opens))
    else:
        shown.append(small_print("`/code` shows the instructions of any code."))
    if education.citations:
        shown.append(small_print(f"Guideline sections named: {', '.join(education.citations)}"))
    shown.append(small_print("Nobody else sees this note. Supervisors see only how many notes there were."))
    return Message(text=told, blocks=shown)


def _latest(entries: Sequence[FlagEntry], most: int) -> list[Block]:
    shown: list[Block] = [section(entry_line(one)) for one in entries[-most:]]
    left = len(entries) - most
    return [small_print(f"{left} more before: *History* behind ⋯ shows all."), *shown] if left > 0 else shown


def _short(entry: FlagEntry) -> str:
    if entry.event is FlagEvent.COMMENTED:
        return "a comment"
    if entry.event is FlagEvent.JOINED:
        return "reported once more"
    return "opened again" if entry.reopened else words(entry.state)
