"""The limits of a workspace as a form."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, ConversationFilter, ConversationSelectElement, NumberInputElement
from slack_sdk.models.views import View

from bot.errors import BadInput
from bot.team.limits import RANGES, Limits
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import Message, context, form, header, input_block, say

#: The numbers in the order of the form, with what each means.
_NUMBERS: tuple[tuple[Field, str, str], ...] = (
    (Field.ACTIVE_TASK_LIMIT, "Active tasks a person may have", "Holds are not counted. What a supervisor assigns is not limited."),
    (Field.DAILY_PUSH_LIMIT, "Messages a person gets a day", "Beside the morning digest and legal clocks of today."),
    (Field.NUDGE_HOURS, "Idle hours until the owner is asked", "Working hours of the owner."),
    (Field.RETURN_HOURS, "Idle hours until a task goes back", "Working hours of the owner."),
    (Field.QUERY_HOURS, "Hours until an open physician query is escalated", "48 to 72 is usual."),
    (Field.CHART_DAYS, "Days after discharge until a chart is delinquent", "30 by 42 CFR 482.24(c)(4)(vii); verify yours."),
    (Field.NEW_CODER_DAYS, "Days in which all coding of a new coder is reviewed", "0 for none."),
    (Field.SAMPLE_PERCENT, "Percent of other coding that is reviewed", "Drawn at random by a seed."),
    (Field.EDUCATION_REPEATS, "Flags for one root reason until a private note", "Flags that stand against one person, who alone reads the note."),
    (Field.EDUCATION_DAYS, "Days within which a root reason repeats", "From when a flag was accepted or upheld."),
    (Field.QUEUE_MINUTES, "Minutes between two counts of new work", "Counts only, in the channel below."),
)


def limits_form(limits: Limits, form_context: FormContext) -> View:
    """All limits, as they are."""
    asked: list[Block] = [header("Tasks and messages"), *(_number(limits, *one) for one in _NUMBERS)]
    channel = ConversationSelectElement(
        initial_conversation=limits.queue_channel, filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True)
    )
    hint = "Invite me there first. Counts only: no names, no records."
    asked.append(input_block(Field.QUEUE_CHANNEL, "Channel that hears of new work", channel, optional=True, hint=hint))
    asked.append(context("Each change is written into the audit trail."))
    return form(CallbackId.LIMITS_FORM, "Limits of this desk", asked, form_context)


def read_limits_form(values: FormValues) -> Limits:
    """Read the form of limits.

    :raises BadInput: naming the field, for a number that is missing or none.
    """
    return Limits(**{name: _read(values, Field(name)) for name in RANGES}, queue_channel=values.conversation(Field.QUEUE_CHANNEL))


def kept_message() -> Message:
    """What the supervisor reads after the limits were stored."""
    return say("Kept. The new limits hold from now on, and the change is in the audit trail.")


def counts_begin() -> Message:
    """What a channel reads when new work is counted there from now on."""
    return say("New work will be counted here: how many tasks of which kind came in, and never whose they are. /claim takes the next one.")


def cannot_write() -> Message:
    """What the supervisor reads when Slack does not let the bot write into the channel."""
    return say("The limits are kept, but I cannot write into that channel yet. Invite me there with /invite, then open /team settings once more.")


def _read(values: FormValues, field: Field) -> int:
    number = values.number(field)
    if number is None:
        raise BadInput("Type a whole number.", field=str(field))
    return number


def _number(limits: Limits, field: Field, label: str, hint: str) -> Block:
    least, most = RANGES[field]
    element = NumberInputElement(
        is_decimal_allowed=False, initial_value=str(getattr(limits, field)), min_value=str(least), max_value=str(most)
    )
    return input_block(field, label, element, hint=f"{least} to {most}. {hint}")
