"""Acting as one of the people: commands, clicks, forms, messages, and what that person sees afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.sandbox.acknowledgements import Outcome, acknowledge_click, acknowledge_command
from bot.sandbox.channels import Channel
from bot.sandbox.choosing import entry_for, find_element
from bot.sandbox.delivery import Kind, Reply
from bot.sandbox.forms import close_form, submit_form
from bot.sandbox.happenings import mark_mentions, tell_home_opened, tell_message, typed_text
from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.inputs import operable
from bot.sandbox.messages import Message
from bot.sandbox.operating import operate, suggest
from bot.sandbox.payloads import Envelope, Place
from bot.sandbox.reading import Reader
from bot.sandbox.seen import NotSeenError, Seen, SeenMessage, SeenView, see_message, see_view
from bot.sandbox.surfaces import View
from bot.sandbox.web_api.calls import Call
from bot.sandbox.wire import Wire

WAIT_SECONDS = 3.0
Found = TypeVar("Found")


class Person:
    """One person of the workspace, as a test or the page acts for them.

    Actions return an Outcome after the bot acknowledged. What the bot does later is awaited with
    ``sees``, ``wait_for_modal`` or ``eventually``. Looking (``messages``, ``modal`` …) shows this moment.
    """

    def __init__(self, wire: Wire, user_id: str) -> None:
        self._wire = wire
        self.workspace = wire.workspace
        self.member = wire.workspace.members[user_id]
        self.id = user_id
        self.reader = Reader(wire.workspace, self.member)
        self.envelope = Envelope(wire.workspace, self.member, wire.base_url)
        self._offers: dict[str, list[Json]] = {}

    def command(self, name: str, text: str = "", channel: str = "") -> Outcome:
        """Send a slash command, from the direct message with the bot unless a channel is named."""
        place = self._channel(channel)
        command = self.workspace.app.command(name)
        if command is None:
            words = f"{name} is not a valid command. Messages that start with a slash are read as commands."
            self.workspace.say_privately(self.id, place.id, words)
            return Outcome(words=words)
        with self.workspace.lock:
            escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            written = mark_mentions(self.workspace, escaped, with_names=True) if command.should_escape else escaped
            body = self.envelope.command(name, written.strip(), place)
        reply = self._wire.send(Kind.COMMAND, name, body)
        call = Call(self.workspace, name, {}, self._wire.base_url, self.workspace.bot_user.id)
        with self.workspace.lock:
            outcome = acknowledge_command(call, name, self.id, place.id, reply)
        self._wire.delivery.settle()
        return outcome

    def says(
        self, text: str, channel: str = "", thread: str = "", files: Mapping[str, bytes] | None = None
    ) -> SeenMessage:
        """Write a message, to the bot unless a channel is named; ``thread`` is the ts of the message answered."""
        message = self.write(text, channel, thread, files)
        tell_message(self._wire, message)
        return see_message(message, self.reader)

    def write(
        self, text: str, channel: str = "", thread: str = "", files: Mapping[str, bytes] | None = None
    ) -> Message:
        """Put a message into a conversation without telling the bot yet."""
        with self.workspace.lock:
            place = self._channel(channel)
            message = Message(self.workspace.next_ts(), place.id, self.id, typed_text(self.workspace, text))
            message.thread_ts = thread
            message.files = [self._store(name, content, place) for name, content in (files or {}).items()]
            message.subtype = "file_share" if files else ""
            self.workspace.mark_read(self.id, place.id)
            return self.workspace.post(message)

    def announce(self, message: Message) -> list[Reply]:
        """Tell the bot about a message of this person."""
        return tell_message(self._wire, message)

    def click(self, where: Seen, action_id: str, value: str = "", block_id: str = "") -> Outcome:
        """Press a button; ``value`` (or its label) or ``block_id`` choose among several with one action id."""
        place = self._live(where)
        block, element = find_element((place, where.place), action_id, block_id, value)
        if element["type"] != "button":
            return self.choose(where, action_id, value, block_id)
        return operate(self._wire, self.envelope, place, block, element, {})

    def choose(self, where: Seen, action_id: str, value: JsonValue, block_id: str = "") -> Outcome:
        """Choose in a menu, overflow, picker or group, or type into an input: option value(s), id(s), date, text."""
        place = self._live(where)
        block, element = find_element((place, where.place), action_id, block_id)
        entry = entry_for(element, value, self._offers.get(action_id, []))
        return operate(self._wire, self.envelope, place, block, element, entry)

    def suggest(self, where: Seen, action_id: str, typed: str, block_id: str = "") -> Outcome:
        """Type into an external select; ``options`` and ``option_texts`` of the outcome are the offers."""
        place = self._live(where)
        block, element = find_element((place, where.place), action_id, block_id)
        outcome = suggest(self._wire, self.envelope, place, block, element, typed)
        self._offers.setdefault(action_id, []).extend(outcome.options)
        return outcome

    def fill(self, where: SeenView, values: Mapping[str, JsonValue]) -> SeenView:
        """Fill inputs of a modal, named by block_id or action_id; inputs with dispatch_action tell the bot."""
        for name, value in values.items():
            block, element = self._find_input(where, name)
            known = self._offers.get(element["action_id"], [])
            entry = entry_for(element, value, known)
            operate(self._wire, self.envelope, self._live(where), block, element, entry)
        return self._again(where)

    def submit(self, where: SeenView, values: Mapping[str, JsonValue] | None = None) -> Outcome:
        """Fill inputs (as ``fill`` does) and press the submit button."""
        self.fill(where, values or {})
        return submit_form(self._wire, self.envelope, self._live_view(where))

    def close(self, where: SeenView | None = None, *, everything: bool = False) -> Outcome:
        """Press Cancel on a modal (the top one unless named), or the cross: ``everything``."""
        view = self._live_view(where or self.needs_modal())
        return close_form(self._wire, self.envelope, view, everything=everything)

    def shortcut(self, callback_id: str) -> Outcome:
        """Choose a global shortcut."""
        with self.workspace.lock:
            body = self.envelope.global_shortcut(callback_id)
        return self._send_interaction(callback_id, body)

    def message_shortcut(self, where: SeenMessage, callback_id: str) -> Outcome:
        """Choose a shortcut in the menu of a message."""
        with self.workspace.lock:
            body = self.envelope.message_shortcut(callback_id, self._live(where).message or where.message)
        return self._send_interaction(callback_id, body)

    def open_home(self) -> SeenView | None:
        """Open the Home tab of the app; returns what is shown once the bot has been told."""
        tell_home_opened(self._wire, self.member)
        return self.home()

    def open_messages(self) -> list[Reply]:
        """Open the Messages tab of the app."""
        return tell_home_opened(self._wire, self.member, "messages")

    def messages(self, channel: str = "") -> list[SeenMessage]:
        """The messages of a conversation (the direct message with the bot unless named), replies included."""
        with self.workspace.lock:
            found = self.workspace.messages.in_channel(self._channel(channel).id)
            return [see_message(message, self.reader) for message in found]

    def ephemerals(self, channel: str = "") -> list[SeenMessage]:
        """What only this person sees, in all conversations or in one."""
        with self.workspace.lock:
            place = self._channel(channel).id if channel else ""
            found = self.workspace.messages.ephemerals_of(self.id)
            return [see_message(message, self.reader) for message in found if not place or message.channel == place]

    def modal(self) -> SeenView | None:
        """The modal this person is looking at, or None."""
        with self.workspace.lock:
            view = self.workspace.views.top(self.id)
            return see_view(view, self.reader) if view else None

    def modals(self) -> list[SeenView]:
        """All open modals, the top one last."""
        with self.workspace.lock:
            return [see_view(view, self.reader) for view in self.workspace.views.stack(self.id)]

    def home(self) -> SeenView | None:
        """The Home of this person, or None when nothing was published."""
        with self.workspace.lock:
            view = self.workspace.views.home(self.id)
            return see_view(view, self.reader) if view else None

    def everything(self) -> list[Seen]:
        """All this person could see: channels, direct message, ephemeral messages, Home, modals (the newest last)."""
        with self.workspace.lock:
            channels = self.workspace.channels.of(self.id)
            shared = [one for channel in channels for one in self.workspace.messages.in_channel(channel.id)]
            private = self.workspace.messages.ephemerals_of(self.id)
            timeline = sorted(shared + private, key=lambda message: message.ts)
            home = self.home()
        messages: list[Seen] = [see_message(message, self.reader) for message in timeline]
        return messages + ([home] if home else []) + list(self.modals())

    def sees(self, words: str, timeout: float = WAIT_SECONDS) -> Seen:
        """Wait until these words are visible somewhere and return the newest message or view that shows them.

        Raises NotSeenError, listing what is visible, when they do not appear in time.
        """

        def look() -> Seen | None:
            return next((seen for seen in reversed(self.everything()) if words in seen.text), None)

        found = self.eventually(look, timeout)
        if found is None:
            visible = "\n---\n".join(seen.text for seen in self.everything())
            raise NotSeenError(f"{self.member.real_name} does not see {words!r}. Visible:\n{visible}")
        return found

    def needs_modal(self, title: str = "", timeout: float = WAIT_SECONDS) -> SeenView:
        """Wait for a modal (with this title, if given) and return it. Raises NotSeenError."""

        def look() -> SeenView | None:
            modal = self.modal()
            return modal if modal and (not title or modal.title == title) else None

        found = self.eventually(look, timeout)
        if found is None:
            there = self.modal()
            raise NotSeenError(
                f"No modal {title!r} is open for {self.member.real_name}; open is {there and there.text}"
            )
        return found

    def eventually(self, look: Callable[[], Found | None], timeout: float = WAIT_SECONDS) -> Found | None:
        """Call ``look`` until it returns something true, for at most ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            found = look()
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.01)

    def _send_interaction(self, about: str, body: Json) -> Outcome:
        reply = self._wire.send(Kind.INTERACTIVE, about, body)
        self._wire.delivery.settle()
        return acknowledge_click(reply)

    def _channel(self, reference: str) -> Channel:
        if not reference:
            return self.workspace.channels.direct(self.id)
        channel = self.workspace.channels.find(reference)
        if channel is None or self.id not in channel.members:
            raise NotSeenError(f"{self.member.real_name} is in no conversation {reference!r}.")
        return channel

    def _store(self, name: str, content: bytes, channel: Channel) -> Json:
        stored = self.workspace.files.keep(name, content, self.id, int(self.workspace.now().timestamp()))
        stored.channels.append(channel.id)
        return stored.as_file(self._wire.base_url)

    def upload(self, name: str, content: bytes) -> Json:
        """Choose a file for a file_input; put the result into ``submit``'s values."""
        with self.workspace.lock:
            stored = self.workspace.files.keep(name, content, self.id, int(self.workspace.now().timestamp()))
            return stored.as_file(self._wire.base_url)

    def _live(self, where: Seen) -> Place:
        """The present state of what was seen; the snapshot itself when it is gone."""
        with self.workspace.lock:
            if where.place.view is not None:
                return Place(view=self.workspace.views.find(where.place.view.id) or where.place.view)
            seen = where.place.message
            if seen is None:
                return where.place
            store = self.workspace.messages
            return Place(store.find_ephemeral(self.id, seen.ts) or store.find(seen.channel, seen.ts) or seen)

    def _live_view(self, where: SeenView) -> View:
        return self._live(where).view or where.view

    def _again(self, where: SeenView) -> SeenView:
        return see_view(self._live_view(where), self.reader)

    def _find_input(self, where: SeenView, name: str) -> tuple[Json, Json]:
        view = self._live_view(where)
        for block, element in operable(view.blocks):
            if name in (block["block_id"], element.get("action_id")):
                return block, element
        names = [(block["block_id"], element.get("action_id")) for block, element in operable(view.blocks)]
        raise NotSeenError(f"There is no input {name!r} in {where.title!r}; there are {names}.")
