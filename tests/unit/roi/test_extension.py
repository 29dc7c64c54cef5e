"""The one extension: once, in the first thirty days, with its reason, and only after the letter has gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import BadInput, Stale
from bot.roi.due_dates import NoExtension
from bot.roi.extension import ExtensionLetter, extend
from bot.roi.hands import Does
from bot.roi.reminders import remind_due
from bot.roi.requests import open_card
from bot.roi.work import NotYourRequest, move
from storage.words import ExtensionReason, PendReason, RequestState, RequestType, Role
from tests.unit.roi.scene import NEW_YORK, Scene, clean

OFFSITE = ExtensionReason.RECORDS_OFFSITE
#: Received on 2 November: due on 2 December, and with the extension on 1 January at the latest.
RECEIVED, DUE, LATEST = date(2026, 11, 2), date(2026, 12, 2), date(2027, 1, 1)


@pytest.fixture
def grace(scene: Scene) -> str:
    return scene.person("grace", Role.ROI_SPECIALIST)


@pytest.fixture
def reference(scene: Scene, grace: str) -> str:
    return scene.release(grace, legal_state="IL", received_on=RECEIVED)


def letter(promised: date | None = LATEST, reason: ExtensionReason | None = OFFSITE, *, sent: bool = True) -> ExtensionLetter:
    return ExtensionLetter(reason, promised, sent)


def on(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)


def test_an_extension_moves_the_due_date_once_and_is_written_down(scene: Scene, grace: str, reference: str) -> None:
    assert Does.EXTEND in scene.do(grace, open_card, reference).may

    card = scene.do(grace, extend, reference, scene.rules, letter(), clean("Films are in the warehouse"))

    assert (card.deadline.due_on, card.deadline.effective_due_on) == (LATEST, date(2026, 12, 31))
    assert (card.deadline.extended_on, card.deadline.extension_reason) == (date(2026, 11, 23), OFFSITE)
    assert Does.EXTEND not in card.may
    assert scene.audited(reference)[-1] == "request_extended"


def test_the_date_the_letter_promises_is_the_due_date_from_then_on(scene: Scene, grace: str, reference: str) -> None:
    card = scene.do(grace, extend, reference, scene.rules, letter(date(2026, 12, 15)))
    assert card.deadline.due_on == date(2026, 12, 15)


def test_a_second_extension_is_refused(scene: Scene, grace: str, reference: str) -> None:
    scene.do(grace, extend, reference, scene.rules, letter(date(2026, 12, 15)))
    before = scene.everything()
    with pytest.raises(NoExtension, match=f"^{reference} was extended once already. There is no second extension.$"):
        scene.do(grace, extend, reference, scene.rules, letter())
    assert scene.everything() == before


@pytest.mark.parametrize(("day", "may"), [(30, True), (31, False)])
def test_it_is_made_in_the_first_thirty_days_or_not_at_all(scene: Scene, grace: str, reference: str, day: int, may: bool) -> None:
    scene.now = on(RECEIVED + timedelta(days=day))
    assert (Does.EXTEND in scene.do(grace, open_card, reference).may) is may
    if may:
        assert scene.do(grace, extend, reference, scene.rules, letter()).deadline.extended
        return
    with pytest.raises(NoExtension, match=r"had to be made by 2026-12-02\. Talk to the privacy officer"):
        scene.do(grace, extend, reference, scene.rules, letter())


@pytest.mark.parametrize(
    ("written", "field", "told"),
    [
        (letter(reason=None), "reason", "Write to the person why it takes longer"),
        (letter(None), "promised_on", "Enter the date you told the person, 2027-01-01 at the latest"),
        (letter(date(2027, 1, 2)), "promised_on", "2027-01-01 at the latest"),
        (letter(DUE), "promised_on", "after the 2026-12-02 it is due now"),
        (letter(sent=False), "letter_sent", "Send the letter with the reason and the new date first"),
    ],
)
def test_what_is_missing_is_named_and_nothing_changes(
    scene: Scene, grace: str, reference: str, written: ExtensionLetter, field: str, told: str
) -> None:
    before = scene.everything()
    with pytest.raises(BadInput, match=told) as refused:
        scene.do(grace, extend, reference, scene.rules, written)
    assert refused.value.field == field
    assert scene.everything() == before



def test_washingtons_deadline_is_extended_by_working_days_with_a_letter_in_time(scene: Scene, grace: str) -> None:
    reference = scene.release(grace, legal_state="WA", received_on=date(2026, 11, 5))
    before = scene.do(grace, open_card, reference).deadline
    assert (before.rule, before.due_on, before.extend_by) == ("WA-15B", date(2026, 11, 30), date(2026, 11, 30))
    with pytest.raises(BadInput, match="2026-12-08 at the latest"):
        scene.do(grace, extend, reference, scene.rules, letter(date(2026, 12, 9)))

    card = scene.do(grace, extend, reference, scene.rules, letter(date(2026, 12, 8)))

    assert (card.deadline.rule, card.deadline.due_on, card.deadline.extended) == ("WA-15B", date(2026, 12, 8), True)
    with pytest.raises(NoExtension, match="There is no second extension"):
        scene.do(grace, extend, reference, scene.rules, letter(date(2026, 12, 8)))


def test_what_was_logged_under_rules_without_that_extension_keeps_to_them(scene: Scene, grace: str) -> None:
    today = scene.rules
    washington = today.rule("WA-15B").model_copy(update={"extension_days": 0, "extension_within": 0})
    others = tuple(washington if rule.id == "WA-15B" else rule for rule in today.rules)
    scene.rules = today.model_copy(update={"rules": others, "version": "of-last-year"})
    reference = scene.release(grace, legal_state="WA", received_on=date(2026, 11, 5))
    scene.rules = today

    assert Does.EXTEND not in scene.do(grace, open_card, reference).may
    with pytest.raises(NoExtension, match=r"The deadline that counts here \(WA-15B\) has no extension"):
        scene.do(grace, extend, reference, scene.rules, letter(date(2026, 12, 8)))


def test_a_states_deadline_stays_as_it_is(scene: Scene, grace: str) -> None:
    californian = scene.release(grace, legal_state="CA")
    assert Does.EXTEND not in scene.do(grace, open_card, californian).may
    with pytest.raises(NoExtension, match=r"The deadline that counts here \(CA-15C\) has no extension"):
        scene.do(grace, extend, californian, scene.rules, letter())


def test_only_who_has_it_in_hand_extends_it_and_not_after_its_end(scene: Scene, grace: str, reference: str) -> None:
    omar = scene.person("omar", Role.ROI_SPECIALIST)
    with pytest.raises(NotYourRequest):
        scene.do(omar, extend, reference, scene.rules, letter())
    scene.do(grace, move, reference, RequestState.CANCELLED, PendReason.WITHDRAWN)
    with pytest.raises(Stale):
        scene.do(grace, extend, reference, scene.rules, letter())


def test_after_it_the_reminders_are_those_of_the_new_date(scene: Scene, grace: str, reference: str) -> None:
    scene.now = on(date(2026, 11, 30))
    scene.tick(remind_due, scene.rules)
    assert [notice.facts["effective_due_on"] for notice in scene.notices(grace)] == ["2026-12-02"]

    scene.do(grace, extend, reference, scene.rules, letter())

    assert scene.notices(grace) == []
    for day in range(1, 32):
        scene.now = on(date(2026, 12, day))
        scene.tick(remind_due, scene.rules)
    told = [(notice.facts["point"], notice.facts["effective_due_on"], notice.created_at.date()) for notice in scene.notices(grace, None)][1:]
    assert {due for _, due, _ in told} == {"2026-12-31"}
    assert {point for point, _, _ in told} <= {"due_soon", "due_today"}
    assert min(day for *_, day in told) > date(2026, 12, 1)


def test_an_extension_is_for_patients_requests_only(scene: Scene, grace: str) -> None:
    audit_request = scene.release(grace, type=RequestType.PAYER_ADR, legal_state="IL", letter_on=date(2026, 11, 10))
    with pytest.raises(NoExtension, match="CMS-ADR-45C"):
        scene.do(grace, extend, audit_request, scene.rules, letter())
