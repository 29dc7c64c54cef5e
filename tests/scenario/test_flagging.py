"""An accuracy problem is reported; a critical one freezes releases on the record."""

from __future__ import annotations

import sqlalchemy as sa

from bot.actors import desk_actor
from bot.roi.intake import RequestFacts, log_request
from storage.tables import Person, Record, ReviewTask
from storage.words import RequestState, RequestType
from tests.scenario.conftest import Office


def record_of(office: Office, task: str) -> str:
    with office.desk.database.read() as session:
        return session.scalars(
            sa.select(Record.reference)
            .join(ReviewTask, ReviewTask.record_id == Record.id)
            .where(ReviewTask.reference == task, ReviewTask.workspace_id == office.workspace_id)
            .execution_options(all_workspaces=True)
        ).one()


def new_request(office: Office, record: str | None = None, **facts: object) -> str:
    """Log a request owned by Grace, ready to be sent."""
    with office.desk.database.write() as session:
        grace = session.scalars(
            sa.select(Person).where(
                Person.slack_user_id == "U0GRACE01", Person.workspace_id == office.workspace_id
            )
        ).one()
        given = {
            "type": RequestType.PATIENT_ACCESS,
            "received_on": office.clock().date(),
            "state": RequestState.READY_TO_SEND,
            "owner_id": grace.id,
            "record": record,
            **facts,
        }
        desk = desk_actor(session, office.workspace_id, "test")
        request = log_request(session, desk, office.clock(), office.desk.rules, RequestFacts(**given))
        return request.reference


def report(office: Office, about: str, error_type: str, **more: object) -> None:
    office.noor.command("/flag", about)
    form = office.noor.needs_modal("Report a problem")
    office.noor.submit(form, {"error_type": error_type, **more})


def test_a_flag_reaches_the_person_and_they_accept_it(office: Office) -> None:
    task = office.new_task()
    office.tomas.command("/claim")

    report(office, task, "laterality", root_reason="documentation_missed")
    office.noor.sees("FL-")
    office.deliver_notices()

    letter = office.tomas.sees("a colleague saw something")
    office.tomas.click(letter, "flag_step:accept") if "flag_step:accept" in letter.action_ids() else None
    assert any(action.startswith("flag_") for action in letter.action_ids())


def test_a_critical_flag_freezes_the_release_and_tells_the_privacy_officer(office: Office) -> None:
    task = office.new_task()
    request = new_request(office, record_of(office, task))

    report(office, task, "wrong_patient")
    office.deliver_notices()

    office.daniel.sees("FL-")
    assert "waits: the critical flag" in office.grace.sees(request).text
    office.grace.command("/roi", request)
    card = office.grace.sees(f"{request} ·")
    assert "critical flag" in card.text.lower()


def test_somebody_elses_workspace_reference_is_not_found(office: Office) -> None:
    office.noor.command("/flag", "RV-22222")
    office.noor.sees("Nothing here is called RV-22222")
