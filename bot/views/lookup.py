"""The small form of the *Look up a code* shortcut: codes are offered while somebody types, and all results for the words typed."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ExternalDataSelectElement, Option
from slack_sdk.models.views import View

from bot.codes.suggesting import Suggestion
from bot.views.codes import code_options
from bot.views.forms import FormContext
from bot.views.ids import CallbackId, Field
from bot.views.layout import NO_PHI_HINT, cut, form, input_block, option, plain

#: Stands before the words of the choice that asks for everything, and the most characters a choice may stand for.
EVERYTHING, LONGEST = "?", 149


def lookup_form(context: FormContext) -> View:
    """Ask for words or a code."""
    query = ExternalDataSelectElement(action_id=str(Field.QUERY), min_query_length=2, placeholder=plain("Type words or a code"))
    asked = input_block(Field.QUERY, "Words or a code", query, hint=NO_PHI_HINT)
    return form(CallbackId.LOOK_UP_FORM, "Look up a code", [asked], context, submit="Look up")


def lookup_options(words: str, found: Sequence[Suggestion]) -> list[Option]:
    """Everything for the words, then the codes themselves. Words that must not be said back are given as empty: then only codes are offered."""
    everything = [option(f"Everything for “{cut(words, 50)}”", EVERYTHING + words[:LONGEST])] if words else []
    return [*everything, *code_options(found)]


def words_of(choice: str) -> str | None:
    """The words of a choice that asks for everything; None when it is a code."""
    return choice[len(EVERYTHING) :] if choice.startswith(EVERYTHING) else None
