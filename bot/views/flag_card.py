"""An accuracy flag as people see it: its card, a line of a list, its history."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from bot.flags.cards import FlagCard
from bot.flags.history import FlagEntry
from bot.flags.states import Step
from bot.views.ids import ActionId
from bot.views.layout import (
    Message,
    actions,
    button,
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
from storage.words import FlagEvent, FlagState

#: The steps as buttons, in the order a card shows them; the third word is the style.
_BUTTONS: tuple[tuple[Step, str, str | None], ...] = (
    (Step.ACKNOWLEDGE, "Acknowledge", "primary"),
    (Step.ACCEPT, "Accept", "primary"),
    (Step.REBUT, "Disagree", None),
    (Step.CORRECT, "Corrected", "primary"),
    (Step.UPHOLD, "Uphold", "primary"),
    (Step.OVERTURN, "Overturn", None),
    (Step.ESCALATE, "Escalate", None),
    (Step.VERIFY, "Verify", "primary"),
    (Step.CLOSE, "Close", None),
)
#: What a card asks for behind ⋯, beside its steps.
COMMENT, HISTORY = "comment", "history"
NEXT = {
    FlagState.OPEN: "Waits to be acknowledged.",
    FlagState.ACKNOWLEDGED: "Waits to be accepted, or disagreed with.",
    FlagState.ACCEPTED: "Waits to be corrected.",
    FlagState.REBUTTED: "Waits for a decision by somebody who did not report it.",
    FlagState.UPHELD: "Waits to be corrected.",
    FlagState.ESCALATED: "Waits for a supervisor's decision.",
    FlagState.OVERTURNED: "Nothing is to be corrected.",
    FlagState.CORRECTED: "Waits to be verified by somebody else.",
    FlagState.VERIFIED: "Verified. It can be closed.",
    FlagState.CLOSED: "Closed.",
}


def flag_title(card: FlagCard) -> str:
    """A flag in one line: reference, what is wrong, severity, state."""
    return f"{card.reference} · {card.label} · {card.severity} · {words(card.state)}"


def flag_message(card: FlagCard, opening: str = "") -> Message:
    """A flag's card as a message; ``opening`` is the sentence above it."""
    told = opening or f"{card.reference} is {words(card.state)}."
    return Message(text=f"{told} {flag_title(card)}", blocks=[*([section(told)] if opening else []), *flag_card(card)])


def flag_window(card: FlagCard) -> View:
    """A flag's card in a window of its own."""
    return window(card.reference, flag_card(card))


def reported_message(card: FlagCard) -> Message:
    """What the reporter reads."""
    if card.joined:
        told = f"{card.reference} reports this already: {person(card.reported_by)} saw it first. Yours was added to it."
        return flag_message(card, told)
    told = f"{card.reference} is reported. Thank you."
    if card.freezes:
        told += " The privacy officer is told now, and releases from this record wait."
    return flag_message(card, told)


def flag_card(card: FlagCard) -> list[Block]:
    """What is wrong, where it stands, and what this reader can do next; no buttons once nothing is left to do."""
    shown: list[Block] = [section(f"*{flag_title(card)}*"), *fields(_facts(card))]
    if card.note:
        shown.append(section(f"*Note*\n{escape(card.note)}"))
    if card.answer:
        shown.append(section(f"*Answer*\n{escape(card.answer)}"))
    if card.freezes:
        shown.append(small_print("Critical: releases from this record wait until this is verified or overturned."))
    shown.append(small_print(f"{NEXT[card.state]} Since {moment(card.since)}."))
    elements = _card_actions(card)
    if elements:
        shown.append(actions(*elements))
    return shown


def flag_row(card: FlagCard) -> Block:
    """One line of a list."""
    line = f"*{flag_title(card)}*\n{card.record} · since {moment(card.created_at)} · {NEXT[card.state]}"
    return section(line, accessory=button("Open", ActionId.FLAG_OPEN, card.reference))


def history_window(reference: str, entries: Sequence[FlagEntry]) -> View:
    """What happened to a flag, newest first."""
    return window(reference, [section(entry_line(one)) for one in entries])


def entry_line(entry: FlagEntry) -> str:
    """One entry of the history: what, by whom, when, and what they wrote."""
    by = person(entry.by) if entry.by else "Chartdesk"
    note = f"\n{escape(entry.note)}" if entry.note else ""
    return f"*{_happened(entry)}* · {by} · {moment(entry.at)}{note}"


def step_value(step: Step | str, reference: str) -> str:
    """What a button, a choice behind ⋯ or a form about a flag carries."""
    return f"{step}|{reference}"


def read_step(value: str) -> tuple[Step, str]:
    """Which step of which flag is meant."""
    step, _, reference = value.partition("|")
    return Step(step), reference


def read_choice(value: str) -> tuple[str, str]:
    """What was chosen behind ⋯, and for which flag."""
    choice, _, reference = value.partition("|")
    return choice, reference


def _happened(entry: FlagEntry) -> str:
    match entry.event:
        case FlagEvent.REPORTED:
            return "Reported"
        case FlagEvent.JOINED:
            return "Reported too"
        case FlagEvent.COMMENTED:
            return "Comment"
        case _:
            return "Opened again" if entry.reopened else title_words(entry.state)


def _facts(card: FlagCard) -> list[tuple[str, str]]:
    also = ", ".join(person(one) for one in card.also_reported_by[:5])
    more = f" and {len(card.also_reported_by) - 5} more" if len(card.also_reported_by) > 5 else ""
    return [
        ("Record", card.record),
        ("Task", card.task or ""),
        ("Release", card.request or ""),
        ("Kind", title_words(card.group)),
        ("Why", title_words(card.root_reason) if card.root_reason else ""),
        ("Severity", title_words(card.severity)),
        ("Code as it is", card.code_before or ""),
        ("Code as it should be", card.code_after or ""),
        ("Guideline", f"Section {card.citation}" if card.citation else ""),
        ("About the work of", person(card.flagged)),
        ("Reported by", f"{person(card.reported_by)}, {moment(card.created_at)}"),
        ("Reported too by", also + more),
    ]


def _card_actions(card: FlagCard) -> list[InteractiveElement]:
    """At most three steps as buttons; what is left of them and the rest behind ⋯. An ended flag only offers to be opened again."""
    steps = [(step, label, style) for step, label, style in _BUTTONS if step in card.may]
    buttons: list[InteractiveElement] = [
        button(label, ActionId.FLAG_STEP, step_value(step, card.reference), style=style, key=str(step))
        for step, label, style in steps[:3]
    ]
    more = [(label, step_value(step, card.reference)) for step, label, _ in steps[3:]]
    if Step.REOPEN in card.may:
        more.append(("Open again", step_value(Step.REOPEN, card.reference)))
    if card.state is not FlagState.CLOSED:
        more.append(("Comment", step_value(COMMENT, card.reference)))
    if more:
        more.append(("History", step_value(HISTORY, card.reference)))
        buttons.append(menu(ActionId.FLAG_MORE, more))
    return buttons
