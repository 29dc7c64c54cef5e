"""A release is logged in Slack, without any patient field; what cannot be is told under its input, and nothing is kept then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.sandbox.acting import Person
from bot.sandbox.seen import SeenView
from storage.tables import Record, RoiRequest
from storage.words import Purpose, RequestType, Sensitive
from tests.scenario.conftest import Office
from tests.scenario.test_flagging import record_of

TITLE = "Log a release request"


def opened(who: Person, words: str = "new") -> SeenView:
    who.command("/roi", words)
    return who.needs_modal(TITLE)


def logged(office: Office) -> list[RoiRequest]:
    with office.desk.database.read() as session:
        rows = session.scalars(sa.select(RoiRequest).order_by(RoiRequest.id).execution_options(all_workspaces=True)).all()
        session.expunge_all()
    return list(rows)


def records(office: Office) -> int:
    with office.desk.database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Record).execution_options(all_workspaces=True)) or 0


def on(office: Office, days: int) -> str:
    return (office.clock().date() + timedelta(days=days)).isoformat()


def test_a_request_is_logged_and_its_due_date_is_told(office: Office) -> None:
    office.grace.submit(
        opened(office.grace),
        {
            "request_type": "patient_access", "purpose": "personal_use", "requester_type": "patient", "facility": "F1", "legal_state": "CA",
            "received_on": on(office, -1), "delivery_method": "portal", "sensitive": ["mental_health"], "pages": "40",
        },
    )  # fmt: skip

    card = office.grace.sees("is logged: due in 14 days")
    assert "CA-15C" in card.text
    assert "mental" not in card.text
    [request] = logged(office)
    assert (request.type, request.purpose, request.facility) == (RequestType.PATIENT_ACCESS, Purpose.PERSONAL_USE, "F1")
    assert (request.sensitive, request.pages) == ((Sensitive.MENTAL_HEALTH,), 40)
    office.grace.command("/roi", request.reference)
    office.grace.sees(f"{request.reference} · Patient access")


def test_none_of_its_fields_is_about_a_patient(office: Office) -> None:
    form = opened(office.grace)
    asked = {block["block_id"] for block in form.blocks if block["type"] == "input"}
    assert asked == {
        "record", "request_type", "purpose", "purpose_note", "requester_type", "facility", "legal_state", "received_on", "letter_on",
        "letter_due_on", "authorization_valid_on", "delivery_method", "sensitive", "pages", "priority", "person",
    }  # fmt: skip


def test_it_is_on_a_record_the_desk_knows_or_on_a_new_one(office: Office) -> None:
    record = record_of(office, office.new_task())
    before = records(office)

    office.grace.submit(opened(office.grace, f"new {record}"), {"request_type": "patient_access"})
    office.grace.sees(f"{record}")
    assert records(office) == before

    office.grace.submit(opened(office.grace), {"request_type": "patient_access"})
    office.grace.eventually(lambda: len(logged(office)) == 2)
    assert records(office) == before + 1


def test_a_message_that_names_a_task_opens_the_form_on_its_record(office: Office) -> None:
    task = office.new_task()
    record = record_of(office, task)
    office.noor.says(f"Somebody asks for copies of {task}, can you log it?", "#records-desk")
    [message] = office.grace.messages("#records-desk")

    office.grace.message_shortcut(message, "roi_message")

    form = office.grace.needs_modal(TITLE)
    assert form.value("record") == record
    assert "copies" not in form.private_metadata


def test_somebody_else_is_told_that_it_is_theirs(office: Office) -> None:
    office.priya.submit(opened(office.priya), {"request_type": "patient_access", "person": "U0GRACE01"})
    office.priya.sees("is logged")
    office.deliver_notices()
    office.grace.sees("gave you ROI-")


@pytest.mark.parametrize(
    ("said", "field", "told"),
    [
        ({"received_on": 3}, "received_on", "is still to come"),
        ({"letter_on": 1, "letter_due_on": 9}, "letter_on", "is still to come"),
        ({"letter_due_on": -2}, "letter_due_on", "is before the day of the request"),
        ({"letter_on": -2, "letter_due_on": -5}, "letter_due_on", "is before the day of the letter"),
        ({"request_type": "payer_adr"}, "letter_on", "Enter the date of the letter: the 45 days count from it"),
        ({"request_type": "subpoena"}, "letter_due_on", "Enter the due date the letter names"),
        ({"record": "RR-22222"}, "record", "No record here is called RR-22222"),
        ({"record": "tomorrow"}, "record", "It looks like RR-2F7KQ"),
        ({"facility": "F1; drop"}, "facility", "short code, such as F1"),
        ({"person": "U0NOOR001"}, "person", "has no role that works on releases"),
    ],
)
def test_what_cannot_be_is_told_under_its_input_and_nothing_is_kept(
    office: Office, said: dict[str, Any], field: str, told: str
) -> None:
    before = records(office)
    values = {name: on(office, value) if isinstance(value, int) else value for name, value in said.items()}

    refused = office.grace.submit(opened(office.grace), {"request_type": "patient_access", **values})

    assert told in refused.errors[field]
    assert logged(office) == []
    assert records(office) == before


def test_patient_data_in_the_purpose_is_stopped_and_never_repeated_as_it_was(office: Office) -> None:
    office.grace.submit(
        opened(office.grace), {"request_type": "patient_access", "purpose_note": "for John Okonkwo MRN 61744441"}
    )
    again = office.grace.needs_modal(TITLE)
    assert "Nothing was kept" in again.text
    assert "[MRN]" in str(again.blocks)
    assert "61744441" not in str(again.blocks)
    assert logged(office) == []


def test_who_does_not_work_on_releases_cannot_log_one(office: Office) -> None:
    office.noor.command("/roi", "new")
    office.noor.sees("This is for the role of ROI specialist")
