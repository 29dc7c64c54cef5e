"""Reading what a form said. Slack's nested state becomes plain values by field word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.errors import BadInput
from bot.views.ids import Field

#: Between a field's word and the counter that makes Slack show a new initial value.
RENEWED = "~"


class FormTooOld(BadInput):
    """This form is too old to be read. Open it again."""


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a form remembers between its opening and its submission, in Slack's ``private_metadata``.

    ``subject`` is the reference it is about, ``key`` makes its submission count once, ``answer_to`` is where the answer goes: the ``response_url`` of the
    command or message it was opened from, which only the same person ever sees. ``replaces`` tells that the answer takes that message's place.
    """

    subject: str
    key: str
    answer_to: str = ""
    replaces: bool = False

    def pack(self) -> str:
        """As text."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def unpack(cls, text: str) -> FormContext:
        """Read it back.

        :raises FormTooOld: when it is not of this shape.
        """
        try:
            return cls(**json.loads(text))
        except (TypeError, ValueError) as error:
            raise FormTooOld from error


@dataclass(frozen=True, slots=True)
class FormValues:
    """The values of a submitted form, by field. A field that is missing or empty reads as None or as an empty tuple."""

    elements: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> FormValues:
        """Take the state of a view as Slack sends it."""
        values: Mapping[str, Mapping[str, Any]] = view.get("state", {}).get("values", {})
        return cls({block.split(RENEWED)[0]: next(iter(elements.values()), {}) for block, elements in values.items()})

    def text(self, field: Field) -> str | None:
        """What was typed, without the white space around it."""
        typed = (self.elements.get(field, {}).get("value") or "").strip()
        return typed or None

    def one(self, field: Field) -> str | None:
        """The value chosen in a menu or radio group."""
        chosen = self.elements.get(field, {}).get("selected_option") or {}
        return chosen.get("value")

    def many(self, field: Field) -> tuple[str, ...]:
        """The values chosen in a menu of several or in checkboxes, in their order."""
        return tuple(chosen["value"] for chosen in self.elements.get(field, {}).get("selected_options") or ())

    def person(self, field: Field) -> str | None:
        """The Slack id of the person picked."""
        return self.elements.get(field, {}).get("selected_user")

    def people(self, field: Field) -> tuple[str, ...]:
        """The Slack ids of the people picked, in their order."""
        return tuple(self.elements.get(field, {}).get("selected_users") or ())

    def conversation(self, field: Field) -> str | None:
        """The Slack id of the conversation picked."""
        return self.elements.get(field, {}).get("selected_conversation")

    def number(self, field: Field) -> int | None:
        """The whole number typed; None for an empty field.

        :raises BadInput: for anything else.
        """
        typed = self.text(field)
        if typed is None:
            return None
        if not typed.isdigit():
            raise BadInput("Type a whole number.", field=str(field))
        return int(typed[:9])

    def day(self, field: Field) -> date | None:
        """The day picked."""
        picked = self.elements.get(field, {}).get("selected_date")
        return date.fromisoformat(picked) if picked else None

    def time(self, field: Field) -> str | None:
        """The time of day picked, ``HH:MM``."""
        return self.elements.get(field, {}).get("selected_time")
