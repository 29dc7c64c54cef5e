"""Settings: what is wrong or missing is named in one sentence, and the key is kept safe."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from holidays.countries.united_states import UnitedStates

from bot.calendar import STATES
from bot.settings import SettingsError, load_settings, require_slack

VARIABLES = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_API_URL",
    "HOST", "PORT", "DATABASE_URL", "REDIS_URL", "CHARTDESK_SECRET_KEY", "CHARTDESK_ADMINS", "CHARTDESK_COMMAND_PREFIX",
    "CHARTDESK_WEB_WORKERS", "CHARTDESK_LISTENER_THREADS", "CHARTDESK_LOG_LEVEL", "CHARTDESK_LOG_JSON",
)  # fmt: skip


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Nothing set, and no .env file in the working folder."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("DATABASE_URL", "mysql://somewhere/desk"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "not a database"),
        ("DATABASE_URL", ""),
        ("REDIS_URL", "localhost:6379"),
        ("SLACK_API_URL", "slack.com/api"),
        ("CHARTDESK_ADMINS", "U012AB3CD, priya"),
        ("CHARTDESK_COMMAND_PREFIX", "CD "),
        ("CHARTDESK_WEB_WORKERS", "none"),
        ("CHARTDESK_LISTENER_THREADS", "5"),
        ("CHARTDESK_LOG_LEVEL", "DEBUG"),
        ("CHARTDESK_LOG_JSON", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert told.value.sentence.startswith(f"{name} ")
    assert told.value.sentence.endswith(".")
    assert "\n" not in told.value.sentence


def test_a_wrong_setting_does_not_print_a_password(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "mysql://desk:very-secret@somewhere/desk")
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert "very-secret" not in told.value.sentence
    assert told.value.__cause__ is None


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_SECRET": "x"}, "SLACK_CLIENT_ID"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "x"}, "SLACK_SIGNING_SECRET"),
    ],
)
def test_what_slack_needs_is_asked_for_by_name(environment: pytest.MonkeyPatch, given: dict[str, str], missing: str) -> None:
    for name, value in given.items():
        environment.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        require_slack(load_settings())
    assert told.value.sentence.startswith(f"{missing} is missing")


@pytest.mark.parametrize(
    "given",
    [
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"},
        {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "x", "SLACK_SIGNING_SECRET": "s"},
    ],
)
def test_each_way_to_connect_is_enough(environment: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        environment.setenv(name, value)
    settings = load_settings()
    require_slack(settings)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)


def test_settings_are_read_from_a_file_too_and_lists_from_one_line(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHARTDESK_ADMINS= U012AB3CD , W2222\nSLACK_API_URL=http://127.0.0.1:8765/api\n")
    settings = load_settings()
    assert settings.chartdesk_admins == ("U012AB3CD", "W2222")
    assert settings.slack_api_url == "http://127.0.0.1:8765/api/"


def test_secrets_do_not_show_when_settings_are_printed(environment: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET", "CHARTDESK_SECRET_KEY"):
        environment.setenv(name, "very-secret")
    assert "very-secret" not in repr(load_settings())


def test_the_key_beside_a_sqlite_file_is_for_its_owner_only_and_stays(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load_settings({"database_url": f"sqlite:///{tmp_path}/new/desk.db"})
    key = settings.secret_key()
    file = tmp_path / "new" / "desk.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key) == 64
    assert load_settings({"database_url": f"sqlite:///{tmp_path}/new/desk.db"}).secret_key() == key


def test_processes_that_start_together_read_the_same_key(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for attempt in range(20):
        settings = load_settings({"database_url": f"sqlite:///{tmp_path}/{attempt}/desk.db"})
        with ThreadPoolExecutor(4) as pool:
            keys = set(pool.map(lambda _, one=settings: one.secret_key(), range(4)))
        assert len(keys) == 1
        assert b"" not in keys


def test_an_emptied_key_file_is_not_taken_for_a_key(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "desk.key").touch()
    with pytest.raises(SettingsError, match=r"desk\.key is empty"):
        load_settings({"database_url": f"sqlite:///{tmp_path}/desk.db"}).secret_key()


def test_on_postgresql_the_key_must_be_set_because_machines_share_it(environment: pytest.MonkeyPatch) -> None:
    url = "postgresql://desk@somewhere/desk"
    with pytest.raises(SettingsError, match="CHARTDESK_SECRET_KEY is missing"):
        load_settings({"database_url": url}).secret_key()
    assert load_settings({"database_url": url, "chartdesk_secret_key": "long"}).secret_key() == b"long"


def test_the_list_of_states_is_that_of_the_holidays_package() -> None:
    assert set(UnitedStates.subdivisions) == STATES
