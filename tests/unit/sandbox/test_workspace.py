"""The pieces of the workspace: timestamps, names, dates, manifests, what survives an update."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.app_setup import AppSetup, Shortcut, SlashCommand
from bot.sandbox.dates import write_date
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.happenings import mark_mentions, typed_text
from bot.sandbox.inputs import initial_values, with_ids
from bot.sandbox.messages import TimestampSource
from bot.sandbox.reading import Reader
from bot.sandbox.workspace import Workspace

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@given(st.lists(st.integers(min_value=-5_000_000, max_value=5_000_000), max_size=50))
def test_timestamps_only_ever_grow_even_when_the_clock_goes_back(steps: list[int]) -> None:
    moments = [NOW + timedelta(microseconds=step) for step in steps]
    source = TimestampSource(iter(moments).__next__)
    stamps = [source.next() for _ in moments]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{date_num}", "2026-11-22"),
        ("{date_slash}", "11/22/2026"),
        ("{date_short}", "Nov 22, 2026"),
        ("{date}", "November 22nd, 2026"),
        ("{date_long}", "Sunday, November 22nd, 2026"),
        ("{date_short_pretty} at {time}", "yesterday at 9:05 PM"),
        ("{time_secs}", "9:05:00 PM"),
        ("{ago}", "12 hours ago"),
        ("{day_divider} {unknown}", "Sunday, November 22nd {unknown}"),
    ],
)
def test_dates_are_written_for_the_readers_zone(template: str, words: str) -> None:
    moment = int(datetime(2026, 11, 23, 2, 5, tzinfo=UTC).timestamp())
    assert write_date(moment, template, ZoneInfo("America/New_York"), NOW) == words


ENDINGS = {1: "st", 2: "nd", 3: "rd", 4: "th", 11: "th", 12: "th", 13: "th", 21: "st", 30: "th"}


@pytest.mark.parametrize(("day", "ending"), ENDINGS.items())
def test_days_have_their_endings(day: int, ending: str) -> None:
    moment = int(datetime(2026, 11, day, 12, tzinfo=UTC).timestamp())
    assert write_date(moment, "{date}", ZoneInfo("UTC"), NOW) == f"November {day}{ending}, 2026"


def test_a_reader_sees_names_instead_of_markup() -> None:
    workspace = workspace_for_demo(clock=lambda: NOW)
    desk = workspace.channels.find("records-desk")
    assert desk is not None
    reader = Reader(workspace, workspace.members["U0TOMAS01"])
    text = f"<@U0PRIYA01> in <#{desk.id}> <https://e.org|site> <!here> <!date^1795446000^{{time}}|then> &lt;b&gt; &amp;"
    assert reader.read(text) == "@Priya Nair in #records-desk site @here 7:00 AM <b> &"


def test_what_people_type_is_marked_up_as_slack_does() -> None:
    workspace = workspace_for_demo()
    assert typed_text(workspace, "1 < 2 & 3 > 2") == "1 &lt; 2 &amp; 3 &gt; 2"
    assert typed_text(workspace, "see https://e.org/a?b=c.") == "see <https://e.org/a?b=c>."
    assert typed_text(workspace, "to a.b@e.org!") == "to <mailto:a.b@e.org|a.b@e.org>!"
    assert typed_text(workspace, "hi @Noor Haddad and @noor.haddad") == "hi <@U0NOOR001> and <@U0NOOR001>"
    assert mark_mentions(workspace, "@Noor Haddad", with_names=True) == "<@U0NOOR001|noor.haddad>"
    assert typed_text(workspace, "@Noor Haddadson") == "@Noor Haddadson"


def test_a_manifest_tells_commands_shortcuts_events_and_scopes() -> None:
    setup = AppSetup.from_manifest(
        {
            "display_information": {"name": "Desk"},
            "features": {
                "slash_commands": [{"command": "/code", "description": "Look up", "usage_hint": "E11.9"}],
                "shortcuts": [{"name": "Flag", "type": "message", "callback_id": "flag", "description": "Report"}],
            },
            "oauth_config": {"scopes": {"bot": ["commands"]}},
            "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
        }
    )
    assert setup == AppSetup(
        "Desk",
        (SlashCommand("/code", "Look up", "E11.9"),),
        (Shortcut("flag", "Flag", "Report", on_message=True),),
        frozenset({"message.im"}),
        ("commands",),
    )


def test_typed_words_stay_only_where_block_and_action_keep_their_names() -> None:
    element = {"type": "plain_text_input", "action_id": "a"}
    block = {"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "L"}, "element": element}
    typed = {"b": {"a": {"type": "plain_text_input", "value": "typed"}}}
    assert initial_values([block], typed) == typed
    renamed = {**block, "block_id": "b2"}
    assert initial_values([renamed], typed) == {"b2": {"a": {"type": "plain_text_input", "value": None}}}
    other = {**block, "element": {"type": "datepicker", "action_id": "a", "initial_date": "2026-11-12"}}
    assert initial_values([other], typed) == {"b": {"a": {"type": "datepicker", "selected_date": "2026-11-12"}}}


def test_blocks_get_names_without_touching_the_originals() -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    original = [{"type": "actions", "elements": [button]}]
    named = with_ids(original)
    assert named[0]["block_id"]
    assert named[0]["elements"][0]["action_id"]
    assert "block_id" not in original[0]
    assert "action_id" not in button


def test_secrets_are_fresh_on_every_start() -> None:
    one, other = Workspace().credentials, Workspace().credentials
    assert one.bot_token != other.bot_token
    assert one.bot_token.startswith("xoxb-")
    assert one.app_token.startswith("xapp-")
    assert one.signing_secret != other.signing_secret


def test_the_demo_has_five_people_and_two_channels() -> None:
    workspace = workspace_for_demo()
    assert workspace.team_name == "Lakeside Records (demo)"
    assert {person.real_name: (person.tz, person.title) for person in workspace.people()} == {
        "Noor Haddad": ("America/New_York", "Coding specialist"),
        "Tomás Lindqvist": ("America/Los_Angeles", "Coding specialist"),
        "Grace Okafor": ("America/Chicago", "Release-of-information specialist"),
        "Priya Nair": ("America/New_York", "Supervisor"),
        "Daniel Cho": ("America/Chicago", "Privacy officer"),
    }
    assert [channel.name for channel in workspace.channels.of("U0NOOR001") if channel.name] == [
        "records-desk",
        "coding-questions",
    ]
