"""What cannot be done with a release, by whoever tries it with a click, a form or a word: a sentence each, and nothing has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.sandbox.acting import Person
from jobs.reminders import sweep_reminders
from storage.tables import Disclosure, DueRuleVersion, Notice, RequestHistory, RoiRequest, Workspace
from storage.tables import Person as PersonRow
from storage.words import AuthorizationStatus, NoticeKind, NoticeState, RequestState, RequestType
from tests.scenario.conftest import Office
from tests.scenario.test_flagging import new_request
from tests.scenario.test_release_story import card, more, release_to_send


def stand(office: Office) -> list[list[tuple[object, ...]]]:
    """All requests, what happened to them, what was disclosed, and the rules as admins changed them."""
    with office.desk.database.engine.connect() as connection:
        return [
            sorted(tuple(map(repr, row)) for row in connection.execute(sa.select(table.__table__)))
            for table in (RoiRequest, RequestHistory, Disclosure, DueRuleVersion)
        ]


def letter(office: Office, days: int, **said: object) -> dict[str, object]:
    promised = (office.clock().date() + timedelta(days=days)).isoformat()
    return {"reason": "records_offsite", "promised_on": promised, "letter_sent": ["yes"], **said}


def received(office: Office, days: int, **facts: object) -> str:
    return new_request(office, state=RequestState.RETRIEVAL, received_on=office.clock().date() - timedelta(days=days), **facts)


def take_role(office: Office, who: Person) -> None:
    with office.desk.database.write() as session:
        session.execute(sa.update(PersonRow).where(PersonRow.slack_user_id == who.member.id).values(roles=()))


def test_an_extension_from_two_open_forms_is_made_once(office: Office) -> None:
    request = received(office, 10)
    forms = {}
    for who in (office.grace, office.priya):
        more(who, request, "extend")
        forms[who.member.id] = who.needs_modal("Extend a release")
    office.grace.submit(forms[office.grace.member.id], letter(office, 40))
    office.grace.sees("is extended: due in")
    before = stand(office)
    office.priya.submit(forms[office.priya.member.id], letter(office, 45))
    office.priya.sees(f"{request} was extended once already. There is no second extension.")
    assert stand(office) == before


def test_a_form_opened_on_day_thirty_comes_too_late_on_day_thirty_one(office: Office) -> None:
    request = received(office, 30)
    more(office.grace, request, "extend")
    form = office.grace.needs_modal("Extend a release")
    office.clock.move(days=1)
    before = stand(office)
    office.grace.submit(form, letter(office, 20))
    office.grace.sees("Talk to the privacy officer about this request.")
    assert stand(office) == before


def test_an_extension_without_its_letter_or_its_date_is_refused_under_the_field(office: Office) -> None:
    more(office.grace, received(office, 10), "extend")
    form = office.grace.needs_modal("Extend a release")
    before = stand(office)
    told = {
        "letter_sent": ("Send the letter with the reason and the new date first", letter(office, 40, letter_sent=[])),
        "promised_on": ("at the latest", letter(office, 400)),
    }
    for field, (sentence, values) in told.items():
        assert sentence in office.grace.submit(form, values).errors[field]
    assert stand(office) == before


def test_what_is_blocked_is_not_delivered_and_what_was_delivered_is_not_delivered_again(office: Office) -> None:
    request = new_request(office, type=RequestType.WORKERS_COMP, letter_due_on=office.clock().date() + timedelta(days=9))
    stale = card(office.grace, request)
    before = stand(office)
    office.grace.choose(stale, "roi_more:more", f"step|{request}")
    office.grace.submit(office.grace.needs_modal("Move a release"), {"state": "delivered"})
    office.grace.sees(f"{request} cannot be delivered yet.")
    assert stand(office) == before
    office.grace.close(everything=True)

    release_to_send(office, request)
    ready = card(office.grace, request)
    for _ in range(2):
        office.grace.click(ready, "roi_step:delivered")
        office.grace.sees("delivered")
    with office.desk.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Disclosure).execution_options(all_workspaces=True)) == 1


def test_a_card_of_before_says_how_the_release_stands_now(office: Office) -> None:
    request = new_request(office, state=RequestState.RETRIEVAL)
    stale = card(office.grace, request)
    more(office.grace, request, "step")
    office.grace.submit(office.grace.needs_modal("Move a release"), {"state": "cancelled"})
    office.grace.submit(office.grace.needs_modal("Cancelled"), {"reason": "withdrawn"})
    office.grace.sees("is cancelled now")
    before = stand(office)
    office.grace.click(stale, "roi_step:qa_review")
    office.grace.sees(f"{request} is cancelled")
    assert stand(office) == before


def test_who_lost_the_role_while_a_form_was_open_is_told_so(office: Office) -> None:
    request = received(office, 10)
    more(office.grace, request, "extend")
    form = office.grace.needs_modal("Extend a release")
    take_role(office, office.grace)
    before = stand(office)
    office.grace.submit(form, letter(office, 40))
    office.grace.sees("You have no role at this desk yet")
    office.grace.command("/roi", request)
    assert stand(office) == before


def test_a_release_of_another_workspace_is_not_here(office: Office) -> None:
    request = new_request(office)
    with office.desk.database.write() as session:
        session.add(Workspace(team_id="T0OTHER001", name="Others", created_at=office.clock()))
        session.flush()
        other = sa.select(Workspace.id).where(Workspace.team_id == "T0OTHER001").scalar_subquery()
        session.execute(
            sa.update(RoiRequest).where(RoiRequest.reference == request).values(workspace_id=other).execution_options(all_workspaces=True)
        )
    before = stand(office)
    office.grace.command("/roi", request)
    office.grace.sees(f"No request here is called {request}")
    assert stand(office) == before


def test_a_reminder_is_snoozed_past_the_due_date_and_the_clock_goes_on(office: Office) -> None:
    request = received(office, 15, legal_state="CA")
    office.clock.move(minutes=1)
    sweep_reminders(office.desk)
    office.deliver_notices()
    reminder = office.grace.sees(f"{request} is due today")
    before = stand(office)
    office.grace.click(reminder, "reminder_snooze", request)
    told = office.grace.sees("You are reminded again")
    assert f"{request} is due today" in told.text
    assert "That is after the day it is due: the clock goes on." in told.text
    assert stand(office) == before
    with office.desk.database.read() as session:
        here = (Notice.workspace_id == office.workspace_id, Notice.state == NoticeState.PENDING)
        [snoozed] = session.scalars(sa.select(Notice).where(*here)).all()
    assert (snoozed.kind, snoozed.facts["point"]) == (NoticeKind.RELEASE_DUE, "snoozed")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("x" * 3_000, "/roi knows:"),
        ("🩺" * 1_500, "/roi knows:"),
        ("ROI-22222", "No request here is called ROI-22222"),
        ("RV-22222", "is another kind of reference"),
        ("disclosures ROI-22222", "is another kind of reference"),
        ("rules; DROP TABLE roi_requests", "/roi knows:"),
    ],
)
def test_whatever_is_typed_after_roi_gets_a_sentence(office: Office, typed: str, told: str) -> None:
    new_request(office)
    before = stand(office)
    office.grace.command("/roi", typed)
    seen = office.grace.sees(told)
    assert len(seen.text) < 600
    assert stand(office) == before


def test_a_rule_form_filled_with_nonsense_names_the_field(office: Office) -> None:
    office.priya.command("/roi", "rules")
    office.priya.click(office.priya.sees("18 rules of deadlines"), "roi_rule_edit", "CA-15C")
    form = office.priya.needs_modal("Change a rule")
    before = stand(office)
    for said, field in (
        ({"days": "0"}, "days"), ({"unit": "date_on_letter"}, "days"), ({"extension_days": "9"}, "extension_within"), ({"source": "law"}, "source"),
    ):  # fmt: skip
        assert office.priya.submit(form, {"days": "15", "unit": "calendar", "extension_days": "0", "why": "Just so", **said}).errors[field]
    assert stand(office) == before


def test_an_expired_authorization_is_not_recorded_as_valid(office: Office) -> None:
    request = new_request(office, type=RequestType.ATTORNEY, state=RequestState.AUTHORIZATION_REVIEW, authorization=AuthorizationStatus.UNCHECKED)
    office.grace.click(card(office.grace, request), "roi_authorization", request)
    form = office.grace.needs_modal("Authorization")
    before = stand(office)
    yesterday = (office.clock().date() - timedelta(days=1)).isoformat()
    parts = [option["value"] for block in form.blocks if block.get("block_id") == "parts" for option in block["element"]["options"]]
    said = {"authorization": "valid", "parts": parts, "signed_on": "2026-01-05", "authorization_expires": yesterday}
    assert "That day is over" in office.grace.submit(form, said).errors["authorization_expires"]
    assert stand(office) == before
