"""The manifest, the ids and what the bot listens to are one and the same list, and Slack would take it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt import App

from bot.commands import COMMANDS
from bot.desk import Desk
from bot.manifest import BOT_EVENTS, BOT_SCOPES, EXAMPLE_URL, REDIRECT_PATH, REQUEST_PATH, manifest, manifest_file
from bot.views.ids import ActionId, CallbackId
from handlers import app as bolt_app
from handlers.install import REDIRECT_PATH as INSTALL_REDIRECT

ROOT = Path(__file__).parents[2]

#: The Web API methods Slack lets any bot call, and those that need a scope.
METHOD_SCOPES = {
    "auth_test": None,
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_history": "im:history",
    "conversations_open": "im:write",
    "conversations_replies": "im:history",
    "files_info": "files:read",
    "files_upload_v2": "files:write",
    "users_info": "users:read",
    "views_open": None,
    "views_publish": None,
    "views_push": None,
    "views_update": None,
}
EVENT_SCOPES = {"message.im": "im:history", "user_change": "users:read"}


class RecordingApp(App):
    """Bolt's own app that also remembers what was registered."""

    registered: dict[str, list[Any]]

    def __init__(self, **options: Any) -> None:
        self.registered = defaultdict(list)
        super().__init__(**options)

    def _noted(self, kind: str, constraint: Any, register: Callable[..., Any], rest: Any, named: Any) -> Any:
        self.registered[kind].append(constraint)
        return register(constraint, *rest, **named)

    def command(self, command: Any, *rest: Any, **named: Any) -> Any:
        return self._noted("command", command, super().command, rest, named)

    def action(self, constraints: Any, *rest: Any, **named: Any) -> Any:
        return self._noted("action", constraints, super().action, rest, named)

    def view(self, constraints: Any, *rest: Any, **named: Any) -> Any:
        return self._noted("view", constraints, super().view, rest, named)

    def shortcut(self, constraints: Any, *rest: Any, **named: Any) -> Any:
        return self._noted("shortcut", constraints, super().shortcut, rest, named)

    def event(self, event: Any, *rest: Any, **named: Any) -> Any:
        return self._noted("event", event, super().event, rest, named)


@pytest.fixture
def registered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Everything the real bot listens to."""
    monkeypatch.setattr(bolt_app, "App", RecordingApp)
    with ThreadPoolExecutor(1) as executor:
        app = bolt_app.build_app(desk, executor)
    assert isinstance(app, RecordingApp)
    return app.registered


def the_only(name: str, constraints: list[Any]) -> list[Any]:
    return [each for each in constraints if each == name or (isinstance(each, re.Pattern) and each.match(name))]


def test_the_file_is_what_the_command_prints() -> None:
    text = (ROOT / "slack-manifest.yaml").read_text(encoding="utf-8")
    assert text == manifest_file(manifest()), "Run: chartdesk manifest > slack-manifest.yaml"
    assert text.startswith("# The Slack app manifest of Chartdesk")
    assert yaml.safe_load(text) == manifest()


def test_every_command_is_in_the_manifest_and_listened_to(registered: dict[str, list[Any]]) -> None:
    told = [entry["command"] for entry in manifest()["features"]["slash_commands"]]
    assert told == [f"/{command.name}" for command in COMMANDS]
    assert sorted(registered["command"]) == sorted(told)


def test_every_shortcut_is_in_the_manifest_and_listened_to(registered: dict[str, list[Any]]) -> None:
    told = {entry["callback_id"]: entry["type"] for entry in manifest()["features"]["shortcuts"]}
    assert told == {CallbackId.LOOK_UP_CODE: "global", CallbackId.FLAG_MESSAGE: "message", CallbackId.ROI_MESSAGE: "message"}
    assert sorted(registered["shortcut"]) == sorted(told)


@pytest.mark.parametrize("action", ActionId)
def test_every_action_id_has_exactly_one_listener(action: ActionId, registered: dict[str, list[Any]]) -> None:
    assert len(the_only(action, registered["action"])) == 1


def test_every_form_has_exactly_one_listener_and_nothing_else_is_listened_to(registered: dict[str, list[Any]]) -> None:
    forms = set(CallbackId) - {CallbackId.LOOK_UP_CODE, CallbackId.FLAG_MESSAGE, CallbackId.ROI_MESSAGE}
    assert sorted(registered["view"]) == sorted(forms)
    assert len(registered["action"]) == len(ActionId)


def test_every_event_that_is_listened_to_is_subscribed_and_the_other_way_round(
    registered: dict[str, list[Any]], desk: Desk
) -> None:
    """Slack sends ``message.im`` as ``message``. Bolt itself listens to the two about tokens where several workspaces install."""
    told = {"message" if name.startswith("message.") else name for name in BOT_EVENTS}
    by_bolt = {"app_uninstalled", "tokens_revoked"}
    assert set(registered["event"]) - by_bolt == told - by_bolt
    assert by_bolt <= told
    assert manifest()["settings"]["event_subscriptions"]["bot_events"] == list(BOT_EVENTS)


def test_scopes_are_asked_for_exactly_what_is_called() -> None:
    called = set()
    for room in ("handlers", "jobs"):
        for path in (ROOT / room).rglob("*.py"):
            called |= set(re.findall(r"\bclient\.([a-z]+_[A-Za-z0-9_]+)\(", path.read_text(encoding="utf-8")))
    called -= {"web_client"}
    assert called, "the search for calls finds nothing any more"
    assert called <= set(METHOD_SCOPES), "Say here which scope the new method needs."
    needed = {METHOD_SCOPES[method] for method in called} | {EVENT_SCOPES.get(event) for event in BOT_EVENTS}
    assert set(BOT_SCOPES) == {scope for scope in needed if scope} | {"commands"}
    assert manifest()["oauth_config"]["scopes"] == {"bot": list(BOT_SCOPES)}


@pytest.mark.parametrize("prefix", ["", "cd-", "records_desk"])
@pytest.mark.parametrize("socket_mode", [False, True])
def test_slack_would_take_it(prefix: str, *, socket_mode: bool) -> None:
    """Limits from Slack's manifest reference: https://docs.slack.dev/reference/app-manifest."""
    told = manifest(prefix, socket_mode=socket_mode)
    about, features = told["display_information"], told["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", about["background_color"])
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["slash_commands"]) <= 50
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert command["command"].startswith(f"/{prefix}")
        assert 0 < len(command["description"]) <= 2000
        assert 0 < len(command["usage_hint"]) <= 1000
    for kind in ("global", "message"):
        assert len([entry for entry in features["shortcuts"] if entry["type"] == kind]) <= 5
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert len(shortcut["callback_id"]) <= 255
    assert len(told["oauth_config"]["scopes"]["bot"]) <= 255
    assert len(told["settings"]["event_subscriptions"]["bot_events"]) <= 100


def test_people_named_in_a_command_arrive_as_ids() -> None:
    escaped = {entry["command"] for entry in manifest()["features"]["slash_commands"] if entry["should_escape"]}
    assert escaped == {"/assign", "/team"}


def test_the_home_and_the_messages_tab_are_open() -> None:
    home = manifest()["features"]["app_home"]
    assert home == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_every_address_is_where_the_bot_serves() -> None:
    own = manifest(url="https://desk.example.org/")
    text = manifest_file(own)
    where = "https://desk.example.org/slack/events"
    assert {entry["url"] for entry in own["features"]["slash_commands"]} == {where}
    assert own["settings"]["event_subscriptions"]["request_url"] == where
    assert own["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": where,
        "message_menu_options_url": where,
    }
    assert own["oauth_config"]["redirect_urls"] == ["https://desk.example.org/slack/oauth_redirect"]
    assert EXAMPLE_URL not in yaml.safe_dump(yaml.safe_load(text))
    assert (REQUEST_PATH, REDIRECT_PATH) == ("/slack/events", INSTALL_REDIRECT)


def test_socket_mode_needs_no_address() -> None:
    told = manifest(socket_mode=True)
    assert told["settings"]["socket_mode_enabled"]
    assert "http" not in yaml.safe_dump(told)
    assert not manifest()["settings"]["socket_mode_enabled"]


def test_tokens_and_organisations_are_left_as_they_are() -> None:
    settings = manifest()["settings"]
    assert (settings["org_deploy_enabled"], settings["token_rotation_enabled"]) == (False, False)
