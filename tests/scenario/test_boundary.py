"""What Slack and people do to a bot: repeats, double clicks, failures in the middle. No acknowledgement is lost, nothing happens twice."""

from __future__ import annotations

import json
import time

import pytest
import sqlalchemy as sa
from slack_bolt import BoltRequest

from bot.errors import Refusal
from bot.sandbox.delivery import encode_body
from handlers.boundary import Boundary
from storage.tables import ReviewTask
from storage.words import TaskState
from tests.scenario.conftest import Office


def owned(office: Office) -> int:
    with office.desk.database.read() as session:
        return (
            session.scalar(
                sa.select(sa.func.count())
                .select_from(ReviewTask)
                .where(ReviewTask.state == TaskState.CLAIMED)
                .execution_options(all_workspaces=True)
            )
            or 0
        )


def test_a_replayed_command_is_carried_out_once(office: Office) -> None:
    for _ in range(3):
        office.new_task()
    body = slash(office, "/claim")

    for _ in range(3):
        assert office.delivery.post("command", body, {}).status == 200
    office.delivery.settle()

    assert owned(office) == 1


def test_a_double_click_takes_one_task(office: Office) -> None:
    for _ in range(3):
        office.new_task()
    home = office.noor.open_home()

    office.noor.click(home, "task_claim_next")
    office.noor.click(home, "task_claim_next")

    assert owned(office) == 1


@pytest.mark.expects_faults
def test_a_listener_that_fails_right_after_its_acknowledgement_is_answered_with_a_reference(office: Office) -> None:
    def fails(_call: object) -> None:
        raise RuntimeError("412-55-7810")

    Boundary(office.delivery.app, office.desk).command("broken", fails)
    started = time.monotonic()
    answer = office.delivery.post("command", slash(office, "/broken"), {})
    office.delivery.settle()

    assert answer.status == 200
    assert time.monotonic() - started < 2.5
    assert any(entry["event"] == "unexpected_error" and entry["reference"].startswith("E-") for entry in office.logs)
    assert all("412-55-7810" not in str(entry.get("reference", "")) for entry in office.logs)


def test_a_refusal_right_after_the_acknowledgement_keeps_it(office: Office) -> None:
    def refuses(_call: object) -> None:
        raise Refusal("Not today.")

    Boundary(office.delivery.app, office.desk).command("refusing", refuses)
    for _ in range(5):
        assert office.delivery.post("command", slash(office, "/refusing"), {}).status == 200


def test_an_unsigned_request_is_turned_away(office: Office) -> None:
    kind, encoded = encode_body("command", slash(office, "/claim"))
    answer = office.delivery.app.dispatch(BoltRequest(body=encoded, headers={"content-type": kind}))
    assert answer.status == 401


def test_an_old_signature_is_turned_away(office: Office) -> None:
    kind, encoded = encode_body("command", slash(office, "/claim"))
    stamp = str(int(time.time()) - 600)
    signature = office.delivery.verifier.generate_signature(timestamp=stamp, body=encoded)
    headers = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    assert office.delivery.app.dispatch(BoltRequest(body=encoded, headers=headers)).status == 401


def test_a_form_submitted_twice_is_carried_out_once(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim")
    office.noor.click(office.noor.sees(task), "task_return")
    office.noor.submit(office.noor.needs_modal("Return to the queue"), {"reason": "end_of_shift"})
    office.noor.sees("back in the queue")
    office.tomas.command("/claim")
    submission = next(
        entry for entry in reversed(list(office.workspace.requests)) if "view_submission" in json.dumps(entry.body)
    )

    answer = office.delivery.post("interactive", dict(submission.body), {})

    assert answer.status == 200
    assert owned(office) == 1


def test_a_stale_card_says_how_things_stand(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim")
    card = office.noor.sees(task)
    office.priya.command("/assign", f"{task} @Tomás Lindqvist")
    office.priya.sees("now has")

    office.noor.click(card, "task_start")

    office.noor.sees(f"{task} is in somebody else's hands")


def test_when_slack_refuses_an_answer_the_work_is_still_done(office: Office) -> None:
    office.new_task()
    office.workspace.faults.rate_limit("users.info", times=1)
    office.noor.command("/claim")
    assert owned(office) == 1


def slash(office: Office, command: str, text: str = "") -> dict[str, str]:
    return {
        "command": command, "text": text, "team_id": office.workspace.team_id, "user_id": "U0NOOR001",
        "channel_id": "D0", "trigger_id": f"t{time.monotonic_ns()}", "response_url": "",
    }  # fmt: skip
