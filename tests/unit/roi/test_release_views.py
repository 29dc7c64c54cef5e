"""What people see of a release: how long it has, by which rule, what blocks it, and only the buttons they can use."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from bot.roi.answers import AuthorizationFound
from bot.roi.cards import RoiCard
from bot.roi.checklist import AuthorizationPart, Checklist
from bot.roi.delivery import deliver
from bot.roi.extension import ExtensionLetter
from bot.roi.reasons import REASONS
from bot.roi.requests import RequestList, open_card, request_page
from bot.roi.work import move, take
from bot.sandbox.limits import check_message, check_view
from bot.views import roi_card, roi_lists, roi_notices
from bot.views import roi_forms as forms
from bot.views.forms import FormContext, FormValues
from bot.views.layout import Message
from storage.words import (
    AuthorizationStatus,
    ExtensionReason,
    NoticeKind,
    PendReason,
    RequestState,
    RequestType,
    Role,
    Sensitive,
)
from tests.unit.roi.scene import Scene

CONTEXT = FormContext("ROI-7K3QX", "key")


@pytest.fixture
def grace(scene: Scene) -> str:
    return scene.person("grace", Role.ROI_SPECIALIST)


@pytest.fixture
def omar(scene: Scene) -> str:
    return scene.person("omar", Role.ROI_SPECIALIST)


def shown(message: Message) -> str:
    return json.dumps(message.blocks_payload(), ensure_ascii=False)


def buttons(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks_payload()
        if block["type"] == "actions"
        for element in block["elements"]  # type: ignore[attr-defined]
        if element["type"] == "button"
    ]


def values(**fields: dict[str, Any]) -> FormValues:
    return FormValues.of({"state": {"values": {name: {name: element} for name, element in fields.items()}}})


def card_of(scene: Scene, who: str, reference: str) -> RoiCard:
    return scene.do(who, open_card, reference)


def test_the_card_says_when_it_is_due_by_which_rule_and_that_it_is_no_legal_advice(scene: Scene, grace: str) -> None:
    message = roi_card.request_message(card_of(scene, grace, scene.release(grace)))
    text = shown(message)
    assert "*Due in 8 days*: Tue, Dec 1" in text
    assert "Due by CA-15C: Cal. Health & Safety Code 123110" in text
    assert "unverified. A setting, not legal advice" in text
    assert "due in 8 days" in message.text


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "Due in 8 days"), (7, "Due tomorrow"), (8, "Due today"), (9, "1 day overdue"), (13, "5 days overdue")],
)
def test_days_are_counted_in_the_legal_zone_and_said_in_words(scene: Scene, grace: str, days: int, words: str) -> None:
    reference = scene.release(grace)
    scene.now += timedelta(days=days)
    assert words in shown(roi_card.request_message(card_of(scene, grace, reference)))


def test_a_due_date_on_a_day_off_is_worked_for_the_business_day_before(scene: Scene, grace: str) -> None:
    reference = scene.release(
        grace, type=RequestType.PAYER_ADR, legal_state="IL", received_on=date(2026, 10, 26), letter_on=date(2026, 10, 22)
    )
    text = shown(roi_card.request_message(card_of(scene, grace, reference)))
    assert "Fri, Dec 4 (the date itself, Sun, Dec 6, is a day off)" in text


def test_what_blocks_delivery_is_always_on_the_card(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, type=RequestType.ATTORNEY, accounting=None)
    message = roi_card.request_message(card_of(scene, grace, reference))
    assert "*What blocks delivery*" in shown(message)
    assert "A valid authorization is required" in shown(message)
    assert buttons(message) == ["Review authorization", "Record authorization", "Answer accounting"]


def test_sensitive_categories_are_named_in_windows_only(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, sensitive=(Sensitive.SUD_PART2, Sensitive.HIV))
    card = card_of(scene, grace, reference)
    page = scene.do(grace, request_page)
    in_messages = [
        shown(roi_card.request_message(card)),
        shown(roi_lists.request_list(page)),
        shown(roi_notices.release_notice(NoticeKind.RELEASE_DUE, card, point="due_soon")),
    ]
    for text in in_messages:
        assert "sud" not in text.lower()
        assert "hiv" not in text.lower()
    assert "Needs an authorization that names it" in in_messages[0]
    assert "Sensitive: HIV, SUD part2" in json.dumps(roi_card.request_window(card).to_dict())
    assert "Here: HIV, SUD part2" in json.dumps(forms.authorization_form(card, CONTEXT).to_dict())


def test_the_buttons_lead_along_the_way(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.release()
    assert buttons(roi_card.request_message(card_of(scene, grace, reference))) == ["Take"]
    scene.do(grace, take, reference)
    onward = []
    for to in (RequestState.READY_TO_FULFILL, RequestState.RETRIEVAL, RequestState.QA_REVIEW):
        onward += buttons(roi_card.request_message(card_of(scene, grace, reference)))
        scene.do(grace, move, reference, to)
    assert onward == ["Ready to fulfill", "Start retrieval", "Send to QA"]
    assert buttons(roi_card.request_message(card_of(scene, grace, reference))) == []
    assert buttons(roi_card.request_message(card_of(scene, omar, reference))) == ["Pass QA"]
    scene.do(omar, move, reference, RequestState.READY_TO_SEND)
    assert buttons(roi_card.request_message(card_of(scene, grace, reference))) == ["Delivered"]
    delivered = roi_card.request_message(scene.do(grace, deliver, reference))
    assert buttons(delivered) == ["Close"]
    assert "Delivered <!date^" in shown(delivered)


def test_a_blocked_release_has_no_button_to_deliver_it(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.ready_to_send(grace, omar, accounting=None)
    assert buttons(roi_card.request_message(card_of(scene, grace, reference))) == ["Answer accounting"]


def test_one_put_aside_says_what_it_waits_for_and_can_be_resumed(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, state=RequestState.RETRIEVAL)
    card = scene.do(grace, move, reference, RequestState.PENDING, PendReason.RECORDS_OFFSITE)
    text = shown(roi_card.request_message(card))
    assert "*Waits for*\\nrecords offsite" in text
    assert buttons(roi_card.request_message(card)) == ["Resume"]


def test_a_list_is_paged_and_stays_within_slacks_limits(scene: Scene, grace: str) -> None:
    for _ in range(20):
        scene.release(grace)
    middle = roi_lists.request_list(scene.do(grace, request_page, RequestList.MINE, 1))
    assert len(middle.blocks_payload()) <= 50
    assert "Your pending releases (20)" in shown(middle)
    assert buttons(middle) == ["Previous", "Next"]
    assert roi_lists.read_page("mine|2") == (RequestList.MINE, 2)


def test_an_empty_list_says_so(scene: Scene, grace: str) -> None:
    assert "no pending releases" in roi_lists.request_list(scene.do(grace, request_page)).text


def test_a_reminder_says_what_is_left_and_offers_open_snooze_and_reassign(scene: Scene, grace: str) -> None:
    card = card_of(scene, grace, scene.release(grace))
    reminder = roi_notices.release_notice(NoticeKind.RELEASE_DUE, card, point="not_in_qa")
    assert f"{card.reference} is due in 8 days. It has not reached QA yet." in reminder.text
    assert buttons(reminder) == ["Open", "Snooze to tomorrow", "Reassign"]


def test_a_reminder_of_what_nobody_has_lets_a_supervisor_assign_it_and_a_specialist_take_it(
    scene: Scene, grace: str
) -> None:
    priya = scene.person("priya", Role.SUPERVISOR)
    reference = scene.release()
    told = roi_notices.release_notice(NoticeKind.RELEASE_DUE, card_of(scene, priya, reference), point="unassigned")
    assert "Nobody has it yet." in told.text
    assert buttons(told) == ["Open", "Snooze to tomorrow", "Assign"]
    assert buttons(roi_notices.release_notice(NoticeKind.RELEASE_DUE, card_of(scene, grace, reference))) == ["Open", "Take"]


def test_owners_are_told_of_a_freeze_and_of_a_hand_off(scene: Scene, grace: str, omar: str) -> None:
    reference = scene.release(grace)
    mine, theirs = card_of(scene, grace, reference), card_of(scene, omar, reference)
    assert "the critical flag FL-2F7KQ is open" in roi_notices.release_notice(NoticeKind.RELEASES_FROZEN, mine, flag="FL-2F7KQ").text
    assert "<@U0PRIYA> gave you" in roi_notices.release_notice(NoticeKind.RELEASE_ASSIGNED, mine, by="U0PRIYA").text
    gone = roi_notices.release_notice(NoticeKind.RELEASE_ASSIGNED, theirs, by="U0PRIYA")
    assert "is no longer in your hands" in gone.text
    assert buttons(gone) == []


def test_the_step_form_offers_only_states_that_can_follow(scene: Scene, grace: str) -> None:
    card = card_of(scene, grace, scene.release(grace, state=RequestState.RETRIEVAL))
    asked = forms.step_form(card, CONTEXT).to_dict()["blocks"][1]["element"]["options"]
    assert [option["value"] for option in asked][:2] == ["qa_review", "hold"]
    assert "delivered" not in [option["value"] for option in asked]


def test_the_forms_are_read_as_they_were_filled_in() -> None:
    assert forms.read_step_form(values(state={"selected_option": {"value": "pending"}})) is RequestState.PENDING
    why = forms.read_reason_form(
        values(reason={"selected_option": {"value": "records_offsite"}}, note={"value": " back next week "}),
        "pending|ROI-7K3QX",
    )
    assert why == forms.ReasonAnswers("ROI-7K3QX", RequestState.PENDING, PendReason.RECORDS_OFFSITE, "back next week")
    extension = forms.read_extend_form(
        values(
            reason={"selected_option": {"value": "large_volume"}},
            promised_on={"selected_date": "2026-12-20"},
            letter_sent={"selected_options": [{"value": "yes"}]},
        )
    )
    assert extension.letter == ExtensionLetter(ExtensionReason.LARGE_VOLUME, date(2026, 12, 20), sent=True)
    authorization = forms.read_authorization_form(
        values(
            authorization={"selected_option": {"value": "valid"}},
            authorization_expires={"selected_date": "2027-05-03"},
            sensitive_authorized={"selected_options": [{"value": "yes"}]},
            parts={"selected_options": [{"value": "what"}, {"value": "purpose"}]},
            signed_on={"selected_date": "2026-11-20"},
        )
    )
    found = Checklist(frozenset({AuthorizationPart.WHAT, AuthorizationPart.PURPOSE}), date(2026, 11, 20))
    assert authorization == AuthorizationFound(AuthorizationStatus.VALID, date(2027, 5, 3), True, found)
    assert forms.read_accounting_form(values(accounting={"selected_option": {"value": "no"}})) is False
    assert forms.read_assign_form(values(person={"selected_user": "U0OMAR"})) == "U0OMAR"


@pytest.mark.parametrize(
    "read",
    [forms.read_step_form, forms.read_authorization_form, forms.read_accounting_form, forms.read_assign_form],
)
def test_an_empty_form_is_refused_under_its_field(read: Any) -> None:
    with pytest.raises(forms.ChoiceNeeded) as refused:
        read(values())
    assert refused.value.field in {"state", "authorization", "accounting", "person"}


@pytest.mark.parametrize("request_type", list(RequestType))
def test_every_type_of_release_has_a_card_and_forms_that_slack_takes(
    scene: Scene, grace: str, request_type: RequestType
) -> None:
    reference = scene.release(
        grace, type=request_type, legal_state="IL", letter_on=date(2026, 11, 10), letter_due_on=date(2026, 12, 7),
        sensitive=tuple(Sensitive), accounting=None,
    )  # fmt: skip
    card = card_of(scene, grace, reference)
    assert len(buttons(roi_card.request_message(card))) <= 3
    for form in (forms.step_form, forms.authorization_form, forms.accounting_form, forms.assign_form, forms.extend_form):
        assert check_view(form(card, CONTEXT).to_dict()) == []
    for state in REASONS:
        assert check_view(forms.reason_form(card, state, CONTEXT).to_dict()) == []
    assert check_view(roi_card.request_window(card).to_dict()) == []
    assert check_message(roi_card.request_message(card).blocks_payload()) == []
