"""A small Bolt app that uses every block and element, to try the sandbox with; it knows nothing of records."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App, BoltRequest, Respond
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.sandbox.app_setup import DEFAULT_EVENTS, AppSetup
from bot.sandbox.delivery import Delivery, Reply
from bot.sandbox.identifiers import Json

MANIFEST = {
    "display_information": {"name": "Demo"},
    "features": {
        "slash_commands": [
            {"command": "/hello", "description": "Say hello", "usage_hint": "[name]"},
            {"command": "/card", "description": "Post a card with every element"},
            {"command": "/form", "description": "Open a form with every input"},
            {"command": "/steps", "description": "Open the first of three forms"},
            {"command": "/escape", "description": "Mentions are escaped", "should_escape": True},
            {"command": "/slow", "description": "Never answers in time"},
            {"command": "/deaf", "description": "Nobody listens to this one"},
            {"command": "/everything", "description": "Post every kind of block"},
            {"command": "/nothing", "description": "Acknowledges without words"},
        ],
        "shortcuts": [
            {"name": "Ask the desk", "type": "global", "callback_id": "ask", "description": "Open the form"},
            {"name": "Flag this message", "type": "message", "callback_id": "flag", "description": "Report it"},
        ],
    },
    "oauth_config": {"scopes": {"bot": list(AppSetup().scopes)}},
    "settings": {"event_subscriptions": {"bot_events": sorted(DEFAULT_EVENTS)}},
}
DEMO_SETUP = AppSetup.from_manifest(MANIFEST)

FRUITS = ["Apple", "Apricot", "Banana", "Cherry", "Date", "Elderberry", "Fig", "Grape"]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str = "", **more: Any) -> Json:
    return {"text": plain(text), "value": value or text.lower(), **more}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def ask(name: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input", "block_id": f"{name}_block", "label": plain(name.capitalize()),
        "element": {"action_id": name, **element}, "optional": True, **more,
    }  # fmt: skip


def card(note: str = "Nothing chosen yet") -> list[Json]:
    fruits = [option(fruit) for fruit in FRUITS]
    sure = {
        "title": plain("Sure?"),
        "text": plain("This ends the card."),
        "confirm": plain("End it"),
        "deny": plain("Keep"),
    }
    return [
        {"type": "header", "block_id": "head", "text": plain("A card with everything")},
        section(f"*Chosen:* {note}", block_id="note", accessory={
            "type": "overflow", "action_id": "more",
            "options": [option("Details"), option("History"), option("Docs", url="https://example.org/docs")],
        }),
        {"type": "divider", "block_id": "line"},
        {"type": "actions", "block_id": "buttons", "elements": [
            {"type": "button", "action_id": "go", "text": plain("Go"), "style": "primary", "value": "go-1"},
            {"type": "button", "action_id": "end", "text": plain("End"), "style": "danger", "confirm": sure},
            {"type": "button", "action_id": "open", "text": plain("Open form")},
            {"type": "button", "action_id": "link", "text": plain("Read more"), "url": "https://example.org/"},
            {"type": "button", "action_id": "mute", "text": plain("Never acknowledged")},
        ]},
        {"type": "actions", "block_id": "menus", "elements": [
            {"type": "static_select", "action_id": "fruit", "placeholder": plain("A fruit"), "options": fruits},
            {"type": "external_select", "action_id": "search", "placeholder": plain("Search"), "min_query_length": 2},
            {"type": "users_select", "action_id": "person", "placeholder": plain("A person")},
            {"type": "conversations_select", "action_id": "room", "placeholder": plain("A conversation")},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-12"},
            {"type": "timepicker", "action_id": "hour", "initial_time": "09:30"},
            {"type": "datetimepicker", "action_id": "moment"},
        ]},
        {"type": "actions", "block_id": "groups", "elements": [
            {"type": "radio_buttons", "action_id": "size", "options": [option("Small"), option("Large")]},
            {"type": "checkboxes", "action_id": "extras", "options": [option("Sugar"), option("Cream")]},
        ]},
        section("Several people", block_id="several", accessory={
            "type": "multi_users_select", "action_id": "people", "placeholder": plain("People"),
        }),
        {"type": "input", "block_id": "typed", "dispatch_action": True, "label": plain("Say something"),
         "element": {"type": "plain_text_input", "action_id": "words"}},
        {"type": "context", "block_id": "foot", "elements": [{"type": "mrkdwn", "text": "Small print for <@U0NOOR001>"}]},
    ]  # fmt: skip


def everything() -> list[Json]:
    styled = [
        {"type": "text", "text": "Bold", "style": {"bold": True}},
        {"type": "text", "text": " and a "},
        {"type": "link", "url": "https://example.org/rich", "text": "link"},
        {"type": "text", "text": " for "},
        {"type": "user", "user_id": "U0PRIYA01"},
    ]
    items = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": word}]} for word in ("First", "Second")
    ]
    return [
        section("*bold* _italic_ ~struck~ `code` <https://example.org|a link> :tada: &lt;b&gt;safe&lt;/b&gt;\n"
                "> quoted\n• listed <@U0TOMAS01>\n```\nblock of code\n```", block_id="marked"),
        section("Due <!date^1795000000^{date_short_pretty} {time}|on a day> in <#C1|x>", block_id="dated"),
        {"type": "section", "block_id": "two", "fields": [
            {"type": "mrkdwn", "text": "*Left*\none"}, {"type": "plain_text", "text": "Right *not bold*"}]},
        {"type": "image", "image_url": "https://127.0.0.1:9/none.png", "alt_text": "A chart of the week",
         "title": plain("The week")},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": styled},
            {"type": "rich_text_list", "style": "ordered", "elements": items},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "A quote"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
        ]},
        {"type": "markdown", "text": "## A heading\n**strong** and *soft*\n\n- one\n- two\n\n[site](https://example.org)"},
        {"type": "table", "rows": [
            [{"type": "raw_text", "text": "Code"}, {"type": "raw_text", "text": "Open"}],
            [{"type": "raw_text", "text": "E11.9"}, {"type": "raw_text", "text": "12"}],
        ], "column_settings": [{"align": "left"}, {"align": "right"}]},
        section("<script>document.title='taken'</script><img src=x onerror=alert(1)>", block_id="hostile"),
    ]  # fmt: skip


def form(**more: Any) -> Json:
    fruits = [option(fruit) for fruit in FRUITS]
    return {
        "type": "modal", "callback_id": "form", "title": plain("Every input"), "submit": plain("Send"),
        "close": plain("Cancel"), "notify_on_close": True, "private_metadata": "kept", "blocks": [
            ask("title", {"type": "plain_text_input", "min_length": 2, "max_length": 20}, optional=False,
                hint=plain("Two to twenty characters")),
            ask("story", {"type": "plain_text_input", "multiline": True, "placeholder": plain("Once upon a time")}),
            ask("count", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}),
            ask("email", {"type": "email_text_input"}),
            ask("site", {"type": "url_text_input"}),
            ask("fruit", {"type": "static_select", "options": fruits, "initial_option": fruits[0]}),
            ask("fruits", {"type": "multi_static_select", "options": fruits, "max_selected_items": 2}),
            ask("search", {"type": "external_select", "min_query_length": 2}),
            ask("searches", {"type": "multi_external_select", "min_query_length": 1}),
            ask("person", {"type": "users_select"}),
            ask("people", {"type": "multi_users_select"}),
            ask("room", {"type": "conversations_select"}),
            ask("day", {"type": "datepicker", "initial_date": "2026-11-12"}),
            ask("hour", {"type": "timepicker"}),
            ask("moment", {"type": "datetimepicker"}),
            ask("boxes", {"type": "checkboxes", "options": fruits[:3], "initial_options": [fruits[1]]}),
            ask("radio", {"type": "radio_buttons", "options": fruits[:3]}),
        ], **more,
    }  # fmt: skip


def step(number: int) -> Json:
    return {
        "type": "modal", "callback_id": f"step{number}", "title": plain(f"Step {number}"), "submit": plain("Next"),
        "close": plain("Back"), "notify_on_close": True, "blocks": [
            section(f"This is step {number}."),
            ask("answer", {"type": "plain_text_input"}, dispatch_action=False),
            ask("flavour", {"type": "static_select", "options": [option(fruit) for fruit in FRUITS]}),
            {"type": "actions", "block_id": "steps", "elements": [
                {"type": "button", "action_id": "deeper", "text": plain("Deeper"), "value": str(number)},
                {"type": "button", "action_id": "reload", "text": plain("Reload"), "value": str(number)},
            ]},
        ],
    }  # fmt: skip


class Recorder:
    """Remembers payloads by what they were about."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Json]] = []

    def keep(self, about: str, body: Json) -> None:
        self.seen.append((about, body))

    def last(self, about: str) -> Json:
        return next(body for name, body in reversed(self.seen) if name == about)


def build_demo_app(token: str, api_url: str, signing_secret: str, recorder: Recorder) -> App:
    """The app; every listener acknowledges first."""
    client = WebClient(token, base_url=api_url)
    app = App(client=client, signing_secret=signing_secret, process_before_response=False)
    _register_commands(app, recorder)
    _register_actions(app)
    _register_choices(app, recorder)
    _register_options(app, recorder)
    _register_views(app, recorder)
    _register_steps(app, recorder)
    _register_events(app, recorder)
    return app


def _register_commands(app: App, recorder: Recorder) -> None:
    @app.command("/hello")
    def on_hello(ack: Ack, command: Json) -> None:
        recorder.keep("/hello", command)
        ack(f"Hello {command['text'] or 'there'}, from <@{command['user_id']}>")

    @app.command("/escape")
    def on_escape(ack: Ack, command: Json) -> None:
        ack(response_type="in_channel", text=f"You wrote {command['text']}")

    @app.command("/nothing")
    def on_nothing(ack: Ack) -> None:
        ack()

    @app.command("/slow")
    def on_slow(ack: Ack) -> None:
        time.sleep(4)

    @app.command("/card")
    def on_card(ack: Ack, command: Json, client: WebClient, respond: Respond) -> None:
        ack()
        if command["text"] == "private":
            respond(text="A card", blocks=card())
        else:
            client.chat_postMessage(channel=command["channel_id"], text="A card", blocks=card())

    @app.command("/everything")
    def on_everything(ack: Ack, command: Json, client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel=command["channel_id"], text="Everything", blocks=everything())

    @app.command("/form")
    def on_form(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.command("/steps")
    def on_steps(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=step(1))


def _register_actions(app: App) -> None:
    @app.action("mute")
    def on_mute(ack: Ack) -> None:
        time.sleep(4)

    @app.action("end")
    def on_end(ack: Ack, respond: Respond) -> None:
        ack()
        respond(replace_original=True, text="The card is finished.")

    @app.action("open")
    def on_open(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.action("deeper")
    def on_deeper(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=step(int(body["actions"][0]["value"]) + 1))

    @app.action("reload")
    def on_reload(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        view = step(int(body["actions"][0]["value"]))
        view["blocks"][0] = section("Reloaded.")
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    @app.action({"action_id": "greet", "type": "block_actions"})
    def on_greet(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        publish_home(client, body["user"]["id"], "You pressed the button.")


def _register_choices(app: App, recorder: Recorder) -> None:
    @app.action({"type": "block_actions", "action_id": _anything_else()})
    def on_choice(ack: Ack, body: Json, respond: Respond) -> None:
        action = body["actions"][0]
        recorder.keep(action["action_id"], body)
        ack()
        if "view" not in body:
            respond(replace_original=True, text="A card", blocks=card(describe(action)))


def _register_options(app: App, recorder: Recorder) -> None:
    @app.options("search")
    def on_search(ack: Ack, payload: Json) -> None:
        recorder.keep("search", payload)
        ack(options=[option(fruit) for fruit in FRUITS if payload["value"].lower() in fruit.lower()])

    @app.options("searches")
    def on_searches(ack: Ack, payload: Json) -> None:
        ack(option_groups=[{"label": plain("Fruit"), "options": [option(fruit) for fruit in FRUITS]}])


def _anything_else() -> Any:
    import re

    return re.compile(r"^(?!mute$|end$|open$|deeper$|reload$|greet$).*")


def describe(action: Json) -> str:
    """What was chosen, as the card repeats it."""
    chosen = {name: value for name, value in action.items() if name.startswith("selected_") or name == "value"}
    flat = [one["value"] if isinstance(one, dict) else one for value in chosen.values()
            for one in (value if isinstance(value, list) else [value])]  # fmt: skip
    return f"{action['action_id']} = {', '.join(str(one) for one in flat)}"


def _register_views(app: App, recorder: Recorder) -> None:
    @app.view("form")
    def on_form_sent(ack: Ack, body: Json, client: WebClient) -> None:
        values = body["view"]["state"]["values"]
        recorder.keep("form", body)
        title = values["title_block"]["title"]["value"]
        if title == "bad":
            ack(response_action="errors", errors={"title_block": "Choose another title."})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"You sent {title}.")

    @app.view_closed("form")
    def on_form_closed(ack: Ack, body: Json) -> None:
        recorder.keep("form closed", body)
        ack()


def _register_steps(app: App, recorder: Recorder) -> None:
    @app.view("reopen")
    def on_reopen(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.view("step1")
    def on_step1(ack: Ack) -> None:
        ack(response_action="push", view=step(2))

    @app.view("step2")
    def on_step2(ack: Ack) -> None:
        view = step(3)
        view["blocks"][0] = section("Step 2 became step 3.")
        ack(response_action="update", view=view)

    @app.view("step3")
    def on_step3(ack: Ack) -> None:
        ack(response_action="clear")

    @app.view_closed("step2")
    def on_step2_closed(ack: Ack, body: Json) -> None:
        recorder.keep("step2 closed", body)
        ack()

    @app.shortcut("ask")
    def on_ask(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.shortcut("flag")
    def on_flag(ack: Ack, body: Json, respond: Respond) -> None:
        recorder.keep("flag", body)
        ack()
        respond(text=f"Flagged: {body['message']['text']}")


def publish_home(client: WebClient, user: str, words: str) -> None:
    button = {"type": "button", "action_id": "greet", "text": plain("Press me")}
    menu = {"type": "static_select", "action_id": "flavour", "options": [option(fruit) for fruit in FRUITS]}
    blocks = [section(words), {"type": "actions", "elements": [button, menu]}]
    client.views_publish(user_id=user, view={"type": "home", "blocks": blocks})


def _register_events(app: App, recorder: Recorder) -> None:
    @app.event("app_home_opened")
    def on_home(event: Json, client: WebClient) -> None:
        recorder.keep("home", event)
        if event["tab"] == "home":
            publish_home(client, event["user"], f"Welcome home, <@{event['user']}>.")

    @app.event("app_mention")
    def on_mention(event: Json, say: Callable[..., Any]) -> None:
        recorder.keep("mention", event)
        say(text="You called?", thread_ts=event["ts"])

    @app.event("message")
    def on_message(body: Json, event: Json, say: Callable[..., Any]) -> None:
        recorder.keep("message", body)
        say(f"You said {event['text']}")

    for name in ("team_join", "user_change", "app_uninstalled", "tokens_revoked", "file_shared"):

        @app.event(name)
        def on_other(body: Json) -> None:
            recorder.keep(body["event"]["type"], body)


class BoltDelivery(Delivery):
    """Calls the app in this process, without HTTP, and waits for its listeners to end."""

    def __init__(self, app: App) -> None:
        self._app = app

    def post(self, kind: str, body: Json, headers: Mapping[str, str]) -> Reply:  # noqa: ARG002
        response = self._app.dispatch(BoltRequest(mode="socket_mode", body=body, headers=dict(headers)))
        flat = {name: values[0] for name, values in response.headers.items()}
        return Reply(response.status, flat, response.body or "")


class HttpBot:
    """Serves an app under ``/slack/events`` on a free port of this machine, until the ``with`` block ends."""

    def __init__(self, app: App) -> None:
        from socketserver import ThreadingMixIn
        from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

        class Server(ThreadingMixIn, WSGIServer):
            daemon_threads = True

        class Quiet(WSGIRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Say nothing on the console."""

        self._server = make_server("127.0.0.1", 0, SlackRequestHandler(app), Server, Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> HttpBot:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
