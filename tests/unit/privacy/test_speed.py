"""The guard is quick on any text, also on one made to hold it up; its patterns are bounded, and nothing is read at import."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import bot.privacy
from bot.privacy.guard import Guard
from bot.privacy.numbers import Identifier

#: Pieces that, repeated, make a pattern with nested or overlapping repeats stumble.
HOSTILE = (
    "a", "1", "1 ", "a ", "12 ", "123 ", "1234 ", "-", "1-", "a-", "1.", "a.", "1/", "@", "a@", "a@a.", "(", "<", "<@", "mrn ", "mrn is ", "dob is ",
    "adm ", "due ", "lives in ", "Lives in A ", "from ", "12 ab ", "1 n ab ", "apt 1 ", "po box 1 ", "call the ", "call 5", "555-", "(555) ", "+1 ",
    "1:", "::", "jan 1 ", "1 jan ", "1/1/1 ", "pt is ", "A. ", "Ab Cd ", "a'a-", "name is ", "last four of ", "x-", "www.", "http://a/", "a.com/", "zip ",
    "ninety ", "patient in bed is ", "works at A", "Employer: Ab ", "mr. A ", "\t", "  ", "a at ", "$1,", "v1.", "claim # ", "W2345 67890 ", "1a", "a1-",
    "auth expired ", "王", "doe, j ", "home her is it on to ", "dos 2-11 to ", "consent signed ",
)  # fmt: skip
LONGEST_MS = 50.0


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern of the guard; the script that builds its lists does not run on users' texts."""
    for info in pkgutil.iter_modules(bot.privacy.__path__):
        if info.name == "build_lexicon":
            continue
        for name, value in vars(importlib.import_module(f"bot.privacy.{info.name}")).items():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, re.Pattern):
                    yield f"{info.name}.{name}", one
                elif isinstance(one, Identifier):
                    yield f"{info.name}.{one.label}", one.forward
                    yield f"{info.name}.{one.label}", one.backward


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time, the better of two runs, so that a busy machine does not show."""
    times = []
    for _ in range(2):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
        if times[-1] < LONGEST_MS / 2:
            break
    return min(times)


REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
GROUPS = ("SUBPATTERN", "ASSERT", "ASSERT_NOT", "ATOMIC_GROUP")


def unbounded(parsed: Iterable[Any]) -> bool:
    """Whether a parsed pattern repeats anything without an upper bound."""
    for operator, argument in parsed:
        inner: list[Any] = []
        if str(operator) in REPEATS:
            if argument[1] is constants.MAXREPEAT:
                return True
            inner = [argument[2]]
        elif str(operator) == "BRANCH":
            inner = argument[1]
        elif str(operator) in GROUPS:
            inner = [argument[-1]]
        if any(unbounded(part) for part in inner):
            return True
    return False


def test_every_repeat_has_an_upper_bound() -> None:
    assert unbounded(parser.parse("(?:a{1,3}b+)"))
    assert [name for name, pattern in patterns() if unbounded(parser.parse(pattern.pattern, pattern.flags))] == []


@pytest.mark.parametrize("piece", HOSTILE)
def test_3000_hostile_characters_hold_no_pattern_up(guard: Guard, piece: str) -> None:
    hostile = (piece * 3000)[:2999] + "!"
    for name, pattern in patterns():
        assert milliseconds(lambda: list(pattern.finditer(hostile))) < LONGEST_MS, name  # noqa: B023 - called at once
    assert milliseconds(lambda: guard.scan(hostile)) < 2 * LONGEST_MS


def test_importing_the_guard_reads_no_file_of_words() -> None:
    code = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import bot.privacy.guard, bot.privacy.stream\n"
        "print([name for name in opened if 'lexicon.txt' in name or name.endswith('.txt')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_word_lists_load_in_less_than_a_third_of_a_second() -> None:
    assert milliseconds(Guard.load) < 300
