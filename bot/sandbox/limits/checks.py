"""The building stones of the limits: a check looks at one value and yields what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.sandbox.identifiers import JsonValue


@dataclass(frozen=True)
class Problem:
    """One thing Slack would refuse: where (a JSON pointer) and why.

    ``code`` is set when Slack has an error of its own for it, such as ``msg_blocks_too_long``.
    """

    path: str
    sentence: str
    code: str = ""

    def __str__(self) -> str:
        return f"[ERROR] {self.sentence} [json-pointer:{self.path}]"


Check = Callable[[Any, str], Iterator[Problem]]


def string(longest: int, shortest: int = 0) -> Check:
    """A string of ``shortest`` to ``longest`` characters."""

    def check(value: JsonValue, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(path, "must be a string")
        elif len(value) > longest:
            yield Problem(path, f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            yield Problem(path, f"must be more than {shortest - 1} characters")

    return check


def matching(pattern: str, description: str, longest: int = 3000) -> Check:
    """A string that matches the whole pattern."""
    compiled = re.compile(pattern)

    def check(value: JsonValue, path: str) -> Iterator[Problem]:
        yield from string(longest)(value, path)
        if isinstance(value, str) and not compiled.fullmatch(value):
            yield Problem(path, f"must be {description}")

    return check


def flag(value: JsonValue, path: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem(path, "must be a boolean")


def whole(low: int, high: int) -> Check:
    """A whole number from ``low`` to ``high``."""

    def check(value: JsonValue, path: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Problem(path, "must be an integer")
        elif not low <= value <= high:
            yield Problem(path, f"must be between {low} and {high}")

    return check


def choice(*words: str) -> Check:
    """One of a few words."""

    def check(value: JsonValue, path: str) -> Iterator[Problem]:
        if value not in words:
            yield Problem(path, f"must be one of: {', '.join(words)}")

    return check


def items(check_item: Check, fewest: int, most: int) -> Check:
    """A list of ``fewest`` to ``most`` items, each one checked."""

    def check(value: JsonValue, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(path, "must be an array")
            return
        if len(value) > most:
            yield Problem(path, f"no more than {most} items allowed")
        if len(value) < fewest:
            yield Problem(path, f"no fewer than {fewest} items allowed")
        for index, item in enumerate(value):
            yield from check_item(item, f"{path}/{index}")

    return check


def shape(
    required: Mapping[str, Check], optional: Mapping[str, Check], rules: Sequence[Check] = (), kind: str = ""
) -> Check:
    """An object with these fields and no others; ``rules`` look at it as a whole once its fields are right."""
    fields = {**required, **optional}

    def check(value: JsonValue, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(path, "must be an object")
            return
        problems = list(_check_fields(value, path, fields, required, kind))
        yield from problems
        if not problems:
            yield from chain.from_iterable(rule(value, path) for rule in rules)

    return check


def _check_fields(
    value: dict[str, Any], path: str, fields: Mapping[str, Check], required: Mapping[str, Check], kind: str
) -> Iterator[Problem]:
    for name in required:
        if name not in value:
            yield Problem(path, f"missing required field: {name}")
    for name, field in value.items():
        if name == "type" and kind:
            continue
        if name not in fields:
            yield Problem(path, f"invalid additional property: {name}")
        else:
            yield from fields[name](field, f"{path}/{name}")


def by_type(checks: Mapping[str, Check], allowed: Sequence[str] = ()) -> Check:
    """An object whose ``type`` chooses its check; ``allowed`` narrows the types that may stand here."""
    names = tuple(allowed or checks)

    def check(value: JsonValue, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(path, "must be an object")
        elif "type" not in value:
            yield Problem(path, "missing required field: type")
        elif value["type"] not in names:
            yield Problem(f"{path}/type", f"unsupported type: {value['type']}")
        else:
            yield from checks[value["type"]](value, path)

    return check


def text(longest: int, *types: str, shortest: int = 1) -> Check:
    """A text object; ``types`` are the kinds allowed here, ``plain_text`` alone when none is named."""
    content = string(longest, shortest)
    return by_type(
        {
            "plain_text": shape({"text": content}, {"emoji": flag}, kind="plain_text"),
            "mrkdwn": shape({"text": content}, {"verbatim": flag}, kind="mrkdwn"),
        },
        types or ("plain_text",),
    )


def exactly_one(*names: str) -> Check:
    """A rule: one of these fields is given, and not two of them."""

    def check(value: JsonValue, path: str) -> Iterator[Problem]:
        given = [name for name in names if name in value]
        if len(given) != 1:
            yield Problem(path, f"must define either `{'` or `'.join(names)}`" if not given else "only one is allowed: "
                          + ", ".join(given))  # fmt: skip

    return check
