"""A real Bolt app, reached over signed HTTP and over Socket Mode, and people who use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler as WebSocketClientHandler

from bot.sandbox.acting import Person
from bot.sandbox.delivery import HttpDelivery
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.members import Member
from bot.sandbox.seen import NotSeenError
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.unit.sandbox.demo_bot import DEMO_SETUP, HttpBot, Recorder, ask, build_demo_app, form


@dataclass
class Scene:
    workspace: Workspace
    server: SandboxServer
    recorder: Recorder

    @property
    def noor(self) -> Person:
        return self.server.person("U0NOOR001")

    @property
    def priya(self) -> Person:
        return self.server.person("U0PRIYA01")


over_sockets = pytest.mark.parametrize("scene", ["http", "socket"], indirect=True)
every_way = pytest.mark.parametrize("scene", ["http", "socket", "websocket-client"], indirect=True)
HANDLERS = {"socket": SocketModeHandler, "websocket-client": WebSocketClientHandler}


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    workspace = workspace_for_demo(DEMO_SETUP)
    recorder = Recorder()
    with ExitStack() as stack:
        server = stack.enter_context(SandboxServer(workspace, retry_waits=(0.01, 0.01, 0.01)))
        secret = workspace.credentials.signing_secret
        app = build_demo_app(workspace.credentials.bot_token, server.api_url, secret, recorder)
        way = getattr(request, "param", "http")
        if way == "http":
            delivery = HttpDelivery(stack.enter_context(HttpBot(app)).url, secret)
            stack.callback(delivery.close)
            server.deliver_by(delivery)
        else:
            handler = HANDLERS[way](app, workspace.credentials.app_token, web_client=app.client)
            handler.connect()
            stack.callback(handler.close)
            assert server.person("U0NOOR001").eventually(lambda: server.sockets.connections)
        yield Scene(workspace, server, recorder)


@every_way
def test_a_command_is_answered_to_the_person_alone(scene: Scene) -> None:
    assert scene.noor.command("/hello", "world").ok
    message = scene.noor.sees("Hello world, from @Noor Haddad")
    assert message.place.message is not None
    assert message.place.message.is_ephemeral
    assert scene.priya.ephemerals() == []
    sent = scene.recorder.last("/hello")
    assert sent["channel_name"] == "directmessage"
    assert sent["user_id"] == "U0NOOR001"


def test_an_answer_in_the_channel_is_seen_by_all(scene: Scene) -> None:
    scene.noor.command("/escape", "ask @Priya Nair in #records-desk", channel="#records-desk")
    assert scene.priya.sees("You wrote ask @Priya Nair in #records-desk")


def test_an_acknowledgement_without_words_shows_nothing(scene: Scene) -> None:
    assert scene.noor.command("/nothing").ok
    assert scene.noor.ephemerals() == []
    assert scene.noor.messages() == []


def test_a_command_nobody_knows_is_never_sent(scene: Scene) -> None:
    outcome = scene.noor.command("/unheard")
    assert "/unheard is not a valid command" in outcome.words
    assert not outcome.sent


@over_sockets
def test_a_slow_command_ends_with_operation_timeout(scene: Scene) -> None:
    outcome = scene.noor.command("/slow")
    assert outcome.words == '/slow failed with the error "operation_timeout"'
    assert scene.noor.sees("operation_timeout")


def test_every_element_of_a_card_reaches_the_bot(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/card")
    noor.suggest(noor.sees("A card with everything"), "search", "ap")
    tomas, room = "U0TOMAS01", scene.workspace.create_channel("new-room").id
    chosen = {
        "more": ("history", "history"),
        "fruit": ("Cherry", "cherry"),
        "search": ("apple", "apple"),
        "person": (tomas, tomas),
        "room": (room, room),
        "day": ("2026-12-01", "2026-12-01"),
        "hour": ("14:05", "14:05"),
        "moment": (1_795_000_000, "1795000000"),
        "size": ("large", "large"),
        "extras": (["sugar", "cream"], "sugar, cream"),
        "people": ([tomas, "U0GRACE01"], f"{tomas}, U0GRACE01"),
        "words": ("three little words", "three little words"),
    }
    for action_id, (value, shown) in chosen.items():
        card = noor.sees("A card with everything")
        assert noor.choose(card, action_id, value).ok
        noor.sees(f"{action_id} = {shown}")


def test_a_click_brings_the_message_and_what_is_filled_in_beside_it(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/card")
    card = noor.sees("A card with everything")
    noor.click(card, "go", "go-1")
    body = scene.recorder.last("go")
    assert body["actions"][0]["value"] == "go-1"
    assert body["actions"][0]["block_id"] == "buttons"
    assert body["container"] == {
        "type": "message",
        "message_ts": card.ts,
        "channel_id": card.channel,
        "is_ephemeral": False,
    }
    assert body["message"]["ts"] == card.ts
    assert body["state"]["values"]["menus"]["day"] == {"type": "datepicker", "selected_date": "2026-11-12"}
    assert body["response_url"].startswith(scene.server.url)


def test_a_private_card_is_replaced_for_its_reader(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/card", "private")
    card = noor.sees("A card with everything")
    noor.click(card, "go")
    body = scene.recorder.last("go")
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    noor.click(noor.sees("go = go-1"), "end")
    assert noor.sees("The card is finished.")
    assert len(noor.ephemerals()) == 1


def test_a_click_nobody_answers_leaves_a_warning(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/card")
    outcome = noor.click(noor.sees("A card with everything"), "mute")
    assert outcome.words == "This app did not respond in time. Try again."


@over_sockets
def test_a_type_ahead_asks_only_from_its_smallest_length(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/card")
    card = noor.sees("A card with everything")
    assert not noor.suggest(card, "search", "a").sent
    assert noor.suggest(card, "search", "ap").option_texts == ["Apple", "Apricot", "Grape"]
    assert scene.recorder.last("search")["value"] == "ap"


@over_sockets
def test_a_form_is_checked_by_the_client_then_by_the_bot_then_closed(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/form")
    form = noor.needs_modal("Every input")
    refused = noor.submit(form)
    assert refused.errors == {"title_block": "Please complete this required field."}
    assert not refused.sent
    assert noor.submit(form, {"title": "x"}).errors == {"title_block": "Please enter at least 2 characters."}
    assert noor.submit(form, {"title": "bad"}).errors == {"title_block": "Choose another title."}
    assert "Choose another title." in noor.needs_modal().texts()
    assert noor.submit(form, {"title": "good"}).ok
    assert noor.modal() is None
    assert noor.sees("You sent good.")


def test_a_sent_form_carries_every_value(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/form")
    form = noor.needs_modal("Every input")
    noor.suggest(form, "search", "fig")
    noor.suggest(form, "searches", "b")
    noor.submit(
        form,
        {
            "title": "All of it", "story": "long\nstory", "count": 7, "email": "a@b.org", "site": "https://b.org",
            "fruit": "Banana", "fruits": ["fig", "grape"], "search": "fig", "searches": ["banana", "cherry"],
            "person": "U0GRACE01", "people": ["U0GRACE01", "U0PRIYA01"], "room": "C1", "day": "2026-12-24",
            "hour": "08:15", "moment": 1_795_000_000, "boxes": ["apple", "banana"], "radio_block": "apricot",
        },
    )  # fmt: skip
    assert noor.modal() is None
    body = scene.recorder.last("form")
    values = {name: entry for block in body["view"]["state"]["values"].values() for name, entry in block.items()}
    assert values["count"] == {"type": "number_input", "value": "7"}
    assert values["fruit"]["selected_option"]["value"] == "banana"
    assert [option["value"] for option in values["fruits"]["selected_options"]] == ["fig", "grape"]
    assert values["search"]["selected_option"]["text"]["text"] == "Fig"
    assert values["people"]["selected_users"] == ["U0GRACE01", "U0PRIYA01"]
    assert values["moment"]["selected_date_time"] == 1_795_000_000
    assert values["radio"]["selected_option"]["value"] == "apricot"
    assert body["view"]["private_metadata"] == "kept"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("count", "ten", "Please enter a number."),
        ("count", "1.5", "Please enter a whole number."),
        ("count", "0", "Please enter 1 or more."),
        ("count", "10", "Please enter 9 or less."),
        ("email", "nobody", "Please enter a valid email address."),
        ("site", "b.org", "Please enter a valid URL."),
        ("title", "x" * 21, "Please enter at most 20 characters."),
    ],
)
def test_the_client_refuses_what_does_not_fit(name: str, value: str, sentence: str) -> None:
    workspace = workspace_for_demo(DEMO_SETUP)
    with SandboxServer(workspace) as server, workspace.lock:
        workspace.views.open("U0NOOR001", form(), workspace.now())
        noor = server.person("U0NOOR001")
        outcome = noor.submit(noor.needs_modal(), {"title": "fine", name: value})
    assert outcome.errors == {f"{name}_block": sentence}


def test_closing_a_form_is_told(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/form")
    noor.needs_modal("Every input")
    noor.close()
    assert noor.modal() is None
    assert scene.recorder.last("form closed")["is_cleared"] is False


def test_forms_are_pushed_updated_and_cleared(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/steps")
    noor.submit(noor.needs_modal("Step 1"))
    assert [modal.title for modal in noor.modals()] == ["Step 1", "Step 2"]
    noor.submit(noor.needs_modal("Step 2"))
    assert noor.needs_modal("Step 3").texts()[1] == "Step 2 became step 3."
    noor.submit(noor.needs_modal("Step 3"))
    assert noor.modals() == []


def test_opening_a_form_from_a_form_is_accepted_but_not_shown(scene: Scene) -> None:
    from tests.unit.sandbox.demo_bot import step

    noor = scene.noor
    scene.workspace.views.open(noor.id, step(1) | {"callback_id": "reopen"}, scene.workspace.now())
    noor.submit(noor.needs_modal("Step 1"))
    assert noor.sees("Slack does not reliably show such a modal")
    assert scene.workspace.calls.to("views.open")[-1].ok
    assert noor.modal() is None


def test_a_form_opens_from_the_home(scene: Scene) -> None:
    from tests.unit.sandbox.demo_bot import plain

    noor = scene.noor
    button = {"type": "button", "action_id": "open", "text": plain("Open form")}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    scene.workspace.views.publish(noor.id, home, scene.workspace.now())
    shown = noor.home()
    assert shown is not None
    noor.click(shown, "open")
    assert noor.needs_modal("Every input")


def test_going_back_shows_the_form_below(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/steps")
    noor.click(noor.needs_modal("Step 1"), "deeper")
    noor.close(noor.needs_modal("Step 2"))
    assert [modal.title for modal in noor.modals()] == ["Step 1"]
    assert scene.recorder.last("step2 closed")["is_cleared"] is False


def test_what_is_typed_survives_an_update_of_the_form(scene: Scene) -> None:
    noor = scene.noor
    noor.command("/steps")
    filled = noor.fill(noor.needs_modal("Step 1"), {"answer": "half a sentence"})
    noor.click(filled, "reload")
    noor.sees("Reloaded.")
    assert noor.needs_modal().value("answer") == "half a sentence"


def test_the_home_is_published_and_its_button_works(scene: Scene) -> None:
    noor = scene.noor
    assert noor.home() is None
    noor.open_home()
    home = noor.sees("Welcome home, @Noor Haddad.")
    noor.click(home, "greet")
    assert noor.sees("You pressed the button.")
    assert scene.priya.home() is None


def test_shortcuts_open_a_form_and_carry_the_message(scene: Scene) -> None:
    noor = scene.noor
    noor.shortcut("ask")
    assert noor.needs_modal("Every input")
    said = scene.priya.says("Something looks wrong", channel="#records-desk")
    noor.message_shortcut(said, "flag")
    assert noor.sees("Flagged: Something looks wrong")
    assert scene.recorder.last("flag")["message"]["user"] == "U0PRIYA01"


def test_words_to_the_bot_arrive_marked_up_as_slack_does(scene: Scene) -> None:
    scene.noor.says("a < b & mail me@b.org or https://b.org/x.")
    scene.noor.sees("You said")
    event = scene.recorder.last("message")["event"]
    assert event["text"] == "a &lt; b &amp; mail <mailto:me@b.org|me@b.org> or <https://b.org/x>."
    assert event["channel_type"] == "im"


def test_a_mention_is_answered_in_its_thread(scene: Scene) -> None:
    said = scene.noor.says("hey @Demo", channel="#records-desk")
    scene.noor.sees("You called?")
    below = scene.workspace.messages.replies(said.channel, said.ts)
    assert [message.text for message in below] == ["You called?"]
    assert scene.recorder.last("mention")["text"] == "hey <@U0CHARTBOT>"


def test_channel_talk_is_not_told_without_a_subscription(scene: Scene) -> None:
    scene.noor.says("nothing for the bot", channel="#records-desk")
    assert list(scene.workspace.requests) == []


def test_people_join_change_and_the_app_is_removed(scene: Scene) -> None:
    ada = scene.server.join(Member("U0ADA0001", "Ada Brown", "America/Chicago"))
    scene.server.change("U0NOOR001", deleted=True)
    ada.eventually(lambda: "user_change" in dict(scene.recorder.seen))
    assert scene.recorder.last("team_join")["event"]["user"]["real_name"] == "Ada Brown"
    assert scene.recorder.last("user_change")["event"]["user"]["deleted"] is True
    scene.server.uninstall()
    told = [request.about for request in scene.workspace.requests]
    assert told[-2:] == ["tokens_revoked", "app_uninstalled"]


def test_a_file_dropped_into_the_conversation_is_told(scene: Scene) -> None:
    scene.noor.says("the list", files={"list.csv": b"a,b\n1,2\n"})
    assert scene.noor.eventually(lambda: "file_shared" in dict(scene.recorder.seen))
    event = scene.recorder.last("message")["event"]
    assert event["subtype"] == "file_share"
    assert event["files"][0]["name"] == "list.csv"


def test_a_form_takes_a_file_of_the_person(scene: Scene) -> None:
    noor = scene.noor
    blocks = [ask("title", {"type": "plain_text_input"}), ask("list", {"type": "file_input"})]
    scene.workspace.views.open(noor.id, form(blocks=blocks), scene.workspace.now())
    noor.submit(noor.needs_modal(), {"title": "import", "list": [noor.upload("people.csv", b"a,b\n")]})
    (sent,) = scene.recorder.last("form")["view"]["state"]["values"]["list_block"]["list"]["files"]
    assert (sent["name"], sent["mimetype"], sent["size"]) == ("people.csv", "text/csv", 4)


def test_looking_for_what_is_not_there_says_what_is(scene: Scene) -> None:
    scene.noor.command("/hello")
    scene.noor.sees("Hello there")
    with pytest.raises(NotSeenError, match="Hello there"):
        scene.noor.sees("Good bye", timeout=0.05)
