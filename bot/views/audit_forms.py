"""The forms of audits: drawing a sample, choosing charts on purpose, and changing the codes of a case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from bot.audits.cases import Worksheet
from bot.audits.population import Span, Which
from bot.audits.samples import Size
from bot.errors import BadInput
from bot.views.assigned_codes import codes_inputs, looked_at
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import form, input_block, note_input, option, section, word_options
from storage.words import RootReason, TaskSetting

PER_CODER, PERCENT, ALL = "per_coder", "percent", "all"
_HOW_MANY = (("Charts of each coder", PER_CODER), ("Percent of each coder's charts", PERCENT))
#: Settings an audit of coding knows: where the care took place.
_SETTINGS = [setting for setting in TaskSetting if setting not in {TaskSetting.DUPLICATE, TaskSetting.OVERLAP, TaskSetting.OVERLAY}]
_BETWEEN = re.compile(r"[\s,;]+")


class DaysNeeded(BadInput):
    """Choose the first and the last day the coding was finished on."""


class TargetUnclear(BadInput):
    """Name finished coding tasks, or a code: one of the two."""


class NumberNeeded(BadInput):
    """Type a whole number."""


@dataclass(frozen=True, slots=True)
class DrawAnswers:
    """What the form that draws a sample said."""

    which: Which
    size: Size


def draw_form(context: FormContext, starts_on: date, ends_on: date) -> View:
    """Ask which finished coding a random sample is drawn from, and how many."""
    how = StaticSelectElement(
        action_id=str(Field.HOW_MANY), options=[option(*pair) for pair in _HOW_MANY], initial_option=option(*_HOW_MANY[0])
    )
    fewer = CheckboxesElement(action_id=str(Field.ALL_WHERE_FEWER), options=[option("Take all where there are fewer", ALL)])
    blocks: list[Block] = [
        section("Chance chooses the charts. The seed is kept, so that anybody can draw the same sample again."),
        input_block(Field.HOW_MANY, "How many?", how),
        input_block(
            Field.SIZE, "Number", NumberInputElement(action_id=str(Field.SIZE), is_decimal_allowed=False, initial_value="5", min_value="1", max_value="500")
        ),
        input_block(Field.ALL_WHERE_FEWER, "If somebody finished fewer", fewer, optional=True),
        *_time_inputs(starts_on, ends_on),
        input_block(
            Field.SETTING, "Only this setting",
            StaticSelectElement(action_id=str(Field.SETTING), options=word_options(_SETTINGS)), optional=True,
        ),
        input_block(
            Field.FACILITY, "Only this facility",
            PlainTextInputElement(action_id=str(Field.FACILITY), max_length=40), optional=True, hint="Its code, such as F1",
        ),
        input_block(
            Field.CODERS, "Only these coders",
            UserMultiSelectElement(action_id=str(Field.CODERS), max_selected_items=50), optional=True,
        ),
    ]  # fmt: skip
    return form(CallbackId.AUDIT_DRAW_FORM, "Draw a sample", blocks, context, submit="Draw")


def read_draw_form(values: FormValues) -> DrawAnswers:
    """Read the form that draws a sample.

    :raises DaysNeeded, NumberNeeded, SampleSizeNeeded: naming the field.
    """
    number = _number(values.text(Field.SIZE))
    fewer = ALL in values.many(Field.ALL_WHERE_FEWER)
    percent = values.one(Field.HOW_MANY) == PERCENT
    size = Size(percent=number, all_where_fewer=fewer) if percent else Size(per_coder=number, all_where_fewer=fewer)
    setting = values.one(Field.SETTING)
    which = Which(
        _span(values), TaskSetting(setting) if setting else None, values.text(Field.FACILITY), values.people(Field.CODERS)
    )
    return DrawAnswers(which, size)


def target_form(context: FormContext, starts_on: date, ends_on: date) -> View:
    """Ask which charts are audited on purpose: named ones, or all with a code."""
    tasks = PlainTextInputElement(action_id=str(Field.TASKS), multiline=True, max_length=2000)
    return form(
        CallbackId.AUDIT_TARGET_FORM,
        "Choose charts",
        [
            section("For charts you have a reason to look at. The audit is marked as targeted: it finds errors and estimates nothing."),
            input_block(Field.TASKS, "Finished coding tasks", tasks, optional=True, hint="Their references, such as RV-2F7KQ RV-7K3QX"),
            input_block(
                Field.CODE, "Or all that ended with a code", PlainTextInputElement(action_id=str(Field.CODE), max_length=10),
                optional=True, hint="A code such as E11.9, or the beginning of one with a star, such as A41.*",
            ),
            *_time_inputs(starts_on, ends_on),
        ],
        context,
        submit="Audit these",
    )


@dataclass(frozen=True, slots=True)
class TargetAnswers:
    """What the form that chooses charts said: references, or a code and a time."""

    tasks: tuple[str, ...]
    code: str | None
    span: Span


def read_target_form(values: FormValues) -> TargetAnswers:
    """Read the form that chooses charts.

    :raises TargetUnclear, DaysNeeded: naming the field.
    """
    tasks = tuple(part for part in _BETWEEN.split(values.text(Field.TASKS) or "") if part)
    code = values.text(Field.CODE)
    if bool(tasks) == bool(code):
        raise TargetUnclear(field="tasks" if not tasks else "code")
    return TargetAnswers(tasks, code, _span(values))


def cancel_form(number: int, still_open: int, context: FormContext) -> View:
    """Ask why an audit ends early."""
    return form(
        CallbackId.AUDIT_CANCEL_FORM,
        f"Cancel audit {number}",
        [
            section(f"The {still_open} open charts are withdrawn. What is finished stays finished, and reports go on counting it."),
            note_input("Why does it end early?", optional=False),
        ],
        context,
        submit="Cancel the audit",
    )


def edit_form(sheet: Worksheet, context: FormContext) -> View:
    """Ask which codes the auditor would have assigned; the coder's are filled in."""
    filled = [_code_option(sheet, one.code) for one in (sheet.reviewer or sheet.codes)]
    codes, keep = codes_inputs("Codes", "Remove, add, and choose again to change the order.", filled)
    reason = StaticSelectElement(action_id=str(Field.ROOT_REASON), options=word_options(RootReason))
    return form(
        CallbackId.REVIEW_EDIT_FORM if sheet.review and not sheet.id else CallbackId.AUDIT_EDIT_FORM,
        "Change codes",
        [
            section(f"*{sheet.task}*\nThe codes you would have assigned, the principal one first."),
            codes,
            input_block(Field.ROOT_REASON, "Why do they differ?", reason),
            keep,
            note_input("What can be learned from it?"),
        ],
        context,
        submit="Finish",
    )


@dataclass(frozen=True, slots=True)
class EditAnswers:
    """What the form that changes codes said."""

    codes: tuple[str, ...]
    root_reason: RootReason | None
    looked_at: bool
    note: str | None


def read_edit_form(values: FormValues) -> EditAnswers:
    """Read the form that changes codes."""
    reason = values.one(Field.ROOT_REASON)
    return EditAnswers(
        values.many(Field.CODES),
        RootReason(reason) if reason else None,
        looked_at(values),
        values.text(Field.NOTE),
    )


def _time_inputs(starts_on: date, ends_on: date) -> list[Block]:
    return [
        input_block(
            Field.STARTS, "Coding finished from", DatePickerElement(action_id=str(Field.STARTS), initial_date=starts_on.isoformat())
        ),
        input_block(Field.ENDS, "to", DatePickerElement(action_id=str(Field.ENDS), initial_date=ends_on.isoformat())),
    ]


def _span(values: FormValues) -> Span:
    starts_on, ends_on = values.day(Field.STARTS), values.day(Field.ENDS)
    if starts_on is None or ends_on is None:
        raise DaysNeeded(field="starts" if starts_on is None else "ends")
    return Span(starts_on, ends_on)


def _number(text: str | None) -> int:
    if text is None or not text.isdecimal() or len(text) > 6:
        raise NumberNeeded(field="size")
    return int(text)


def _code_option(sheet: Worksheet, code: str) -> Option:
    return option(f"{code} {sheet.titles.get(code, '')}".strip(), code)
