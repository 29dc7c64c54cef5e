"""A release is due on the earliest of what the law, the letter and the desk's promise say; every figure is data with a
source.
"""

from __future__ import annotations

import csv
import functools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.roi.due_dates import (
    DueDate,
    MissingClockStart,
    NoExtension,
    RuleBook,
    authorization_expires_on,
    check_extension,
    due_date,
    load_rules,
)
from bot.roi.due_rules import Level, Unit
from storage.words import ClockStart, RequestType

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "samples" / "roi_requests.csv"
STATES = sorted(holidays.country_holidays("US").subdivisions)
RECEIVED = date(2026, 11, 3)
PATIENT = RequestType.PATIENT_ACCESS


@pytest.fixture(scope="module")
def rulebook() -> RuleBook:
    return load_rules()


def with_state_holidays(rulebook: RuleBook) -> RuleBook:
    calendar = rulebook.calendar.model_copy(update={"business_days": "state"})
    return rulebook.model_copy(update={"calendar": calendar})


class TestKnownAnswers:
    def test_california_fifteen_days(self, rulebook: RuleBook) -> None:
        due = due_date(rulebook, PATIENT, "CA", date(2026, 11, 12))
        assert (due.rule_id, due.due_on) == ("CA-15C", date(2026, 11, 27))

    def test_washington_skips_veterans_day(self, rulebook: RuleBook) -> None:
        due = due_date(rulebook, PATIENT, "WA", date(2026, 10, 29))
        assert (due.rule_id, due.due_on, due.effective_due_on) == ("WA-15B", date(2026, 11, 20), date(2026, 11, 20))

    def test_texas_fifteen_business_days(self, rulebook: RuleBook) -> None:
        due = due_date(rulebook, PATIENT, "TX", date(2026, 11, 3))
        assert (due.rule_id, due.due_on, due.effective_due_on) == ("TX-15B", date(2026, 11, 25), date(2026, 11, 25))

    @pytest.mark.parametrize("state", [None, "IL"])
    def test_a_medicare_letter_ends_on_a_saturday_and_is_worked_on_friday(
        self, rulebook: RuleBook, state: str | None
    ) -> None:
        due = due_date(rulebook, RequestType.PAYER_ADR, state, date(2026, 10, 19), letter_on=date(2026, 10, 14))
        assert (due.rule_id, due.due_on, due.effective_due_on) == (
            "CMS-ADR-45C",
            date(2026, 11, 28),
            date(2026, 11, 27),
        )
        assert due.internal_target_on == date(2026, 11, 13)

    def test_where_state_calendars_are_chosen_the_friday_after_thanksgiving_is_a_day_off_in_california(self, rulebook: RuleBook) -> None:
        received = date(2026, 11, 12)
        assert due_date(rulebook, PATIENT, "CA", received).effective_due_on == date(2026, 11, 27)
        by_state = due_date(with_state_holidays(rulebook), PATIENT, "CA", received)
        assert by_state.effective_due_on == date(2026, 11, 25)


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"the sample requests are not here: {SAMPLES}")
class TestSampleRequests:
    def rows(self) -> list[dict[str, str]]:
        with SAMPLES.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def due(self, rulebook: RuleBook, row: dict[str, str]) -> DueDate:
        start = date.fromisoformat(row["clock_start_date"])
        named_by_letter = row["due_rule"] in {"LETTER-DATE", "SUBPOENA-DATE"}
        return due_date(
            rulebook,
            RequestType(row["request_type"].removesuffix("_hedis")),
            row["state"],
            start,
            letter_on=start if row["clock_start_event"] == "letter_date" else None,
            letter_due_on=date.fromisoformat(row["due_date"]) if named_by_letter else None,
            extended=row["extension_used"] == "Y",
            requester_type=row["requester_type"],
        )

    def test_rule_due_date_and_target_agree(self, rulebook: RuleBook) -> None:
        for row in self.rows():
            due = self.due(rulebook, row)
            expected = (row["due_rule"], row["due_date"], row["internal_target_date"])
            assert (due.rule_id, str(due.due_on), str(due.internal_target_on)) == expected, row["request_ref"]

    def test_effective_due_dates_agree(self, rulebook: RuleBook) -> None:
        for row in self.rows():
            assert str(self.due(rulebook, row).effective_due_on) == row["effective_due_date"], row["request_ref"]

    def test_under_state_holidays_only_california_differs(self, rulebook: RuleBook) -> None:
        by_state = with_state_holidays(rulebook)
        different = [
            row["state"]
            for row in self.rows()
            if str(self.due(by_state, row).effective_due_on) != row["effective_due_date"]
        ]
        assert different == ["CA"]


class TestWhichRule:
    def test_without_a_state_law_the_federal_thirty_days_hold(self, rulebook: RuleBook) -> None:
        for state in ("OH", None, ""):
            due = due_date(rulebook, PATIENT, state, RECEIVED)
            assert (due.rule_id, due.due_on, due.clock_days, due.unit) == (
                "HIPAA-30C",
                date(2026, 12, 3),
                30,
                Unit.CALENDAR,
            )

    def test_a_letter_that_asks_for_an_earlier_day_wins_and_a_later_one_does_not(self, rulebook: RuleBook) -> None:
        early = due_date(rulebook, PATIENT, "OH", RECEIVED, letter_due_on=date(2026, 11, 20))
        assert (early.rule_id, early.due_on) == ("LETTER-DATE", date(2026, 11, 20))
        late = due_date(rulebook, PATIENT, "OH", RECEIVED, letter_due_on=date(2027, 1, 20))
        assert late.rule_id == "HIPAA-30C"
        assert {candidate.rule_id for candidate in late.candidates} == {"HIPAA-30C", "LETTER-DATE"}

    def test_of_two_equal_dates_the_law_is_named_and_not_the_promise(self, rulebook: RuleBook) -> None:
        due = due_date(rulebook, RequestType.ATTORNEY, "TN", date(2026, 11, 10))
        assert [candidate.rule_id for candidate in due.candidates] == ["TN-10B", "SLA-10B"]

    @pytest.mark.parametrize(
        ("requester", "rule", "due_on"),
        [
            ("medicare_mac", "CMS-ADR-45C", date(2026, 12, 17)),
            ("rac", "CMS-ADR-45C", date(2026, 12, 17)),
            (None, "CMS-ADR-45C", date(2026, 12, 17)),
            ("upic", "UPIC-30C", date(2026, 12, 2)),
            ("cert", "CERT-LETTER-DATE", date(2027, 1, 15)),
        ],
    )
    def test_contractors_have_their_own_clocks(
        self, rulebook: RuleBook, requester: str | None, rule: str, due_on: date
    ) -> None:
        asked = {"letter_on": date(2026, 11, 2), "letter_due_on": date(2027, 1, 15), "requester_type": requester}
        due = due_date(rulebook, RequestType.PAYER_ADR, "MI", RECEIVED, **asked)  # type: ignore[arg-type]
        assert (due.rule_id, due.due_on) == (rule, due_on)

    @pytest.mark.parametrize("request_type", list(RequestType))
    def test_every_type_has_a_due_date_in_every_state(self, rulebook: RuleBook, request_type: RequestType) -> None:
        for state in (None, *STATES):
            due = due_date(rulebook, request_type, state, RECEIVED, letter_on=RECEIVED, letter_due_on=date(2027, 3, 1))
            assert due.effective_due_on <= due.due_on == min(candidate.due_on for candidate in due.candidates)
            assert RECEIVED <= due.internal_target_on <= due.effective_due_on

    def test_a_letter_that_lay_around_keeps_its_date_and_the_target_is_not_in_the_past(
        self, rulebook: RuleBook
    ) -> None:
        due = due_date(rulebook, RequestType.PAYER_ADR, "IL", date(2026, 11, 20), letter_on=date(2026, 10, 14))
        assert (due.due_on, due.internal_target_on) == (date(2026, 11, 28), date(2026, 11, 20))

    def test_received_on_a_saturday_and_due_on_sunday_it_is_not_due_the_day_before_it_came(
        self, rulebook: RuleBook
    ) -> None:
        saturday, sunday = date(2026, 11, 21), date(2026, 11, 22)
        due = due_date(rulebook, RequestType.SUBPOENA, "OH", saturday, letter_due_on=sunday)
        assert due.effective_due_on == sunday

    def test_small_letters_are_read_and_a_state_that_is_none_is_refused(self, rulebook: RuleBook) -> None:
        assert due_date(rulebook, PATIENT, "wa", RECEIVED).rule_id == "WA-15B"
        with pytest.raises(BadInput, match="“XX” is no US state"):
            due_date(rulebook, PATIENT, "XX", RECEIVED)


class TestMissingDates:
    @pytest.mark.parametrize(
        ("request_type", "field", "says"),
        [
            (RequestType.PAYER_ADR, "letter_on", "date of the letter"),
            (RequestType.PAYER_REQUEST, "letter_due_on", "due date the letter names"),
            (RequestType.SUBPOENA, "letter_due_on", "due date the letter names"),
        ],
    )
    def test_the_sentence_names_the_field(
        self, rulebook: RuleBook, request_type: RequestType, field: str, says: str
    ) -> None:
        with pytest.raises(MissingClockStart, match=says) as refused:
            due_date(rulebook, request_type, "OH", RECEIVED)
        assert refused.value.field == field

    def test_a_rule_that_waits_for_the_authorization_asks_for_its_date(self, rulebook: RuleBook) -> None:
        changed = rulebook.rule("SLA-10B").model_copy(update={"clock_start": ClockStart.VALID_AUTHORIZATION})
        waiting = rulebook.model_copy(update={"rules": (changed,)})
        with pytest.raises(MissingClockStart, match="valid authorization") as refused:
            due_date(waiting, RequestType.ATTORNEY, "OH", RECEIVED)
        assert refused.value.field == "authorization_valid_on"
        due = due_date(waiting, RequestType.ATTORNEY, "OH", RECEIVED, authorization_valid_on=date(2026, 11, 16))
        assert due.due_on == date(2026, 12, 1)


class TestExtension:
    def test_it_adds_thirty_days_once(self, rulebook: RuleBook) -> None:
        due = due_date(rulebook, PATIENT, "OH", date(2026, 10, 22))
        latest = check_extension(due, date(2026, 11, 20), promised_on=date(2026, 12, 18), reason_written=True)
        assert latest == date(2026, 12, 21)
        extended = due_date(rulebook, PATIENT, "OH", date(2026, 10, 22), extended=True)
        assert (extended.due_on, extended.clock_days, extended.can_be_extended) == (date(2026, 12, 21), 60, False)
        with pytest.raises(NoExtension, match="no second extension"):
            check_extension(extended, date(2026, 11, 20), promised_on=date(2026, 12, 18), reason_written=True)

    def test_day_thirty_is_the_last_day_to_make_it(self, rulebook: RuleBook) -> None:
        due = due_date(rulebook, PATIENT, "OH", date(2026, 10, 22))
        asked: dict[str, Any] = {"promised_on": date(2026, 12, 18), "reason_written": True}
        assert check_extension(due, date(2026, 11, 21), **asked) == date(2026, 12, 21)
        with pytest.raises(NoExtension, match="2026-11-21"):
            check_extension(due, date(2026, 11, 22), **asked)

    @pytest.mark.parametrize(
        ("promised_on", "reason_written", "field"),
        [
            (date(2026, 12, 18), False, "reason"),
            (None, True, "promised_on"),
            (date(2026, 12, 22), True, "promised_on"),
            (date(2026, 11, 1), True, "promised_on"),
        ],
    )
    def test_it_needs_a_written_reason_and_a_date_within_reach(
        self, rulebook: RuleBook, promised_on: date | None, reason_written: bool, field: str
    ) -> None:
        due = due_date(rulebook, PATIENT, "OH", date(2026, 10, 22))
        with pytest.raises(BadInput) as refused:
            check_extension(due, date(2026, 11, 20), promised_on=promised_on, reason_written=reason_written)
        assert refused.value.field == field

    def test_montana_and_washington_allow_twenty_one_days_with_notice(self, rulebook: RuleBook) -> None:
        montana = due_date(rulebook, PATIENT, "MT", date(2026, 11, 2))
        assert (montana.rule_id, montana.due_on, montana.extend_by) == ("MT-10C", date(2026, 11, 12), date(2026, 11, 12))
        assert montana.latest_with_extension == date(2026, 11, 23)
        washington = due_date(rulebook, PATIENT, "WA", date(2026, 10, 29))
        assert (washington.extend_by, washington.latest_with_extension) == (date(2026, 11, 20), date(2026, 12, 1))
        with pytest.raises(NoExtension, match="had to be made by 2026-11-20"):
            check_extension(washington, date(2026, 11, 21), promised_on=date(2026, 12, 1), reason_written=True)
        with pytest.raises(BadInput, match="2026-12-01 at the latest"):
            check_extension(washington, date(2026, 11, 20), promised_on=date(2026, 12, 2), reason_written=True)

    def test_a_date_on_the_letter_is_not_extended_with_the_rule(self, rulebook: RuleBook) -> None:
        asked: dict[str, Any] = {"promised_on": date(2026, 12, 18), "reason_written": True}
        later = due_date(rulebook, PATIENT, "OH", date(2026, 10, 22), letter_due_on=date(2026, 12, 4))
        assert (later.due_on, later.latest_with_extension) == (date(2026, 11, 21), date(2026, 12, 4))
        with pytest.raises(BadInput, match="2026-12-04 at the latest"):
            check_extension(later, date(2026, 11, 20), **asked)
        same = due_date(rulebook, PATIENT, "OH", date(2026, 10, 22), letter_due_on=date(2026, 11, 21))
        assert (same.rule_id, same.can_be_extended) == ("HIPAA-30C", False)
        with pytest.raises(NoExtension, match=r"counts here \(LETTER-DATE\) has no extension. It stays 2026-11-21"):
            check_extension(same, date(2026, 11, 20), **asked)

    def test_a_shorter_state_law_is_not_extended(self, rulebook: RuleBook) -> None:
        due = due_date(rulebook, PATIENT, "TX", RECEIVED)
        with pytest.raises(NoExtension, match="TX-15B"):
            check_extension(due, RECEIVED, promised_on=date(2026, 12, 1), reason_written=True)
        assert due_date(rulebook, PATIENT, "TX", RECEIVED, extended=True).due_on == due.due_on

    def test_a_request_of_a_payer_has_none(self, rulebook: RuleBook) -> None:
        with pytest.raises(NoExtension, match="payer ADR"):
            due_date(rulebook, RequestType.PAYER_ADR, "OH", RECEIVED, letter_on=RECEIVED, extended=True)


class TestAuthorization:
    @pytest.mark.parametrize(
        ("signed", "last"), [("2026-09-14", "2027-09-14"), ("2028-02-29", "2029-02-28"), ("2026-12-31", "2027-12-31")]
    )
    def test_the_ssa_form_is_valid_twelve_months(self, rulebook: RuleBook, signed: str, last: str) -> None:
        signed_on = date.fromisoformat(signed)
        assert authorization_expires_on(rulebook, RequestType.DISABILITY_SSA, signed_on) == date.fromisoformat(last)

    def test_other_forms_say_it_themselves(self, rulebook: RuleBook) -> None:
        assert authorization_expires_on(rulebook, RequestType.ATTORNEY, RECEIVED) is None


@functools.cache
def days_off(state: str | None) -> frozenset[date]:
    return frozenset(holidays.country_holidays("US", subdiv=state, years=range(2024, 2036)))


def counted_day_by_day(start: date, days: int, *, business: bool, state: str | None) -> date:
    """The plainest count there is: walk on, and tick off each day that counts."""
    day, ticked = start, 0
    while ticked < days:
        day = day + timedelta(days=1)
        weekend = day.strftime("%a") in {"Sat", "Sun"}
        if not business or not (weekend or day in days_off(state)):
            ticked += 1
    return day


#: Days and whether they are business days, typed here once more from the page the rules come from.
LAWS = {
    "MT": (10, False),
    "TN": (10, True),
    "TX": (15, True),
    "WA": (15, True),
    "CA": (15, False),
    "NY": (10, False),
    "LA": (15, False),
    "CO": (10, False),
    "MD": (21, True),
}
#: The same with a notice to the person; the other states above know no such notice.
WITH_NOTICE = {"MT": (21, False), "WA": (21, True)}


class TestAgainstAPlainCount:
    @settings(max_examples=400, deadline=None)
    @given(received=st.dates(date(2025, 1, 1), date(2034, 12, 31)), state=st.sampled_from([None, *STATES]))
    def test_patient_access_in_any_state_over_ten_years(self, received: date, state: str | None) -> None:
        due = due_date(self.book(), PATIENT, state, received)
        expected = received + timedelta(days=30)
        if state in LAWS:
            days, business = LAWS[state]
            expected = min(expected, counted_day_by_day(received, days, business=business, state=state))
        assert due.due_on == expected
        effective = expected
        while effective.strftime("%a") in {"Sat", "Sun"} or effective in days_off(state):
            effective -= timedelta(days=1)
        assert due.effective_due_on == effective

    @settings(max_examples=200, deadline=None)
    @given(
        received=st.dates(date(2025, 1, 1), date(2034, 12, 31)),
        waited=st.integers(0, 40),
        state=st.sampled_from([None, *STATES]),
        asked=st.none() | st.integers(1, 90),
    )
    def test_payers_and_promises_over_ten_years(
        self, received: date, waited: int, state: str | None, asked: int | None
    ) -> None:
        letter = received - timedelta(days=waited)
        named = None if asked is None else received + timedelta(days=asked)
        for request_type, expected in (
            (RequestType.PAYER_ADR, letter + timedelta(days=45)),
            (RequestType.RESEARCH, counted_day_by_day(received, 10, business=True, state=state)),
            (RequestType.CONTINUITY_OF_CARE, counted_day_by_day(received, 1, business=True, state=state)),
        ):
            due = due_date(self.book(), request_type, state, received, letter_on=letter, letter_due_on=named)
            assert due.due_on == (expected if named is None else min(expected, named))

    @settings(max_examples=200, deadline=None)
    @given(
        received=st.dates(date(2025, 1, 1), date(2034, 12, 31)),
        state=st.sampled_from([None, *STATES]),
        promised=st.none() | st.integers(9, 60),
    )
    def test_an_extended_request_is_due_as_promised_and_as_late_as_its_law_allows(
        self, received: date, state: str | None, promised: int | None
    ) -> None:
        named = date.max if promised is None else received + timedelta(days=promised)
        latest = min(received + timedelta(days=60), named)
        if state in LAWS:
            days, business = WITH_NOTICE.get(state, LAWS[state])
            stated = counted_day_by_day(received, days, business=business, state=state)
            latest = min(latest, stated)
        due = due_date(self.book(), PATIENT, state, received, extended=True, promised_on=None if promised is None else named)
        assert due.due_on == latest
        assert due.extend_by is None

    @settings(max_examples=200, deadline=None)
    @given(received=st.dates(date(2025, 1, 1), date(2034, 12, 31)), state=st.sampled_from([None, *STATES]))
    def test_an_extension_is_made_before_the_due_date_or_not_at_all(self, received: date, state: str | None) -> None:
        due = due_date(self.book(), PATIENT, state, received)
        days, business = LAWS.get(state or "", (400, False))
        stated = counted_day_by_day(received, days, business=business, state=state)
        fixed = state not in WITH_NOTICE and stated <= received + timedelta(days=30)
        assert due.extend_by == (None if fixed else due.due_on)
        assert due.latest_with_extension == due_date(self.book(), PATIENT, state, received, extended=True).due_on

    @staticmethod
    @functools.cache
    def book() -> RuleBook:
        """With the state's own days off, which says more than the federal ones alone."""
        return with_state_holidays(load_rules())


class TestTheRulesFile:
    def test_every_rule_has_a_source_and_says_who_has_to_verify_it(self, rulebook: RuleBook) -> None:
        assert len(rulebook.rules) == 18
        assert "not legal advice" in rulebook.notice
        for rule in rulebook.rules:
            assert len(rule.source) > 5
            assert "verify with your privacy counsel" in rule.note.lower(), rule.id

    def test_what_comes_from_secondary_sources_is_marked(self, rulebook: RuleBook) -> None:
        state_rules = {rule.states[0]: rule.verified for rule in rulebook.rules if rule.level is Level.STATE}
        assert {state for state, verified in state_rules.items() if verified} == {"MT", "TN", "TX", "WA"}
        assert {state for state, verified in state_rules.items() if not verified} == {"CA", "NY", "LA", "CO", "MD"}

    def test_three_rules_have_an_extension(self, rulebook: RuleBook) -> None:
        extensions = {
            rule.id: (rule.extension_days, rule.extension_within, rule.extension_unit) for rule in rulebook.rules if rule.extension_days
        }
        assert extensions == {"HIPAA-30C": (30, 30, Unit.CALENDAR), "MT-10C": (11, 10, Unit.CALENDAR), "WA-15B": (6, 15, Unit.BUSINESS)}

    def test_its_version_follows_its_content_but_not_its_line_endings(self, rulebook: RuleBook, tmp_path: Path) -> None:
        own = tmp_path / "ours.toml"
        text = (Path(__file__).resolve().parents[3] / "bot/roi/due_rules.toml").read_text(encoding="utf-8")
        own.write_bytes(text.replace("\n", "\r\n").encode())
        assert load_rules(own).version == rulebook.version
        own.write_text(text.replace("days = 45", "days = 44"), encoding="utf-8")
        changed = load_rules(own)
        assert changed.version != rulebook.version
        assert changed.rule("CMS-ADR-45C").days == 44

    @pytest.mark.parametrize(
        ("right", "wrong", "says"),
        [
            ('states = ["MT"]', 'states = ["M1"]', "MT-10C.states: 'M1' is no US state"),
            ('id = "MT-10C"', 'id = "TX-15B"', "TX-15B is there twice"),
            ('\nunit = "business"', '\nunit = "lunar"', "TN-10B.unit"),
            ("days = 30\n", 'days = "soon"\n', "HIPAA-30C.days"),
            ('applies_to = ["public_health"]', 'applies_to = ["research"]', "no rule applies to public_health"),
            ("Unverified. Verify with your privacy counsel.", "Trust me.", "must say"),
            ('id = "MT-10C"\n', 'id = "MT-10C"\nnonsense = 1\n', "MT-10C.nonsense"),
            ("days = 30\n", "days = \n", "cannot be read"),
        ],
    )
    def test_a_mistake_in_an_own_file_is_said_with_its_place(
        self, tmp_path: Path, right: str, wrong: str, says: str
    ) -> None:
        text = (Path(__file__).resolve().parents[3] / "bot/roi/due_rules.toml").read_text(encoding="utf-8")
        assert right in text
        (tmp_path / "ours.toml").write_text(text.replace(right, wrong), encoding="utf-8")
        with pytest.raises(BadInput) as refused:
            load_rules(tmp_path / "ours.toml")
        assert refused.value.sentence.startswith("ours.toml cannot be")
        assert says in refused.value.sentence

    def test_a_missing_file_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match=r"nothing\.toml cannot be read"):
            load_rules(tmp_path / "nothing.toml")
