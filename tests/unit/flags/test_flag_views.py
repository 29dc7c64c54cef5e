"""What people see of a flag: the form, the card with the buttons they can use, and what they are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.flags.cards import FlagCard, open_card
from bot.flags.flow import take_step
from bot.flags.reporting import report
from bot.flags.states import Step
from bot.views import flags as views
from bot.views.forms import FormContext, FormValues
from bot.views.layout import Message
from storage.words import ErrorType, NoticeKind, Role, RootReason, Severity
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
    return scene.do(ana, report, task, ErrorType.LATERALITY, RootReason.DOCUMENTATION_MISSED, None, None, None, note)


def shown(message: Message) -> str:
    return json.dumps(message.blocks_payload(), ensure_ascii=False)


def buttons(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks_payload()
        if block["type"] == "actions"
        for element in block["elements"]  # type: ignore[attr-defined]
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
    again = scene.do(priya, report, flag.task, ErrorType.LATERALITY)
    assert f"{flag.reference} reports this already" in views.reported_message(again).text


def test_a_critical_flag_says_that_releases_wait(scene: Scene, noor: str, ana: str) -> None:
    daniel = scene.person("daniel", Role.PRIVACY_OFFICER)
    task, record = scene.task(noor)
    flag = scene.do(ana, report, task, ErrorType.WRONG_PATIENT)
    assert "releases from this record wait" in views.reported_message(flag).text
    to_officer = views.flag_notice(NoticeKind.FLAG_RAISED, scene.do(daniel, open_card, flag.reference))
    assert f"is critical. Releases from {record} wait" in to_officer.text


def test_the_person_flagged_is_asked_kindly(scene: Scene, noor: str, flag: FlagCard) -> None:
    told = views.flag_notice(NoticeKind.FLAG_RAISED, scene.do(noor, open_card, flag.reference))
    assert "a colleague saw something" in told.text
    assert buttons(told) == ["Acknowledge"]
    moved = views.flag_notice(NoticeKind.FLAG_MOVED, scene.do(noor, take_step, flag.reference, Step.ACKNOWLEDGE))
    assert "is acknowledged now. Waits to be accepted" in moved.text


def test_the_form_offers_every_error_type_in_its_group_with_its_usual_severity() -> None:
    view = views.flag_form(CONTEXT, "RV-2F7KQ").to_dict()
    about, error_type = view["blocks"][0]["element"], view["blocks"][1]["element"]
    assert about["initial_value"] == "RV-2F7KQ"
    offered = [option["value"] for group in error_type["option_groups"] for option in group["options"]]
    assert sorted(offered) == sorted(ErrorType)
    assert "Wrong patient or overlay (critical)" in json.dumps(view)
    assert [block["block_id"] for block in view["blocks"]] == [
        "record", "error_type", "root_reason", "severity", "code_before", "code_after", "note",
    ]  # fmt: skip


def test_the_form_is_read_as_it_was_filled_in() -> None:
    said = views.read_flag_form(
        values(
            record={"value": "rv-2f7kq"},
            error_type={"selected_option": {"value": "laterality"}},
            root_reason={"selected_option": None},
            severity={"selected_option": {"value": "high"}},
            code_before={"selected_option": {"value": "S52.501A"}},
            code_after={"selected_option": None},
            note={"value": "  "},
        )
    )
    assert said == views.FlagAnswers("rv-2f7kq", ErrorType.LATERALITY, None, Severity.HIGH, "S52.501A", None, None)


def test_an_empty_form_is_refused_under_what_is_missing() -> None:
    with pytest.raises(views.ErrorTypeNeeded) as refused:
        views.read_flag_form(values())
    assert refused.value.field == "error_type"


@pytest.mark.parametrize("step", views.WITH_WORDS)
def test_a_step_form_remembers_its_step_and_needs_words_only_for_a_rebuttal(flag: FlagCard, step: Step) -> None:
    view = views.step_form(flag, step, CONTEXT).to_dict()
    subject = FormContext.unpack(view["private_metadata"]).subject
    assert views.read_step(subject) == (step, flag.reference)
    assert view["blocks"][-1].get("optional", False) is (step is not Step.REBUT)


def test_a_row_of_a_list_opens_its_flag(flag: FlagCard) -> None:
    row = views.flag_row(flag).to_dict()
    assert (row["accessory"]["action_id"], row["accessory"]["value"]) == ("flag_open", flag.reference)
