"""The forms of pending releases: another step, the result of the authorization checklist, the accounting question, and who gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
from bot.roi.answers import results_for
from bot.roi.cards import RoiCard
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import form, input_block, note_input, option, section, word_options, words
from bot.views.roi import request_title
from storage.words import AuthorizationStatus, PendReason, RequestState

_YES, _NO = "yes", "no"


class ChoiceNeeded(BadInput):
    """Choose one, then save."""


def step_form(card: RoiCard, context: FormContext) -> View:
    """Ask for the state to go to, and the reason where one is needed."""
    states = StaticSelectElement(action_id=str(Field.STATE), options=word_options(card.next))
    reasons = StaticSelectElement(action_id=str(Field.REASON), options=word_options(PendReason))
    return form(
        CallbackId.ROI_STEP_FORM,
        "Move a release",
        [
            section(f"*{request_title(card)}*"),
            input_block(Field.STATE, "Where to?", states),
            input_block(
                Field.REASON, "Reason", reasons, optional=True,
                hint="Needed for pending, exception, returned, denied and cancelled.",
            ),
            note_input(),
        ],
        submit="Move",
        context=context,
    )


@dataclass(frozen=True, slots=True)
class StepAnswers:
    """What the step form said."""

    state: RequestState
    reason: PendReason | None
    note: str | None


def read_step_form(values: FormValues) -> StepAnswers:
    """Read the step form.

    :raises ChoiceNeeded: without a state.
    """
    state, reason = values.one(Field.STATE), values.one(Field.REASON)
    if state is None:
        raise ChoiceNeeded(field="state")
    return StepAnswers(RequestState(state), PendReason(reason) if reason else None, values.text(Field.NOTE))


def authorization_form(card: RoiCard, context: FormContext) -> View:
    """Ask what the authorization checklist came to; only the result is kept."""
    results = StaticSelectElement(action_id=str(Field.AUTHORIZATION), options=word_options(results_for(card.type)))
    ends = card.permission.expires_on
    expires = DatePickerElement(
        action_id=str(Field.AUTHORIZATION_EXPIRES), initial_date=ends.isoformat() if ends else None
    )
    checked = "Check what, who discloses, who receives, purpose, expiration, signature and date, authority, statements."
    asked: list[Block] = [
        section(f"*{request_title(card)}*\n{checked}"),
        input_block(Field.AUTHORIZATION, "Result", results),
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


@dataclass(frozen=True, slots=True)
class AuthorizationAnswers:
    """What the authorization form said."""

    result: AuthorizationStatus
    expires_on: date | None
    sensitive_authorized: bool


def read_authorization_form(values: FormValues) -> AuthorizationAnswers:
    """Read the authorization form.

    :raises ChoiceNeeded: without a result.
    """
    result = values.one(Field.AUTHORIZATION)
    if result is None:
        raise ChoiceNeeded(field="authorization")
    return AuthorizationAnswers(
        AuthorizationStatus(result),
        values.day(Field.AUTHORIZATION_EXPIRES),
        bool(values.many(Field.SENSITIVE_AUTHORIZED)),
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
