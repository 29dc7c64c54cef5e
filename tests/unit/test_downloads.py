"""The bot's token goes to Slack and nowhere else."""

from __future__ import annotations

import pytest

from handlers.downloads import may_be_fetched

SLACK, SANDBOX, GOV = "https://slack.com/api/", "http://127.0.0.1:8765/api/", "https://slack-gov.com/api/"


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://files.slack.com/files-pri/T1-F1/list.csv", SLACK),
        ("https://files.slack.com/files-pri/T1-F1/list.csv", "https://www.slack.com/api/"),
        ("https://files.slack-gov.com/files-pri/T1-F1/list.csv", GOV),
        ("http://127.0.0.1:8765/files-pri/F1/list.csv", SANDBOX),
    ],
)
def test_slack_and_what_stands_for_it_get_the_token(url: str, api: str) -> None:
    assert may_be_fetched(url, api)


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("http://files.slack.com/files-pri/T1-F1/list.csv", SLACK),
        ("https://files.slack.com.evil.example/list.csv", SLACK),
        ("https://evilslack.com/list.csv", SLACK),
        ("https://slack.com@evil.example/list.csv", SLACK),
        ("https://user:word@files.slack.com/list.csv", SLACK),
        ("https://files.slack.com:8443/list.csv", SLACK),
        ("https://drive.example/list.csv", SLACK),
        ("https://files.slack.com/list.csv", SANDBOX),
        ("http://127.0.0.1:9999/list.csv", SANDBOX),
        ("http://localhost:8765/list.csv", SANDBOX),
        ("file:///etc/passwd", SLACK),
        ("https://files.slack.com:port/list.csv", SLACK),
        ("", SLACK),
    ],
)
def test_no_other_place_does(url: str, api: str) -> None:
    assert not may_be_fetched(url, api)
