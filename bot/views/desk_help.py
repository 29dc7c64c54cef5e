"""The help, what the desk stores about somebody, and the settings form."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.models.blocks import Block, CheckboxesElement, TimePickerElement
from slack_sdk.models.views import View

from bot.actors import Actor
from bot.commands import COMMANDS, Command
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import (
    Message,
    actions,
    button,
    context,
    divider,
    form,
    header,
    input_block,
    option,
    section,
    title_words,
)
from storage.tables import Person
from storage.words import Role

WEEKDAYS = (
    ("Monday", "1"),
    ("Tuesday", "2"),
    ("Wednesday", "3"),
    ("Thursday", "4"),
    ("Friday", "5"),
    ("Saturday", "6"),
    ("Sunday", "7"),
)
#: The regular messages somebody can have or leave, in the order of the form.
DIGEST, WEEKLY = "digest", "weekly"


def help_message(reader: Actor | None) -> Message:
    """What the desk can do, with examples, for this reader's roles."""
    supervisor = reader is not None and reader.has(Role.SUPERVISOR)
    shown = [command for command in COMMANDS if supervisor or not command.for_supervisors]
    blocks: list[Block] = [header("What this desk can do"), *(_command_help(command) for command in shown), divider()]
    blocks.append(context(_roles_line(reader)))
    blocks.append(
        context(
            "No patient data belongs in Slack. A reference such as RV-2F7KQ stands for the record; patient identifiers are refused and not kept."
        )
    )
    blocks.append(actions(button("My working hours", ActionId.SETTINGS_OPEN, "settings")))
    return Message(text="What this desk can do", blocks=blocks)


def settings_form(person: Person, form_context: FormContext) -> View:
    """A person's own working hours and notices."""
    days = CheckboxesElement(
        action_id=str(Field.WORKDAYS),
        options=[option(*day) for day in WEEKDAYS],
        initial_options=[option(*day) for day in WEEKDAYS if day[1] in person.workdays] or None,
    )
    return form(
        CallbackId.SETTINGS_FORM,
        "My working hours",
        [
            section(f"Notices reach you in these hours, in your zone ({person.zone}, taken from Slack)."),
            input_block(Field.HOURS_START, "Start", _time_picker(Field.HOURS_START, person.hours_start)),
            input_block(Field.HOURS_END, "End", _time_picker(Field.HOURS_END, person.hours_end)),
            input_block(Field.WORKDAYS, "Working days", days),
            input_block(Field.DIGEST, "Regular messages", _regular_messages(person), optional=True),
            context(
                "The desk stores about you: your Slack id, name, zone and roles, these settings, and what you did with tasks, flags and releases."
            ),
        ],
        form_context,
    )


@dataclass(frozen=True, slots=True)
class SettingsAnswers:
    """What the settings form said; times are ``HH:MM``."""

    start: str
    end: str
    workdays: tuple[str, ...]
    digest: bool
    weekly: bool


def read_settings_form(values: FormValues) -> SettingsAnswers:
    """Read the settings form."""
    return SettingsAnswers(
        values.time(Field.HOURS_START) or "08:00",
        values.time(Field.HOURS_END) or "17:00",
        values.many(Field.WORKDAYS),
        DIGEST in values.many(Field.DIGEST),
        WEEKLY in values.many(Field.DIGEST),
    )


def _regular_messages(person: Person) -> CheckboxesElement:
    """Each with a switch of its own; the team's week is for supervisors."""
    offered = [(option("One digest at the start of my day", DIGEST), person.digest)]
    if Role.SUPERVISOR in person.roles:
        offered.append((option("The team's week, at the start of my first working day", WEEKLY), person.weekly_report))
    return CheckboxesElement(
        action_id=str(Field.DIGEST),
        options=[one for one, _ in offered],
        initial_options=[one for one, wanted in offered if wanted] or None,
    )


def _command_help(command: Command) -> Block:
    lines = [f"*/{command.name}*  {command.summary}"]
    lines += [f"`/{command.name} {usage.words}".rstrip() + f"`  {usage.does}" for usage in command.usages]
    return section("\n".join(lines))


def _roles_line(reader: Actor | None) -> str:
    if reader is None or not reader.roles:
        return "You have no role at this desk yet; an admin gives it. /code works for everybody."
    return "Your roles: " + ", ".join(title_words(role) for role in sorted(reader.roles))


def _time_picker(name: Field, minutes: int) -> TimePickerElement:
    return TimePickerElement(action_id=str(name), initial_time=f"{minutes // 60 % 24:02}:{minutes % 60:02}")
