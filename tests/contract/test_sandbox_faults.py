"""Failures on demand, response URLs, retries of events, and who may talk to the sandbox at all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from bot.sandbox.delivery import TIMED_OUT, UNREACHABLE, Delivery, HttpDelivery, Reply
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.identifiers import Json
from bot.sandbox.server import SandboxServer, serve
from bot.sandbox.workspace import Workspace

NOOR = "U0NOOR001"


@dataclass
class Scripted(Delivery):
    """A bot that answers as the test says; the last answer stays."""

    replies: list[Reply]
    sent: list[tuple[str, Json, Mapping[str, str]]] = field(default_factory=list)

    def post(self, kind: str, body: Json, headers: Mapping[str, str]) -> Reply:
        self.sent.append((kind, body, headers))
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class Clock:
    now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Scene:
    workspace: Workspace
    server: SandboxServer
    client: WebClient
    bot: Scripted
    clock: Clock

    def response_url(self) -> str:
        """A response_url as a command gets it, sent from #records-desk."""
        self.workspace.app = self.workspace.app.from_manifest({"features": {"slash_commands": [{"command": "/do"}]}})
        self.server.person(NOOR).command("/do", channel="#records-desk")
        return str(self.bot.sent[-1][1]["response_url"])


@pytest.fixture
def scene() -> Iterator[Scene]:
    clock = Clock()
    workspace = workspace_for_demo(clock=clock)
    bot = Scripted([Reply(200, {}, "")])
    with SandboxServer(workspace, bot, retry_waits=(0, 0, 0)) as server:
        client = WebClient(workspace.credentials.bot_token, base_url=server.api_url, timeout=1)
        yield Scene(workspace, server, client, bot, clock)


def test_too_many_calls_are_told_to_wait_and_nothing_is_done(scene: Scene) -> None:
    scene.workspace.faults.rate_limit("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as refused:
        scene.client.chat_postMessage(channel=NOOR, text="once")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["retry-after"] == "7"
    assert scene.server.person(NOOR).messages() == []
    scene.client.chat_postMessage(channel=NOOR, text="twice")
    assert [seen.text for seen in scene.server.person(NOOR).messages()] == ["twice"]


def test_a_client_that_waits_gets_through(scene: Scene) -> None:
    scene.workspace.faults.rate_limit("chat.postMessage", retry_after=0)
    scene.client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    assert scene.client.chat_postMessage(channel=NOOR, text="through")["ok"]


def test_an_accident_before_and_one_after_differ_in_what_was_done(scene: Scene) -> None:
    scene.workspace.faults.break_before("chat.postMessage")
    scene.workspace.faults.break_after("chat.postMessage")
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            scene.client.chat_postMessage(channel=NOOR, text="maybe")
        assert refused.value.response.status_code == 500
    assert [seen.text for seen in scene.server.person(NOOR).messages()] == ["maybe"]


def test_a_call_can_hang(scene: Scene) -> None:
    scene.workspace.faults.time_out("auth.test", seconds=1.2)
    with pytest.raises(TimeoutError):
        scene.client.auth_test()
    assert scene.client.auth_test()["ok"]


def test_failures_are_planned_over_http_too(scene: Scene) -> None:
    address = f"{scene.server.url}/sandbox/faults"
    planned = httpx.post(address, json={"method": "auth.test", "kind": "broken_before", "times": 2}).json()
    assert planned["faults"] == [{"method": "auth.test", "kind": "broken_before"}] * 2
    assert httpx.delete(address).json()["faults"] == []
    assert httpx.post(address, json={"kind": "gremlins"}).status_code == 400
    assert scene.client.auth_test()["ok"]


def test_a_response_url_works_five_times(scene: Scene) -> None:
    webhook = WebhookClient(scene.response_url())
    assert [webhook.send(text=f"answer {number}").status_code for number in range(6)] == [200] * 5 + [404]
    assert len(scene.server.person(NOOR).ephemerals("#records-desk")) == 5


def test_a_response_url_works_for_thirty_minutes(scene: Scene) -> None:
    webhook = WebhookClient(scene.response_url())
    scene.clock.now += timedelta(minutes=30)
    assert webhook.send(text="just in time").status_code == 200
    scene.clock.now += timedelta(seconds=1)
    late = webhook.send(text="too late")
    assert (late.status_code, late.body) == (404, '{"ok":false,"error":"expired_url"}')


def test_a_response_url_speaks_to_one_or_to_all_or_in_a_thread(scene: Scene) -> None:
    webhook = WebhookClient(scene.response_url())
    webhook.send(text="to all", response_type="in_channel")
    parent = scene.server.person("U0PRIYA01").sees("to all").place.message
    assert parent is not None
    webhook.send_dict({"text": "below", "response_type": "in_channel", "thread_ts": parent.ts})
    assert [message.text for message in scene.workspace.messages.replies(parent.channel, parent.ts)] == ["below"]
    refused = webhook.send(blocks=[{"type": "section"}])
    assert refused.status_code == 400
    assert "invalid_blocks" in refused.body


def test_without_an_original_nothing_can_be_replaced(scene: Scene) -> None:
    assert "message_not_found" in WebhookClient(scene.response_url()).send(text="a", replace_original=True).body


def test_a_message_is_replaced_and_removed_through_its_response_url(scene: Scene) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    scene.client.chat_postMessage(channel=NOOR, text="a", blocks=[{"type": "actions", "elements": [button]}])
    noor = scene.server.person(NOOR)
    noor.click(noor.messages()[0], "go")
    webhook = WebhookClient(scene.bot.sent[-1][1]["response_url"])
    webhook.send(text="replaced", replace_original=True)
    assert [seen.text for seen in noor.messages()] == ["replaced"]
    webhook.send(delete_original=True)
    assert noor.messages() == []


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(500, {}, ""), "http_error"),
        (Reply(TIMED_OUT, {}, ""), "http_timeout"),
        (Reply(UNREACHABLE, {}, ""), "connection_failed"),
    ],
)
def test_an_event_nobody_takes_is_repeated_three_times(scene: Scene, reply: Reply, reason: str) -> None:
    scene.bot.replies = [reply]
    scene.server.person(NOOR).says("hello")
    assert [headers.get("X-Slack-Retry-Num") for _, _, headers in scene.bot.sent] == [None, "1", "2", "3"]
    assert scene.bot.sent[-1][2]["X-Slack-Retry-Reason"] == reason
    assert len({body["event_id"] for _, body, _ in scene.bot.sent}) == 1


def test_an_event_is_repeated_until_it_is_taken_or_not_wanted(scene: Scene) -> None:
    scene.bot.replies = [Reply(500, {}, ""), Reply(200, {}, "")]
    scene.server.person(NOOR).says("hello")
    assert len(scene.bot.sent) == 2
    scene.bot.replies = [Reply(500, {"x-slack-no-retry": "1"}, "")]
    scene.server.person(NOOR).says("hello again")
    assert len(scene.bot.sent) == 3


def test_an_answer_with_broken_blocks_is_not_shown(scene: Scene) -> None:
    scene.bot.replies = [Reply(200, {"content-type": "application/json"}, '{"text": "a", "blocks": [{"type": "x"}]}')]
    scene.response_url()
    assert scene.server.person(NOOR).sees("invalid_blocks")


def test_errors_for_what_is_no_input_are_trouble(scene: Scene) -> None:
    noor = scene.server.person(NOOR)
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "T"},
        "blocks": [{"type": "divider", "block_id": "d"}],
    }
    scene.workspace.views.open(NOOR, view, scene.clock.now)
    scene.bot.replies = [Reply(200, {}, '{"response_action": "errors", "errors": {"d": "no input"}}')]
    assert "We had some trouble connecting" in noor.submit(noor.needs_modal()).words
    scene.bot.replies = [Reply(TIMED_OUT, {}, "")]
    assert noor.submit(noor.needs_modal()).words == "We had some trouble connecting. Try again?"
    assert noor.modal() is not None


def test_more_than_a_hundred_options_cannot_be_offered(scene: Scene) -> None:
    noor = scene.server.person(NOOR)
    search = {"type": "external_select", "action_id": "search", "min_query_length": 0}
    scene.client.chat_postMessage(channel=NOOR, text="a", blocks=[{"type": "actions", "elements": [search]}])
    option = '{"text": {"type": "plain_text", "text": "a"}, "value": "b"}'
    scene.bot.replies = [Reply(200, {}, f'{{"options": [{", ".join([option] * 101)}]}}')]
    assert "no more than 100 items allowed" in noor.suggest(noor.messages()[0], "search", "").words
    scene.bot.replies = [Reply(500, {}, "")]
    assert noor.suggest(noor.messages()[0], "search", "").words == "Loading the options failed. Try again."


def test_an_answer_that_comes_too_late_counts_as_none(scene: Scene) -> None:
    scene.bot.replies = [Reply(200, {}, "Here it is")]
    scene.bot.patience = 0
    scene.response_url()
    assert scene.server.person(NOOR).sees('/do failed with the error "operation_timeout"')


def test_a_bot_that_is_not_there_is_not_waited_for(scene: Scene) -> None:
    delivery = HttpDelivery("http://127.0.0.1:9/slack/events", "secret")
    started = time.monotonic()
    assert delivery.post("command", {"command": "/do"}, {}).status == UNREACHABLE
    assert time.monotonic() - started < 1
    delivery.close()
    assert scene.server.sockets.post("command", {}, {}).status == UNREACHABLE


def test_only_this_machine_is_served(scene: Scene) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1 only"):
        serve(scene.workspace, host="0.0.0.0")
    assert httpx.get(scene.server.url, headers={"Host": "sandbox.example.org"}).status_code == 400


def test_a_foreign_page_cannot_act_here(scene: Scene) -> None:
    for path in ("/page/act", "/sandbox/faults"):
        plain = httpx.post(scene.server.url + path, content='{"do": "read"}', headers={"Content-Type": "text/plain"})
        assert plain.status_code == 415
    policy = httpx.get(scene.server.url).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


def test_the_page_refuses_what_is_not_there(scene: Scene) -> None:
    address = f"{scene.server.url}/page/act"
    for body in (
        {"as": NOOR, "do": "dance"},
        {"as": "U0NOBODY1", "do": "read", "channel": "C1"},
        {"as": NOOR, "do": "submit", "view_id": "V1"},
        {"as": NOOR, "do": "operate", "channel": "C1", "ts": "1.1", "block_id": "b", "action_id": "a"},
    ):
        assert httpx.post(address, json=body).status_code == 409


def test_nobody_can_act_on_the_form_of_another(scene: Scene) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
    opened = scene.workspace.views.open(NOOR, view, scene.clock.now)
    body = {"as": "U0PRIYA01", "do": "close", "view_id": opened.id}
    assert httpx.post(f"{scene.server.url}/page/act", json=body).status_code == 409
    assert scene.server.person(NOOR).modal() is not None
