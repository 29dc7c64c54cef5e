"""Pending releases: what is due, what blocks it, and reminders that come once."""

from __future__ import annotations

from datetime import timedelta

from jobs.reminders import sweep_reminders
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
