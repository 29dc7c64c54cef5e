"""Putting tasks into hands: the form, and what the supervisor reads afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.models.blocks import (
    PlainTextInputElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.reviews.assign import Assignment
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import (
    Message,
    form,
    input_block,
    person,
)
from bot.views.task_card import task_message


def assign_form(context: FormContext, reference: str = "", assignee: str | None = None) -> View:
    """Ask which task goes to whom."""
    task = PlainTextInputElement(action_id=str(Field.TASK), initial_value=reference or None, max_length=20)
    to = UserSelectElement(action_id=str(Field.PERSON), initial_user=assignee)
    return form(
        CallbackId.ASSIGN_FORM,
        "Assign a task",
        [
            input_block(Field.TASK, "Task", task, hint="Its reference, such as RV-2F7KQ"),
            input_block(Field.PERSON, "To whom?", to),
        ],
        context,
        submit="Assign",
    )


@dataclass(frozen=True, slots=True)
class AssignAnswers:
    """What the assign form said."""

    task: str
    person: str


def read_assign_form(values: FormValues) -> AssignAnswers:
    """Read the assign form."""
    return AssignAnswers(values.text(Field.TASK) or "", values.person(Field.PERSON) or "")


def assigned_message(done: Assignment) -> Message:
    """What the supervisor reads after an assignment."""
    verb = "already has" if done.was_theirs else "now has"
    return task_message(done.card, f"{person(done.assignee)} {verb} {done.card.reference}.")
