"""files.*: the three steps of an upload, and reading a file back."""

from __future__ import annotations

from bot.sandbox.channels import Channel
from bot.sandbox.files import StoredFile
from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.web_api.addressees import find_writable_channel
from bot.sandbox.web_api.calls import ApiError, Call, refuse_arguments
from bot.sandbox.web_api.chat import bot_message
from bot.sandbox.web_api.contents import Contents


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: a place to send ``length`` bytes to."""
    length = call.whole("length", 0)
    if length <= 0:
        raise refuse_arguments("must be greater than 0 [json-pointer:/length]")
    now = int(call.workspace.now().timestamp())
    stored = call.workspace.files.reserve(call.required("filename"), length, call.caller, now)
    stored.alt_text = call.text("alt_txt")
    return {"upload_url": f"{call.base_url}/upload/{stored.upload_ticket}", "file_id": stored.id}


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: share the uploaded files in a conversation, or keep them unshared."""
    entries = call.structure("files")
    if not isinstance(entries, list) or not entries:
        raise refuse_arguments("missing required field: files")
    finished = [_finish(call, entry) for entry in entries]
    channel = _destination(call)
    if channel is not None:
        _share(call, channel, finished)
    return {"files": [stored.as_file(call.base_url) for stored in finished]}


def file_info(call: Call) -> Json:
    """files.info."""
    return {"file": _find_file(call).as_file(call.base_url), "comments": [], "response_metadata": {"next_cursor": ""}}


def delete_file(call: Call) -> Json:
    """files.delete: only the bot's own files."""
    stored = _find_file(call)
    if stored.user != call.caller:
        raise ApiError("cant_delete_file")
    call.workspace.files.remove(stored.id)
    return {}


def _find_file(call: Call) -> StoredFile:
    stored = call.workspace.files.find(call.required("file"))
    if stored is None or not stored.complete:
        raise ApiError("file_not_found")
    return stored


def _finish(call: Call, entry: JsonValue) -> StoredFile:
    stored = call.workspace.files.find(str(entry.get("id"))) if isinstance(entry, dict) else None
    if stored is None or stored.complete or len(stored.content) != stored.size:
        raise ApiError("file_not_found")
    stored.title, stored.complete = entry.get("title") or stored.name, True
    return stored


def _destination(call: Call) -> Channel | None:
    reference = call.text("channel_id") or call.text("channels")
    if not reference:
        return None
    call.arguments["channel"] = reference
    return find_writable_channel(call)


def _share(call: Call, channel: Channel, files: list[StoredFile]) -> None:
    for stored in files:
        stored.channels.append(channel.id)
    message = bot_message(call, channel, Contents(text=call.text("initial_comment")))
    message.files = [stored.as_file(call.base_url) for stored in files]
    call.workspace.post(message)
