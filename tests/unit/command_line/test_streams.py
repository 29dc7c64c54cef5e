"""Commands other programs talk with: a line in, a line out, at once; and how they end when somebody stops them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.unit.command_line.conftest import Chartdesk

COMMAND = [sys.executable, "-m", "bot"]


@pytest.fixture
def with_codes(settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation with the shipped code set."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url)


@pytest.fixture
def control_c() -> Iterator[None]:
    """Control-C reaches what is started here, also where the tests themselves run in the background of a shell, which ignores it for them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def batch(with_codes: None, control_c: None) -> Iterator[subprocess.Popen[str]]:
    """``chartdesk code --batch`` with open ends."""
    root = str(Path(__file__).parents[3])
    process = subprocess.Popen(
        [*COMMAND, "code", "--batch", "--json", "--limit", "3"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


def ask(process: subprocess.Popen[str], question: str) -> dict[str, object]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(question + "\n")
    process.stdin.flush()
    answer: dict[str, object] = json.loads(process.stdout.readline())
    return answer


def test_each_question_is_answered_before_the_next_is_asked(batch: subprocess.Popen[str]) -> None:
    first = ask(batch, "e119")
    assert first["query"] == "e119"
    assert first["results"] == [
        {"code": "E11.9", "title": "Type 2 diabetes mellitus without complications", "billable": True, "score": 100.0}
    ]
    assert isinstance(first["ms"], float)
    assert set(ask(batch, "broken wrist left")) == {"query", "results", "ms"}
    assert ask(batch, "")["results"] == []
    assert ask(batch, "naïve — “café”")["query"] == "naïve — “café”"

    _, errors = batch.communicate()
    assert (batch.returncode, errors) == (0, "")


def test_ctrl_c_ends_it_quietly(batch: subprocess.Popen[str]) -> None:
    ask(batch, "E11.9")
    batch.send_signal(signal.SIGINT)
    # Nobody closes its input: it ends because it was told to, not because there is nothing more to read.
    assert batch.wait(10) == 130
    assert batch.stderr is not None
    assert batch.stderr.read() == ""


def test_a_reader_who_goes_away_ends_it_quietly(batch: subprocess.Popen[str]) -> None:
    ask(batch, "E11.9")
    assert batch.stdin is not None
    assert batch.stdout is not None
    assert batch.stderr is not None
    batch.stdout.close()
    batch.stdin.write("E11.9\n" * 10)
    batch.stdin.flush()
    assert batch.wait(10) == 1
    assert batch.stderr.read() == ""


def test_one_question_for_people_and_for_programs(chartdesk: Chartdesk, with_codes: None) -> None:
    shown = chartdesk("code", "broken", "wrist", "left", "--limit", "2")
    assert shown.code == 0
    assert shown.out.splitlines()[0].split() == ["Code", "Title", "Use", "Found", "by"]
    assert "left" in shown.out
    assert len(json.loads(chartdesk("code", "broken", "wrist", "--json", "--limit", "4").out)["results"]) == 4
    assert chartdesk("code", "qqqqqq").out == "No code like that is in the code set. Try fewer words, or the start of the code.\n"
    assert "ICD-10-CM" in chartdesk("codes", "list").out


def test_texts_are_scanned_line_by_line(chartdesk: Chartdesk) -> None:
    typed = "\n".join([json.dumps("pt Maria Gonzalez MRN 1234567"), json.dumps("wrong laterality"), "no JSON", ""])
    lines = [json.loads(line) for line in chartdesk("privacy", "scan", "--json", typed=typed).out.splitlines()]
    assert [finding["label"] for finding in lines[0]["findings"]] == ["NAME", "MRN"]
    assert lines[0]["findings"][1] == {"start": 22, "end": 29, "label": "MRN", "action": "block"}
    assert lines[1] == {"findings": []}
    assert lines[2]["error"].startswith("Line 3 is not a JSON string.")

    told = chartdesk("privacy", "scan", typed="MRN 1234567\nwrong laterality\n").out.splitlines()
    assert told == ["1: MRN at 4–11 (block)", "2: clean"]


def test_help_comes_at_once(folder: Path) -> None:
    """Without the heavy libraries, which is what takes time."""
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--help"], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    ).stderr  # fmt: skip
    modules = {line.rpartition("|")[2].strip() for line in loaded.splitlines()}
    assert "bot.command_line.commands" in modules
    assert modules.isdisjoint({"sqlalchemy", "pydantic", "slack_sdk", "numpy", "alembic", "apscheduler"})
