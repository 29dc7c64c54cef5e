"""The inputs of every form that asks which codes a chart gets: the codes by type-ahead, and that somebody looked at what the check says."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import CheckboxesElement, ExternalDataMultiSelectElement, InputBlock, Option

from bot.views.forms import FormValues
from bot.views.ids import Field
from bot.views.layout import input_block, option

#: So many codes fit on a claim, and a few to spare.
MOST_CODES = 30
_LOOKED_AT = "looked_at"


def codes_inputs(label: str, hint: str, filled: Sequence[Option] = ()) -> tuple[InputBlock, InputBlock]:
    """The codes, in the order in which they are chosen, and the tick that keeps them in spite of the check."""
    codes = ExternalDataMultiSelectElement(
        action_id=str(Field.CODES), min_query_length=2, max_selected_items=MOST_CODES, placeholder="Type words or a code",
        initial_options=list(filled) or None,
    )  # fmt: skip
    keep = CheckboxesElement(
        action_id=str(Field.CONFIRM), options=[option("Keep these codes: I looked at what the check says", _LOOKED_AT)]
    )
    return input_block(Field.CODES, label, codes, hint=hint), input_block(Field.CONFIRM, "If the check asks", keep, optional=True)


def looked_at(values: FormValues) -> bool:
    """Whether they ticked that they looked at what the check says."""
    return _LOOKED_AT in values.many(Field.CONFIRM)
