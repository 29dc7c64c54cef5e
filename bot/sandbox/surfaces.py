"""Modals and App Home: the views a person has open, at most three modals on top of each other."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.identifiers import Json, new_id
from bot.sandbox.inputs import Values, initial_values, with_ids

STACK_LIMIT = 3
_KEPT_FIELDS = ("title", "submit", "close", "submit_disabled")


class ViewError(Exception):
    """A view cannot be shown; ``code`` is Slack's word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class View:
    """A modal or a Home view of one person, with what is typed into it so far."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str = ""
    previous_id: str = ""
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    channel: str = ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks as shown, each with its ids."""
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def is_modal(self) -> bool:
        """Whether this is a modal rather than the Home."""
        return self.content.get("type") == "modal"

    @property
    def external_id(self) -> str:
        """The app's own name for this view, or empty."""
        return str(self.content.get("external_id") or "")

    def as_view(self, team_id: str, app_id: str, bot_id: str) -> Json:
        """The ``view`` object of the Web API and of payloads, with ``state.values``."""
        content = self.content
        view: Json = {
            "id": self.id,
            "team_id": team_id,
            "type": content["type"],
            "blocks": copy.deepcopy(self.blocks),
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": {"values": copy.deepcopy(self.values)},
            "hash": self.hash,
            "clear_on_close": bool(content.get("clear_on_close")),
            "notify_on_close": bool(content.get("notify_on_close")),
            "previous_view_id": self.previous_id or None,
            "root_view_id": self.root_id or self.id,
            "external_id": self.external_id,
            "app_id": app_id,
            "app_installed_team_id": team_id,
            "bot_id": bot_id,
        }
        return view | {name: content.get(name) for name in _KEPT_FIELDS}


class Views:
    """The modal stacks and Home views of everybody."""

    def __init__(self) -> None:
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._hashes = 0

    def _next_hash(self, now: datetime) -> str:
        self._hashes += 1
        return f"{int(now.timestamp())}.{self._hashes:08x}"

    def stack(self, user: str) -> list[View]:
        """The modals this person has open, the top one last."""
        return list(self._stacks.get(user, ()))

    def top(self, user: str) -> View | None:
        """The modal this person is looking at, or None."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """The Home view published for this person, or None."""
        return self._homes.get(user)

    def find(self, view_id: str = "", external_id: str = "") -> View | None:
        """The view with this id or this external id, modal or Home."""
        every = [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())
        for view in every:
            if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                return view
        return None

    def open(self, user: str, content: Json, now: datetime, channel: str = "") -> View:
        """Open a modal in place of any stack the person had. Raises ViewError for a reused external id."""
        self._stacks.pop(user, None)
        self._refuse_duplicate(content)
        view = self._build(user, content, now)
        view.channel = channel
        self._stacks[user] = [view]
        return view

    def unseen(self, user: str, content: Json, now: datetime) -> View:
        """A modal that is accepted but never shown."""
        return self._build(user, content, now)

    def push(self, user: str, content: Json, now: datetime) -> View:
        """Lay a modal on top. Raises ViewError when none is open, or three are."""
        stack = self._stacks.get(user)
        if not stack:
            raise ViewError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise ViewError("push_limit_reached")
        self._refuse_duplicate(content)
        view = self._build(user, content, now)
        view.root_id, view.previous_id, view.channel = stack[0].id, stack[-1].id, stack[-1].channel
        stack.append(view)
        return view

    def update(self, view: View, content: Json, now: datetime, expected_hash: str = "") -> View:
        """Change a view in place; typed values stay where block_id and action_id stay. Raises ViewError."""
        self.check_hash(view, expected_hash)
        if content.get("external_id") != view.external_id:
            self._refuse_duplicate(content)
        view.content = content | {"blocks": with_ids(content["blocks"])}
        view.values = initial_values(view.blocks, kept=view.values)
        view.hash, view.errors = self._next_hash(now), {}
        return view

    def publish(self, user: str, content: Json, now: datetime, expected_hash: str = "") -> View:
        """Show a Home view to this person. Raises ViewError on a hash conflict."""
        view = self._homes.get(user)
        if view is not None:
            return self.update(view, content, now, expected_hash)
        self._homes[user] = self._build(user, content, now)
        return self._homes[user]

    def close_top(self, user: str) -> View | None:
        """Close the modal on top and return it; the one below shows again."""
        stack = self._stacks.get(user)
        return stack.pop() if stack else None

    def close(self, user: str, view_id: str) -> View | None:
        """Close this modal wherever it lies in the stack; None when it is no longer open."""
        stack = self._stacks.get(user, [])
        view = next((view for view in stack if view.id == view_id), None)
        if view is not None:
            stack.remove(view)
        return view

    def clear(self, user: str) -> list[View]:
        """Close all modals of this person and return them, the top one first."""
        return list(reversed(self._stacks.pop(user, [])))

    def forget_homes(self) -> None:
        """Remove every Home view, as uninstalling the app does."""
        self._homes.clear()

    @staticmethod
    def check_hash(view: View, expected_hash: str) -> None:
        """Raise ViewError("hash_conflict") when a hash is given and the view has changed since."""
        if expected_hash and expected_hash != view.hash:
            raise ViewError("hash_conflict")

    def _refuse_duplicate(self, content: Json) -> None:
        external_id = content.get("external_id")
        if external_id and self.find(external_id=external_id):
            raise ViewError("duplicate_external_id")

    def _build(self, user: str, content: Json, now: datetime) -> View:
        shown = content | {"blocks": with_ids(content["blocks"])}
        view_id = new_id("V")
        return View(view_id, user, shown, self._next_hash(now), view_id, values=initial_values(shown["blocks"]))
