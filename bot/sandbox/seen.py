"""What a person sees at one moment: messages and views, with the words on them and what can be operated."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.inputs import STATE_FIELDS, Values, operable
from bot.sandbox.messages import Message
from bot.sandbox.payloads import Place
from bot.sandbox.reading import Reader, read_blocks
from bot.sandbox.surfaces import View


class NotSeenError(AssertionError):
    """Something is looked for that this person does not see; the sentence lists what they see instead."""


@dataclass(frozen=True)
class Seen:
    """A snapshot of a message or view as one person sees it."""

    place: Place
    reader: Reader

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the snapshot."""
        return self.place.blocks

    @property
    def values(self) -> Values:
        """What is chosen or typed: block_id to action_id to state entry."""
        return self.place.values(self.reader.member.id)

    def texts(self) -> list[str]:
        """Every visible text, top to bottom."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """All visible texts, one per line."""
        return "\n".join(self.texts())

    def buttons(self) -> list[str]:
        """The labels of the buttons, in reading order."""
        return [element["text"]["text"] for _, element in operable(self.blocks) if element["type"] == "button"]

    def action_ids(self) -> list[str]:
        """The action ids of everything that can be operated, in reading order."""
        return [element["action_id"] for _, element in operable(self.blocks) if "action_id" in element]

    def choices(self, action_id: str) -> list[str]:
        """The texts of the options a menu, overflow, radio or checkbox group offers when opened."""
        return [option["text"]["text"] for option in offered_options(self.element(action_id))]

    def value(self, action_id: str) -> JsonValue:
        """What is chosen or typed in one element: the text, option value(s), id(s) or date; None when empty."""
        entries = [values[action_id] for values in self.values.values() if action_id in values]
        if not entries:
            raise NotSeenError(f"There is no input {action_id!r}; there are {self.action_ids()}.")
        chosen = entries[0][STATE_FIELDS[entries[0]["type"]].current]
        if isinstance(chosen, list):
            return [one["value"] if isinstance(one, dict) and "value" in one else one for one in chosen]
        return chosen["value"] if isinstance(chosen, dict) else chosen

    def element(self, action_id: str) -> Json:
        """The element with this action id. Raises NotSeenError."""
        for _, element in operable(self.blocks):
            if element.get("action_id") == action_id:
                return element
        raise NotSeenError(f"There is no {action_id!r} here; there are {self.action_ids()}. Visible: {self.texts()}")


@dataclass(frozen=True)
class SeenMessage(Seen):
    """A message as one person sees it."""

    @property
    def message(self) -> Message:
        """The snapshot of the message."""
        if self.place.message is None:
            raise NotSeenError("This is not a message.")
        return self.place.message

    @property
    def ts(self) -> str:
        """The timestamp that names the message in its channel."""
        return self.message.ts

    @property
    def channel(self) -> str:
        """The id of the channel it stands in."""
        return self.message.channel

    @property
    def is_ephemeral(self) -> bool:
        """Whether only this person sees it."""
        return self.message.is_ephemeral

    @property
    def fallback(self) -> str:
        """The text of notifications; the visible text of a message without blocks."""
        return self.message.text

    def texts(self) -> list[str]:
        """Every visible text; the message's own text only when it has no blocks."""
        files = [file["title"] for file in self.message.files]
        if self.message.blocks:
            return read_blocks(self.blocks, self.reader, self.values, {}) + files
        return [self.reader.read(self.message.text), *files]


@dataclass(frozen=True)
class SeenView(Seen):
    """A modal or the Home as one person sees it."""

    @property
    def view(self) -> View:
        """The snapshot of the view."""
        if self.place.view is None:
            raise NotSeenError("This is not a view.")
        return self.place.view

    @property
    def id(self) -> str:
        """The id of the view."""
        return self.view.id

    @property
    def title(self) -> str:
        """The title of a modal; empty for the Home."""
        return str((self.view.content.get("title") or {}).get("text", ""))

    @property
    def submit_label(self) -> str:
        """The label of the submit button; empty when there is none."""
        return str((self.view.content.get("submit") or {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """The app's name for this kind of view."""
        return str(self.view.content.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """What the app keeps in the view, unseen by people."""
        return str(self.view.content.get("private_metadata", ""))

    @property
    def errors(self) -> dict[str, str]:
        """The sentences under inputs: block_id to sentence."""
        return self.view.errors

    def texts(self) -> list[str]:
        """Every visible text: title, blocks, typed values, errors, then the submit label."""
        middle = read_blocks(self.blocks, self.reader, self.values, self.view.errors)
        return [text for text in (self.title, *middle, self.submit_label) if text]


def see_message(message: Message, reader: Reader) -> SeenMessage:
    """A snapshot of a message."""
    return SeenMessage(Place(message=copy.deepcopy(message)), reader)


def see_view(view: View, reader: Reader) -> SeenView:
    """A snapshot of a view."""
    return SeenView(Place(view=copy.deepcopy(view)), reader)


def offered_options(element: Json) -> list[Json]:
    """The options of an element, those of its groups included."""
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]
