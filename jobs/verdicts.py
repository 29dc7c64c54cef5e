"""What an error of Slack's Web API means for a message on its way out: surely not posted, perhaps posted, or never to be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

#: Everything a call can fail with: a refusal, an answer that makes no sense, a connection that was lost.
FAILURES = (SlackClientError, OSError, HTTPException)
#: How long to wait when Slack does not say.
USUAL_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 30, 3600
#: Slack's words for people who cannot be written to.
UNREACHABLE = frozenset(
    {"channel_not_found", "user_not_found", "user_disabled", "cannot_dm_bot", "is_archived", "user_not_visible", "messages_tab_disabled"}
)  # fmt: skip
#: Words about the bot's own token: nobody in the workspace can be written to until it is installed again.
UNAUTHORIZED = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_revoked", "token_expired", "org_login_required", "team_access_not_granted"}
)  # fmt: skip
#: Slack's words for a message that cannot be replied to, because it is not there any more.
NO_THREAD = frozenset({"thread_not_found", "message_not_found", "invalid_thread_ts", "cannot_reply_to_message"})
_SLACKS_FAULT = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_TOO_MANY = frozenset({"ratelimited", "rate_limited"})


class Outcome(StrEnum):
    """What a failed call means. Only ``MAYBE`` leaves a doubt. ``NO_THREAD``: what it replies to is gone."""

    LATER = "later"
    MAYBE = "maybe"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    NO_THREAD = "no_thread"
    REFUSED = "refused"


_MEANINGS = ((UNREACHABLE, Outcome.UNREACHABLE), (UNAUTHORIZED, Outcome.UNAUTHORIZED), (NO_THREAD, Outcome.NO_THREAD))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about a failed call; ``wait_seconds`` is what Slack asked for."""

    outcome: Outcome
    word: str
    wait_seconds: int = 0


def judge(error: Exception) -> Verdict:
    """Tell a definite no from a maybe."""
    if not isinstance(error, SlackApiError):
        return Verdict(Outcome.MAYBE, type(error).__name__)
    status, headers, body = _answer_of(error)
    word = str(body.get("error") or "no_error_word")[:80]
    if status == 429 or word in _TOO_MANY:
        return Verdict(Outcome.LATER, word, _retry_after(headers))
    if status >= 500 or status == 0 or word in _SLACKS_FAULT:
        return Verdict(Outcome.MAYBE, f"{status}:{word}")
    outcome = next((meant for words, meant in _MEANINGS if word in words), Outcome.REFUSED)
    return Verdict(outcome, word, USUAL_WAIT_SECONDS * 20 if outcome is Outcome.UNAUTHORIZED else 0)


def _answer_of(error: SlackApiError) -> tuple[int, dict[str, str], dict[str, object]]:
    """Status, headers and body. The SDK hands on a plain dictionary when the body is no JSON, as a proxy's error page is."""
    response = error.response
    if isinstance(response, dict):
        return int(response.get("status") or 0), dict(response.get("headers") or {}), {}
    return response.status_code, dict(response.headers), response.data if isinstance(response.data, dict) else {}


def _retry_after(headers: dict[str, str]) -> int:
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    text = str(told[0] if isinstance(told, list) and told else told)
    return min(max(int(text), 1), LONGEST_WAIT_SECONDS) if text.isdigit() else USUAL_WAIT_SECONDS
