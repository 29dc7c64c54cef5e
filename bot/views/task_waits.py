"""Forms around a task in somebody's hands: offer it, change what it waits for, its physician query, its checklist, and filter the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.reviews.cards import TaskCard
from bot.reviews.queries import QueryStep, query_steps
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import form, input_block, moment, option, section, word_options, words
from bot.views.task_card import task_title
from storage.words import HoldReason, QueryCategory, TaskSetting, TaskType

#: How each step of a query reads in its form.
_HAPPENED = {
    QueryStep.DRAFTED: "I am writing it",
    QueryStep.SENT: "It was sent",
    QueryStep.ANSWERED: "It was answered",
    QueryStep.AGREE: "Closed: the physician agrees",
    QueryStep.DISAGREE: "Closed: the physician disagrees",
    QueryStep.NO_OPINION: "Closed: no opinion",
    QueryStep.NO_RESPONSE: "Closed: no response",
    QueryStep.CANCELLED: "No longer needed",
}
AGES = ((2, "2 days and older"), (7, "7 days and older"), (30, "30 days and older"))


def offer_form(card: TaskCard, context: FormContext) -> View:
    """Ask who could take the task over."""
    return form(
        CallbackId.TASK_OFFER_FORM,
        "Hand over",
        [
            section(f"*{task_title(card)}*\nIt stays yours until they accept. They have one of their working days."),
            input_block(Field.PERSON, "To whom?", UserSelectElement(action_id=str(Field.PERSON))),
        ],
        context,
        submit="Offer",
    )


def read_offer_form(values: FormValues) -> str:
    """The Slack id of the person chosen."""
    return values.person(Field.PERSON) or ""


def reasons_form(card: TaskCard, context: FormContext) -> View:
    """Tick what is settled, add what came up, choose another day."""
    blocks: list[Block] = [section(f"*{task_title(card)}*")]
    if card.holds:
        ticks = CheckboxesElement(action_id=str(Field.SETTLED), options=word_options(card.holds))
        blocks.append(input_block(Field.SETTLED, "What is settled?", ticks, optional=True))
    others = [reason for reason in HoldReason if reason not in card.holds]
    more = StaticMultiSelectElement(action_id=str(Field.REASONS), options=word_options(others))
    blocks.append(input_block(Field.REASONS, "What else does it wait for?", more, optional=True))
    wake = DatePickerElement(action_id=str(Field.WAKE))
    blocks.append(input_block(Field.WAKE, "Wake me on", wake, optional=True))
    return form(CallbackId.TASK_REASONS_FORM, "What it waits for", blocks, context)


@dataclass(frozen=True, slots=True)
class ReasonsAnswers:
    """What the form about a hold said."""

    settled: tuple[HoldReason, ...]
    opened: tuple[HoldReason, ...]
    wake_on: date | None


def read_reasons_form(values: FormValues) -> ReasonsAnswers:
    """Read it."""
    settled = tuple(HoldReason(value) for value in values.many(Field.SETTLED))
    return ReasonsAnswers(settled, tuple(HoldReason(value) for value in values.many(Field.REASONS)), values.day(Field.WAKE))


def query_form(card: TaskCard, context: FormContext) -> View:
    """Ask what happened to the physician query, or begin one."""
    told = "No question and no answer here: only that a query runs, and what it is about as a class."
    if card.query is not None and card.query_since is not None:
        told = f"The query about {words(card.query_about or '')} is {words(card.query)} since {moment(card.query_since)}."
    steps = [option(_HAPPENED[step], str(step)) for step in query_steps(card.query)]
    blocks: list[Block] = [section(f"*{task_title(card)}*\n{told}")]
    if card.query is None:
        about = StaticSelectElement(action_id=str(Field.CATEGORY), options=word_options(QueryCategory))
        blocks.append(input_block(Field.CATEGORY, "What is it about?", about))
    happened = StaticSelectElement(action_id=str(Field.HAPPENED), options=steps)
    blocks.append(input_block(Field.HAPPENED, "Where does it stand?", happened))
    return form(CallbackId.TASK_QUERY_FORM, "Physician query", blocks, context)


def read_query_form(values: FormValues) -> tuple[QueryStep, QueryCategory | None]:
    """What happened, and what a new query is about."""
    category = values.one(Field.CATEGORY)
    return QueryStep(values.one(Field.HAPPENED) or ""), QueryCategory(category) if category else None


def filter_form(context: FormContext) -> View:
    """Ask which part of the queue to show."""
    kind = StaticSelectElement(action_id=str(Field.KIND), options=word_options(TaskType))
    setting = StaticSelectElement(action_id=str(Field.SETTING), options=word_options(TaskSetting))
    facility = PlainTextInputElement(action_id=str(Field.FACILITY), max_length=20)
    age = StaticSelectElement(action_id=str(Field.AGE), options=[option(label, f"{days}d") for days, label in AGES])
    return form(
        CallbackId.TASK_FILTER_FORM,
        "Choose from the queue",
        [
            input_block(Field.KIND, "Kind", kind, optional=True),
            input_block(Field.SETTING, "Setting", setting, optional=True),
            input_block(Field.FACILITY, "Facility", facility, optional=True, hint="Its short code, such as F1"),
            input_block(Field.AGE, "Age", age, optional=True),
        ],
        context,
        submit="Show",
    )


def read_filter_form(values: FormValues) -> str:
    """The same in words, as one would type them after /claim list."""
    chosen = (values.one(Field.KIND), values.one(Field.SETTING), values.text(Field.FACILITY), values.one(Field.AGE))
    return " ".join(word for word in chosen if word)
