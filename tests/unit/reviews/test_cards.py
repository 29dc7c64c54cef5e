"""Cards in Slack keep up with their task: noted with the change, updated once for many changes, and never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.actors import Identity
from bot.reviews import work
from bot.team.assign import assign
from jobs import cards
from jobs.cards import sweep_cards
from storage.tables import Notice, StaleCard
from storage.words import NoticeKind, NoticeState, ReturnReason, Role
from tests.clinic import Clinic


class Slack:
    """Takes updates and remembers them; refuses what it is told to."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.refusals: list[tuple[int, str]] = []

    def chat_update(self, **message: Any) -> None:
        if self.refusals:
            status, word = self.refusals.pop(0)
            answer = SlackResponse(
                client=None, http_verb="POST", api_url="", req_args={}, data={"error": word},
                headers={"Retry-After": "20"}, status_code=status,
            )  # fmt: skip
            raise SlackApiError("refused", answer)  # type: ignore[no-untyped-call]
        self.updates.append(message)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Slack:
    """Slack's end of the line, for what the sandbox cannot be made to do."""
    stand_in = Slack()
    monkeypatch.setattr(cards, "WebClient", lambda **_: stand_in)
    return stand_in


@pytest.fixture
def noor(clinic: Clinic) -> Identity:
    return clinic.person("Noor", Role.SPECIALIST)


def shown(clinic: Clinic, noor: Identity) -> str:
    """A task that a message in Noor's conversation shows."""
    task = clinic.task()
    clinic.desk.change(clinic.person("Priya", Role.SUPERVISOR), assign, None, task, noor.user_id)
    with clinic.database.write() as session:
        for notice in session.query(Notice).filter_by(workspace_id=clinic.workspace_id, kind=NoticeKind.TASK_ASSIGNED):
            notice.state, notice.sent_at = NoticeState.SENT, clinic.clock()
            notice.channel, notice.message_ts = "D0NOOR", f"{notice.id}.0001"
    return task


def notes(clinic: Clinic) -> list[StaleCard]:
    with clinic.database.read() as session:
        return session.query(StaleCard).filter_by(workspace_id=clinic.workspace_id).all()


def test_many_changes_in_a_moment_are_one_update_that_shows_the_last(clinic: Clinic, noor: Identity, slack: Slack) -> None:
    task = shown(clinic, noor)
    clinic.desk.change(noor, work.start, None, task)
    assert sweep_cards(clinic.desk) == 0, "what else changes now shall be in the same update"
    clinic.clock.move(seconds=1)
    clinic.desk.change(noor, work.complete, None, task)
    clinic.clock.move(seconds=2)
    sweep_cards(clinic.desk)
    assert [update["text"].split(" · ")[0] for update in slack.updates] == [f"{task} is completed now. {task}"]
    assert not [block for block in slack.updates[0]["blocks"] if block["type"] == "actions"]
    assert notes(clinic) == []
    clinic.clock.move(minutes=5)
    assert (sweep_cards(clinic.desk), len(slack.updates)) == (0, 1)


def test_a_task_no_message_shows_leaves_no_note(clinic: Clinic, noor: Identity) -> None:
    task = clinic.owned_task(noor)
    clinic.desk.change(noor, work.start, None, task)
    assert notes(clinic) == []


def test_when_slack_asks_to_wait_the_update_comes_later(clinic: Clinic, noor: Identity, slack: Slack) -> None:
    task = shown(clinic, noor)
    clinic.desk.change(noor, work.start, None, task)
    slack.refusals = [(429, "ratelimited")]
    clinic.clock.move(seconds=4)
    sweep_cards(clinic.desk)
    clinic.clock.move(seconds=19)
    assert sweep_cards(clinic.desk) == 0
    clinic.clock.move(seconds=1)
    sweep_cards(clinic.desk)
    assert len(slack.updates) == 1


def test_a_message_that_is_gone_does_not_keep_the_note(clinic: Clinic, noor: Identity, slack: Slack) -> None:
    task = shown(clinic, noor)
    clinic.desk.change(noor, work.start, None, task)
    slack.refusals = [(200, "message_not_found")]
    clinic.clock.move(seconds=4)
    sweep_cards(clinic.desk)
    assert notes(clinic) == []


def test_a_change_during_the_update_is_not_lost(
    clinic: Clinic, noor: Identity, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = shown(clinic, noor)
    clinic.desk.change(noor, work.start, None, task)
    clinic.clock.move(seconds=4)
    first = slack.chat_update

    def meanwhile(**message: Any) -> None:
        monkeypatch.setattr(slack, "chat_update", first)
        clinic.desk.change(noor, work.return_task, None, task, ReturnReason.END_OF_SHIFT)
        first(**message)

    monkeypatch.setattr(slack, "chat_update", meanwhile)
    sweep_cards(clinic.desk)
    assert sweep_cards(clinic.desk) == 0, "at most one update in a few seconds"
    clinic.clock.move(seconds=3)
    sweep_cards(clinic.desk)
    assert ["in progress" in update["text"] for update in slack.updates] == [True, False]
    assert "available now" in slack.updates[-1]["text"]
    assert notes(clinic) == []


def test_what_a_clock_took_and_died_with_is_taken_up_by_another(clinic: Clinic, noor: Identity, slack: Slack) -> None:
    task = shown(clinic, noor)
    clinic.desk.change(noor, work.start, None, task)
    clinic.clock.move(seconds=4)
    assert len(cards._take(clinic.desk)) == 1
    assert sweep_cards(clinic.desk) == 0
    clinic.clock.moment += cards.LEASE + timedelta(seconds=1)
    assert (sweep_cards(clinic.desk), len(slack.updates)) == (1, 1)
