"""Settling a doubt: an answer of Slack was lost, so the message is looked for in the conversation by its own metadata before it is posted again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.outbox import Leased
from jobs.verdicts import FAILURES, Outcome, Verdict, judge

OPEN, HISTORY, REPLIES = "conversations.open", "conversations.history", "conversations.replies"
EVENT_TYPE = "chartdesk_notice"
#: What Slack gives at most in one page; it may give fewer, and then says that there are more.
PAGE = 200
#: How far the clocks of this machine and of Slack may be apart.
CLOCKS_APART = timedelta(seconds=30)


class HistoryUnreadableError(Exception):
    """The conversation may not be read, or is too long to be read through: it stays unknown whether the message arrived."""


class NotSettledError(Exception):
    """Slack did not answer the question now; ask again later.

    :param verdict: what the failed call means.
    :param method: the method that failed.
    """

    def __init__(self, verdict: Verdict, method: str) -> None:
        super().__init__(verdict.word)
        self.verdict = verdict
        self.method = method


def metadata_of(notice: Leased) -> dict[str, object]:
    """What the message carries so that it can be found again: keys only, for any member of the workspace could read them."""
    return {"event_type": EVENT_TYPE, "event_payload": {"notice": notice.id, "carries": list(notice.carries)}}


def look_for(client: WebClient, user_id: str, notice: Leased, pages: int) -> tuple[str, str] | None:
    """Where an earlier attempt left the message, in the conversation or in the thread it replied in: channel and ts, or None when it surely did not arrive.

    :param pages: how many pages of history are read at most.
    :raises HistoryUnreadableError, NotSettledError: when Slack does not say.
    """
    opened = _answer(OPEN, lambda: client.conversations_open(users=user_id))
    channel, cursor = str(opened["channel"]["id"]), ""
    method = REPLIES if notice.thread_ts else HISTORY
    oldest = f"{(notice.first_try_at - CLOCKS_APART).timestamp():.6f}"
    for _ in range(pages):
        page = _answer(method, partial(_page, client, channel, oldest, cursor, notice.thread_ts))
        if (ts := _ts_in(page, notice.id)) is not None:
            return channel, ts
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return None
    raise HistoryUnreadableError


def _page(client: WebClient, channel: str, oldest: str, cursor: str, thread_ts: str | None) -> SlackResponse:
    if thread_ts:
        return client.conversations_replies(
            channel=channel, ts=thread_ts, oldest=oldest, include_all_metadata=True, limit=PAGE, cursor=cursor or None
        )
    return client.conversations_history(
        channel=channel, oldest=oldest, include_all_metadata=True, limit=PAGE, cursor=cursor or None
    )


def _answer(method: str, ask: Callable[[], SlackResponse]) -> Any:  # noqa: ANN401 - Slack's JSON
    try:
        return ask().data
    except FAILURES as error:
        verdict = judge(error)
        if verdict.outcome in {Outcome.REFUSED, Outcome.NO_THREAD}:
            raise HistoryUnreadableError from error
        raise NotSettledError(verdict, method) from error


def _ts_in(page: dict[str, Any], notice_id: int) -> str | None:
    for message in page.get("messages", ()):
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        if metadata.get("event_type") == EVENT_TYPE and payload.get("notice") == notice_id:
            return str(message["ts"])
    return None
