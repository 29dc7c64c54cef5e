"""What can be expected to go wrong is one sentence and exit code 2; no traceback, no password."""

from __future__ import annotations

import pytest

from tests.unit.command_line.conftest import Chartdesk


def test_an_unknown_command_is_guessed(chartdesk: Chartdesk) -> None:
    ended = chartdesk("imprt")
    assert ended.code == 2
    assert "No such command 'imprt'. Did you mean 'import'?" in " ".join(ended.err.replace("│", "").split())
    assert "Did you mean 'upgrade'?" in " ".join(chartdesk("db", "upgrad").err.replace("│", "").split())


def test_help_names_every_command_and_needs_no_installation(
    chartdesk: Chartdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    shown = chartdesk("--help")
    assert shown.code == 0
    for command in (
        "run",
        "web",
        "clock",
        "sandbox",
        "doctor",
        "db",
        "codes",
        "code",
        "import",
        "people",
        "privacy",
        "audit",
        "manifest",
    ):
        assert f" {command} " in shown.out
        assert chartdesk(command, "--help").code == 0
    assert chartdesk("--version").out.startswith("chartdesk ")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "mysql://user:hidden-word@host/desk",
            "DATABASE_URL must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.",
        ),
        ("nonsense", "DATABASE_URL must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."),
        ("postgresql://user:hidden-word@127.0.0.1:1/desk", "Check DATABASE_URL, and that the server runs."),
        ("sqlite:////proc/nowhere/desk.db", "cannot be used: No such file or directory."),
    ],
)
def test_a_database_that_cannot_be_reached(
    chartdesk: Chartdesk, monkeypatch: pytest.MonkeyPatch, url: str, sentence: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    for command in (("people", "list"), ("db", "upgrade"), ("db", "current")):
        said = chartdesk(*command).sentence
        assert said.endswith(sentence)
        assert "hidden-word" not in said


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("PORT", "99999", "PORT "),
        ("SLACK_API_URL", "slack", "SLACK_API_URL must be a web address"),
        ("CHARTDESK_ADMINS", "noor", "CHARTDESK_ADMINS must be Slack member ids"),
        ("REDIS_URL", "localhost", "REDIS_URL must be redis://"),
    ],
)
def test_a_wrong_setting_is_named(
    chartdesk: Chartdesk, monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(name, value)
    for command in (("run",), ("web",), ("people", "list")):
        assert part in chartdesk(*command).sentence


def test_what_slack_needs_is_named_before_anything_starts(desk_ready: Chartdesk) -> None:
    assert desk_ready("web").sentence.startswith("SLACK_BOT_TOKEN is missing.")
    assert desk_ready("run").sentence.startswith("SLACK_BOT_TOKEN is missing.")


def test_a_postgresql_installation_needs_a_key_of_its_own(
    chartdesk: Chartdesk, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    assert chartdesk("db", "upgrade", "--no-codes").code == 0
    assert "CHARTDESK_SECRET_KEY is missing" in chartdesk("doctor").out


def test_code_wants_words_or_a_batch(chartdesk: Chartdesk) -> None:
    assert "Say what to look up" in chartdesk("code").sentence
    assert "Say what to look up" in chartdesk("code", "--batch", "wrist").sentence
    assert chartdesk("code", "wrist", "--limit", "0").code == 2


def test_manifest_options_are_checked(chartdesk: Chartdesk) -> None:
    assert "small letters" in chartdesk("manifest", "--prefix", "CD!").sentence
    assert "must begin with https://" in chartdesk("manifest", "--url", "http://example.com").sentence
