"""What a person sees right after the bot acknowledged, or did not."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.delivery import TIMED_OUT, Reply
from bot.sandbox.identifiers import Json
from bot.sandbox.limits import check_suggestions
from bot.sandbox.response_urls import post_answer
from bot.sandbox.seen import offered_options
from bot.sandbox.web_api.calls import ApiError, Call

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Outcome:
    """The end of one action. ``words`` is what the sandbox itself tells the person; empty when all went well.

    ``reply`` is None when nothing was sent to the bot (an input without dispatch_action, a form the
    client refuses). ``errors`` are sentences under inputs by block_id, ``options`` the offers of a type-ahead.
    """

    reply: Reply | None = None
    words: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    options: list[Json] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the bot acknowledged and nothing was refused."""
        return not self.words and not self.errors

    @property
    def sent(self) -> bool:
        """Whether the bot was asked at all."""
        return self.reply is not None

    @property
    def option_texts(self) -> list[str]:
        """The texts of the offered options."""
        return [option["text"]["text"] for option in self.options]


def acknowledge_command(call: Call, name: str, user: str, channel: str, reply: Reply) -> Outcome:
    """Show the answer in the acknowledgement of a command, or Slack's words for its failure."""
    words = ""
    if not reply.ok:
        reason = "operation_timeout" if reply.status == TIMED_OUT else "dispatch_failed"
        words = f'{name} failed with the error "{reason}"'
    elif reply.body.strip():
        words = _show_answer(call, name, user, channel, reply)
    if words:
        call.workspace.say_privately(user, channel, words)
    return Outcome(reply, words)


def _show_answer(call: Call, name: str, user: str, channel: str, reply: Reply) -> str:
    body = reply.json()
    content_type = {key.lower(): value for key, value in reply.headers.items()}.get("content-type", "")
    if not body and not content_type.startswith("application/json"):
        body = {"text": reply.body}
    if not any(body.get(part) for part in ("text", "blocks", "attachments")):
        return ""
    call.arguments = body
    try:
        post_answer(call, user, channel)
    except ApiError as error:
        problems = error.details.get("response_metadata", {}).get("messages", [])
        return f'{name} failed with the error "{error.code}" {" ".join(problems)}'.strip()
    return ""


def acknowledge_click(reply: Reply) -> Outcome:
    """A click that was not acknowledged leaves a warning beside the button."""
    return Outcome(reply, "" if reply.ok else "This app did not respond in time. Try again.")


def acknowledge_suggestion(reply: Reply) -> Outcome:
    """The options of a type-ahead, or why there are none."""
    if not reply.ok:
        return Outcome(reply, "Loading the options failed. Try again.")
    body = reply.json()
    problems = check_suggestions(body)
    if problems:
        return Outcome(reply, f"The options cannot be shown: {problems[0]}")
    return Outcome(reply, options=offered_options(body))
