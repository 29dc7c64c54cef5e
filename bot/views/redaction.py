"""What a form looks like when its submission is refused: errors under its inputs, or the same form with the redacted text filled in."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, StaticSelectElement

from bot.errors import Refusal
from bot.privacy.guard import ConfirmReason
from bot.privacy.refusal import PhiFound
from bot.views.forms import RENEWED
from bot.views.ids import Field
from bot.views.layout import Message, context, cut, escape, input_block, notice_modal, option, section

ERROR_TEXT = 2000
#: What Slack adds to a view it sends us, and refuses when we send it back.
_KEPT = (
    "type",
    "callback_id",
    "title",
    "submit",
    "close",
    "blocks",
    "private_metadata",
    "clear_on_close",
    "notify_on_close",
    "external_id",
)
WARNING_BLOCK = "phi_warning"
CONFIRM_LABELS = {
    ConfirmReason.COWORKER: "The name of a coworker",
    ConfirmReason.PROVIDER: "The name of a provider",
    ConfirmReason.PUBLIC_TERM: "A medical or public term",
    ConfirmReason.WORK_NUMBER: "A number of our work, not of a patient",
}


def error_blocks(view: Mapping[str, Any], refusal: Refusal) -> dict[str, str]:
    """The refusal under the input it is about, or under the first input; empty when the view has none."""
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    about = [block for block in inputs if block.split(RENEWED)[0] == refusal.field]
    place = (about or inputs)[:1]
    return {block: cut(refusal.sentence, ERROR_TEXT) for block in place}


def first_input(view: Mapping[str, Any], sentence: str) -> dict[str, Any]:
    """A view without inputs becomes one that says the sentence."""
    title = view.get("title", {}).get("text", "Chartdesk")
    return dict(notice_modal(title, sentence).to_dict())


def redacted_form(view: Mapping[str, Any], found: PhiFound) -> dict[str, Any]:
    """The same form with the finding taken out of the field, for one more look before it is saved.

    The input gets a new block id: with the old one Slack would keep showing what was typed. Where a fixed reason would let the text in, the form asks for it.
    """
    shown = {key: copy.deepcopy(view[key]) for key in _KEPT if view.get(key)}
    blocks = [block for block in shown["blocks"] if block.get("block_id") not in {WARNING_BLOCK, str(Field.CONFIRM)}]
    place = next((at for at, block in enumerate(blocks) if _is_field(block, found.field)), None)
    if place is not None:
        _fill(blocks[place], found.redacted)
        blocks[place:place] = [_warning(found)]
        if found.may_confirm:
            blocks.insert(place + 2, _confirm_input())
    shown["blocks"] = blocks
    shown["submit"] = {"type": "plain_text", "text": "Save redacted", "emoji": False}
    return shown


def refused_text(found: PhiFound) -> Message:
    """The answer to a command or message that looked like patient information: what kind, where, and the text without it."""
    told = found.sentence.replace(", or press Redact", "")
    text = f"{told} I kept nothing of it. If it stands in a message, please delete that message."
    blocks: list[Block] = [section(text)]
    if found.redacted:
        blocks.append(section(f"Without it: {escape(found.redacted)}"))
    return Message(text=text, blocks=blocks)


def _is_field(block: Mapping[str, Any], field: str | None) -> bool:
    return block.get("type") == "input" and block["block_id"].split(RENEWED)[0] == field


def _fill(block: dict[str, Any], redacted: str) -> None:
    name, _, count = block["block_id"].partition(RENEWED)
    block["block_id"] = f"{name}{RENEWED}{int(count or 1) + 1}"
    block["element"]["action_id"] = block["block_id"]
    block["element"]["initial_value"] = redacted


def _confirm_input() -> dict[str, Any]:
    reasons = StaticSelectElement(
        action_id=str(Field.CONFIRM), options=[option(label, reason) for reason, label in CONFIRM_LABELS.items()]
    )
    asked = input_block(
        Field.CONFIRM,
        "Not patient information?",
        reasons,
        optional=True,
        hint="If you put the text back, say here what it is. Otherwise leave this empty.",
    )
    return dict(asked.to_dict())


def _warning(found: PhiFound) -> dict[str, Any]:
    told = found.sentence.replace(", or press Redact", "")
    return dict(context(f"{told} Nothing was kept. Look at the text below and save it redacted.", block_id=WARNING_BLOCK).to_dict())
