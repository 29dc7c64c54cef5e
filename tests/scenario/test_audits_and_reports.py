"""From a sample to a report: the supervisor draws, the auditor agrees or changes, the coder learns in private, and figures say how they were counted."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from bot.actors import Identity
from bot.reviews import work
from bot.reviews.claims import claim
from bot.sandbox.acting import Person
from jobs.digest import sweep_digests, sweep_weekly_reports
from storage.words import Priority, TaskSetting, TaskType
from tests.desk_fixtures import MONDAY
from tests.scenario.conftest import Office

SIZE = {"how_many": "per_coder", "size": "3"}


def coded(office: Office, who: Person, *codes: str, **facts: object) -> str:
    """A chart that somebody has coded."""
    task = office.new_task(type=TaskType.CODING, setting=TaskSetting.INPATIENT, **facts)
    identity = Identity(office.workspace.team_id, who.id)
    office.desk.change(identity, claim, None, task)
    office.desk.change(identity, work.start, None, task)
    office.desk.change(identity, work.complete, None, task, codes, looked_at=True)
    return task


def drawn(office: Office, charts: int = 3) -> None:
    for _ in range(charts):
        coded(office, office.noor, "I10", "E11.9")
    office.priya.command("/team", "audits")
    office.priya.click(office.priya.sees("Nothing was audited yet"), "audit_draw")
    office.priya.submit(office.priya.needs_modal("Draw a sample"), {"how_many": "per_coder", "size": str(charts)})
    office.priya.sees("Audit 1 is drawn")
    office.deliver_notices()


def test_from_a_sample_to_what_the_coder_learns(office: Office) -> None:
    drawn(office)
    office.tomas.click(office.tomas.sees("3 charts of audit 1 wait for you"), "audit_next")
    sheet = office.tomas.sees("to be audited")
    assert "I10 Essential (primary) hypertension" in sheet.text.replace("`", "")
    assert "Noor" not in sheet.text

    office.tomas.click(sheet, "audit_agree")
    agreed = office.tomas.sees("found right")
    office.tomas.click(agreed, "audit_next")
    office.tomas.click(office.tomas.sees("to be audited"), "audit_edit")
    form = office.tomas.needs_modal("Change codes")
    office.tomas.suggest(form, "codes", "A41.9")
    office.tomas.submit(
        form, {"codes": ["A41.9", "I10", "E11.9"], "root_reason": "documentation_missed", "confirm": ["looked_at"], "note": "Read the consult first"}
    )
    changed = office.tomas.sees("changes found")
    office.tomas.click(changed, "audit_flag")
    assert "RV-" in office.tomas.needs_modal("Report a problem").text
    office.tomas.close(everything=True)
    assert "1 of 3 codes as the auditor would assign them" in changed.text
    office.deliver_notices()

    letter = office.noor.sees("found something to learn from")
    assert "Read the consult first" in letter.text
    assert not letter.is_ephemeral
    assert office.tomas.messages() != office.noor.messages()
    office.noor.command("/desk", "report")
    mine = office.noor.sees("Accuracy of my coding")
    assert "3 of 5 codes; no share below 10 charts" in mine.text
    assert "What auditors found" in mine.text


def test_the_report_tells_both_measures_with_their_interval_as_words_picture_and_file(office: Office) -> None:
    drawn(office, charts=10)
    office.tomas.command("/tasks", "audits")
    office.tomas.sees("Charts to audit (10)")
    for _ in range(10):
        office.tomas.click(office.tomas.ephemerals()[-1] if office.tomas.ephemerals() else office.tomas.sees("audit"), "audit_open")
        office.tomas.click(office.tomas.sees("to be audited"), "audit_agree")
        office.tomas.command("/tasks", "audits")
    office.tomas.sees("No chart waits for your audit")
    office.deliver_notices()
    office.priya.sees("Audit 1 is finished: the auditors agreed with 10 of 10 charts")

    office.priya.command("/team", "report")
    report = office.priya.sees("Accuracy of coding")
    assert "Code over code: 100.0 % (20 of 20 codes), 95 % interval 83.9 % to 100.0 %" in report.text
    assert "Case over case: 100.0 % (10 of 10 charts), 95 % interval 72.2 % to 100.0 %" in report.text
    assert "Noor" not in report.text

    office.priya.click(report, "report_picture")
    office.priya.sees("Here is the picture you asked for")
    office.priya.click(report, "report_file")
    office.priya.sees("Here is the file you asked for")
    content = next(file.content for file in office.workspace.files._by_id.values() if file.name == "accuracy.csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert (rows[0]["group"], rows[0]["code_over_code_correct"], rows[0]["code_over_code_of"]) == ("all", "20", "20")

    office.priya.choose(report, "report_show:more", "accuracy|12|person")
    assert "Noor" in office.priya.sees("By person").text
    office.priya.command("/team", "audits 1")
    office.priya.click(office.priya.sees("Found so far"), "audit_more:more")
    office.priya.sees("gives the same charts: chance chose them")


def test_other_reports_and_what_is_typed_wrong(office: Office) -> None:
    coded(office, office.noor, "I10")
    office.priya.command("/team", "report turnaround 4")
    assert "Coding" in office.priya.sees("Turnaround").text
    office.priya.command("/team", "report reasons")
    office.priya.sees("No flag and no audit found a problem")
    for typed, answer in (
        ("report everything", "Type /team report, then accuracy"),
        ("report 99", "A report covers 1 to 53 weeks"),
        ("report 0", "A report covers 1 to 53 weeks"),
        ("audit", "Did you mean /team audits?"),
    ):
        office.priya.command("/team", typed)
        office.priya.sees(answer)


def test_who_may_not_look_is_told_so(office: Office) -> None:
    office.noor.command("/team", "report")
    office.noor.sees("This is for the role of supervisor or auditor")
    office.noor.command("/tasks", "audits")
    assert "This is for the role of auditor or supervisor" in office.noor.ephemerals()[-1].text
    office.tomas.command("/team", "report")
    office.tomas.sees("No audit of the team")
    office.noor.command("/desk", "report")
    office.noor.sees("No audit of your coding was finished")


def test_a_sample_that_cannot_be_is_refused_under_its_field(office: Office) -> None:
    coded(office, office.noor, "I10")
    office.priya.command("/team", "audits")
    office.priya.click(office.priya.sees("Nothing was audited yet"), "audit_draw")
    form = office.priya.needs_modal("Draw a sample")
    for values, field, sentence in (
        ({"size": "7"}, "size", "Finished fewer than 7: Noor Haddad 1"),
        ({"size": "0"}, "size", "1 or more"),
        ({"how_many": "percent", "size": "101"}, "size", "from 1 to 100 percent"),
        ({"starts": "2026-11-20", "ends": "2026-11-10"}, "ends", "must not be after the last"),
        ({"starts": "2026-01-01", "ends": "2026-01-31", "size": "1"}, "starts", "Nobody finished any coding"),
    ):
        given = {"how_many": "per_coder", "size": "1", "starts": "2026-11-01", "ends": "2026-11-23", **values}
        assert sentence in office.priya.submit(form, given).errors[field]

    office.priya.close(everything=True)
    office.priya.click(office.priya.sees("Nothing was audited yet"), "audit_target")
    form = office.priya.needs_modal("Choose charts")
    assert "no finished coding task" in office.priya.submit(form, {"tasks": "RV-22222"}).errors["tasks"]


def test_finishing_without_a_change_or_a_reason_is_refused_under_its_field(office: Office) -> None:
    drawn(office, charts=1)
    office.tomas.click(office.tomas.sees("1 chart of audit 1 wait"), "audit_next")
    office.tomas.click(office.tomas.sees("to be audited"), "audit_edit")
    form = office.tomas.needs_modal("Change codes")
    refused = office.tomas.submit(form, {"root_reason": "documentation_missed"})
    assert "the coder's own codes" in refused.errors["codes"]
    refused = office.tomas.submit(form, {"codes": ["I10"], "root_reason": "documentation_missed", "note": "pt John Smith MRN 00123456"})
    assert refused.errors or office.tomas.needs_modal()
    assert "changes found" not in office.tomas.everything()[-1].text


def test_the_week_comes_to_the_supervisor_once_with_what_to_do_and_ways_to_look_closer(office: Office) -> None:
    office.clock.moment -= timedelta(days=5)
    for _ in range(10):
        coded(office, office.noor, "I10")
    office.clock.moment += timedelta(days=5)
    for _ in range(3):
        sweep_weekly_reports(office.desk)
        office.deliver_notices()
    [letter] = [message for message in office.priya.messages() if "The team's week" in message.text]
    assert "Nov 16, 2026 to Nov 22, 2026" in letter.text
    assert "10 charts were coded and none was audited by chance" in letter.text
    assert "10, 10 more than the week before" in letter.text
    assert "Noor" not in letter.text
    assert all("The team's week" not in message.text for who in (office.noor, office.tomas) for message in who.everything())

    office.priya.click(letter, "report_open:turnaround")
    assert "10 done" in office.priya.ephemerals()[-1].text
    office.priya.click(letter, "report_picture")
    office.priya.sees("Here is the picture you asked for")
    assert any("The team's week" in message.text for message in office.priya.messages()), "the letter stays"


def test_the_weekly_report_and_the_morning_digest_have_a_switch_each(office: Office) -> None:
    coded(office, office.noor, "I10")
    office.noor.command("/desk", "settings")
    assert office.noor.needs_modal("My working hours").choices("digest") == ["One digest at the start of my day"]
    office.clock.moment += timedelta(days=7)
    titles = {"weekly": "The team's week", "digest": "Your desk on"}
    for wanted in ([], ["weekly"], ["digest"], ["digest", "weekly"]):
        office.priya.command("/desk", "settings")
        office.priya.submit(office.priya.needs_modal("My working hours"), {"digest": wanted})
        office.clock.move(days=7)
        office.new_task(aged_from=office.clock().date() - timedelta(days=3), priority=Priority.CRITICAL)
        coded(office, office.noor, "I10")
        before = len(office.priya.messages())
        sweep_weekly_reports(office.desk)
        sweep_digests(office.desk)
        for _ in range(3):
            office.deliver_notices()
            office.clock.move(seconds=10)
        came = [message.text for message in office.priya.messages()[before:]]
        assert [kind for kind in ("digest", "weekly") if any(titles[kind] in text for text in came)] == wanted


def test_an_audit_has_a_page_and_can_be_dealt_again_exported_and_cancelled(office: Office) -> None:
    drawn(office)
    office.tomas.click(office.tomas.sees("3 charts of audit 1 wait for you"), "audit_next")
    office.tomas.click(office.tomas.sees("to be audited"), "audit_agree")
    office.tomas.click(office.tomas.sees("found right"), "audit_next")
    open_sheet = office.tomas.sees("to be audited")

    office.priya.command("/team", "audits")
    office.priya.click(office.priya.sees("Audit 1"), "audit_show")
    page = office.priya.sees("Found so far")
    assert "3 of 3: 1 agreed, 0 with changes, 2 open" in page.text
    assert "Noor" not in page.text
    office.priya.click(page, "audit_deal")
    office.priya.sees("lies with an auditor who is at work")
    office.priya.click(page, "audit_file")
    office.priya.sees("Here are the charts of the audit")
    content = next(file.content for file in office.workspace.files._by_id.values() if file.name == "audit-1.csv")
    assert content.decode("utf-8-sig").count("Noor Haddad") == 3

    office.priya.choose(page, "audit_more:more", "cancel|1")
    form = office.priya.needs_modal("Cancel audit 1")
    assert office.priya.submit(form, {"note": "Drawn for the wrong month"}).errors == {}
    assert "Drawn for the wrong month" in office.priya.sees("2 withdrawn: cancelled").text
    office.tomas.click(open_sheet, "audit_agree")
    office.tomas.sees("This audit was cancelled meanwhile")
    office.tomas.command("/tasks", "audits")
    office.tomas.sees("No chart waits for your audit")
    office.priya.command("/team", "report")
    office.priya.sees("1 of these charts are from audits that were ended early")


def test_the_home_and_the_morning_of_an_auditor_lead_to_the_next_chart(office: Office) -> None:
    drawn(office)
    home = office.tomas.open_home()
    assert "3 charts wait for your audit" in home.text
    office.tomas.click(home, "audit_begin")
    assert "to be audited" in office.tomas.needs_modal().text
    office.tomas.close(everything=True)
    office.clock.moment = MONDAY + timedelta(days=1, minutes=10)
    sweep_digests(office.desk)
    office.deliver_notices()
    [morning] = [message for message in office.tomas.messages() if "Your desk on Tue, Nov 24" in message.text]
    assert "3 charts wait for your audit" in morning.text
    office.tomas.click(morning, "audit_begin")
    assert "to be audited" in office.tomas.ephemerals()[-1].text


def test_charts_are_chosen_by_a_code_and_what_is_typed_wrong_is_said_under_its_field(office: Office) -> None:
    coded(office, office.noor, "A41.9")
    coded(office, office.noor, "I10")
    office.priya.command("/team", "audits")
    office.priya.click(office.priya.sees("Nothing was audited yet"), "audit_target")
    form = office.priya.needs_modal("Choose charts")
    for values, field, sentence in (
        ({}, "tasks", "one of the two"),
        ({"tasks": "RV-22222", "code": "I10"}, "code", "one of the two"),
        ({"tasks": "", "code": "J18.9"}, "code", "No coding finished in that time has J18.9"),
        ({"tasks": "", "code": "John"}, "code", "Type a code such as E11.9"),
    ):
        assert sentence in office.priya.submit(form, values).errors[field]
    office.priya.submit(form, {"tasks": "", "code": "A41.*"})
    office.priya.sees("Audit 1 holds the 1 chart you chose")
    for typed, answer in (("audits 1", "A41.*"), ("audits 9", "There is no audit of that number"), ("audits x", "Type the number of an audit")):
        office.priya.command("/team", typed)
        office.priya.sees(answer)


def test_a_code_that_was_changed_for_another_is_filled_in_when_it_is_flagged(office: Office) -> None:
    drawn(office, charts=1)
    office.tomas.click(office.tomas.sees("1 chart of audit 1 wait"), "audit_next")
    office.tomas.click(office.tomas.sees("to be audited"), "audit_edit")
    form = office.tomas.needs_modal("Change codes")
    office.tomas.suggest(form, "codes", "E11.65")
    office.tomas.submit(form, {"codes": ["I10", "E11.65"], "root_reason": "documentation_missed", "confirm": ["looked_at"]})
    office.tomas.click(office.tomas.sees("changes found"), "audit_flag")
    flag = office.tomas.needs_modal("Report a problem")
    assert {"E11.9", "E11.65"} <= set(flag.text.split())
    office.tomas.submit(flag)
    reported = office.tomas.sees("is reported. Thank you.")
    assert "Wrong diagnosis" in reported.text
    assert "E11.65" in reported.text


def test_a_second_review_is_done_on_a_worksheet_and_reported_apart(office: Office) -> None:
    coded(office, office.noor, "I10", "E11.9", second_review=True)
    office.tomas.command("/claim")
    office.tomas.click(office.tomas.sees("Second-level review"), "task_start")
    card = office.tomas.sees("in progress")
    assert "Complete" not in card.buttons()
    office.tomas.click(card, "task_complete")
    sheet = office.tomas.sees("to be reviewed")
    assert "Essential (primary) hypertension" in sheet.text
    office.tomas.click(sheet, "review_edit")
    form = office.tomas.needs_modal("Change codes")
    office.tomas.suggest(form, "codes", "A41.9")
    refused = office.tomas.submit(form, {"codes": ["I10", "E11.9"], "root_reason": "documentation_missed"})
    assert "the coder's own codes" in refused.errors["codes"]
    office.tomas.submit(
        form, {"codes": ["A41.9", "I10", "E11.9"], "root_reason": "documentation_missed", "confirm": ["looked_at"], "note": "Read the consult first"}
    )
    assert "1 of 3 codes as the auditor would assign them" in office.tomas.sees("changes found").text
    office.tomas.click(card, "task_complete")
    assert "changes found" in office.tomas.ephemerals()[-1].text, "an old button shows what was found"
    office.deliver_notices()
    assert "Read the consult first" in office.noor.sees("A second-level review of RV-").text

    office.priya.command("/team", "report")
    report = office.priya.sees("Accuracy of coding")
    assert "Second-level reviews, which estimate nothing" in report.text
    assert "1 of 3 codes; no share below 10 charts" in report.text
    assert "Random samples" not in report.text
    office.priya.click(report, "report_file")
    content = next(file.content for file in office.workspace.files._by_id.values() if file.name == "accuracy.csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert (rows[0]["sample"], rows[0]["code_over_code_correct"], rows[0]["code_over_code_of"]) == ("second_level", "1", "3")


def test_a_second_review_is_agreed_with_from_the_home(office: Office) -> None:
    task = coded(office, office.noor, "I10", second_review=True)
    office.tomas.command("/claim")
    office.tomas.click(office.tomas.sees("Second-level review"), "task_start")
    home = office.tomas.open_home()
    office.tomas.click(home, "task_open")
    office.tomas.click(office.tomas.needs_modal(), "task_complete")
    office.tomas.click(office.tomas.needs_modal(f"Review of {task}"), "review_agree")
    assert office.tomas.eventually(lambda: "found right" in office.tomas.needs_modal().text)
    office.tomas.close(everything=True)
    assert "My tasks (0)" in office.tomas.open_home().text
