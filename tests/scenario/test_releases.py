"""Pending releases: what is due, what blocks it, and reminders that come once."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from jobs.reminders import sweep_reminders
from storage.tables import Person
from storage.words import RequestState
from tests.scenario.conftest import Office
from tests.scenario.test_flagging import new_request


def test_the_list_shows_the_nearest_first_and_opens_the_card(office: Office) -> None:
    far = new_request(office)
    near = new_request(office, received_on=office.clock().date() - timedelta(days=25))

    office.grace.command("/roi")

    page = office.grace.sees(near)
    assert page.text.index(near) < page.text.index(far)
    office.grace.click(page, "roi_open", near)
    assert "HIPAA-30C" in office.grace.sees(f"{near} ·").text


def test_a_reminder_arrives_once_as_a_direct_message(office: Office) -> None:
    request = new_request(office, received_on=office.clock().date() - timedelta(days=29))

    for _ in range(3):
        office.clock.move(minutes=1)
        sweep_reminders(office.desk)
        office.deliver_notices()

    letters = [message for message in office.grace.messages() if request in message.text]
    assert len(letters) == 1
    assert not letters[0].is_ephemeral


def go_on_leave(office: Office, name: str, days: int = 14) -> None:
    with office.desk.database.write() as session:
        person = session.scalars(sa.select(Person).where(Person.name == name)).one()
        person.away_from, person.away_until = office.clock(), office.clock() + timedelta(days=days)


def remind(office: Office) -> None:
    office.clock.move(minutes=1)
    sweep_reminders(office.desk)
    office.deliver_notices()


def test_a_legal_clock_does_not_wait_for_its_owner_to_come_back_from_leave(office: Office) -> None:
    request = new_request(office, received_on=office.clock().date() - timedelta(days=29))
    go_on_leave(office, "Grace Okafor")
    remind(office)
    remind(office)

    [letter] = [message for message in office.priya.messages() if request in message.text]
    assert "due tomorrow" in letter.text
    assert "@Grace Okafor is away, so this comes to you." in letter.text
    assert not [message for message in office.grace.messages() if request in message.text]
    office.priya.click(letter, "roi_assign", request)
    office.priya.submit(office.priya.needs_modal("Assign a release"), {"person": "U0DANIEL1"})
    office.priya.sees(f"now has {request}")


def test_a_reminder_already_written_is_passed_on_when_its_reader_goes_on_leave_or_leaves(office: Office) -> None:
    mine = new_request(office, received_on=office.clock().date() - timedelta(days=29))
    office.clock.move(minutes=1)
    sweep_reminders(office.desk)
    go_on_leave(office, "Grace Okafor")
    office.deliver_notices()
    office.deliver_notices()

    [letter] = [message for message in office.priya.messages() if mine in message.text]
    assert "Reassign" in letter.text
    assert not [message for message in office.grace.messages() if mine in message.text]


def test_who_cannot_be_reached_does_not_keep_a_reminder_to_themselves(office: Office) -> None:
    request = new_request(office, received_on=office.clock().date() - timedelta(days=29))
    office.workspace.members["U0GRACE01"].deleted = True
    remind(office)
    office.deliver_notices()
    assert [message for message in office.priya.messages() if request in message.text]
    assert [message for message in office.priya.messages() if "does not deliver my messages" in message.text]


def test_a_release_is_prepared_checked_by_another_and_delivered_and_then_no_longer_reminded_of(office: Office) -> None:
    received = office.clock().date() - timedelta(days=29)
    request = new_request(office, received_on=received, state=RequestState.RETRIEVAL, accounting=False)

    office.grace.command("/roi", request)
    office.grace.click(office.grace.sees(f"{request} ·"), "roi_step:qa_review")
    office.grace.sees("QA review")
    office.priya.command("/roi", request)
    office.priya.click(office.priya.sees(f"{request} ·"), "roi_step:ready_to_send")
    office.priya.sees("ready to send")
    office.grace.command("/roi", request)
    office.grace.click(office.grace.sees("ready to send"), "roi_step:delivered")
    office.grace.sees("delivered")

    sweep_reminders(office.desk)
    office.deliver_notices()
    assert not [message for message in office.grace.messages() if request in message.text]


def test_nobody_checks_their_own_preparation(office: Office) -> None:
    request = new_request(office, state=RequestState.RETRIEVAL)
    office.grace.command("/roi", request)
    office.grace.click(office.grace.sees(f"{request} ·"), "roi_step:qa_review")
    assert "roi_step:ready_to_send" not in office.grace.sees("QA review").action_ids()


def test_a_specialist_without_the_role_cannot_see_releases(office: Office) -> None:
    new_request(office, state=RequestState.LOGGED)
    office.noor.command("/roi")
    office.noor.sees("This is for the role of")
