"""The words a person reads on a message or view: markup resolved, dates in their zone, buttons by their label."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.sandbox.dates import write_date
from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.inputs import STATE_FIELDS, Values, elements_of
from bot.sandbox.members import Member
from bot.sandbox.workspace import Workspace

_MARKUP = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True)
class Reader:
    """The eyes of one person: knows the names in the workspace and the zone they live in."""

    workspace: Workspace
    member: Member

    def read(self, text: str) -> str:
        """A text with mentions, channels, links and dates written out, and entities undone."""
        resolved = _MARKUP.sub(lambda found: self._resolve(found[1]), text)
        return resolved.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def person(self, user_id: str) -> str:
        """The name of a member, with its @."""
        member = self.workspace.members.get(user_id)
        return f"@{member.real_name if member else user_id}"

    def channel(self, channel_id: str) -> str:
        """The name of a channel, with its #."""
        channel = self.workspace.channels.find(channel_id)
        return f"#{channel.name if channel else channel_id}"

    def moment(self, timestamp: int, template: str) -> str:
        """A date as this person sees it."""
        return write_date(timestamp, template, self.member.zone, self.workspace.now())

    def _resolve(self, markup: str) -> str:
        address, _, label = markup.partition("|")
        if address.startswith("@"):
            return self.person(address[1:])
        if address.startswith("#"):
            return self.channel(address[1:])
        if address.startswith("!date^"):
            return self._resolve_date(address, label)
        if address.startswith("!"):
            return label or f"@{address[1:]}"
        return label or address

    def _resolve_date(self, address: str, fallback: str) -> str:
        _, timestamp, template = [*address.split("^"), "", ""][:3]
        if not timestamp.lstrip("-").isdigit() or not template:
            return fallback
        return self.moment(int(timestamp), template)


def read_blocks(blocks: list[Json], reader: Reader, values: Values, errors: dict[str, str]) -> list[str]:
    """Every text on these blocks in reading order: what is written, labels, what is chosen, errors under inputs."""
    texts: list[str] = []
    for block in blocks:
        texts += [reader.read(text) for text in _READERS.get(block["type"], _read_nothing)(block, reader) if text]
        for element in elements_of(block):
            entry = values.get(block.get("block_id", ""), {}).get(element.get("action_id", ""))
            texts += [text for text in _read_element(element, entry, reader) if text]
        if block.get("block_id") in errors:
            texts.append(errors[block["block_id"]])
    return texts


def _read_nothing(_block: Json, _reader: Reader) -> Iterator[str]:
    return iter(())


def _text_of(node: JsonValue) -> str:
    return str(node.get("text") or "") if isinstance(node, dict) else ""


def _read_section(block: Json, _reader: Reader) -> Iterator[str]:
    yield _text_of(block.get("text"))
    yield from (_text_of(field) for field in block.get("fields", ()))


def _read_header(block: Json, _reader: Reader) -> Iterator[str]:
    yield _text_of(block.get("text"))


def _read_context(block: Json, _reader: Reader) -> Iterator[str]:
    for element in block["elements"]:
        yield element["alt_text"] if element["type"] == "image" else _text_of(element)


def _read_input(block: Json, _reader: Reader) -> Iterator[str]:
    yield _text_of(block["label"])
    yield _text_of(block.get("hint"))


def _read_image(block: Json, _reader: Reader) -> Iterator[str]:
    yield _text_of(block.get("title"))
    yield block["alt_text"]


def _read_markdown(block: Json, _reader: Reader) -> Iterator[str]:
    yield block["text"]


def _read_table(block: Json, reader: Reader) -> Iterator[str]:
    for row in block["rows"]:
        for cell in row:
            yield cell["text"] if cell["type"] == "raw_text" else " ".join(_read_rich_text(cell, reader))


def _read_rich_text(block: Json, reader: Reader) -> Iterator[str]:
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            yield from _read_rich_text(part, reader)
        else:
            yield "".join(_read_inline(piece, reader) for piece in part["elements"])


def _read_inline(piece: Json, reader: Reader) -> str:
    kind = piece["type"]
    if kind == "user":
        return reader.person(piece["user_id"])
    if kind == "channel":
        return reader.channel(piece["channel_id"])
    if kind == "emoji":
        return f":{piece['name']}:"
    if kind == "date":
        return reader.moment(piece["timestamp"], piece["format"])
    if kind == "broadcast":
        return f"@{piece['range']}"
    return str(piece.get("text") or piece.get("url") or piece.get("value") or piece.get("usergroup_id") or "")


_READERS: dict[str, Callable[[Json, Reader], Iterator[str]]] = {
    "section": _read_section,
    "header": _read_header,
    "context": _read_context,
    "input": _read_input,
    "image": _read_image,
    "markdown": _read_markdown,
    "table": _read_table,
    "rich_text": _read_rich_text,
}


def _read_element(element: Json, entry: Json | None, reader: Reader) -> Iterator[str]:
    kind = element["type"]
    if kind == "button":
        yield _text_of(element["text"])
    elif kind == "image":
        yield element["alt_text"]
    elif kind in ("radio_buttons", "checkboxes"):
        for option in element["options"]:
            yield reader.read(_text_of(option["text"]))
            if "description" in option:
                yield reader.read(_text_of(option["description"]))
    elif entry is not None:
        yield from _read_chosen(entry, reader) or [_text_of(element.get("placeholder"))]


def _read_chosen(entry: Json, reader: Reader) -> list[str]:
    chosen = entry.get(STATE_FIELDS[entry["type"]].current)
    if chosen in (None, "", []):
        return []
    return [_name_chosen(entry["type"], one, reader) for one in (chosen if isinstance(chosen, list) else [chosen])]


def _name_chosen(kind: str, chosen: JsonValue, reader: Reader) -> str:
    if isinstance(chosen, dict):
        return _text_of(chosen.get("text")) or str(chosen.get("name", ""))
    if "users" in kind:
        return reader.person(chosen)
    if "conversations" in kind or "channels" in kind:
        return reader.channel(chosen)
    if kind == "datetimepicker":
        return reader.moment(chosen, "{date_short} {time}")
    return str(chosen)
