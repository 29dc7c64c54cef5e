"""Where Slack's requests become calls, and what goes wrong becomes a sentence. No acknowledgement is ever lost here.

Bolt loses an acknowledgement when a listener raises within its ten-millisecond poll after ``ack()``, and its error handler
never sees what a lazy listener raises; so everything expected and unexpected is caught inside the listener, in this module.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.actors import Identity
from bot.desk import Desk
from bot.errors import AlreadyDone, Refusal
from bot.guard_events import count_guarded
from bot.privacy.refusal import PhiFound
from bot.references import ALPHABET
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId
from bot.views.layout import Message, say
from bot.views.redaction import error_blocks, first_input, redacted_form, refused_text
from handlers.call import ActionCall, Call, CommandCall, EventCall, FormCall, ShortcutCall, TypeAheadCall, text_of
from storage.words import Surface

log = structlog.get_logger(__name__)

#: Two clicks on the same button within this many seconds are one.
DOUBLE_CLICK_SECONDS = 2
#: Requests a person may send a minute before the desk asks for a pause.
REQUESTS_A_MINUTE = 120
#: A menu asks again at every letter: this many a minute are a fast typist.
LETTERS_A_MINUTE = 600


class Boundary:
    """Registers listeners and stands between them and Bolt."""

    def __init__(self, app: App, desk: Desk) -> None:
        self.app = app
        self.desk = desk

    def command(self, name: str, listener: Callable[[CommandCall], None]) -> None:
        """Answer a slash command; the prefix of this installation is added."""

        def on_command(ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
            ack()
            call = CommandCall(self.desk, _who(context), client, body, f"command:{body.get('trigger_id')}")

            def answer() -> None:
                call.text = text_of(body)
                listener(call)

            self._guarded(call, answer)

        self.app.command(f"/{self.desk.settings.chartdesk_command_prefix}{name}")(on_command)

    def action(self, action: ActionId, listener: Callable[[ActionCall], None]) -> None:
        """Answer a button, menu or picker, whatever key its id carries after the colon."""

        def on_action(ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
            ack()
            used = body["actions"][0]
            call = ActionCall(
                self.desk, _who(context), client, body, f"action:{context.user_id}:{used.get('action_ts')}",
                value=_value(used), action_id=used["action_id"],
            )  # fmt: skip
            if self._clicked_twice(call):
                return
            self._guarded(call, lambda: listener(call))

        self.app.action(_whole_or_keyed(action))(on_action)

    def form(self, callback: CallbackId, listener: Callable[[FormCall], View | None]) -> None:
        """Answer a submitted form: it closes when the listener returns, or becomes the view it returns."""

        def on_submission(ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
            call = FormCall(self.desk, _who(context), client, body, "", surface=Surface.FORM)
            self._answer_form(call, ack, listener)

        self.app.view(str(callback))(on_submission)

    def options(self, action: str, listener: Callable[[TypeAheadCall], list[Option]]) -> None:
        """Offer options while somebody types."""

        def on_type_ahead(ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
            call = TypeAheadCall(self.desk, _who(context), client, body, "", query=str(body.get("value", "")))
            found: list[Option] = []
            self._guarded(call, lambda: found.extend(listener(call)), quiet=True)
            ack(options=[option.to_dict() for option in found[:100]])

        self.app.options(action)(on_type_ahead)

    def event(self, kind: str, listener: Callable[[EventCall], None]) -> None:
        """Take note of something that happened. Slack repeats events; each is handled once."""

        def on_event(body: dict[str, Any], event: dict[str, Any], client: WebClient, context: BoltContext) -> None:
            if not context.user_id or event.get("bot_id"):
                return
            key = f"event:{body.get('event_id')}"
            if not self.desk.coordinator.once(key, ttl_seconds=3600):
                return
            call = EventCall(self.desk, _who(context), client, body, key, surface=Surface.MESSAGE, event=event)
            self._guarded(call, lambda: listener(call))

        self.app.event(kind)(on_event)

    def shortcut(self, callback: CallbackId, listener: Callable[[ShortcutCall], None]) -> None:
        """Answer a shortcut."""

        def on_shortcut(ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
            ack()
            key = f"shortcut:{body.get('trigger_id')}"
            call = ShortcutCall(self.desk, _who(context), client, body, key, surface=Surface.SHORTCUT)
            self._guarded(call, lambda: listener(call))

        self.app.shortcut(str(callback))(on_shortcut)

    def _answer_form(self, call: FormCall, ack: Ack, listener: Callable[[FormCall], View | None]) -> None:
        """Acknowledge with what became of the form, then do what was left for afterwards."""
        answer, outcome = self._form_answer(call, listener)
        ack(**answer)
        self.desk.metrics.count(call.kind, outcome)
        for step in call.afterwards:
            self._guarded(call, step, quiet=True)

    def _form_answer(self, call: FormCall, listener: Callable[[FormCall], View | None]) -> tuple[dict[str, Any], str]:
        view = call.body["view"]
        try:
            call.context, call.values = FormContext.unpack(view.get("private_metadata", "")), FormValues.of(view)
            call.once = f"form:{call.context.key}"
            self._meet(call)
            with self.desk.metrics.timed(call.kind):
                shown = listener(call)
        except AlreadyDone:
            return {}, "repeated"
        except PhiFound as found:
            self._count_guarded(call, found)
            return {"response_action": "update", "view": redacted_form(view, found)}, "guarded"
        except Refusal as refusal:
            return _refused_form(view, refusal), "refused"
        except Exception:  # noqa: BLE001 - the last line of defence: logged with a reference, told as a sentence
            return _refused_form(view, Refusal(_unexpected(call))), "failed"
        return ({"response_action": "update", "view": call.shown(shown)} if shown else {}), "answered"

    def _guarded(self, call: Call, work: Callable[[], object], *, quiet: bool = False) -> None:
        """Run a listener; a refusal becomes its sentence, the unexpected a reference id, and neither leaves this function."""
        outcome = "answered"
        try:
            self._meet(call)
            with self.desk.metrics.timed(call.kind):
                work()
        except AlreadyDone:
            outcome = "repeated"
            log.info("request_repeated", team=call.who.team_id)
        except PhiFound as found:
            outcome = "guarded"
            self._count_guarded(call, found)
            self._tell(call, refused_text(found), quiet=quiet)
        except Refusal as refusal:
            outcome = "refused"
            self._tell(call, say(refusal.sentence), quiet=quiet)
        except Exception:  # noqa: BLE001 - the last line of defence
            outcome = "failed"
            self._tell(call, say(_unexpected(call)), quiet=quiet)
        self.desk.metrics.count(call.kind, outcome)

    def _meet(self, call: Call) -> None:
        """Get to know a person at their first request, and ask for a pause from somebody who sends more than people can."""
        what, most = ("letters", LETTERS_A_MINUTE) if isinstance(call, TypeAheadCall) else ("requests", REQUESTS_A_MINUTE)
        if not self.desk.coordinator.allow(f"{what}:{call.who.user_id}", most, 60):
            raise Refusal("That was a lot at once. Please wait a minute and try again.")
        if not self.desk.meet(call.who):
            return
        try:
            user = call.client.users_info(user=call.who.user_id)["user"]
        except SlackClientError:
            log.warning("profile_not_read", team=call.who.team_id, user=call.who.user_id)
            return
        profile = user.get("profile", {})
        name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name", "")
        self.desk.know_profile(call.who, name=name, zone=user.get("tz") or "UTC")

    def _count_guarded(self, call: Call, found: PhiFound) -> None:
        """Count what the guard stopped: kinds only, never the text. That the count fails must not let the text in."""
        try:
            self.desk.change(call.who, count_guarded, None, call.surface, found.findings)
        except (Refusal, OSError, RuntimeError) as error:
            log.warning("guard_event_not_counted", error=type(error).__name__)

    def _tell(self, call: Call, message: Message, *, quiet: bool) -> None:
        if quiet:
            return
        try:
            call.reply(message)
        except (SlackClientError, OSError) as error:
            log.warning("answer_not_delivered", team=call.who.team_id, error=type(error).__name__)

    def _clicked_twice(self, call: ActionCall) -> bool:
        place = call.body.get("container", {})
        where = place.get("message_ts") or place.get("view_id") or ""
        key = f"click:{call.who.user_id}:{where}:{call.action_id}:{call.value}"
        return not self.desk.coordinator.once(key, ttl_seconds=DOUBLE_CLICK_SECONDS)


def _who(context: BoltContext) -> Identity:
    return Identity(context.team_id or "", context.user_id or "")


def _value(used: Mapping[str, Any]) -> str:
    chosen = used.get("selected_option") or {}
    return str(chosen.get("value") or used.get("value") or used.get("selected_user") or "")


def _whole_or_keyed(action: ActionId) -> re.Pattern[str]:
    return re.compile(rf"^{action}(:.*)?$")


def _refused_form(view: Mapping[str, Any], refusal: Refusal) -> dict[str, Any]:
    errors = error_blocks(view, refusal)
    if errors:
        return {"response_action": "errors", "errors": errors}
    return {"response_action": "update", "view": first_input(view, refusal.sentence)}


def _unexpected(call: Call) -> str:
    """Log the traceback under a new reference, without anything the person typed, and say so."""
    reference = "E-" + "".join(secrets.choice(ALPHABET) for _ in range(5))
    log.error("unexpected_error", reference=reference, team=call.who.team_id, user=call.who.user_id, exc_info=True)  # noqa: LOG014 - called while it is handled
    return f"Something went wrong on our side, and nothing was changed. Try again; if it stays, give your admin this number: {reference}."
