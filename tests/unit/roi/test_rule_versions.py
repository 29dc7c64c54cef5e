"""Rules as data: an admin changes one, requests keep the version they were reckoned by, and are reckoned anew only on purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.errors import BadInput, NotAllowed, Stale
from bot.roi.due_dates import load_rules
from bot.roi.due_rules import DueRule, HolidaysOf, Unit
from bot.roi.recomputing import reckon_again, reckon_open
from bot.roi.requests import open_card
from bot.roi.rule_editing import (
    Because,
    NewRule,
    NothingChanged,
    OnlyStates,
    RuleChange,
    RuleEdit,
    WhyNeeded,
    add_rule,
    change_rule,
    choose_calendar,
)
from bot.roi.rule_pages import NoSuchRule, RulePage, past_versions, rule_in_force, rule_page
from bot.roi.rule_versions import read_document, write_document
from storage.words import ClockStart, RequestType, Role
from tests.unit.roi.scene import Scene, clean

WHY = clean("Counsel read the statute")


@pytest.fixture
def admin(scene: Scene) -> str:
    return scene.person("priya", Role.ADMIN, Role.SUPERVISOR)


@pytest.fixture
def grace(scene: Scene) -> str:
    return scene.person("grace", Role.ROI_SPECIALIST)


def as_it_is(rule: DueRule) -> RuleChange:
    return RuleChange(
        rule.days, rule.unit, rule.clock_start, rule.extension_days, rule.extension_within, rule.verified,
        extension_unit=rule.extension_unit,
    )  # fmt: skip


def change(scene: Scene, who: str, rule_id: str, *, reckon: bool = False, seen: str = "", why: object = WHY, **wanted: object) -> RulePage:
    stands = scene.do(who, rule_in_force, scene.rules, rule_id)
    because = Because(seen or stands.version, why, reckon)  # type: ignore[arg-type]
    edit = RuleEdit(rule_id, replace(as_it_is(stands.rule), **wanted), because)  # type: ignore[arg-type]
    return scene.do(who, change_rule, scene.rules, edit)


def test_a_changed_rule_counts_for_new_requests_and_old_ones_keep_theirs(scene: Scene, admin: str, grace: str) -> None:
    old = scene.release(grace, received_on=date(2026, 11, 12))
    shipped = scene.do(grace, open_card, old).deadline
    assert (shipped.due_on, shipped.rule_version) == (date(2026, 11, 27), scene.rules.version)

    changed = change(scene, admin, "CA-15C", days=10, verified=True)
    new = scene.release(grace, received_on=date(2026, 11, 16))

    assert (changed.number, changed.version != scene.rules.version) == (1, True)
    now = scene.do(grace, open_card, new).deadline
    assert (now.due_on, now.verified, now.rule_version) == (date(2026, 11, 26), True, changed.version)
    assert scene.do(grace, open_card, old).deadline == shipped


def test_one_request_is_reckoned_anew_on_purpose_and_once(scene: Scene, admin: str, grace: str) -> None:
    reference = scene.release(grace, received_on=date(2026, 11, 16))
    change(scene, admin, "CA-15C", days=20)
    assert scene.do(grace, reckon_again, reference, scene.rules).deadline.due_on == date(2026, 12, 6)
    assert scene.audited(reference)[-1] == "request_reckoned"
    done = scene.audited(reference)
    scene.do(grace, reckon_again, reference, scene.rules)
    assert scene.audited(reference) == done


def test_all_open_ones_are_reckoned_anew_by_the_clock_a_batch_at_a_time_when_the_admin_asks(scene: Scene, admin: str, grace: str) -> None:
    references = [scene.release(grace, received_on=date(2026, 11, 16)) for _ in range(5)]
    assert scene.tick(reckon_open, scene.rules) == 0
    assert change(scene, admin, "CA-15C", days=20, reckon=True).reckoning

    assert [scene.tick(reckon_open, scene.rules, 2) for _ in range(5)] == [2, 2, 1, 0, 0]

    assert {scene.do(grace, open_card, one).deadline.due_on for one in references} == {date(2026, 12, 6)}
    assert not scene.do(admin, rule_page, scene.rules).reckoning


def test_what_the_new_rule_cannot_reckon_keeps_its_date(scene: Scene, admin: str, grace: str) -> None:
    reference = scene.release(grace, received_on=date(2026, 11, 16))
    change(scene, admin, "CA-15C", clock_start="valid_authorization", reckon=True)
    scene.tick(reckon_open, scene.rules)
    assert scene.do(grace, open_card, reference).deadline.rule_version == scene.rules.version


def test_the_history_says_who_when_and_why(scene: Scene, admin: str) -> None:
    change(scene, admin, "CA-15C", days=10)
    change(scene, admin, "NY-10C", verified=True)
    told = [(past.number, past.rule_id, past.by, past.why) for past in scene.do(admin, past_versions)]
    assert told == [(2, "NY-10C", admin, WHY), (1, "CA-15C", admin, WHY)]
    assert scene.audited("CA-15C") == ["due_rule_changed"]


def test_two_admins_at_once_do_not_overwrite_each_other(scene: Scene, admin: str) -> None:
    seen = scene.do(admin, rule_in_force, scene.rules, "CA-15C").version
    change(scene, admin, "NY-10C", days=12)
    with pytest.raises(Stale, match="Somebody changed the rules in the meantime"):
        change(scene, admin, "CA-15C", seen=seen, days=10)


@pytest.mark.parametrize(
    ("wanted", "field", "told"),
    [
        ({"days": 0}, "days", "1 at least"),
        ({"days": 401}, "days", "less than or equal to 400"),
        ({"unit": Unit.DATE_ON_LETTER}, "days", "Where the letter names the date, no days are counted"),
        ({"extension_days": 30}, "extension_within", "within how many days"),
        ({"extension_days": 500, "extension_within": 30}, "extension_days", "less than or equal to 400"),
        ({"days": 0, "unit": Unit.DATE_ON_LETTER, "extension_days": 5, "extension_within": 5}, "extension_days", "no extension by rule"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_under_its_field(scene: Scene, admin: str, wanted: dict[str, object], field: str, told: str) -> None:
    before = scene.everything()
    with pytest.raises(BadInput, match=told) as refused:
        change(scene, admin, "CA-15C", **wanted)
    assert refused.value.field == field
    assert scene.everything() == before


def test_a_change_needs_its_reason_and_something_that_changes(scene: Scene, admin: str) -> None:
    with pytest.raises(WhyNeeded):
        change(scene, admin, "CA-15C", why=None, days=10)
    with pytest.raises(NothingChanged):
        change(scene, admin, "CA-15C")
    with pytest.raises(NoSuchRule):
        change(scene, admin, "XX-99C", days=10)


def test_who_works_on_releases_reads_the_rules_and_only_an_admin_changes_them(scene: Scene, admin: str, grace: str) -> None:
    page = scene.do(grace, rule_page, scene.rules)
    assert (page.total, page.can_edit, page.number) == (len(scene.rules.rules), False, 0)
    assert "verify" in page.notice.lower()
    with pytest.raises(NotAllowed):
        change(scene, grace, "CA-15C", days=10)
    noor = scene.person("noor", Role.SPECIALIST)
    with pytest.raises(NotAllowed):
        scene.do(noor, rule_page, scene.rules)



ILLINOIS = RuleChange(20, Unit.BUSINESS, ClockStart.RECEIVED, 5, 20, verified=True, source=clean("735 ILCS 5/8-2001"), extension_unit=Unit.BUSINESS)


def add(scene: Scene, who: str, state: str = "il", *kinds: RequestType, why: object = WHY, **wanted: object) -> tuple[str, RulePage]:
    seen = scene.do(who, rule_page, scene.rules).version
    change = replace(ILLINOIS, **wanted)  # type: ignore[arg-type]
    new = NewRule(state, kinds or (RequestType.PATIENT_ACCESS,), change, Because(seen, why))  # type: ignore[arg-type]
    return scene.do(who, add_rule, scene.rules, new)


def test_a_states_rule_is_added_counts_for_new_requests_and_can_be_taken_out(scene: Scene, admin: str, grace: str) -> None:
    old = scene.release(grace, legal_state="IL", received_on=date(2026, 11, 16))
    name, page = add(scene, admin)
    assert (name, page.number, page.total, page.rules[-1].id) == ("IL-20B", 1, 19, "IL-20B")

    new = scene.release(grace, legal_state="IL", received_on=date(2026, 11, 16))

    deadline = scene.do(grace, open_card, new).deadline
    assert (deadline.rule, deadline.due_on, deadline.verified) == ("IL-20B", date(2026, 12, 15), True)
    assert scene.do(grace, open_card, old).deadline.rule == "HIPAA-30C"
    assert scene.audited("IL-20B") == ["due_rule_added"]

    stands = scene.do(admin, rule_in_force, scene.rules, name)
    gone = scene.do(admin, change_rule, scene.rules, RuleEdit(name, ILLINOIS, Because(stands.version, WHY), drop=True))
    assert (gone.number, gone.total) == (2, 18)
    assert scene.do(grace, open_card, scene.release(grace, legal_state="IL")).deadline.rule == "HIPAA-30C"
    assert scene.do(grace, open_card, new).deadline == deadline
    assert [past.rule_id for past in scene.do(admin, past_versions)] == ["IL-20B", "IL-20B"]


def test_a_second_rule_of_a_state_gets_a_name_of_its_own(scene: Scene, admin: str) -> None:
    assert add(scene, admin)[0] == "IL-20B"
    assert add(scene, admin, "IL", RequestType.ATTORNEY)[0] == "IL-20B-2"


@pytest.mark.parametrize(
    ("state", "wanted", "field"),
    [
        ("Illinois", {}, "legal_state"),
        ("", {}, "legal_state"),
        ("IL", {"days": 0}, "days"),
        ("IL", {"unit": Unit.DATE_ON_LETTER, "days": 0}, "unit"),
        ("IL", {"source": None}, "source"),
        ("IL", {"source": clean("law")}, "source"),
        ("IL", {"extension_within": 0}, "extension_within"),
        ("IL", {"why": None}, "why"),
    ],
)
def test_a_rule_that_makes_no_sense_is_not_added(scene: Scene, admin: str, state: str, wanted: dict[str, object], field: str) -> None:
    before = scene.everything()
    with pytest.raises(BadInput) as refused:
        add(scene, admin, state, **wanted)
    assert refused.value.field == field
    assert scene.everything() == before


def test_business_days_skip_the_states_own_holidays_when_an_admin_says_so(scene: Scene, admin: str, grace: str) -> None:
    facts = {"legal_state": "TX", "received_on": date(2026, 11, 12)}
    federal = scene.do(grace, open_card, scene.release(grace, **facts)).deadline
    seen = scene.do(admin, rule_page, scene.rules).version
    with pytest.raises(NothingChanged):
        scene.do(admin, choose_calendar, scene.rules, HolidaysOf.FEDERAL, Because(seen, WHY))
    with pytest.raises(NotAllowed):
        scene.do(grace, choose_calendar, scene.rules, HolidaysOf.STATE, Because(seen, WHY))

    page = scene.do(admin, choose_calendar, scene.rules, HolidaysOf.STATE, Because(seen, WHY))

    assert (page.holidays_of, page.number, scene.audited("HOLIDAYS")) == (HolidaysOf.STATE, 1, ["due_calendar_changed"])
    # Texas keeps the Friday after Thanksgiving, which the federal calendar does not.
    texan = scene.do(grace, open_card, scene.release(grace, **facts)).deadline
    assert (federal.due_on, texan.due_on) == (date(2026, 12, 4), date(2026, 12, 7))


def test_only_an_admin_adds_a_rule_and_none_that_counts_everywhere_is_taken_out(scene: Scene, admin: str, grace: str) -> None:
    before = scene.everything()
    with pytest.raises(NotAllowed):
        add(scene, grace)
    stands = scene.do(admin, rule_in_force, scene.rules, "HIPAA-30C")
    with pytest.raises(OnlyStates):
        scene.do(admin, change_rule, scene.rules, RuleEdit("HIPAA-30C", ILLINOIS, Because(stands.version, WHY), drop=True))
    assert scene.everything() == before


def test_rules_survive_being_stored(scene: Scene) -> None:
    rules = load_rules()
    assert read_document(write_document(rules), rules.version) == rules


def test_the_pages_of_the_rules_hold_them_all_once(scene: Scene, admin: str) -> None:
    first = scene.do(admin, rule_page, scene.rules)
    shown = [rule.id for page in range(first.pages) for rule in scene.do(admin, rule_page, scene.rules, page).rules]
    assert shown == [rule.id for rule in scene.rules.rules]
    assert scene.do(admin, rule_page, scene.rules, 999).page == first.pages - 1
