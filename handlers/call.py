"""One request from Slack as a listener sees it: who, what, and ways to answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from slack_sdk.models.views import View

from bot.desk import Rule
from bot.errors import BadInput, Refusal
from bot.guard_events import count_guarded
from bot.privacy.guard import ConfirmReason
from bot.privacy.refusal import PhiFound
from bot.views.forms import FormContext, FormValues
from bot.views.ids import Field
from bot.views.layout import Message, notice_modal
from handlers.outgoing import Outgoing
from storage.columns import CleanText
from storage.words import Surface

#: Longer than this is no command; Slack itself cuts later.
LONGEST_TEXT = 3000

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Call(Outgoing):
    """A request from Slack, already acknowledged (except the submission of a form, whose answer is the acknowledgement)."""

    body: Mapping[str, Any]
    once: str
    surface: Surface = Surface.COMMAND
    afterwards: list[Callable[[], object]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What sort of request this is, in one word."""
        return type(self).__name__.removesuffix("Call").lower()

    def change(self, rule: Rule[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a rule that changes something, once for this request."""
        return self.desk.change(self.who, rule, self.once, *args, **kwargs)

    def look(self, rule: Rule[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a rule that only reads."""
        return self.desk.look(self.who, rule, *args, **kwargs)

    def reply(self, message: Message) -> None:
        """Answer privately: below the command or the message, or in a small window when it came from a form or the Home."""
        url = self.body.get("response_url")
        if url:
            self._respond(url, message, replace=False)
        elif self.body.get("trigger_id") and self.body.get("view"):
            self.open(notice_modal("Chartdesk", message.text))
        else:
            self.post(message)

    def replace(self, message: Message) -> None:
        """Put a new version in place of the message whose button was pressed."""
        url = self.body.get("response_url")
        if url:
            self._respond(url, message, replace=True)
        else:
            self.reply(message)

    def show(self, message: Message, window: View) -> None:
        """Show what something has become: in place of its message, in place of its window, or in a window over the Home."""
        view = self.body.get("view", {})
        if view.get("type") == "modal":
            self.client.views_update(view_id=view["id"], view=self.shown(window))
        elif view:
            self.open(window)
        else:
            self.replace(message)

    def reveal(self, message: Message, window: View) -> None:
        """Show one thing of a list, leaving the list where it is."""
        if self.body.get("view"):
            self.open(window)
        else:
            self.reply(message)

    def open(self, view: View) -> None:
        """Open a form, on top of the one that is open if there is one."""
        shown = self.shown(view)
        if self.body.get("view", {}).get("type") == "modal":
            self.client.views_push(trigger_id=self.body["trigger_id"], view=shown)
        else:
            self.client.views_open(trigger_id=self.body["trigger_id"], view=shown)

    def update(self, view: View) -> None:
        """Put another page into the window a button of which was pressed, or a new version of a form; an input that keeps its block keeps its value."""
        self.client.views_update(view_id=self.body["view"]["id"], view=self.shown(view))

    def open_slowly(self, waiting: View, build: Callable[[], View]) -> None:
        """Open a window at once, because Slack waits three seconds only, and put into it what takes longer; a refusal is said there."""
        opened = self.client.views_open(trigger_id=self.body["trigger_id"], view=self.shown(waiting))
        try:
            view = build()
        except Refusal as refusal:
            view = notice_modal("Chartdesk", refusal.sentence)
        self.client.views_update(view_id=opened["view"]["id"], view=self.shown(view))

    def form_context(self, subject: str = "") -> FormContext:
        """What a form opened from here must remember."""
        return FormContext(
            subject=subject,
            key=secrets.token_hex(8),
            answer_to=self.body.get("response_url") or "",
            replaces=bool(self.body.get("message") or self.body.get("container", {}).get("type") == "message"),
        )

    def later(self, answer: Callable[[], object]) -> None:
        """Do something after a form was closed, such as showing its result."""
        self.afterwards.append(answer)

    @property
    def from_home(self) -> bool:
        """Whether this began on the App Home: there itself, or in a window opened over it."""
        return self.body.get("view", {}).get("type") in {"home", "modal"} and not self.body.get("response_url")

    def accept_text(self, text: str | None, field_name: str = "note", longest: int = 500) -> CleanText | None:
        """Let free text pass the PHI guard; None stays None.

        :raises PhiFound: when it looks like patient information.
        """
        if text is None:
            return None
        guard, confirmed = self.desk.guard_for(self.who.team_id), self.confirmed()
        clean = guard.accept_text(
            text, surface=self.surface, field=field_name, max_length=longest, confirmed=confirmed
        )
        if confirmed and (findings := guard.scan(clean)):
            self.desk.change(self.who, count_guarded, None, self.surface, findings, confirmed)
        return clean

    def confirmed(self) -> ConfirmReason | None:
        """The fixed reason why a text is no patient information, where a form asked for one."""
        return None

    def accept_query(self, text: str) -> str:
        """Let words to look up pass the PHI guard. They are never stored, so only what must never be typed here is refused.

        :raises PhiFound: when they look like patient information.
        """
        try:
            return self.desk.guard_for(self.who.team_id).accept_text(
                text, surface=self.surface, field=str(Field.QUERY), max_length=LONGEST_TEXT
            )
        except PhiFound as found:
            if not found.may_confirm:
                raise
            return text

    def share(self, message: Message) -> None:
        """Show something to everybody in the conversation."""
        url = self.body.get("response_url")
        if not url:
            raise BadInput("There is no conversation here to share it in. Use /code in a channel and share from there.")
        self._send_to(
            url, text=message.text, blocks=self._blocks(message), response_type="in_channel", replace_original=False
        )

@dataclass
class CommandCall(Call):
    """A slash command; ``text`` is what was typed after it."""

    text: str = ""

    @property
    def word(self) -> str:
        """The first word, in small letters."""
        return self.text.split(maxsplit=1)[0].lower() if self.text.split() else ""


@dataclass
class ActionCall(Call):
    """A button, menu or picker; ``value`` is what it stands for."""

    value: str = ""
    action_id: str = ""


@dataclass
class FormCall(Call):
    """A submitted form: ``values`` by field, ``context`` what it remembered. It closes when the listener returns."""

    values: FormValues = field(default_factory=lambda: FormValues({}))
    context: FormContext = field(default_factory=lambda: FormContext("", ""))

    @property
    def subject(self) -> str:
        """The reference the form is about."""
        return self.context.subject

    @property
    def from_home(self) -> bool:
        """Whether the form was opened over the Home."""
        return not self.context.answer_to

    def confirmed(self) -> ConfirmReason | None:
        """What was chosen in the second look the guard asked for."""
        chosen = self.values.one(Field.CONFIRM)
        return ConfirmReason(chosen) if chosen else None

    def finish(self, message: Message, window: View | None = None) -> None:
        """Answer where the form was opened: its message or command, the window under it, or else by direct message."""
        below = self.body["view"].get("previous_view_id")
        if self.context.answer_to:
            self.later(lambda: self._respond(self.context.answer_to, message, replace=self.context.replaces))
        elif below and window:
            self.later(lambda: self._update(below, window))
        else:
            self.later(lambda: self.post(message))

    def _update(self, view_id: str, view: View) -> None:
        self.client.views_update(view_id=view_id, view=self.shown(view))


@dataclass
class TypeAheadCall(Call):
    """Somebody typing into a menu that asks us for its options."""

    query: str = ""


@dataclass
class EventCall(Call):
    """Something that happened in Slack."""

    event: Mapping[str, Any] = field(default_factory=dict)

    @property
    def thread_ts(self) -> str:
        """The message under which somebody wrote; empty when it was in no thread."""
        return str(self.event.get("thread_ts") or "")

    def post(self, message: Message) -> None:
        """Answer where it happened: in the same thread of the conversation with the bot, if it was in one."""
        self.client.chat_postMessage(
            channel=self.who.user_id, text=self._named(message.text), blocks=self._blocks(message), thread_ts=self.thread_ts or None
        )


@dataclass
class ShortcutCall(Call):
    """A shortcut chosen from Slack's menus."""


def text_of(body: Mapping[str, Any], longest: int = LONGEST_TEXT) -> str:
    """What was typed after a command.

    :raises BadInput: when it is longer than anything meant.
    """
    text = unescaped(str(body.get("text") or "")).strip()
    if len(text) > longest:
        raise BadInput(f"That is too long. Please keep it under {longest} characters.")
    return text


def unescaped(text: str) -> str:
    """What was typed: Slack escapes its three control characters on the way."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
