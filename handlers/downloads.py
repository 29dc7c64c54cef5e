"""Fetching a file that somebody sent, with the bot's token and only from Slack itself. It is held in memory and nowhere else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
from slack_sdk.errors import SlackApiError

from bot.errors import BadInput, Refusal
from bot.intake.sent import LARGEST_SENT
from bot.intake.source import GivenFile
from handlers.call import Call

#: Seconds Slack may take to begin, and between two pieces.
PATIENCE = 10.0
#: Kinds of files that are no lists, by the beginning of their media type.
_NO_LISTS = ("image/", "video/", "audio/", "application/pdf")
#: Endings of office files, which hold a list that has to be saved as CSV first.
_OFFICE = ("xlsx", "xls", "ods", "numbers", "docx", "doc", "zip")


class NoList(BadInput):
    """Please send a list as CSV."""


class CannotFetch(Refusal):
    """Slack did not hand the file out. Send it again; if it stays, ask an admin to reinstall the bot, which needs the permission files:read."""


def fetch(call: Call, file_id: str) -> GivenFile:
    """The file somebody sent.

    :raises BadInput: when it is no list, or too large.
    :raises CannotFetch: when Slack does not give it.
    """
    told = _describe(call, file_id)
    _check(call, told)
    return GivenFile.of(_download(call, str(told.get("url_private_download") or told.get("url_private") or "")), str(told.get("name") or "file"))


def may_be_fetched(url: str, api_url: str) -> bool:
    """Whether a file's address belongs to Slack, or to what stands for it: the bot's token goes nowhere else."""
    wanted, api = urlsplit(url), urlsplit(api_url)
    home = (api.hostname or "").removeprefix("www.")
    at_home = wanted.hostname is not None and (wanted.hostname == home or wanted.hostname.endswith(f".{home}"))
    try:
        return at_home and (wanted.scheme, wanted.port) == (api.scheme, api.port) and not wanted.username
    except ValueError:
        return False


def _describe(call: Call, file_id: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = call.client.files_info(file=file_id)["file"]
    except SlackApiError as error:
        if error.response.get("error") in {"file_not_found", "file_deleted"}:
            raise CannotFetch("This file is no longer in Slack. Send it again.") from None
        raise CannotFetch from None
    return found


def _check(call: Call, told: dict[str, Any]) -> None:
    kind, ending = str(told.get("mimetype") or ""), str(told.get("name") or "").rpartition(".")[2].lower()
    if told.get("user") != call.who.user_id:
        raise NoList("Only who sent a file can bring it in. Send it to me yourself.")
    if told.get("is_external") or told.get("mode") not in {"hosted", "snippet", None}:
        raise NoList("I open only files that are sent here, not links to other places. Send the file itself.")
    if kind.startswith(_NO_LISTS):
        raise NoList(
            "I don't open pictures, documents or recordings, and kept nothing of it. A work list has to be CSV or FHIR. "
            "If this shows patient data, please delete it."
        )
    if ending in _OFFICE:
        raise NoList("I can't read this kind of file. Save the list as CSV (UTF-8) and send that.")
    if int(told.get("size") or 0) > LARGEST_SENT:
        raise too_large()


def too_large() -> NoList:
    """The refusal of a file that is too large here."""
    return NoList(
        f"This file is larger than {LARGEST_SENT // 1024 // 1024} MB. Split it, or have an admin run: chartdesk import tasks FILE"
    )


def _download(call: Call, url: str) -> bytes:
    if not may_be_fetched(url, call.desk.settings.slack_api_url):
        raise CannotFetch
    kept, size = [], 0
    try:
        # Redirects are not followed: they would carry the token wherever they lead.
        with (
            httpx.Client(timeout=PATIENCE, follow_redirects=False) as client,
            client.stream("GET", url, headers={"Authorization": f"Bearer {call.client.token}"}) as answer,
        ):
            if answer.status_code != httpx.codes.OK or answer.headers.get("content-type", "").startswith("text/html"):
                raise CannotFetch
            for piece in answer.iter_bytes():
                size += len(piece)
                if size > LARGEST_SENT:
                    raise too_large()
                kept.append(piece)
    except httpx.HTTPError:
        raise CannotFetch from None
    return b"".join(kept)
