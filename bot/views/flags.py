"""Accuracy flags: the form to report one, the card, the form to answer or decide, and what people are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from slack_sdk.models.blocks import (
    Block,
    ExternalDataSelectElement,
    InputBlock,
    InteractiveElement,
    OptionGroup,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.errors import BadInput
from bot.flags.cards import FlagCard
from bot.flags.catalogue import SEVERITY_ORDER, kinds_in
from bot.flags.states import Step
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import (
    Message,
    actions,
    button,
    divider,
    escape,
    fields,
    form,
    header,
    input_block,
    moment,
    note_input,
    option,
    person,
    plain,
    section,
    title_words,
    window,
    word_options,
    words,
)
from bot.views.layout import (
    context as small_print,
)
from storage.words import ErrorGroup, ErrorType, FlagState, NoticeKind, RootReason, Severity

#: The steps as buttons, in the order a card shows them; the second word is the style.
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
#: Steps that ask for a few words first; only a rebuttal needs them.
WITH_WORDS = (Step.REBUT, Step.UPHOLD, Step.OVERTURN, Step.ESCALATE)
_ASKS = {
    Step.REBUT: ("Disagree", "Why do you disagree?", "Somebody who did not report it decides."),
    Step.UPHOLD: ("Uphold", "Why?", "The flag stands; the person puts it right."),
    Step.OVERTURN: ("Overturn", "Why?", "The flag falls; nothing is to be corrected."),
    Step.ESCALATE: ("Escalate", "Why?", "A supervisor decides."),
}
_NEXT = {
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


class ErrorTypeNeeded(BadInput):
    """Choose what is wrong."""


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
        return flag_message(card, f"{card.reference} reports this already, so yours was added to it.")
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
    shown.append(small_print(_NEXT[card.state]))
    buttons = _card_buttons(card)
    if buttons:
        shown.append(actions(*buttons))
    return shown


def flag_row(card: FlagCard) -> Block:
    """One line of a list."""
    line = f"*{flag_title(card)}*\n{card.record} · since {moment(card.created_at)} · {_NEXT[card.state]}"
    return section(line, accessory=button("Open", ActionId.FLAG_OPEN, card.reference))


def list_blocks(title: str, cards: Sequence[FlagCard], empty: str) -> list[Block]:
    """A titled list for the Home."""
    return [header(title), *([flag_row(card) for card in cards] or [section(empty)]), divider()]


def flag_notice(kind: NoticeKind, card: FlagCard) -> Message:
    """What somebody is told about a flag: that it was raised, or that it moved on. ``card`` is theirs."""
    if kind is NoticeKind.FLAG_MOVED:
        return flag_message(card, f"{card.reference} is {words(card.state)} now. {_NEXT[card.state]}")
    if card.reader_is_flagged:
        told = f"Please look at {card.reference}: a colleague saw something on {card.task or card.record}. Accept it, or say why not."
        return flag_message(card, told)
    if card.freezes:
        told = f"{card.reference} is critical. Releases from {card.record} wait until it is verified or overturned."
        return flag_message(card, told)
    return flag_message(card, f"{card.reference} was reported on {card.record} and has nobody to answer it yet.")


def flag_form(context: FormContext, about: str = "") -> View:
    """Ask what is wrong and where."""
    return form(
        CallbackId.FLAG_FORM,
        "Report a problem",
        [
            _about_input(about),
            _error_type_input(),
            input_block(
                Field.ROOT_REASON, "Why did it happen?",
                StaticSelectElement(action_id=str(Field.ROOT_REASON), options=word_options(RootReason)), optional=True,
            ),
            input_block(
                Field.SEVERITY, "Severity",
                StaticSelectElement(action_id=str(Field.SEVERITY), options=word_options(SEVERITY_ORDER)), optional=True,
                hint="Left empty, the usual one of the problem. Patient identity and wrong recipient are always critical.",
            ),
            _code_input(Field.CODE_BEFORE, "Code as it is"),
            _code_input(Field.CODE_AFTER, "Code as it should be"),
            note_input(),
        ],
        submit="Report",
        context=context,
    )


@dataclass(frozen=True, slots=True)
class FlagAnswers:
    """What the flag form said; ``severity`` None means the usual one."""

    about: str
    error_type: ErrorType
    root_reason: RootReason | None
    severity: Severity | None
    code_before: str | None
    code_after: str | None
    note: str | None


def read_flag_form(values: FormValues) -> FlagAnswers:
    """Read the flag form.

    :raises ErrorTypeNeeded: when nothing was chosen.
    """
    chosen = values.one(Field.ERROR_TYPE)
    if chosen is None:
        raise ErrorTypeNeeded(field="error_type")
    reason, severity = values.one(Field.ROOT_REASON), values.one(Field.SEVERITY)
    return FlagAnswers(
        about=values.text(Field.RECORD) or "",
        error_type=ErrorType(chosen),
        root_reason=RootReason(reason) if reason else None,
        severity=Severity(severity) if severity else None,
        code_before=values.one(Field.CODE_BEFORE),
        code_after=values.one(Field.CODE_AFTER),
        note=values.text(Field.NOTE),
    )


def step_form(card: FlagCard, step: Step, context: FormContext) -> View:
    """Ask for a few words on a step that others will want to understand."""
    title, asked, means = _ASKS[step]
    return form(
        CallbackId.FLAG_STEP_FORM,
        title,
        [
            section(f"*{flag_title(card)}*\n{means}"),
            note_input(asked, optional=step is not Step.REBUT),
        ],
        submit=title,
        context=replace(context, subject=step_value(step, card.reference)),
    )


def step_value(step: Step, reference: str) -> str:
    """What a button or a form about a step carries."""
    return f"{step}|{reference}"


def read_step(value: str) -> tuple[Step, str]:
    """Which step of which flag is meant."""
    step, _, reference = value.partition("|")
    return Step(step), reference


def _about_input(about: str) -> InputBlock:
    element = PlainTextInputElement(action_id=str(Field.RECORD), initial_value=about or None, max_length=20)
    return input_block(Field.RECORD, "Task or record", element, hint="Its reference, such as RV-2F7KQ or RR-2F7KQ")


def _error_type_input() -> InputBlock:
    groups = [
        OptionGroup(
            label=plain(title_words(group)),
            options=[option(f"{kind.label} ({kind.preset})", str(kind.type)) for kind in kinds_in(group)],
        )
        for group in ErrorGroup
    ]
    element = StaticSelectElement(action_id=str(Field.ERROR_TYPE), option_groups=groups)
    return input_block(Field.ERROR_TYPE, "What is wrong?", element, hint="In brackets: its usual severity")


def _code_input(field: Field, label: str) -> InputBlock:
    element = ExternalDataSelectElement(
        action_id=str(field), min_query_length=2, placeholder=plain("Type words or a code")
    )
    return input_block(field, label, element, optional=True)


def _facts(card: FlagCard) -> list[tuple[str, str]]:
    return [
        ("Record", card.record),
        ("Task", card.task or ""),
        ("Kind", title_words(card.group)),
        ("Why", title_words(card.root_reason) if card.root_reason else ""),
        ("Severity", title_words(card.severity)),
        ("Code as it is", card.code_before or ""),
        ("Code as it should be", card.code_after or ""),
        ("About the work of", person(card.flagged)),
        ("Reported by", f"{person(card.reported_by)}, {moment(card.created_at)}"),
    ]


def _card_buttons(card: FlagCard) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = [
        button(label, ActionId.FLAG_STEP, step_value(step, card.reference), style=style, key=str(step))
        for step, label, style in _BUTTONS
        if step in card.may
    ]
    return buttons[:3]
