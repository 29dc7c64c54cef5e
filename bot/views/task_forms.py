"""Forms that move a review task on: hold, return, cancel, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    ExternalDataMultiSelectElement,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.reviews.cards import TaskCard
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import (
    form,
    input_block,
    note_input,
    option,
    section,
    word_options,
)
from bot.views.task_card import task_title
from bot.views.task_checks import checklist, read_checklist
from storage.words import CancelReason, CheckItem, HoldReason, ReturnReason, TaskSetting, TaskType

LOOKED_AT = "looked_at"


def hold_form(card: TaskCard, context: FormContext) -> View:
    """Ask why the owner cannot go on, and when to be woken."""
    reasons = StaticMultiSelectElement(action_id=str(Field.REASONS), options=word_options(HoldReason))
    return form(
        CallbackId.TASK_HOLD_FORM,
        "Put on hold",
        [
            section(f"*{task_title(card)}*\nThe task stays yours and does not count against your limit."),
            input_block(Field.REASONS, "What does it wait for?", reasons),
            input_block(Field.WAKE, "Wake me on", DatePickerElement(action_id=str(Field.WAKE)), optional=True),
            note_input(),
        ],
        context,
        submit="Hold",
    )


@dataclass(frozen=True, slots=True)
class HoldAnswers:
    """What the hold form said."""

    reasons: tuple[HoldReason, ...]
    wake_on: date | None
    note: str | None


def read_hold_form(values: FormValues) -> HoldAnswers:
    """Read the hold form."""
    reasons = tuple(HoldReason(value) for value in values.many(Field.REASONS))
    return HoldAnswers(reasons, values.day(Field.WAKE), values.text(Field.NOTE))


def return_form(card: TaskCard, context: FormContext) -> View:
    """Ask why the task goes back."""
    reasons = [reason for reason in ReturnReason if reason is not ReturnReason.IDLE]
    reason = StaticSelectElement(action_id=str(Field.REASON), options=word_options(reasons))
    return form(
        CallbackId.TASK_RETURN_FORM,
        "Return to the queue",
        [
            section(f"*{task_title(card)}*\nIt goes back to the queue for somebody else."),
            input_block(Field.REASON, "Why?", reason),
            note_input(),
        ],
        context,
        submit="Return",
    )


@dataclass(frozen=True, slots=True)
class ReturnAnswers:
    """What the return form said."""

    reason: ReturnReason
    note: str | None


def read_return_form(values: FormValues) -> ReturnAnswers:
    """Read the return form."""
    return ReturnAnswers(ReturnReason(values.one(Field.REASON) or ""), values.text(Field.NOTE))


def cancel_form(card: TaskCard, context: FormContext) -> View:
    """Ask why the task is taken out of the work."""
    told = " The owner is told." if card.owner and not card.owner_is_reader else ""
    reason = StaticSelectElement(action_id=str(Field.REASON), options=word_options(CancelReason))
    return form(
        CallbackId.TASK_CANCEL_FORM,
        "Cancel the task",
        [
            section(f"*{task_title(card)}*\nIt ends here and does not come back to the queue.{told}"),
            input_block(Field.REASON, "Why?", reason),
            note_input(),
        ],
        context,
        submit="Cancel the task",
        close="Keep it",
    )


@dataclass(frozen=True, slots=True)
class CancelAnswers:
    """What the cancel form said."""

    reason: CancelReason
    note: str | None


def read_cancel_form(values: FormValues) -> CancelAnswers:
    """Read the cancel form."""
    return CancelAnswers(CancelReason(values.one(Field.REASON) or ""), values.text(Field.NOTE))


def complete_form(card: TaskCard, context: FormContext) -> View:
    """End a task; a coding task asks for its codes by type-ahead, some kinds for their checklist."""
    asked: list[Block] = [section(f"*{task_title(card)}*\nCompleting takes it off your list.")]
    if card.type is TaskType.CODING:
        codes = ExternalDataMultiSelectElement(
            action_id=str(Field.CODES), min_query_length=2, max_selected_items=30, placeholder="Type words or a code"
        )
        asked.append(
            input_block(
                Field.CODES, "Codes assigned", codes, hint="Principal diagnosis first. Type two letters or more."
            )
        )
        keep = CheckboxesElement(
            action_id=str(Field.CONFIRM), options=[option("Keep these codes: I looked at what the check says", LOOKED_AT)]
        )
        asked.append(input_block(Field.CONFIRM, "If the check asks", keep, optional=True))
        if card.working_drg or card.setting is TaskSetting.INPATIENT:
            drg = PlainTextInputElement(action_id=str(Field.DRG), max_length=4)
            hint = f"The working DRG is {card.working_drg[:20]}. Another one asks for a second review." if card.working_drg else None
            asked.append(input_block(Field.DRG, "Final DRG", drg, optional=True, hint=hint))
    asked += checklist(card)
    return form(CallbackId.TASK_COMPLETE_FORM, "Complete", asked, context, submit="Complete")


@dataclass(frozen=True, slots=True)
class CompleteAnswers:
    """What the completion form said: the codes, the principal one first, the DRG, whether they stay although the check asks, and the checklist."""

    codes: tuple[str, ...]
    drg: str | None
    looked_at: bool
    checks: Mapping[CheckItem, str]


def read_complete_form(values: FormValues) -> CompleteAnswers:
    """Read the completion form."""
    return CompleteAnswers(values.many(Field.CODES), values.text(Field.DRG), LOOKED_AT in values.many(Field.CONFIRM), read_checklist(values))
