"""The small form of the *Look up a code* shortcut."""

from __future__ import annotations

from slack_sdk.models.blocks import PlainTextInputElement
from slack_sdk.models.views import View

from bot.views.forms import FormContext
from bot.views.ids import CallbackId, Field
from bot.views.layout import NO_PHI_HINT, form, input_block


def lookup_form(context: FormContext) -> View:
    """Ask for words or a code."""
    query = PlainTextInputElement(action_id=str(Field.QUERY), max_length=300)
    asked = input_block(Field.QUERY, "Words or a code", query, hint=NO_PHI_HINT)
    return form(CallbackId.LOOK_UP_FORM, "Look up a code", [asked], context, submit="Look up")
