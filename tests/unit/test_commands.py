"""One list of commands: it parses, helps, fills the manifest, and carries the prefix of an installation."""

from __future__ import annotations

import pytest

from bot.actors import Actor
from bot.commands import COMMANDS, command_name, read_word, with_prefix
from bot.errors import BadInput
from bot.manifest import manifest
from bot.views.desk_help import help_message
from storage.words import Role

LISTS = ["mine", "queue", "holds", "due"]


def reader(*roles: Role) -> Actor:
    return Actor(1, 1, "U1", "Noor", "UTC", "UTC", None, frozenset(roles))


@pytest.mark.parametrize(("typed", "meant"), [("queue", "queue"), (" QUEUE ", "queue"), ("Due", "due")])
def test_a_word_is_read_whatever_its_capitals(typed: str, meant: str) -> None:
    assert read_word(typed, LISTS, command="tasks") == meant


@pytest.mark.parametrize(("typed", "near"), [("qeue", "queue"), ("hold", "holds"), ("mien", "mine"), ("queue!", "queue")])
def test_a_near_miss_is_answered_with_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(BadInput, match=rf"^Did you mean /tasks {near}\?$"):
        read_word(typed, LISTS, command="tasks")


def test_anything_else_is_answered_with_the_list_and_never_repeated() -> None:
    with pytest.raises(BadInput) as told:
        read_word("Jane Roe 412-55-7810", LISTS, command="tasks")
    assert told.value.sentence == "/tasks knows: mine, queue, holds, due. /desk shows examples."


def test_the_prefix_is_put_before_our_commands_and_nothing_else() -> None:
    text = "/claim takes the next one; see /tasks, but not /etc/roi, https://example.com/code or and/or"
    assert with_prefix(text, "cd-") == "/cd-claim takes the next one; see /cd-tasks, but not /etc/roi, https://example.com/code or and/or"
    assert with_prefix(text, "") == text
    assert command_name("code", "cd-") == "/cd-code"


def test_help_shows_each_way_to_use_each_command_for_the_readers_roles() -> None:
    shown = str([block.to_dict() for block in help_message(reader(Role.SUPERVISOR)).blocks])
    for command in COMMANDS:
        for usage in command.usages:
            assert f"/{command.name} {usage.words}".strip() in shown
            assert usage.does in shown
    assert "/assign" not in str([block.to_dict() for block in help_message(reader(Role.SPECIALIST)).blocks])


def test_every_command_is_in_the_manifest_within_slacks_limits() -> None:
    told = {entry["command"]: entry for entry in manifest("cd-")["features"]["slash_commands"]}
    assert set(told) == {f"/cd-{command.name}" for command in COMMANDS}
    assert all(len(entry["description"]) <= 2000 and len(entry["usage_hint"]) <= 1000 for entry in told.values())
    assert all(len(name) <= 32 for name in told)
