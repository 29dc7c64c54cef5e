"""The forms of pending releases: another step and its reason, the extension, the authorization, the accounting question, and who gets it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.errors import BadInput
from bot.roi.answers import AuthorizationFound, results_for
from bot.roi.cards import RoiCard
from bot.roi.checklist import NAMES, AuthorizationPart, Checklist
from bot.roi.extension import ExtensionLetter
from bot.roi.reasons import MEANINGS, REASONS
from bot.roi.states import NEED_REASON
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import form, full_day, input_block, note_input, option, section, title_words, word_options, words
from bot.views.roi_card import request_title
from storage.words import AuthorizationStatus, ExtensionReason, PendReason, RequestState

_YES, _NO = "yes", "no"


class ChoiceNeeded(BadInput):
    """Choose one, then save."""


def step_form(card: RoiCard, context: FormContext) -> View:
    """Ask for the state to go to. Whose turn it is then is said beside it, so that a hold, a wait and an exception are told apart."""
    states = StaticSelectElement(action_id=str(Field.STATE), options=word_options(card.next))
    told = "\n".join(f"*{title_words(state)}*: {MEANINGS[state]}" for state in card.next if state in MEANINGS)
    return form(
        CallbackId.ROI_STEP_FORM,
        "Move a release",
        [
            section(f"*{request_title(card)}*"),
            input_block(Field.STATE, "Where to?", states),
            *([section(told)] if told else []),
        ],
        submit="Move",
        context=context,
    )


def read_step_form(values: FormValues) -> RequestState:
    """The state that was chosen.

    :raises ChoiceNeeded: without one.
    """
    state = values.one(Field.STATE)
    if state is None:
        raise ChoiceNeeded(field="state")
    return RequestState(state)


def reason_form(card: RoiCard, state: RequestState, context: FormContext) -> View:
    """Ask why, among the reasons that go with the state, with room for a note."""
    reasons = StaticSelectElement(action_id=str(Field.REASON), options=word_options(REASONS[state]))
    return form(
        CallbackId.ROI_REASON_FORM,
        title_words(state),
        [
            section(f"*{request_title(card)}*\n{MEANINGS[state]}"),
            input_block(Field.REASON, "Reason", reasons, optional=state not in NEED_REASON),
            note_input(),
        ],
        submit="Move",
        context=replace(context, subject=f"{state}|{card.reference}"),
    )


@dataclass(frozen=True, slots=True)
class ReasonAnswers:
    """What the reason form said, and about which step of which request."""

    reference: str
    state: RequestState
    reason: PendReason | None
    note: str | None


def read_reason_form(values: FormValues, subject: str) -> ReasonAnswers:
    """Read the reason form; ``subject`` is what it remembered."""
    state, _, reference = subject.partition("|")
    reason = values.one(Field.REASON)
    return ReasonAnswers(
        reference, RequestState(state), PendReason(reason) if reason else None, values.text(Field.NOTE)
    )


def extend_form(card: RoiCard, context: FormContext) -> View:
    """Ask for the letter that extends a release: why, until when, and whether it has gone."""
    reasons = StaticSelectElement(action_id=str(Field.REASON), options=word_options(ExtensionReason))
    promised = DatePickerElement(action_id=str(Field.PROMISED_ON))
    sent = CheckboxesElement(
        action_id=str(Field.LETTER_SENT), options=[option("The letter with the reason and the new date has gone", _YES)]
    )
    told = card.deadline
    until = f" It has to be made by {full_day(told.extend_by)}." if told.extend_by else ""
    rule = f"Due {full_day(told.due_on)} by {told.rule}. There is one extension, with a letter to the person.{until}"
    return form(
        CallbackId.ROI_EXTEND_FORM,
        "Extend a release",
        [
            section(f"*{request_title(card)}*\n{rule}"),
            input_block(Field.REASON, "Why does it take longer?", reasons),
            input_block(
                Field.PROMISED_ON, "Promised date", promised,
                hint="What the letter says. From then on it is the due date.",
            ),
            input_block(Field.LETTER_SENT, "Letter", sent, optional=True),
            note_input(),
        ],
        context,
        submit="Extend",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExtendAnswers:
    """What the extension form said."""

    letter: ExtensionLetter
    note: str | None


def read_extend_form(values: FormValues) -> ExtendAnswers:
    """Read the extension form."""
    reason = values.one(Field.REASON)
    letter = ExtensionLetter(
        ExtensionReason(reason) if reason else None, values.day(Field.PROMISED_ON), bool(values.many(Field.LETTER_SENT))
    )
    return ExtendAnswers(letter, values.text(Field.NOTE))


def authorization_form(card: RoiCard, context: FormContext) -> View:
    """Ask what the authorization checklist came to; only the result is kept."""
    results = StaticSelectElement(action_id=str(Field.AUTHORIZATION), options=word_options(results_for(card.type)))
    ends = card.permission.expires_on
    expires = DatePickerElement(
        action_id=str(Field.AUTHORIZATION_EXPIRES), initial_date=ends.isoformat() if ends else None
    )
    parts = CheckboxesElement(
        action_id=str(Field.PARTS), options=[option(NAMES[part], part.value) for part in AuthorizationPart]
    )
    signed = DatePickerElement(action_id=str(Field.SIGNED_ON))
    asked: list[Block] = [
        section(f"*{request_title(card)}*\nGo through the paper. Only the result is kept."),
        input_block(Field.PARTS, "What is in it", parts, optional=True),
        input_block(Field.AUTHORIZATION, "Result", results),
        input_block(Field.SIGNED_ON, "Signed on", signed, optional=True, hint="An SSA-827 ends twelve months later."),
        input_block(Field.AUTHORIZATION_EXPIRES, "Last day it is valid", expires, optional=True),
    ]
    if card.permission.needs_own_authorization:
        named = ", ".join(words(one) for one in card.permission.sensitive)
        boxes = CheckboxesElement(
            action_id=str(Field.SENSITIVE_AUTHORIZED), options=[option("It names the sensitive content", _YES)]
        )
        asked.append(
            input_block(Field.SENSITIVE_AUTHORIZED, "Sensitive content", boxes, optional=True, hint=f"Here: {named}")
        )
    return form(CallbackId.ROI_AUTHORIZATION_FORM, "Authorization", asked, context)


def read_authorization_form(values: FormValues) -> AuthorizationFound:
    """Read the authorization form.

    :raises ChoiceNeeded: without a result.
    """
    result = values.one(Field.AUTHORIZATION)
    if result is None:
        raise ChoiceNeeded(field="authorization")
    return AuthorizationFound(
        AuthorizationStatus(result),
        values.day(Field.AUTHORIZATION_EXPIRES),
        bool(values.many(Field.SENSITIVE_AUTHORIZED)),
        Checklist(frozenset(AuthorizationPart(one) for one in values.many(Field.PARTS)), values.day(Field.SIGNED_ON)),
    )


def accounting_form(card: RoiCard, context: FormContext) -> View:
    """Ask whether the delivery goes into the accounting of disclosures."""
    answers = RadioButtonsElement(
        action_id=str(Field.ACCOUNTING), options=[option("Yes, list it", _YES), option("No", _NO)]
    )
    rule = "Not with an authorization, nor for treatment, payment or operations (45 CFR 164.528)."
    return form(
        CallbackId.ROI_ACCOUNTING_FORM,
        "Accounting",
        [
            section(f"*{request_title(card)}*"),
            input_block(Field.ACCOUNTING, "List it in the accounting of disclosures?", answers, hint=rule),
        ],
        context,
    )


def read_accounting_form(values: FormValues) -> bool:
    """Whether it is to be listed.

    :raises ChoiceNeeded: without an answer.
    """
    answer = values.one(Field.ACCOUNTING)
    if answer is None:
        raise ChoiceNeeded(field="accounting")
    return answer == _YES


def assign_form(card: RoiCard, context: FormContext) -> View:
    """Ask who gets the request."""
    to = UserSelectElement(action_id=str(Field.PERSON))
    return form(
        CallbackId.ROI_ASSIGN_FORM,
        "Assign a release",
        [section(f"*{request_title(card)}*"), input_block(Field.PERSON, "To whom?", to)],
        submit="Assign",
        context=context,
    )


def read_assign_form(values: FormValues) -> str:
    """The Slack id of the person chosen.

    :raises ChoiceNeeded: without one.
    """
    chosen = values.person(Field.PERSON)
    if chosen is None:
        raise ChoiceNeeded(field="person")
    return chosen
