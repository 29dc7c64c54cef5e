"""What a log may hold: ids and words. Never what somebody typed, and never a value out of an error."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import set_up_logs

CANARY = "ZZCANARY 412-55-7810"


@pytest.fixture
def _logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("_logging_restored")
@pytest.mark.parametrize("as_json", [True, False])
def test_keys_that_are_not_on_the_list_are_dropped(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    set_up_logs("INFO", as_json=as_json)
    structlog.get_logger("test").info("claimed", reference="RV-2F7KQ", text=CANARY, body={"text": CANARY}, note=CANARY)
    printed = capsys.readouterr().err
    assert "RV-2F7KQ" in printed
    assert "claimed" in printed
    assert "ZZCANARY" not in printed


@pytest.mark.usefixtures("_logging_restored")
def test_a_traceback_names_lines_and_the_kind_of_error_but_not_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("INFO", as_json=True)

    def fails() -> None:
        raise ValueError(f"cannot read {CANARY}")

    try:
        fails()
    except ValueError:
        structlog.get_logger("test").exception("unexpected_error", reference="E-22222")
    line = json.loads(capsys.readouterr().err)
    assert line["exception"].startswith("ValueError < ")
    assert "test_logs.py" in line["exception"]
    assert "in fails" in line["exception"]
    assert line["level"] == "error"
    assert line["timestamp"].endswith("Z")
    assert "ZZCANARY" not in str(line)


@pytest.mark.usefixtures("_logging_restored")
@pytest.mark.parametrize("name", ["slack_bolt.App", "slack_bolt.RequestVerification", "slack_sdk.web.client", "sqlalchemy.engine", "httpx", "websocket"])
def test_libraries_that_print_bodies_stay_above_the_level_at_which_they_do(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    set_up_logs("INFO")
    logger = logging.getLogger(name)
    logger.level = logging.getLogger().level  # as Bolt does with each of its own
    logger.debug("body: %s", CANARY)
    logger.info("body: %s", CANARY)
    if name.startswith("slack_bolt"):
        logger.warning("Unhandled request: %s", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logger.exception("something is wrong")
    printed = capsys.readouterr().err
    assert "ZZCANARY" not in printed
    assert "something is wrong" in printed
    assert "ValueError < " in printed


@pytest.mark.usefixtures("_logging_restored")
def test_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("ERROR")
    structlog.get_logger("test").warning("not this")
    structlog.get_logger("test").error("but this")
    logging.getLogger("slack_bolt").warning("nor this")
    printed = capsys.readouterr().err
    assert "but this" in printed
    assert "this" in printed
    assert "not this" not in printed
    assert "nor this" not in printed
