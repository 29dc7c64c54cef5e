"""What /code answers beside finding: a set of codes checked, a code on a date, another code system, what is new."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.actors import desk_actor
from bot.codes.importing.carry_out import import_files
from bot.codes.importing.naming import Wishes
from bot.codes.telling import tell_about_edition
from bot.sandbox.acknowledgements import Outcome
from bot.sandbox.identifiers import JsonValue
from bot.sandbox.seen import SeenView
from storage.words import TaskType
from tests.scenario.conftest import Office


def test_a_set_of_codes_is_checked_and_the_note_is_quoted(office: Office) -> None:
    office.noor.command("/code", "check E11.9 O24.410 I10")

    answer = office.noor.sees("3 codes checked: 1 to fix.")
    assert "Excludes1 at E11 names “gestational diabetes (O24.4-)”" in answer.text
    assert "Essential (primary) hypertension" in answer.text


@pytest.mark.parametrize("typed", ["check e119, i10;I10", "check\nE11.9\nI10\nI10", "CHECK E11.9 I10 I10"])
def test_codes_may_be_set_apart_in_any_way(office: Office, typed: str) -> None:
    office.noor.command("/code", typed)
    assert "I10 is there 2 times. Keep it once." in office.noor.sees("3 codes checked").text


def test_a_check_names_what_is_missing_from_each_code(office: Office) -> None:
    office.noor.command("/code", "check S52.501 E11 M25.569 G63 ZZ99")

    answer = office.noor.sees("5 codes checked: 3 to fix, 1 to look at.").text
    assert "S52.501 needs a 7th character" in answer
    assert "E11 is not billable. Choose a code below it, such as E11.0." in answer
    assert "ZZ9.9 is in no code set that is loaded" in answer
    assert "M25.569 leaves the side open. If the record names it: M25.561 or M25.562." in answer


def test_a_manifestation_does_not_come_first(office: Office) -> None:
    office.noor.command("/code", "check F02.80 G30.9")
    assert "G30.9 belongs before F02.80: code first" in office.noor.sees("2 codes checked: 1 to fix.").text

    office.noor.command("/code", "check G30.9 F02.80")
    office.noor.sees("2 codes checked: nothing to fix.")


def test_codes_of_a_day_whose_edition_is_not_loaded_are_checked_with_the_one_before(office: Office) -> None:
    office.noor.command("/code", "check I10 on 2026-11-03")

    answer = office.noor.sees("1 code checked: 1 to look at.").text
    assert "ICD-10-CM FY2027, which applies from Oct 1, 2026, is not loaded" in answer
    assert "Checked against ICD-10-CM, April 2026 instead." in answer


@pytest.mark.parametrize("day", ["2026-11-03", "11/3/2026", "11/03/26", "Nov 3, 2026", "3 Nov 2026", "november 3rd 2026"])
def test_a_code_on_a_day_whose_edition_is_not_loaded_says_so(office: Office, day: str) -> None:
    office.noor.command("/code", f"E11.9 on {day}")

    answer = office.noor.sees("E11.9 on Nov 3, 2026").text
    assert "ICD-10-CM FY2027, which applies from Oct 1, 2026, is not loaded" in answer
    assert "ICD-10-CM, April 2026 (Apr 1, 2026 to Sep 30, 2026)" in answer


def test_a_code_on_a_day_of_the_loaded_edition_is_valid(office: Office) -> None:
    office.noor.command("/code", "e119 on 5/4/2026")
    answer = office.noor.sees("E11.9 is valid on May 4, 2026: ICD-10-CM, April 2026 applies.").text
    assert "Use additional code" in answer

    office.noor.command("/code", "E11 on 5/4/2026")
    office.noor.sees("E11 is in ICD-10-CM, April 2026 but not billable.")


def test_words_with_a_day_are_found_and_the_missing_edition_is_named(office: Office) -> None:
    office.noor.command("/code", "klebsiella pneumonia on 2026-11-03")
    assert "FY2027" in office.noor.sees("J15.0").text


def test_an_edition_begins_at_midnight_where_the_desk_is(office: Office) -> None:
    """Ten in the evening of September 30 in New York is October 1 by UTC."""
    office.clock.moment = datetime(2026, 10, 1, 2, tzinfo=UTC)
    office.noor.command("/code", "E11.9")
    assert "FY2027" not in office.noor.sees("E11.9").text

    office.clock.move(hours=3)
    office.noor.command("/code", "E11.9")
    assert "ICD-10-CM FY2027, which applies from Oct 1, 2026, is not loaded" in office.noor.sees("FY2027").text


def test_on_and_in_stay_words_where_they_are_words(office: Office) -> None:
    office.noor.command("/code", "pain in left knee")
    assert "Codes for “pain in left knee”" in office.noor.sees("M25.562").text
    office.noor.command("/code", "I10 in ICD-10-CM")
    assert "Codes for" not in office.noor.sees("I10 Essential (primary) hypertension").text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("check", "Name the codes to check"),
        ("check on 2026-05-04", "Name the codes to check"),
        ("check E11.9 on 2026-02-30", "“2026-02-30” is no date of the calendar."),
        ("E11.9 on 2026-13-45", "“2026-13-45” is no date of the calendar."),
        ("E11.9 on someday", "“someday” is not a date I can read."),
        ("E11.9 on 1850-01-01", "1850 is out of reach of any code set."),
        ("99213 in cpt", "No code system “cpt” is loaded. Loaded: ICD-10-CM."),
        ("check I10 in 🙂", "No code system “🙂” is loaded."),
        ("check " + "I10 " * 61, "Check at most 60 codes at once."),
        ("check " + "1" * 2900, "is in no code set that is loaded"),
        ("check 🙂1", "is in no code set that is loaded"),
        ("check '; DROP TABLE code_concepts; -- 1", "is in no code set that is loaded"),
        ("check <!channel>1", "is in no code set that is loaded"),
        ("check I10 in " + "x" * 2000, "No code system “xxx"),
        ("ZZZ9.9 on 2026-05-04", "is not in ICD-10-CM"),
    ],
)
def test_what_cannot_be_answered_gets_a_sentence(office: Office, typed: str, answer: str) -> None:
    office.noor.command("/code", typed)
    assert office.noor.sees(answer).text == office.noor.ephemerals()[-1].text


def completion_form(office: Office, task: str) -> SeenView:
    """Claim and start a coding task, and open the form that ends it."""
    office.noor.command("/claim", task)
    office.noor.click(office.noor.sees(f"{task} is yours."), "task_start")
    office.noor.click(office.noor.sees("in progress"), "task_complete")
    return office.noor.needs_modal("Complete")


def complete_with(office: Office, form: SeenView, *codes: str, keep: bool = False) -> Outcome:
    """Choose codes by type-ahead and submit."""
    values: dict[str, JsonValue] = {}
    if codes:
        chosen = [office.noor.suggest(form, "codes", code).option_texts[0] for code in codes]
        values["codes"] = list(chosen)
    if keep:
        values["confirm"] = ["Keep these codes: I looked at what the check says"]
    return office.noor.submit(form, values)


def test_completing_a_coding_task_refuses_what_cannot_be_billed(office: Office) -> None:
    form = completion_form(office, office.new_task(type=TaskType.CODING))

    outcome = complete_with(office, form, "S52.501", keep=True)
    assert "S52.501 needs a 7th character" in str(outcome.errors["codes"])


def test_completing_asks_once_about_codes_that_exclude_each_other_and_keeps_them_when_told(office: Office) -> None:
    task = office.new_task(type=TaskType.CODING)
    form = completion_form(office, task)

    outcome = complete_with(office, form, "E11.9", "O24.410")
    assert "Excludes1 at E11" in str(outcome.errors["codes"])
    assert "tick “Keep these codes” below" in str(outcome.errors["codes"])

    assert not complete_with(office, form, keep=True).errors
    assert "Excludes1 at E11" in office.noor.sees(f"{task} is completed. Thank you.").text


def test_completing_with_sound_codes_asks_nothing(office: Office) -> None:
    task = office.new_task(type=TaskType.CODING, aged_from=date(2026, 5, 4))
    form = completion_form(office, task)

    assert not complete_with(office, form, "I10", "E11.9").errors
    assert "Excludes1" not in office.noor.sees(f"{task} is completed. Thank you.").text


def test_new_says_when_there_is_nothing_to_compare_with(office: Office) -> None:
    office.noor.command("/code", "new")
    nothing = "ICD-10-CM, April 2026 is the only edition loaded, so there is nothing to compare it with."
    assert [seen.text for seen in office.noor.ephemerals()] == [office.noor.sees(nothing).text]
    office.noor.command("/code", "new in cpt")
    assert nothing not in office.noor.sees("No code system “cpt” is loaded.").text


@pytest.fixture
def fiscal_2027(office: Office, tmp_path: Path) -> Office:
    """FY2027 of three codes is imported while everybody works: one gone, one split, one reworded."""
    order = tmp_path / "icd10cm_order_2027.txt"
    rows = (
        ("I10", 1, "Essential (primary) hypertension"),
        ("E11", 0, "Type 2 diabetes mellitus"),
        ("E119", 1, "Type 2 diabetes mellitus without complications, reworded"),
        ("R05", 0, "Cough"),
        ("R058", 0, "Other specified cough"),
        ("R0581", 1, "Cough of the morning"),
        ("R0582", 1, "Cough of the evening"),
    )
    order.write_text("".join(order_line(at, *row) for at, row in enumerate(rows, start=1)), encoding="utf-8")
    done = import_files(office.desk.database, [order], Wishes(), office.clock())
    office.desk.refresh_codes()
    assert done.editions[0].edition is not None
    with office.desk.database.write() as session:
        tell_about_edition(session, desk_actor(session, office.workspace_id, "test"), office.clock(), done.editions[0].edition)
    return office


def order_line(number: int, code: str, flag: int, title: str) -> str:
    return f"{number:05} {code:<7} {flag} {title[:60]:<60} {title}\n"


def test_an_imported_edition_answers_at_once(fiscal_2027: Office) -> None:
    fiscal_2027.noor.command("/code", "cough of the evening")
    assert "ICD-10-CM FY2027" in fiscal_2027.noor.sees("R05.82").text


def test_editions_stand_side_by_side_and_what_replaced_a_code_is_named(fiscal_2027: Office) -> None:
    fiscal_2027.noor.command("/code", "R05.9 on 2026-11-03")
    answer = fiscal_2027.noor.sees("R05.9 is not valid on Nov 3, 2026 (ICD-10-CM FY2027)").text
    assert "its last edition here is ICD-10-CM, April 2026. In its place: R05.81, R05.82." in answer
    assert "ICD-10-CM FY2027 (Oct 1, 2026 to Sep 30, 2027): not in it" in answer

    fiscal_2027.noor.command("/code", "R05.82 on 2026-05-04")
    fiscal_2027.noor.sees("it comes with ICD-10-CM FY2027, from Oct 1, 2026")
    fiscal_2027.noor.command("/code", "check I10 R05.9 on 2026-11-03")
    fiscal_2027.noor.sees("R05.9 is not valid on Nov 3, 2026")
    fiscal_2027.noor.command("/code", "I10 on 2026-05-04")
    fiscal_2027.noor.sees("I10 is valid on May 4, 2026: ICD-10-CM, April 2026 applies.")


def test_new_shows_what_the_edition_changed_page_by_page(fiscal_2027: Office) -> None:
    fiscal_2027.noor.command("/code", "new")
    first = fiscal_2027.noor.sees("ICD-10-CM FY2027 against ICD-10-CM, April 2026: 2 added, 98,181 deleted, 2 revised.")
    assert "By chapter" in first.text
    fiscal_2027.noor.click(first, "code_page:next")
    fiscal_2027.noor.sees("Page 2 of")
