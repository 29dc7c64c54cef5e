"""Forms that move a review task on: hold, return, cancel, complete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.reviews.cards import TaskCard
from bot.views.assigned_codes import codes_inputs, looked_at
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import (
    form,
    input_block,
    note_input,
    section,
    word_options,
)
from bot.views.task_card import task_title
from bot.views.task_checks import checklist, read_checklist
from storage.words import CancelReason, CheckItem, HoldReason, ReturnReason, TaskSetting, TaskType

R = TypeVar("R", bound=StrEnum)


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
    asked = _why(card, "It goes back to the queue for somebody else.", reasons)
    return form(CallbackId.TASK_RETURN_FORM, "Return to the queue", asked, context, submit="Return")


def cancel_form(card: TaskCard, context: FormContext) -> View:
    """Ask why the task is taken out of the work."""
    told = " The owner is told." if card.owner and not card.owner_is_reader else ""
    asked = _why(card, f"It ends here and does not come back to the queue.{told}", CancelReason)
    return form(CallbackId.TASK_CANCEL_FORM, "Cancel the task", asked, context, submit="Cancel the task", close="Keep it")


def _why(card: TaskCard, consequence: str, reasons: Iterable[StrEnum]) -> list[Block]:
    reason = StaticSelectElement(action_id=str(Field.REASON), options=word_options(reasons))
    return [section(f"*{task_title(card)}*\n{consequence}"), input_block(Field.REASON, "Why?", reason), note_input()]


def read_why(values: FormValues, reasons: type[R]) -> tuple[R, str | None]:
    """The reason, one of ``reasons``, and the note of a form that asks why a task leaves somebody's hands."""
    return reasons(values.one(Field.REASON) or ""), values.text(Field.NOTE)


def complete_form(card: TaskCard, context: FormContext) -> View:
    """End a task; a coding task asks for its codes by type-ahead, some kinds for their checklist."""
    asked: list[Block] = [section(f"*{task_title(card)}*\nCompleting takes it off your list.")]
    if card.type is TaskType.CODING:
        asked += codes_inputs("Codes assigned", "Principal diagnosis first. Type two letters or more.")
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
    return CompleteAnswers(values.many(Field.CODES), values.text(Field.DRG), looked_at(values), read_checklist(values))
