"""The Web API of the sandbox, called with the real slack_sdk client: answers, errors, paging, files, tokens."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.app_setup import AppSetup
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.members import Member
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace

NOOR, PRIYA = "U0NOOR001", "U0PRIYA01"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Scene:
    workspace: Workspace
    server: SandboxServer
    client: WebClient
    clock: Clock
    desk: str

    def refusal(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method that must fail and return the answer."""
        with pytest.raises(SlackApiError) as refused:
            self.client.api_call(method, json=arguments)
        answer: dict[str, Any] = refused.value.response.data
        return answer

    def error(self, method: str, **arguments: Any) -> str:
        return str(self.refusal(method, **arguments)["error"])


@pytest.fixture
def scene() -> Iterator[Scene]:
    clock = Clock()
    workspace = workspace_for_demo(clock=clock)
    with SandboxServer(workspace) as server:
        client = WebClient(workspace.credentials.bot_token, base_url=server.api_url)
        desk = workspace.channels.find("records-desk")
        assert desk is not None
        yield Scene(workspace, server, client, clock, desk.id)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(title: str = "A form", **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "blocks": [{"type": "divider"}], **more}


def test_the_app_is_told_who_it_is(scene: Scene) -> None:
    answer = scene.client.auth_test()
    assert (answer["team"], answer["user_id"], answer["bot_id"]) == (
        "Lakeside Records (demo)",
        "U0CHARTBOT",
        "B0SANDBOX1",
    )
    assert "chat:write" in answer.headers["x-oauth-scopes"]
    assert scene.client.team_info()["team"]["name"] == "Lakeside Records (demo)"
    assert scene.client.api_test(word="here")["args"]["word"] == "here"


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
def test_a_wrong_or_missing_token_is_refused(scene: Scene, token: str, error: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        WebClient(token, base_url=scene.server.api_url).auth_test()
    assert refused.value.response["error"] == error


def test_unknown_methods_and_wrong_kinds_of_token_are_refused(scene: Scene) -> None:
    assert scene.error("chat.postPostcard") == "unknown_method"
    assert scene.error("apps.connections.open") == "not_allowed_token_type"
    app = WebClient(scene.workspace.credentials.app_token, base_url=scene.server.api_url)
    assert app.apps_connections_open(app_token=scene.workspace.credentials.app_token)["url"].startswith(
        "ws://127.0.0.1:"
    )
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        app.auth_test()


def test_a_scope_missing_in_the_manifest_is_missed(scene: Scene) -> None:
    scene.workspace.app = AppSetup(scopes=("commands",))
    answer = scene.refusal("chat.postMessage", channel=scene.desk, text="hello")
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "commands")


def test_a_message_is_posted_changed_and_removed(scene: Scene) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*one*"}}]
    posted = scene.client.chat_postMessage(channel=scene.desk, text="one", blocks=blocks)
    assert posted["message"]["blocks"][0]["block_id"]
    assert posted["message"]["bot_id"] == "B0SANDBOX1"
    scene.client.chat_update(channel=scene.desk, ts=posted["ts"], blocks=[{"type": "divider"}], text="two")
    (seen,) = scene.server.person(NOOR).messages(scene.desk)
    assert [block["type"] for block in seen.blocks] == ["divider"]
    assert seen.message.edited is None
    scene.client.chat_update(channel=scene.desk, ts=posted["ts"], text="three")
    (seen,) = scene.server.person(NOOR).messages(scene.desk)
    assert (seen.texts(), seen.blocks) == (["three"], [])
    assert seen.message.edited is not None
    scene.client.chat_delete(channel=scene.desk, ts=posted["ts"])
    assert scene.server.person(NOOR).messages(scene.desk) == []


def test_forms_and_json_say_the_same(scene: Scene) -> None:
    headers = {"Authorization": f"Bearer {scene.workspace.credentials.bot_token}"}
    address = f"{scene.server.api_url}chat.postMessage"
    blocks = '[{"type": "divider"}]'
    form = httpx.post(address, data={"channel": scene.desk, "text": "as a form", "blocks": blocks}, headers=headers)
    body = httpx.post(address, json={"channel": scene.desk, "text": "as JSON", "blocks": blocks}, headers=headers)
    asked = httpx.get(f"{scene.server.api_url}users.info?user={NOOR}", headers=headers)
    assert form.json()["message"]["blocks"][0]["type"] == body.json()["message"]["blocks"][0]["type"] == "divider"
    assert asked.json()["user"]["real_name"] == "Noor Haddad"


def test_a_person_is_reached_by_their_id_or_by_an_opened_conversation(scene: Scene) -> None:
    by_id = scene.client.chat_postMessage(channel=NOOR, text="hello")
    opened = scene.client.conversations_open(users=[NOOR])
    assert by_id["channel"] == opened["channel"]["id"]
    assert by_id["channel"].startswith("D")
    assert scene.client.conversations_info(channel=by_id["channel"])["channel"]["user"] == NOOR


def test_every_way_to_address_nobody_has_its_error(scene: Scene) -> None:
    without_bot = scene.workspace.create_channel("no-bots", with_bot=False).id
    hidden = scene.workspace.create_channel("hidden", is_private=True, with_bot=False).id
    old = scene.workspace.create_channel("old")
    old.is_archived = True
    scene.workspace.members[PRIYA].deleted = True
    for channel, error in [
        ("C0NOWHERE", "channel_not_found"), (without_bot, "not_in_channel"), (hidden, "channel_not_found"),
        (old.id, "is_archived"), (PRIYA, "user_disabled"), ("U0CHARTBOT", "cannot_dm_bot"),
    ]:  # fmt: skip
        assert scene.error("chat.postMessage", channel=channel, text="hello") == error
    assert scene.error("conversations.open", users="U0NOBODY1") == "user_not_found"
    assert scene.error("conversations.open", users=PRIYA) == "user_disabled"
    assert scene.error("users.info", user="U0NOBODY1") == "user_not_found"
    assert scene.error("conversations.history", channel=without_bot) == "not_in_channel"


def test_every_message_that_cannot_be_has_its_error(scene: Scene) -> None:
    said = scene.server.person(NOOR).says("mine", channel=scene.desk)
    for method, arguments, error in [
        ("chat.postMessage", {"text": ""}, "no_text"),
        ("chat.postMessage", {"text": "a", "blocks": "no list"}, "invalid_blocks_format"),
        ("chat.postMessage", {"text": "a", "attachments": [{}] * 101}, "too_many_attachments"),
        ("chat.postMessage", {"text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        ("chat.update", {"ts": "1.000001", "text": "a"}, "message_not_found"),
        ("chat.update", {"ts": said.ts, "text": "a"}, "cant_update_message"),
        ("chat.update", {"ts": said.ts}, "cant_update_message"),
        ("chat.delete", {"ts": said.ts}, "cant_delete_message"),
        ("chat.getPermalink", {"message_ts": "1.000001"}, "message_not_found"),
        ("conversations.replies", {"ts": "1.000001"}, "thread_not_found"),
        ("conversations.history", {"cursor": "made up"}, "invalid_cursor"),
        ("conversations.history", {"oldest": "yesterday"}, "invalid_ts_oldest"),
    ]:  # fmt: skip
        assert scene.error(method, channel=scene.desk, **arguments) == error


def test_too_long_an_update_is_refused_and_too_long_a_message_is_cut(scene: Scene) -> None:
    posted = scene.client.chat_postMessage(channel=scene.desk, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    scene.client.chat_update(channel=scene.desk, ts=posted["ts"], text="x" * 4_000)
    assert scene.error("chat.update", channel=scene.desk, ts=posted["ts"], text="x" * 4_001) == "msg_too_long"


def test_broken_blocks_are_named_with_their_place(scene: Scene) -> None:
    answer = scene.refusal("chat.postMessage", channel=scene.desk, text="a", blocks=[{"type": "section"}])
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must define either `text` or `fields` [json-pointer:/blocks/0]"
    ]
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5
    assert scene.error("chat.postMessage", channel=scene.desk, text="a", blocks=long) == "msg_blocks_too_long"


def test_a_private_message_is_seen_by_one_and_found_by_nobody(scene: Scene) -> None:
    ts = scene.client.chat_postEphemeral(channel=scene.desk, user=NOOR, text="psst")["message_ts"]
    assert [seen.texts() for seen in scene.server.person(NOOR).ephemerals()] == [["psst"]]
    assert scene.server.person(PRIYA).ephemerals() == []
    assert scene.client.conversations_history(channel=scene.desk)["messages"] == []
    assert scene.error("chat.update", channel=scene.desk, ts=ts, text="b") == "message_not_found"
    assert scene.error("chat.delete", channel=scene.desk, ts=ts) == "message_not_found"
    few = scene.workspace.create_channel("few", [NOOR]).id
    assert scene.error("chat.postEphemeral", channel=few, user=PRIYA, text="a") == "user_not_in_channel"
    scene.workspace.members[NOOR].deleted = True
    assert scene.error("chat.postEphemeral", channel=few, user=NOOR, text="a") == "user_disabled"


def test_history_comes_in_pages_newest_first_without_replies(scene: Scene) -> None:
    stamps = [scene.client.chat_postMessage(channel=scene.desk, text=f"m{number}")["ts"] for number in range(7)]
    scene.client.chat_postMessage(channel=scene.desk, text="below", thread_ts=stamps[3])
    texts = [
        message["text"]
        for page in scene.client.conversations_history(channel=scene.desk, limit=3)
        for message in page["messages"]
    ]
    assert texts == ["m6", "m5", "m4", "m3", "m2", "m1", "m0"]
    between = {"channel": scene.desk, "oldest": stamps[1], "latest": stamps[3]}
    assert [one["text"] for one in scene.client.conversations_history(**between)["messages"]] == ["m2"]
    inside = scene.client.conversations_history(**between, inclusive=True)["messages"]
    assert [one["text"] for one in inside] == ["m3", "m2", "m1"]
    assert inside[0]["reply_count"] == 1
    thread = scene.client.conversations_replies(channel=scene.desk, ts=stamps[3])["messages"]
    assert [one["text"] for one in thread] == ["m3", "below"]


def test_metadata_is_given_when_asked_for(scene: Scene) -> None:
    metadata = {"event_type": "task", "event_payload": {"id": "RV-2F7KQ"}}
    scene.client.chat_postMessage(channel=scene.desk, text="a", metadata=metadata)
    bare = scene.client.conversations_history(channel=scene.desk)["messages"][0]
    full = scene.client.conversations_history(channel=scene.desk, include_all_metadata=True)["messages"][0]
    assert "metadata" not in bare
    assert full["metadata"] == metadata


def test_people_are_listed_with_their_zones(scene: Scene) -> None:
    scene.workspace.add_member(Member("U0GONE001", "Gone Person", deleted=True))
    names = [member["real_name"] for page in scene.client.users_list(limit=2) for member in page["members"]]
    assert names == ["Chartdesk", "Noor Haddad", "Tomás Lindqvist", "Grace Okafor", "Priya Nair", "Daniel Cho",
                     "Gone Person"]  # fmt: skip
    tomas = scene.client.users_info(user="U0TOMAS01")["user"]
    assert (tomas["tz"], tomas["tz_offset"], tomas["tz_label"]) == (
        "America/Los_Angeles",
        -28_800,
        "Pacific Standard Time",
    )
    assert "email" not in tomas["profile"]
    assert "tz" not in scene.client.users_info(user="U0GONE001")["user"]


def test_quiet_hours_are_told(scene: Scene) -> None:
    assert scene.client.dnd_info(user=NOOR)["dnd_enabled"] is False
    start = scene.clock.now
    scene.workspace.members[NOOR].do_not_disturb = (start, start + timedelta(hours=8))
    told = scene.client.dnd_info(user=NOOR)
    assert told["next_dnd_end_ts"] - told["next_dnd_start_ts"] == 8 * 3600


def test_conversations_are_listed_by_kind_and_membership(scene: Scene) -> None:
    scene.workspace.create_channel("elsewhere", [PRIYA], with_bot=False)
    scene.workspace.create_channel("closed", [NOOR], is_private=True)
    public = [one["name"] for one in scene.client.conversations_list()["channels"]]
    assert public == ["records-desk", "coding-questions", "elsewhere"]
    mine = scene.client.users_conversations(types="public_channel,private_channel")["channels"]
    assert [one["name"] for one in mine] == ["records-desk", "coding-questions", "closed"]
    noors = scene.client.users_conversations(user=NOOR, types="im,private_channel")["channels"]
    assert [one.get("name", "im") for one in noors] == ["im", "closed"]
    assert NOOR in scene.client.conversations_members(channel=scene.desk)["members"]


def test_a_trigger_opens_one_view_within_three_seconds(scene: Scene) -> None:
    tickets = scene.workspace.tickets
    trigger = tickets.issue_trigger(NOOR, scene.clock.now)
    scene.clock.pass_time(seconds=3)
    assert scene.client.views_open(trigger_id=trigger, view=modal())["view"]["id"].startswith("V")
    assert scene.error("views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    late = tickets.issue_trigger(NOOR, scene.clock.now)
    scene.clock.pass_time(seconds=3.1)
    assert scene.error("views.open", trigger_id=late, view=modal()) == "expired_trigger_id"
    assert scene.error("views.open", trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


def test_three_views_fit_on_the_stack(scene: Scene) -> None:
    def trigger() -> str:
        return scene.workspace.tickets.issue_trigger(NOOR, scene.clock.now)

    assert scene.error("views.push", trigger_id=trigger(), view=modal()) == "not_found"
    root = scene.client.views_open(trigger_id=trigger(), view=modal("1"))["view"]
    second = scene.client.views_push(trigger_id=trigger(), view=modal("2"))["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    scene.client.views_push(trigger_id=trigger(), view=modal("3"))
    assert scene.error("views.push", trigger_id=trigger(), view=modal("4")) == "push_limit_reached"


def test_a_view_changes_only_with_the_hash_it_has(scene: Scene) -> None:
    trigger = scene.workspace.tickets.issue_trigger(NOOR, scene.clock.now)
    view = scene.client.views_open(trigger_id=trigger, view=modal(external_id="mine"))["view"]
    changed = scene.client.views_update(view_id=view["id"], hash=view["hash"], view=modal("New", external_id="mine"))
    assert changed["view"]["hash"] != view["hash"]
    assert scene.error("views.update", view_id=view["id"], hash=view["hash"], view=modal()) == "hash_conflict"
    assert scene.client.views_update(external_id="mine", view=modal("Again"))["view"]["id"] == view["id"]
    assert scene.error("views.update", view_id="V0NOTHING", view=modal()) == "not_found"


def test_an_external_id_is_used_once(scene: Scene) -> None:
    for expected in ("", "duplicate_external_id"):
        person = NOOR if not expected else PRIYA
        arguments = {
            "trigger_id": scene.workspace.tickets.issue_trigger(person, scene.clock.now),
            "view": modal(external_id="one"),
        }
        if expected:
            assert scene.error("views.open", **arguments) == expected
        else:
            scene.client.api_call("views.open", json=arguments)


def test_broken_views_are_refused_with_their_place(scene: Scene) -> None:
    trigger = scene.workspace.tickets.issue_trigger(NOOR, scene.clock.now)
    answer = scene.refusal("views.open", trigger_id=trigger, view=modal("x" * 25))
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    large = modal(blocks=[{"type": "section", "text": plain("x" * 3000)}] * 90)
    assert scene.error("views.open", trigger_id=trigger, view=large) == "view_too_large"
    assert scene.error("views.publish", user_id=NOOR, view=modal()) == "invalid_arguments"
    assert (
        scene.error("views.publish", user_id="U0CHARTBOT", view={"type": "home", "blocks": []}) == "invalid_arguments"
    )


def test_a_file_goes_up_in_three_steps_and_comes_back(scene: Scene) -> None:
    uploaded = scene.client.files_upload_v2(
        content="a,b\n", filename="report.csv", title="The report", channel=scene.desk, initial_comment="Here it is"
    )
    (seen,) = scene.server.person(NOOR).messages(scene.desk)
    assert seen.texts() == ["Here it is", "The report"]
    info = scene.client.files_info(file=uploaded["file"]["id"])["file"]
    address = info["url_private_download"]
    token = scene.workspace.credentials.bot_token
    assert httpx.get(address, headers={"Authorization": f"Bearer {token}"}).text == "a,b\n"
    assert httpx.get(address).status_code == 302, "Slack leads strangers to its page for signing in"
    scene.client.files_delete(file=info["id"])
    assert scene.error("files.info", file=info["id"]) == "file_not_found"


def test_a_picture_carries_its_words_and_is_shown_to_those_it_was_sent_to(scene: Scene) -> None:
    direct = scene.client.conversations_open(users=NOOR)["channel"]["id"]
    png = b"\x89PNG\r\n\x1a\n"
    uploaded = scene.client.files_upload_v2(content=png, filename="clocks.png", alt_txt="Two clocks.", channel=direct)
    (seen,) = scene.server.person(NOOR).messages(direct)
    assert [file["alt_txt"] for file in seen.message.files] == ["Two clocks."]
    address = f"{scene.server.url}/page/file/{uploaded['file']['id']}"
    shown = httpx.get(address, params={"as": NOOR})
    assert (shown.content, shown.headers["content-type"]) == (png, "image/png")
    assert httpx.get(address, params={"as": PRIYA}).status_code == 404


def test_any_other_file_is_kept_and_never_runs_on_the_page(scene: Scene) -> None:
    uploaded = scene.client.files_upload_v2(content="<script>1</script>", filename="a.html", channel=scene.desk)
    shown = httpx.get(f"{scene.server.url}/page/file/{uploaded['file']['id']}", params={"as": NOOR})
    assert shown.headers["content-disposition"].startswith("attachment")


def test_a_file_that_was_not_sent_cannot_be_shared(scene: Scene) -> None:
    place = scene.client.files_getUploadURLExternal(filename="a.csv", length=4)
    assert httpx.post(place["upload_url"], content=b"toolong").status_code == 400
    assert scene.error("files.completeUploadExternal", files=[{"id": place["file_id"]}]) == "file_not_found"
    assert scene.error("files.getUploadURLExternal", filename="a.csv", length=0) == "invalid_arguments"


def test_the_app_is_installed_and_its_token_revoked(scene: Scene) -> None:
    old = scene.client
    credentials = scene.workspace.credentials
    assert old.auth_revoke(test=True)["revoked"] is False
    assert old.auth_revoke()["revoked"] is True
    assert scene.error("auth.test") == "token_revoked"
    code = scene.workspace.issue_oauth_code(PRIYA)
    access = {"client_id": credentials.client_id, "client_secret": credentials.client_secret, "code": code}
    assert scene.error("oauth.v2.access", **access | {"client_secret": "x"}) == "bad_client_secret"
    assert scene.error("oauth.v2.access", **access | {"client_id": "x"}) == "invalid_client_id"
    granted = WebClient(base_url=scene.server.api_url).oauth_v2_access(**access)
    assert granted["authed_user"]["id"] == PRIYA
    assert WebClient(granted["access_token"], base_url=scene.server.api_url).auth_test()["ok"]
    assert scene.error("oauth.v2.access", **access) == "invalid_code"
    assert scene.error("auth.test") == "invalid_auth"


def test_every_call_is_logged_without_its_secrets(scene: Scene) -> None:
    scene.client.chat_postMessage(channel=scene.desk, text="hello")
    (call,) = scene.workspace.calls.to("chat.postMessage")
    assert (call.arguments["text"], call.ok, call.status) == ("hello", True, 200)
    code = scene.workspace.issue_oauth_code(NOOR)
    credentials = scene.workspace.credentials
    WebClient(base_url=scene.server.api_url).oauth_v2_access(
        client_id=credentials.client_id, client_secret=credentials.client_secret, code=code
    )
    written = repr(list(scene.workspace.calls))
    assert credentials.bot_token not in written
    assert credentials.client_secret not in written
    assert code not in written


def test_many_calls_at_once_keep_every_message_and_every_timestamp_apart(scene: Scene) -> None:
    def post(number: int) -> str:
        return str(scene.client.chat_postMessage(channel=scene.desk, text=f"m{number}")["ts"])

    with ThreadPoolExecutor(8) as pool:
        stamps = list(pool.map(post, range(80)))
    assert len(set(stamps)) == 80
    texts = {seen.text for seen in scene.server.person(NOOR).messages(scene.desk)}
    assert texts == {f"m{number}" for number in range(80)}


def test_a_permalink_names_the_message(scene: Scene) -> None:
    ts = scene.client.chat_postMessage(channel=scene.desk, text="here")["ts"]
    link = scene.client.chat_getPermalink(channel=scene.desk, message_ts=ts)["permalink"]
    assert link == f"{scene.server.url}/archives/{scene.desk}/p{ts.replace('.', '')}"
    assert httpx.get(link).status_code == 200
