"""What a message says: text, blocks, attachments and metadata, checked against Slack's limits."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.inputs import with_ids
from bot.sandbox.limits import check_message
from bot.sandbox.limits.surfaces import ATTACHMENTS, POSTED_TEXT
from bot.sandbox.web_api.calls import ApiError, Call, refuse_problems


@dataclass
class Contents:
    """The checked contents of a message. ``None`` means: not given, keep what was there."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None


def read_contents(call: Call, *, may_be_empty: bool = False) -> Contents:
    """Read and check the contents of a call.

    Raises ApiError: invalid_blocks (with the places), msg_blocks_too_long, invalid_blocks_format,
    too_many_attachments, invalid_metadata_format, no_text.
    """
    contents = Contents(
        text=None if call.arguments.get("text") is None else call.text("text")[:POSTED_TEXT],
        blocks=_read_blocks(call.structure("blocks", "invalid_blocks_format")),
        attachments=_read_attachments(call.structure("attachments", "invalid_attachments")),
        metadata=_read_metadata(call.structure("metadata", "invalid_metadata_format")),
    )
    if not may_be_empty and not (contents.text or contents.blocks or contents.attachments):
        raise ApiError("no_text")
    return contents


def _read_blocks(blocks: JsonValue) -> list[Json] | None:
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    problems = check_message(blocks)
    if problems:
        raise refuse_problems(problems, "invalid_blocks")
    return with_ids(blocks)


def _read_attachments(attachments: JsonValue) -> list[Json]:
    if attachments is None:
        return []
    if not isinstance(attachments, list):
        raise ApiError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise ApiError("too_many_attachments")
    return attachments


def _read_metadata(metadata: JsonValue) -> Json | None:
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_schema")
    return metadata
