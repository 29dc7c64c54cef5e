"""What people see of a flag: the form, the card with the buttons they can use, and what they are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.flags.cards import FlagCard, open_card
from bot.flags.flow import take_step
from bot.flags.reporting import Problem, report
from bot.flags.states import Step
from bot.views import flag_card as views
from bot.views import flag_form as forms
from bot.views import flag_notices as notices
from bot.views import flag_steps as steps
from bot.views.forms import FormContext, FormValues
from bot.views.layout import Message
from storage.words import ErrorGroup, ErrorType, NoticeKind, Role, RootReason, Severity
from tests.unit.roi.scene import Scene, clean

CONTEXT = FormContext("", "key")


@pytest.fixture
def noor(scene: Scene) -> str:
    return scene.person("noor", Role.SPECIALIST)


@pytest.fixture
def ana(scene: Scene) -> str:
    return scene.person("ana", Role.AUDITOR)


@pytest.fixture
def priya(scene: Scene) -> str:
    return scene.person("priya", Role.SUPERVISOR)


@pytest.fixture
def flag(scene: Scene, noor: str, ana: str) -> FlagCard:
    task, _ = scene.task(noor)
    note = clean("The <left> side is documented")
    return scene.do(ana, report, task, Problem(ErrorType.LATERALITY, RootReason.DOCUMENTATION_MISSED, None, None, None, note))


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


@pytest.fixture
def seen_by(scene: Scene, flag: FlagCard) -> Callable[[str], list[str]]:
    return lambda who: buttons(views.flag_message(scene.do(who, open_card, flag.reference)))


def test_each_reader_gets_the_buttons_they_can_use(
    scene: Scene, noor: str, ana: str, priya: str, flag: FlagCard, seen_by: Callable[[str], list[str]]
) -> None:
    assert (seen_by(noor), seen_by(ana), seen_by(priya)) == (["Acknowledge"], [], [])
    scene.do(noor, take_step, flag.reference, Step.ACKNOWLEDGE)
    assert seen_by(noor) == ["Accept", "Disagree"]
    scene.do(noor, take_step, flag.reference, Step.REBUT, clean("The guideline allows it"))
    assert (seen_by(noor), seen_by(ana), seen_by(priya)) == ([], ["Escalate"], ["Uphold", "Overturn", "Escalate"])
    scene.do(priya, take_step, flag.reference, Step.UPHOLD)
    assert seen_by(noor) == ["Corrected"]
    scene.do(noor, take_step, flag.reference, Step.CORRECT)
    assert seen_by(ana) == ["Verify"]
    scene.do(ana, take_step, flag.reference, Step.VERIFY)
    assert seen_by(ana) == ["Close"]
    scene.do(ana, take_step, flag.reference, Step.CLOSE)
    assert (seen_by(ana), seen_by(noor)) == ([], [])


def test_the_card_keeps_type_and_reason_apart_and_shows_the_note_as_it_was_typed(flag: FlagCard) -> None:
    text = shown(views.flag_message(flag))
    assert "Laterality" in text
    assert "*Why*\\nDocumentation missed" in text
    assert "The &lt;left&gt; side is documented" in text


def test_the_answer_is_shown_beside_the_note(scene: Scene, noor: str, priya: str, flag: FlagCard) -> None:
    scene.do(noor, take_step, flag.reference, Step.ACKNOWLEDGE)
    scene.do(noor, take_step, flag.reference, Step.REBUT, clean("The guideline allows it"))
    assert "*Answer*\\nThe guideline allows it" in shown(views.flag_message(scene.do(priya, open_card, flag.reference)))


def test_the_reporter_reads_that_it_is_reported_or_was_already(scene: Scene, priya: str, flag: FlagCard) -> None:
    assert f"{flag.reference} is reported. Thank you." in views.reported_message(flag).text
    assert flag.task is not None
    again = scene.do(priya, report, flag.task, Problem(ErrorType.LATERALITY))
    assert f"{flag.reference} reports this already" in views.reported_message(again).text


def test_a_critical_flag_says_that_releases_wait(scene: Scene, noor: str, ana: str) -> None:
    daniel = scene.person("daniel", Role.PRIVACY_OFFICER)
    task, record = scene.task(noor)
    flag = scene.do(ana, report, task, Problem(ErrorType.WRONG_PATIENT))
    assert "releases from this record wait" in views.reported_message(flag).text
    to_officer = notices.flag_notice(NoticeKind.FLAG_RAISED, scene.do(daniel, open_card, flag.reference))
    assert f"is critical. Releases from {record} wait" in to_officer.text


def test_the_person_flagged_is_asked_kindly(scene: Scene, noor: str, flag: FlagCard) -> None:
    told = notices.flag_notice(NoticeKind.FLAG_RAISED, scene.do(noor, open_card, flag.reference))
    assert "a colleague saw something" in told.text
    assert buttons(told) == ["Acknowledge"]
    moved = notices.flag_notice(NoticeKind.FLAG_MOVED, scene.do(noor, take_step, flag.reference, Step.ACKNOWLEDGE))
    assert "is acknowledged now. Waits to be accepted" in moved.text


def blocks_of(draft: forms.FlagDraft) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = forms.flag_form(CONTEXT, draft).to_dict()["blocks"]
    return shown


def asked(draft: forms.FlagDraft) -> list[str]:
    return [block["block_id"] for block in blocks_of(draft) if block["type"] == "input"]


def test_the_form_begins_small_and_grows_with_the_kind_and_the_type() -> None:
    assert asked(forms.FlagDraft("RV-2F7KQ")) == ["record", "error_group", "note"]
    assert asked(forms.FlagDraft("RV-2F7KQ", ErrorGroup.REGISTRATION)) == [
        "record", "error_group", "error_type~registration", "root_reason", "note",
    ]  # fmt: skip
    assert asked(forms.FlagDraft("RV-2F7KQ", ErrorGroup.DIAGNOSIS, ErrorType.LATERALITY)) == [
        "record", "error_group", "error_type~diagnosis", "root_reason", "severity~laterality", "code_before", "code_after",
        "citation", "note",
    ]  # fmt: skip
    assert "code_after" not in asked(forms.FlagDraft("RV-2F7KQ", ErrorGroup.ABSTRACT))


def test_every_group_offers_its_types_with_their_usual_severity_and_presets_it() -> None:
    offered = []
    for group in ErrorGroup:
        element = blocks_of(forms.FlagDraft("", group))[2]["element"]
        offered += [option["value"] for option in element["options"]]
    assert sorted(offered) == sorted(ErrorType)
    severity = blocks_of(forms.FlagDraft("", ErrorGroup.DIAGNOSIS, ErrorType.MISSED_CC_MCC))[4]["element"]
    assert severity["initial_option"]["value"] == "medium"


def test_what_is_always_critical_is_said_and_not_asked() -> None:
    draft = forms.FlagDraft("", ErrorGroup.RECORD_INTEGRITY, ErrorType.WRONG_PATIENT)
    assert not any(block.startswith("severity") for block in asked(draft))
    assert "Severity: critical" in json.dumps(blocks_of(draft))


def test_several_references_of_a_message_are_chosen_from_and_stay_while_the_form_grows() -> None:
    opened = forms.opened_form(CONTEXT, ("RV-2F7KQ", "RR-CDFGH")).to_dict()
    context = FormContext.unpack(opened["private_metadata"])
    again = forms.flag_form(context, forms.FlagDraft("RR-CDFGH", ErrorGroup.GROUPING)).to_dict()
    element = again["blocks"][0]["element"]
    assert [option["value"] for option in element["options"]] == ["RV-2F7KQ", "RR-CDFGH"]
    assert element["initial_option"]["value"] == "RR-CDFGH"
    assert opened["blocks"][0]["block_id"] == again["blocks"][0]["block_id"]


def test_a_release_begins_with_the_kind_that_belongs_to_it() -> None:
    opened = forms.opened_form(CONTEXT, ("ROI-2F7KQ",)).to_dict()
    assert opened["blocks"][1]["element"]["initial_option"]["value"] == "release"


def test_a_type_of_another_kind_is_forgotten_and_a_renewed_note_keeps_its_block() -> None:
    chosen = values(
        error_group={"selected_option": {"value": "release"}}, error_type={"selected_option": {"value": "laterality"}}
    )
    draft = forms.read_draft(chosen, [{"block_id": "note~2"}])
    assert (draft.group, draft.error_type, draft.note_block) == (ErrorGroup.RELEASE, None, "note~2")
    assert asked(draft)[-1] == "note~2"


def test_the_form_is_read_as_it_was_filled_in() -> None:
    said = forms.read_flag_form(
        values(
            record={"value": "rv-2f7kq"},
            error_type={"selected_option": {"value": "laterality"}},
            root_reason={"selected_option": None},
            severity={"selected_option": {"value": "high"}},
            code_before={"selected_option": {"value": "S52.501A"}},
            code_after={"selected_option": None},
            citation={"value": "I.B.13"},
            note={"value": "  "},
        )
    )
    assert said == forms.FlagAnswers("rv-2f7kq", ErrorType.LATERALITY, None, Severity.HIGH, "S52.501A", None, "I.B.13", None)


def test_an_empty_form_is_refused_under_what_is_missing() -> None:
    with pytest.raises(forms.GroupNeeded) as no_group:
        forms.read_flag_form(values())
    with pytest.raises(forms.ErrorTypeNeeded) as no_type:
        forms.read_flag_form(values(error_group={"selected_option": {"value": "release"}}))
    assert (no_group.value.field, no_type.value.field) == ("error_group", "error_type")


@pytest.mark.parametrize("step", steps.WITH_WORDS)
def test_a_step_form_remembers_its_step_and_needs_words_where_others_must_understand_it(flag: FlagCard, step: Step) -> None:
    view = steps.step_form(flag, step, CONTEXT).to_dict()
    subject = FormContext.unpack(view["private_metadata"]).subject
    assert views.read_step(subject) == (step, flag.reference)
    assert view["blocks"][-1].get("optional", False) is (step not in {Step.REBUT, Step.REOPEN})


def test_a_row_of_a_list_opens_its_flag(flag: FlagCard) -> None:
    row = views.flag_row(flag).to_dict()
    assert (row["accessory"]["action_id"], row["accessory"]["value"]) == ("flag_open", flag.reference)


def test_a_card_has_at_most_three_steps_and_the_rest_behind_the_menu(scene: Scene, noor: str, priya: str, flag: FlagCard) -> None:
    scene.do(noor, take_step, flag.reference, Step.ACKNOWLEDGE)
    rebutted = scene.do(noor, take_step, flag.reference, Step.REBUT, clean("No"))
    assert [label for label, _ in choices(views.flag_message(rebutted))] == ["Comment", "History"]
    card = scene.do(priya, open_card, flag.reference)
    assert buttons(views.flag_message(card)) == ["Uphold", "Overturn", "Escalate"]


def choices(message: Message) -> list[tuple[str, str]]:
    return [
        (option["text"]["text"], option["value"])
        for block in message.blocks_payload()
        if block["type"] == "actions"
        for element in block["elements"]  # type: ignore[attr-defined]
        if element["type"] == "overflow"
        for option in element["options"]
    ]
