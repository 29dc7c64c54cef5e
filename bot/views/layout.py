"""The few shapes all views are made of, and their limits. Slack refuses a whole message for one character too many, so texts are cut here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.commands import with_prefix
from bot.spoken import spoken
from bot.views.forms import FormContext
from bot.views.ids import ActionId, CallbackId, Field

#: Slack's limits with a little headroom (reference: block kit).
SECTION_TEXT = 2900
FIELD_TEXT = 1900
HEADER_TEXT = 150
BUTTON_TEXT = 75
OPTION_TEXT = 75
OPTION_VALUE = 150
TITLE_TEXT = 24
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
FALLBACK_TEXT = 3000

#: What every form says beside a free-text field.
NO_PHI_HINT = "No patient names, dates or numbers. The reference stands for the record."


@dataclass(frozen=True, slots=True)
class Message:
    """A message: blocks, and the text that stands for them in notifications and for screen readers."""

    text: str
    blocks: Sequence[Block] = field(default_factory=tuple)

    def blocks_payload(self) -> list[dict[str, object]]:
        """The blocks as Slack's JSON."""
        return [block.to_dict() for block in self.blocks][:MESSAGE_BLOCKS]


def cut(text: str, length: int) -> str:
    """A text no longer than ``length``, with … where something was left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def escape(text: str) -> str:
    """A text that Slack shows as it is: its three control characters are escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words(value: StrEnum | str) -> str:
    """A word of the desk as people read it: ``on_hold`` to ``on hold``."""
    return spoken(value)


def title_words(value: StrEnum | str) -> str:
    """The same with a capital first letter, for labels and options."""
    read = words(value)
    return read[:1].upper() + read[1:]


def plain(text: str, length: int = BUTTON_TEXT) -> PlainTextObject:
    """Plain text, cut to length."""
    return PlainTextObject(text=cut(text, length), emoji=False)


def section(text: str, *, accessory: InteractiveElement | None = None) -> SectionBlock:
    """A paragraph in Slack's markup."""
    return SectionBlock(text=MarkdownTextObject(text=cut(text, SECTION_TEXT)), accessory=accessory)


def fields(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    """Label and value pairs in two columns; ten to a block, as Slack allows."""
    shown = [MarkdownTextObject(text=cut(f"*{label}*\n{value}", FIELD_TEXT)) for label, value in pairs if value]
    return [SectionBlock(fields=shown[start : start + 10]) for start in range(0, len(shown), 10)]


def paragraphs(title: str, lines: Sequence[str]) -> list[Block]:
    """A titled list, in as many blocks as its length asks for."""
    texts = [title]
    for line in lines:
        if len(texts[-1]) + len(line) + 1 > SECTION_TEXT:
            texts.append(line)
        else:
            texts[-1] += f"\n{line}"
    return [section(text) for text in texts]


def header(text: str) -> HeaderBlock:
    """A heading."""
    return HeaderBlock(text=plain(text, HEADER_TEXT))


def context(*texts: str, block_id: str | None = None) -> ContextBlock:
    """Small print: up to ten pieces."""
    pieces = [MarkdownTextObject(text=cut(text, FIELD_TEXT)) for text in texts[:10]]
    return ContextBlock(elements=pieces, block_id=block_id)


def divider() -> DividerBlock:
    """A line between parts."""
    return DividerBlock()


def button(
    label: str, action: ActionId, value: str, *, style: str | None = None, key: str | None = None
) -> ButtonElement:
    """A button. ``key`` tells two buttons of one action in one block apart."""
    return ButtonElement(text=plain(label), action_id=action_id(action, key), value=value, style=style)


def action_id(action: ActionId, key: str | None = None) -> str:
    """The id Slack sends back: the action, and a key where one block holds several of it."""
    return f"{action}:{key}" if key else str(action)


def actions(*elements: InteractiveElement) -> ActionsBlock:
    """A row of buttons and menus."""
    return ActionsBlock(elements=list(elements))


def overflow(action: ActionId, options: Sequence[tuple[str, str]], key: str = "more") -> OverflowMenuElement:
    """The menu behind ⋯: label and value pairs, at most five."""
    return OverflowMenuElement(action_id=action_id(action, key), options=[option(*pair) for pair in options[:5]])


def menu(action: ActionId, options: Sequence[tuple[str, str]]) -> InteractiveElement:
    """The menu behind ⋯, or a plain button when there is only one thing in it: Slack's menu needs two."""
    if len(options) == 1:
        return button(options[0][0], action, options[0][1], key="more")
    return overflow(action, options)


def option(label: str, value: str) -> Option:
    """One choice of a menu."""
    return Option(text=plain(label, OPTION_TEXT), value=value)


def word_options(members: Iterable[StrEnum]) -> list[Option]:
    """The choices of a menu over a list of words."""
    return [option(title_words(member), str(member)) for member in members]


def input_block(
    name: Field | str, label: str, element: InputInteractiveElement, *, optional: bool = False, hint: str | None = None
) -> InputBlock:
    """An input of a form; block and element carry the field's word."""
    element.action_id = str(name)
    return InputBlock(
        block_id=str(name),
        label=plain(label, 150),
        element=element,
        optional=optional,
        hint=plain(hint, 150) if hint else None,
    )


def note_input(label: str = "Note", *, optional: bool = True, longest: int = 500) -> InputBlock:
    """The one free-text input of a form, with the reminder that no patient data belongs in it."""
    element = PlainTextInputElement(action_id=str(Field.NOTE), multiline=True, max_length=longest)
    return input_block(Field.NOTE, label, element, optional=optional, hint=NO_PHI_HINT)


def form(
    callback: CallbackId, title: str, blocks: Sequence[Block], context: FormContext, *, submit: str = "Save", close: str = "Cancel"
) -> View:
    """A modal with inputs; ``context`` is what it remembers until it is submitted. ``close`` is the button that puts it away."""
    return View(
        type="modal",
        callback_id=str(callback),
        title=plain(title, TITLE_TEXT),
        submit=plain(submit, TITLE_TEXT),
        close=plain(close, TITLE_TEXT),
        blocks=list(blocks)[:VIEW_BLOCKS],
        private_metadata=context.pack(),
    )


def window(title: str, blocks: Sequence[Block]) -> View:
    """A modal that shows something, without inputs."""
    return View(
        type="modal",
        title=plain(title, TITLE_TEXT),
        close=plain("Close", TITLE_TEXT),
        blocks=list(blocks)[:VIEW_BLOCKS],
    )


def notice_modal(title: str, sentence: str) -> View:
    """A modal that only says something."""
    return window(title, [section(sentence)])


def moment(at: datetime) -> str:
    """A moment in the reader's own zone, by Slack's date markup, with UTC where that cannot be shown."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def day(on: date) -> str:
    """A calendar day, which is the same in every zone: ``Mon, Nov 23``."""
    return f"{on:%a, %b} {on.day}"


def full_day(on: date) -> str:
    """A day with its year: ``Apr 1, 2026``."""
    return f"{on:%b} {on.day}, {on.year}"


def person(slack_user_id: str | None) -> str:
    """A coworker as Slack shows them."""
    return f"<@{slack_user_id}>" if slack_user_id else "nobody"


def say(sentence: str) -> Message:
    """A message of one sentence."""
    return Message(text=cut(sentence, FALLBACK_TEXT), blocks=(section(sentence),))


def renamed(value: Any, prefix: str) -> Any:  # noqa: ANN401 - any JSON
    """Slack's JSON with every command named as this installation names it."""
    if not prefix:
        return value
    if isinstance(value, dict):
        return {
            key: with_prefix(item, prefix) if key == "text" and isinstance(item, str) else renamed(item, prefix)
            for key, item in value.items()
        }
    return [renamed(item, prefix) for item in value] if isinstance(value, list) else value
