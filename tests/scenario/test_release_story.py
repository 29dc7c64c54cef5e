"""The legal clock in Slack: steps with their reasons, the extension and its reminders, the rules an admin changes, the timeline and the accounting."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import httpx
import pytest
import sqlalchemy as sa

from bot.roi.checklist import AuthorizationPart
from bot.sandbox.acting import Person
from bot.sandbox.seen import Seen
from jobs.reckoning import sweep_reckoning
from jobs.reminders import sweep_reminders
from storage.tables import Person as PersonRow
from storage.tables import RoiRequest
from storage.words import AuthorizationStatus, RequestState, RequestType
from tests.scenario.conftest import Office
from tests.scenario.test_flagging import new_request

#: The first picture of a process loads the drawing library, which a busy machine takes its time for.
DRAWING_SECONDS = 30.0


def card(who: Person, reference: str) -> Seen:
    who.command("/roi", reference)
    return who.sees(f"{reference} ·")


def more(who: Person, reference: str, choice: str) -> None:
    who.choose(card(who, reference), "roi_more:more", f"{choice}|{reference}")


def test_a_wait_asks_whose_turn_it_is_and_the_card_says_so(office: Office) -> None:
    request = new_request(office, state=RequestState.RETRIEVAL)
    more(office.grace, request, "step")
    steps = office.grace.needs_modal("Move a release")
    assert "*Pending*: It waits for somebody outside" in steps.text
    assert "*Exception*: It needs somebody who knows more" in steps.text

    office.grace.submit(steps, {"state": "pending"})
    why = office.grace.needs_modal("Pending")
    assert "Owner away" not in why.choices("reason")
    refused = office.grace.submit(why, {})
    assert refused.errors
    office.grace.submit(why, {"reason": "records_offsite", "note": "back on Friday"})

    seen = office.grace.sees("is pending now")
    assert "records offsite" in seen.text
    assert "Goes on with" in seen.text


def test_what_blocks_delivery_is_on_the_card_and_delivery_is_refused_with_it(office: Office) -> None:
    request = new_request(office, type=RequestType.ATTORNEY, authorization=AuthorizationStatus.UNCHECKED)
    seen = card(office.grace, request)
    assert "A valid authorization is required" in seen.text
    assert "roi_step:delivered" not in seen.action_ids()
    more(office.grace, request, "step")
    office.grace.submit(office.grace.needs_modal("Move a release"), {"state": "delivered"})
    refused = office.grace.needs_modal("Move a release")
    assert "cannot be delivered yet. A valid authorization is required" in str(refused.errors)


def test_an_authorization_is_valid_only_with_all_its_parts(office: Office) -> None:
    request = new_request(office, type=RequestType.ATTORNEY, state=RequestState.AUTHORIZATION_REVIEW)
    office.grace.click(card(office.grace, request), "roi_authorization")
    form = office.grace.needs_modal("Authorization")
    refused = office.grace.submit(form, {"authorization": "valid", "parts": ["what", "purpose"]})
    assert "Not ticked: who discloses it, who receives it" in refused.errors["parts"]

    office.grace.submit(form, {"authorization": "valid", "parts": [part.value for part in AuthorizationPart]})

    office.grace.sees(f"The authorization of {request} is recorded: valid")
    assert "What blocks delivery" not in card(office.grace, request).text


def test_the_window_tells_what_happened_with_who_and_why(office: Office) -> None:
    request = new_request(office, state=RequestState.RETRIEVAL)
    more(office.grace, request, "step")
    office.grace.submit(office.grace.needs_modal("Move a release"), {"state": "pending"})
    office.grace.submit(office.grace.needs_modal("Pending"), {"reason": "records_offsite", "note": "back on Friday"})
    office.grace.sees("is pending now")
    more(office.grace, request, "details")
    window = office.grace.needs_modal(request)
    assert "Reckoned by version" in window.text

    office.grace.click(window, "roi_history")

    told = office.grace.eventually(lambda: next((one.text for one in office.grace.modals() if "What happened so far\n*Pending*" in one.text), None))
    assert told is not None
    assert "records offsite" in told
    assert "back on Friday" in told


def test_each_line_of_several_reminders_can_be_opened_snoozed_and_given_away(office: Office) -> None:
    received = office.clock().date() - timedelta(days=29)
    first, second = (new_request(office, state=RequestState.RETRIEVAL, received_on=received) for _ in range(2))
    office.clock.move(minutes=1)
    sweep_reminders(office.desk)
    office.deliver_notices()
    letter = office.grace.sees("2 releases to look at")

    office.grace.choose(letter, "roi_more:more", f"snooze|{first}", block_id=block_of(letter, first))
    office.grace.sees("You are reminded again")
    office.grace.choose(letter, "roi_more:more", f"assign|{second}", block_id=block_of(letter, second))
    office.grace.submit(office.grace.needs_modal("Assign a release"), {"person": "U0PRIYA01"})

    office.grace.sees(f"@Priya Nair now has {second}")


def block_of(letter: Seen, reference: str) -> str:
    return next(block["block_id"] for block in letter.blocks if reference in str(block.get("accessory")))


def test_an_extension_is_made_once_in_time_and_after_its_letter(office: Office) -> None:
    request = new_request(office, state=RequestState.RETRIEVAL, received_on=office.clock().date() - timedelta(days=26))
    promised = (office.clock().date() + timedelta(days=20)).isoformat()
    more(office.grace, request, "extend")
    form = office.grace.needs_modal("Extend a release")
    refused = office.grace.submit(form, {"reason": "records_offsite", "promised_on": promised})
    assert "Send the letter with the reason and the new date first" in refused.errors["letter_sent"]
    far = (office.clock().date() + timedelta(days=90)).isoformat()
    refused = office.grace.submit(form, {"reason": "records_offsite", "promised_on": far, "letter_sent": ["yes"]})
    assert "at the latest" in refused.errors["promised_on"]

    office.grace.submit(form, {"reason": "records_offsite", "promised_on": promised, "letter_sent": ["yes"]})

    seen = office.grace.sees("is extended: due in")
    assert "Extended once" in seen.text
    choices = card(office.grace, request).choices("roi_more:more")
    assert "Extend the deadline" not in choices


def test_a_state_that_allows_more_time_with_notice_is_extended_too(office: Office) -> None:
    request = new_request(office, state=RequestState.RETRIEVAL, legal_state="WA", received_on=office.clock().date() - timedelta(days=7))
    assert "Can be extended once, until" in card(office.grace, request).text
    more(office.grace, request, "extend")
    form = office.grace.needs_modal("Extend a release")
    assert "by WA-15B" in form.text
    after_a_month = (office.clock().date() + timedelta(days=30)).isoformat()
    letter = {"reason": "records_offsite", "promised_on": after_a_month, "letter_sent": ["yes"]}
    assert "at the latest" in office.grace.submit(form, letter).errors["promised_on"]
    assert "Extended once" not in card(office.grace, request).text

    office.grace.submit(form, {**letter, "promised_on": (office.clock().date() + timedelta(days=20)).isoformat()})

    assert "Extended once" in office.grace.sees("is extended: due in").text


def test_after_day_thirty_there_is_nothing_to_extend(office: Office) -> None:
    request = new_request(office, state=RequestState.RETRIEVAL, received_on=office.clock().date() - timedelta(days=31))
    assert "Extend the deadline" not in card(office.grace, request).choices("roi_more:more")


def test_reminders_of_the_old_date_do_not_leave_after_an_extension(office: Office) -> None:
    request = new_request(office, state=RequestState.RETRIEVAL, received_on=office.clock().date() - timedelta(days=29))
    office.clock.move(minutes=1)
    sweep_reminders(office.desk)
    promised = (office.clock().date() + timedelta(days=25)).isoformat()
    more(office.grace, request, "extend")
    office.grace.submit(
        office.grace.needs_modal("Extend a release"), {"reason": "large_volume", "promised_on": promised, "letter_sent": ["yes"]}
    )
    office.grace.sees("is extended")

    office.clock.move(minutes=10)
    sweep_reminders(office.desk)
    office.deliver_notices()

    assert not [message for message in office.grace.messages() if request in message.text]


def test_an_admin_changes_a_rule_and_says_whether_open_releases_follow(office: Office) -> None:
    old = new_request(office, state=RequestState.RETRIEVAL, legal_state="CA")
    office.priya.command("/roi", "rules")
    rules = office.priya.sees("18 rules of deadlines")
    assert "unverified" in rules.text
    assert "Source: Cal. Health & Safety Code 123110" in rules.text
    office.priya.click(rules, "roi_rule_edit", "CA-15C")
    form = office.priya.needs_modal("Change a rule")
    refused = office.priya.submit(form, {"days": "0", "why": "Counsel read it"})
    assert "1 at least" in refused.errors["days"]

    office.priya.submit(form, {"days": "10", "why": "Counsel read it", "reckon_open": ["yes"]})

    changed = office.priya.sees("CA-15C is changed, for every release logged from now on")
    assert "10 calendar days from receipt" in changed.text
    assert "due in 15 days" in card(office.grace, old).text.lower()
    sweep_reckoning(office.desk)
    assert "due in 10 days" in card(office.grace, old).text.lower()
    office.priya.click(changed, "roi_rules_history", "latest")
    assert "Counsel read it" in office.priya.needs_modal("Changed rules").text


def test_an_admin_adds_a_states_rule_and_takes_it_out_again(office: Office) -> None:
    office.priya.command("/roi", "rules")
    office.priya.click(office.priya.sees("18 rules of deadlines"), "roi_rule_add")
    form = office.priya.needs_modal("Add a state’s rule")
    law = {"legal_state": "IL", "days": "20", "unit": "business", "source": "Ill. Compiled Statutes, Medical Records", "why": "Counsel asked for it"}
    errors = office.priya.submit(form, {**law, "days": "0"}).errors
    assert "1 at least" in errors["days"]

    office.priya.submit(form, law)

    added = office.priya.sees("IL-20B is added, for every release logged from now on")
    assert "20 business days from receipt" in added.text
    assert "by IL-20B" in card(office.grace, new_request(office, legal_state="IL")).text
    office.priya.click(added, "roi_rule_edit", "IL-20B")
    office.priya.submit(office.priya.needs_modal("Change a rule"), {"dropped": ["yes"], "why": "Counsel was wrong"})
    office.priya.sees("IL-20B counts no more, for every release logged from now on")


def test_an_admin_chooses_whose_holidays_count(office: Office) -> None:
    office.priya.command("/roi", "rules")
    rules = office.priya.sees("Business days skip the federal holidays")
    office.priya.click(rules, "roi_holidays")
    office.priya.submit(office.priya.needs_modal("Whose holidays"), {"holidays_of": "state", "why": "Counsel said so"})
    assert "skip the holidays of the state" in office.priya.sees("Whose holidays count is changed").text


def test_others_read_the_rules_and_change_none(office: Office) -> None:
    office.grace.command("/roi", "rules")
    assert "roi_rule_edit" not in office.grace.sees("18 rules of deadlines").action_ids()
    office.noor.command("/roi", "rules")
    office.noor.sees("This is for the role of")


def test_the_timeline_goes_to_the_supervisor_alone_with_its_words(office: Office) -> None:
    late = new_request(office, state=RequestState.RETRIEVAL, received_on=office.clock().date() - timedelta(days=40))
    near = new_request(office, state=RequestState.RETRIEVAL)
    office.priya.command("/roi", "timeline", "#records-desk")

    office.priya.sees("The timeline is in your direct messages", DRAWING_SECONDS)
    [picture] = [file for message in office.priya.messages() for file in message.message.files]
    assert picture["mimetype"] == "image/png"
    assert picture["alt_txt"].index(late) < picture["alt_txt"].index(near)
    assert "1 overdue" in picture["alt_txt"]
    assert not [message for message in office.grace.messages() if message.message.files]
    office.grace.command("/roi", "timeline")
    office.grace.sees("This is for the role of supervisor")


def test_a_bot_that_may_not_send_files_yet_says_who_can_allow_it(office: Office) -> None:
    new_request(office)
    setup = office.workspace.app
    office.workspace.app = replace(setup, scopes=type(setup.scopes)(scope for scope in setup.scopes if scope != "files:write"))
    office.priya.command("/roi", "timeline")
    office.priya.sees("The bot may not send files in this workspace yet", DRAWING_SECONDS)


def test_a_disclosure_is_logged_and_read_out_for_its_record_alone(office: Office) -> None:
    paper = new_request(office, type=RequestType.WORKERS_COMP, letter_due_on=office.clock().date() + timedelta(days=9), requester_type="employer")
    release_to_send(office, paper)
    office.grace.command("/roi", paper)
    office.grace.click(office.grace.sees(f"{paper} ·"), "roi_step:delivered")
    record = next(word for word in office.grace.sees("delivered").text.split() if word.startswith("RR-"))

    office.grace.command("/roi", f"disclosures {record}")

    office.grace.sees(f"1 disclosure of {record}: the file is in your direct messages")
    [file] = [file for message in office.grace.messages() for file in message.message.files]
    token = office.workspace.credentials.bot_token
    told = httpx.get(file["url_private_download"], headers={"Authorization": f"Bearer {token}"}).text
    [line] = list(csv.DictReader(StringIO(told.removeprefix("\ufeff"))))
    assert (line["recipient"], line["type_of_request"], line["release"]) == ("employer", "workers comp", paper)
    assert line["disclosed_on"] == office.clock().date().isoformat()


def test_a_record_without_disclosures_and_one_that_is_none(office: Office) -> None:
    request = new_request(office)
    record = next(word for word in card(office.grace, request).text.split() if word.startswith("RR-"))
    office.grace.command("/roi", f"disclosures {record}")
    office.grace.sees("has to be accounted for. That you asked is in the audit trail")
    office.grace.command("/roi", "disclosures RR-22222")
    office.grace.sees("No record here has that reference")
    office.grace.command("/roi", "disclosures")
    office.grace.sees("That is not a reference")


@pytest.mark.parametrize(("typed", "told"), [("nwe", "Did you mean /roi new"), ("timelin", "Did you mean /roi timeline"), ("xyzzy", "/roi knows:")])
def test_a_near_miss_is_answered_with_the_word_that_was_meant(office: Office, typed: str, told: str) -> None:
    office.grace.command("/roi", typed)
    office.grace.sees(told)


def release_to_send(office: Office, reference: str) -> None:
    """As if somebody else had done its QA."""
    with office.desk.database.write() as session:
        row = session.scalars(sa.select(RoiRequest).where(RoiRequest.reference == reference, RoiRequest.workspace_id == office.workspace_id)).one()
        priya = sa.select(PersonRow.id).where(PersonRow.slack_user_id == "U0PRIYA01", PersonRow.workspace_id == row.workspace_id)
        row.prepared_by_id, row.checked_by_id = row.owner_id, session.scalar(priya)
