"""The form that logs a request for release of information. None of its fields is about a patient."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.calendar import STATES
from bot.roi.intake import RequestFacts
from bot.roi.new import MOST_PAGES, NewRequest, PagesOutOfRange
from bot.views.forms import FormContext, FormValues
from bot.views.ids import CallbackId, Field
from bot.views.layout import NO_PHI_HINT, form, input_block, option, section, title_words
from bot.views.roi_card import type_name
from bot.views.roi_forms import ChoiceNeeded
from storage.columns import CleanText
from storage.words import DeliveryMethod, Priority, Purpose, Requester, RequestType, Sensitive

W = TypeVar("W", bound=StrEnum)

#: Words that are names or short for something.
_SPELLED = {
    "mac": "MAC", "rac": "RAC", "smrc": "SMRC", "upic": "UPIC", "cert": "CERT", "esmd": "esMD", "ere": "ERE", "sftp": "SFTP", "hiv": "HIV", "vip": "VIP",
    "sud_part2": "Substance use (Part 2)",
}  # fmt: skip


def new_form(start: NewRequest, actor_id: str, context: FormContext) -> View:
    """Ask for everything that is known of a new request; most of it may be left out."""
    told = "The due date is reckoned from these dates by the rules of the desk. `/roi rules` shows them."
    return form(
        CallbackId.ROI_NEW_FORM,
        "Log a release request",
        [section(told), *_what(start), *_dates(start), *_how(start, actor_id)],
        context,
        submit="Log it",
    )


def _what(start: NewRequest) -> list[Block]:
    record = PlainTextInputElement(action_id=str(Field.RECORD), initial_value=start.record or None, max_length=20)
    note = PlainTextInputElement(action_id=str(Field.PURPOSE_NOTE), max_length=200)
    facility = PlainTextInputElement(action_id=str(Field.FACILITY), max_length=40)
    return [
        input_block(
            Field.RECORD, "Record reference", record, optional=True,
            hint="Such as RR-2F7KQ. Leave it empty and the desk makes a new one.",
        ),
        input_block(Field.REQUEST_TYPE, "Type of request", _select(Field.REQUEST_TYPE, type_options())),
        input_block(Field.PURPOSE, "Purpose", _select(Field.PURPOSE, _words(Purpose)), optional=True),
        input_block(Field.PURPOSE_NOTE, "More about the purpose", note, optional=True, hint=NO_PHI_HINT),
        input_block(
            Field.REQUESTER, "Who asks", _select(Field.REQUESTER, _words(Requester)), optional=True,
            hint="For audits of Medicare the contractor, because their clocks differ.",
        ),
        input_block(Field.FACILITY, "Facility", facility, optional=True, hint="Its short code, such as F1."),
        input_block(
            Field.LEGAL_STATE, "State whose law applies", _select(Field.LEGAL_STATE, state_options(), start.legal_state),
            optional=True, hint="Without one, federal deadlines and holidays count.",
        ),
    ]  # fmt: skip


def _dates(start: NewRequest) -> list[Block]:
    today = start.today.isoformat()
    return [
        input_block(Field.RECEIVED_ON, "Received", DatePickerElement(action_id=str(Field.RECEIVED_ON), initial_date=today)),
        input_block(
            Field.LETTER_ON, "Date of the letter", DatePickerElement(action_id=str(Field.LETTER_ON)), optional=True,
            hint="Payers’ documentation requests count from it.",
        ),
        input_block(
            Field.LETTER_DUE_ON, "Due date the letter names", DatePickerElement(action_id=str(Field.LETTER_DUE_ON)),
            optional=True, hint="For a subpoena or order its return date.",
        ),
        input_block(
            Field.AUTHORIZATION_VALID_ON, "Valid authorization since",
            DatePickerElement(action_id=str(Field.AUTHORIZATION_VALID_ON)), optional=True,
            hint="Only where a complete authorization came with it.",
        ),
    ]  # fmt: skip


def _how(start: NewRequest, actor_id: str) -> list[Block]:
    sensitive = StaticMultiSelectElement(action_id=str(Field.SENSITIVE), options=_words(Sensitive))
    pages = NumberInputElement(
        action_id=str(Field.PAGES), is_decimal_allowed=False, min_value="1", max_value=str(MOST_PAGES)
    )
    owner = UserSelectElement(action_id=str(Field.PERSON), initial_user=actor_id if start.is_releaser else None)
    return [
        input_block(
            Field.DELIVERY_METHOD, "How it leaves", _select(Field.DELIVERY_METHOD, _words(DeliveryMethod)), optional=True
        ),
        input_block(
            Field.SENSITIVE, "Sensitive content", sensitive, optional=True,
            hint="Shown only to those who work on releases, never in a channel.",
        ),
        input_block(Field.PAGES, "Pages, about", pages, optional=True),
        input_block(Field.PRIORITY, "Priority", _select(Field.PRIORITY, _words(Priority), str(Priority.NORMAL))),
        input_block(Field.PERSON, "Who works it?", owner, optional=True, hint="Leave it empty for the team’s list."),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewAnswers:
    """What the form said. ``purpose_note`` and ``facility`` are as they were typed: they have not passed the guard."""

    facts: RequestFacts
    purpose_note: str | None
    facility: str | None
    owner: str | None


def read_new_form(values: FormValues) -> NewAnswers:
    """Read the form.

    :raises ChoiceNeeded: without a type or the day it was received.
    :raises PagesOutOfRange: when the pages are no number.
    """
    kind, received_on = _word(values, Field.REQUEST_TYPE, RequestType), values.day(Field.RECEIVED_ON)
    if kind is None:
        raise ChoiceNeeded(field=str(Field.REQUEST_TYPE))
    if received_on is None:
        raise ChoiceNeeded(field=str(Field.RECEIVED_ON))
    facts = _facts(values, kind, received_on)
    return NewAnswers(facts, values.text(Field.PURPOSE_NOTE), values.text(Field.FACILITY), values.person(Field.PERSON))


def _facts(values: FormValues, kind: RequestType, received_on: date) -> RequestFacts:
    return RequestFacts(
        type=kind,
        received_on=received_on,
        requester_type=values.one(Field.REQUESTER),
        purpose=_word(values, Field.PURPOSE, Purpose),
        legal_state=values.one(Field.LEGAL_STATE),
        letter_on=values.day(Field.LETTER_ON),
        letter_due_on=values.day(Field.LETTER_DUE_ON),
        authorization_valid_on=values.day(Field.AUTHORIZATION_VALID_ON),
        sensitive=tuple(Sensitive(one) for one in values.many(Field.SENSITIVE)),
        delivery_method=_word(values, Field.DELIVERY_METHOD, DeliveryMethod),
        priority=_word(values, Field.PRIORITY, Priority) or Priority.NORMAL,
        pages=_pages(values),
        record=values.text(Field.RECORD),
    )


def completed(said: NewAnswers, purpose_note: CleanText | None, facility: CleanText | None) -> RequestFacts:
    """The facts with the texts that have passed the guard."""
    return replace(said.facts, purpose_note=purpose_note, facility=facility)


def _pages(values: FormValues) -> int | None:
    typed = values.text(Field.PAGES)
    if typed is None:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > len(str(MOST_PAGES)):
        raise PagesOutOfRange(field=str(Field.PAGES))
    return int(typed)


def _word(values: FormValues, field: Field, words: type[W]) -> W | None:
    chosen = values.one(field)
    return words(chosen) if chosen else None


def _select(field: Field, options: list[Option], initial: str | None = None) -> StaticSelectElement:
    chosen = next((one for one in options if one.value == initial), None)
    return StaticSelectElement(action_id=str(field), options=options, initial_option=chosen)


def _words(members: type[StrEnum]) -> list[Option]:
    return [option(_SPELLED.get(member.value, title_words(member)), member.value) for member in members]


def type_options() -> list[Option]:
    """Every type of request."""
    return [option(type_name(kind), kind.value) for kind in RequestType]


def state_options() -> list[Option]:
    """Every state and territory, by its letters."""
    return [option(letters, letters) for letters in sorted(STATES)]
