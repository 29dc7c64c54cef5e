"""The checklist of a task in its completion form."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.models.blocks import Block, StaticSelectElement

from bot.reviews.cards import TaskCard
from bot.reviews.checklists import CHECKLISTS
from bot.views.forms import FormValues
from bot.views.ids import Field
from bot.views.layout import input_block, option, title_words
from storage.words import CheckItem


def checklist(card: TaskCard) -> list[Block]:
    """The lines of a task's checklist; none for most kinds of task."""
    blocks: list[Block] = []
    for item, answers in CHECKLISTS.get(card.type, {}).items():
        name = Field(item.value)
        choices = [option(title_words(answer), answer) for answer in answers]
        blocks.append(input_block(name, title_words(item), StaticSelectElement(action_id=str(name), options=choices)))
    return blocks


def read_checklist(values: FormValues) -> Mapping[CheckItem, str]:
    """The answers given, by line."""
    given = {item: values.one(Field(item.value)) for item in CheckItem}
    return {item: answer for item, answer in given.items() if answer is not None}
