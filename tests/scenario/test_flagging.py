"""An accuracy problem is reported; a critical one freezes releases on the record."""

from __future__ import annotations

import sqlalchemy as sa

from bot.actors import desk_actor
from bot.flags.catalogue import kind_of
from bot.roi.intake import RequestFacts, log_request
from bot.sandbox.acting import Person as Somebody
from bot.sandbox.forms import submit_form
from bot.sandbox.seen import SeenView
from storage.tables import AccuracyFlag, Person, Record, ReviewTask
from storage.words import ErrorType, RequestState, RequestType
from tests.scenario.conftest import Office


def record_of(office: Office, task: str) -> str:
    with office.desk.database.read() as session:
        return session.scalars(
            sa.select(Record.reference)
            .join(ReviewTask, ReviewTask.record_id == Record.id)
            .where(ReviewTask.reference == task, ReviewTask.workspace_id == office.workspace_id)
            .execution_options(all_workspaces=True)
        ).one()


def new_request(office: Office, record: str | None = None, **facts: object) -> str:
    """Log a request owned by Grace, ready to be sent."""
    with office.desk.database.write() as session:
        grace = session.scalars(
            sa.select(Person).where(
                Person.slack_user_id == "U0GRACE01", Person.workspace_id == office.workspace_id
            )
        ).one()
        given = {
            "type": RequestType.PATIENT_ACCESS,
            "received_on": office.clock().date(),
            "state": RequestState.READY_TO_SEND,
            "owner_id": grace.id,
            "record": record,
            **facts,
        }
        desk = desk_actor(session, office.workspace_id, "test")
        request = log_request(session, desk, office.clock(), office.desk.rules, RequestFacts(**given))
        return request.reference


def form_of(who: Somebody, error_type: str) -> SeenView:
    """The open form, grown by the kind and the type of the problem."""
    form = who.needs_modal("Report a problem")
    group = kind_of(ErrorType(error_type)).group
    if who.needs_modal().value("flag_group") != group:
        who.fill(form, {"error_group": group})
    grown = who.eventually(lambda: shows(who, f"error_type~{group}"))
    assert grown is not None
    who.fill(grown, {"flag_type": error_type})
    said = "Severity"
    whole = who.eventually(lambda: modal if (modal := who.modal()) and said in modal.text else None)
    assert whole is not None
    return whole


def shows(who: Somebody, block: str) -> SeenView | None:
    modal = who.modal()
    return modal if modal and any(one["block_id"] == block for one in modal.blocks) else None


def report(office: Office, about: str, error_type: str, who: Somebody | None = None, **more: object) -> None:
    reporter = who or office.noor
    reporter.command("/flag", about)
    form = form_of(reporter, error_type)
    for field in ("code_before", "code_after"):
        if more.get(field):
            reporter.suggest(form, field, str(more[field]))
    reporter.submit(form, more)


def refused(who: Somebody, form: SeenView, values: dict[str, object]) -> dict[str, str]:
    """The sentences under the fields of a form that was not taken."""
    who.submit(form, values)
    modal = who.needs_modal("Report a problem")
    return {block.split("~")[0]: sentence for block, sentence in modal.errors.items()}


def flags(office: Office) -> list[AccuracyFlag]:
    with office.desk.database.read() as session:
        return list(session.scalars(sa.select(AccuracyFlag).where(AccuracyFlag.workspace_id == office.workspace_id)))


def test_a_flag_reaches_the_person_and_they_accept_it(office: Office) -> None:
    task = office.new_task()
    office.tomas.command("/claim")

    report(office, task, "laterality", root_reason="documentation_missed")
    office.noor.sees("is reported. Thank you.")
    office.deliver_notices()

    letter = office.tomas.sees("a colleague saw something")
    office.tomas.click(letter, "flag_step:acknowledge")
    office.tomas.click(office.tomas.sees("acknowledged"), "flag_step:accept")
    office.tomas.sees("Waits to be corrected.")
    assert [flag.state for flag in flags(office)] == ["accepted"]


def test_the_form_grows_and_what_was_typed_stays(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/flag", task)
    form = office.noor.needs_modal("Report a problem")
    assert [block["block_id"] for block in form.blocks] == ["record", "error_group", "note"]
    office.noor.fill(form, {"note": "Seen twice on this chart", "error_group": "diagnosis"})
    grown = office.noor.eventually(lambda: shows(office.noor, "error_type~diagnosis"))
    assert grown is not None
    assert (grown.value("record"), grown.value("note")) == (task, "Seen twice on this chart")
    office.noor.fill(grown, {"flag_type": "missed_cc_mcc", "root_reason": "documentation_missed"})
    whole = office.noor.eventually(lambda: shows(office.noor, "severity~missed_cc_mcc"))
    assert whole is not None
    assert (whole.value("severity"), whole.value("root_reason")) == ("medium", "documentation_missed")
    office.noor.suggest(whole, "code_after", "E11.9")
    office.noor.submit(whole, {"code_after": "E11.9", "citation": "section i.c.4.A"})
    shown = office.noor.sees("is reported. Thank you.")
    for words in ("Missed CC or MCC", "Documentation missed", "E11.9", "Section I.C.4.a", "Seen twice on this chart"):
        assert words in shown.text


def test_another_kind_asks_other_things_and_forgets_the_type(office: Office) -> None:
    office.noor.command("/flag", office.new_task())
    form = form_of(office.noor, "laterality")
    office.noor.fill(form, {"error_group": "release"})
    other = office.noor.eventually(lambda: shows(office.noor, "error_type~release"))
    assert other is not None
    assert not {"severity~laterality", "code_before"} & {block["block_id"] for block in other.blocks}
    office.noor.fill(other, {"flag_type": "wrong_recipient"})
    assert office.noor.eventually(lambda: "Severity: critical" in (office.noor.modal() or other).text)


def test_bad_codes_and_citations_are_refused_under_their_field(office: Office) -> None:
    office.noor.command("/flag", office.new_task())
    form = form_of(office.noor, "wrong_diagnosis")
    for code in ("E11.9", "E11"):
        office.noor.suggest(form, "code_before", code)
        office.noor.suggest(form, "code_after", code)
    assert "are the same" in refused(office.noor, form, {"code_before": "E11.9", "code_after": "E11.9"})["code_after"]
    assert "is not billable" in refused(office.noor, form, {"code_after": "E11"})["code_after"]
    office.noor.fill(form, {"code_after": None})
    told = refused(office.noor, form, {"citation": "see page 12"})["citation"]
    assert told == "Give only the section number of the guideline, such as I.C.9.a.1 or B3.2a. Its words stay where they are printed."
    assert flags(office) == []


def test_a_note_that_is_too_long_or_holds_patient_data_is_not_kept(office: Office) -> None:
    office.noor.command("/flag", office.new_task())
    form = form_of(office.noor, "misfiled")
    office.noor.submit(form, {"note": "w" * 10_000})
    assert office.noor.needs_modal("Report a problem").errors
    office.noor.submit(form, {"note": "pt John Okonkwo MRN 61744441"})
    office.noor.sees("Nothing was kept")
    again = office.noor.needs_modal("Report a problem")
    office.noor.fill(again, {"error_group": "registration"})
    grown = office.noor.eventually(lambda: shows(office.noor, "error_type~registration"))
    assert grown is not None
    assert "[MRN]" in str(grown.value("note~2"))
    assert flags(office) == []


def test_a_critical_flag_freezes_the_release_and_tells_the_privacy_officer(office: Office) -> None:
    task = office.new_task()
    request = new_request(office, record_of(office, task))

    report(office, task, "wrong_patient")
    office.deliver_notices()

    office.daniel.sees("FL-")
    assert "waits: the critical flag" in office.grace.sees(request).text
    office.grace.command("/roi", request)
    card = office.grace.sees(f"{request} ·")
    assert "critical flag" in card.text.lower()


def test_a_release_is_flagged_from_its_card(office: Office) -> None:
    task = office.new_task()
    request = new_request(office, record_of(office, task))
    office.priya.command("/roi", request)
    office.priya.click(office.priya.sees(f"{request} ·"), "task_flag")
    form = office.priya.needs_modal("Report a problem")
    assert (form.value("record"), form.value("flag_group")) == (request, "release")
    office.priya.submit(form_of(office.priya, "over_disclosure"), {})
    shown = office.priya.sees("is reported. Thank you.")
    assert request in shown.text
    office.deliver_notices()
    office.grace.sees(f"a colleague saw something on {request}")


def test_the_same_problem_reported_again_is_joined_and_both_know(office: Office) -> None:
    task = office.new_task()
    office.tomas.command("/claim")
    report(office, task, "misfiled", note="The second page")
    [flag] = flags(office)
    report(office, task, "misfiled", office.priya, note="Here too")
    joined = office.priya.sees(f"{flag.reference} reports this already")
    assert "The second page" in joined.text
    assert "Noor" in joined.text
    assert len(flags(office)) == 1


def test_a_message_with_several_references_lets_somebody_choose(office: Office) -> None:
    first, second = office.new_task(), office.new_task()
    message = office.noor.write(f"Both {first.lower()} and {second} look odd, RV-22222 is a typo")
    office.noor.message_shortcut(office.noor.sees(second), "flag_message")
    form = office.noor.needs_modal("Report a problem")
    assert message.ts
    assert form.choices("record") == [first, second]
    office.noor.fill(form, {"record": second})
    office.noor.submit(form_of(office.noor, "copy_forward"), {})
    assert second in office.noor.sees("is reported. Thank you.").text


def test_a_card_is_flagged_by_the_shortcut_although_its_text_is_in_blocks(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/claim")
    office.noor.message_shortcut(office.noor.sees(f"{task} is yours."), "flag_message")
    assert office.noor.needs_modal("Report a problem").value("record") == task


def test_words_around_a_reference_are_left_out(office: Office) -> None:
    task = office.new_task()
    office.noor.command("/flag", f"wrong side on {task} please")
    assert office.noor.needs_modal("Report a problem").value("record") == task


def test_what_cannot_be_flagged_gets_a_sentence(office: Office) -> None:
    office.noor.command("/flag", "RV-22222")
    office.noor.sees("Nothing here is called RV-22222")
    office.noor.command("/flag", "something is wrong")
    office.noor.sees("Name the task, the release or the record")
    cancelled = office.new_task()
    record = record_of(office, cancelled)
    with office.desk.database.write() as session:
        session.execute(sa.update(ReviewTask).where(ReviewTask.reference == cancelled).values(state="cancelled"))
    office.noor.command("/flag", cancelled)
    office.noor.sees(f"{cancelled} was cancelled. Flag its record {record} instead.")


def test_a_form_sent_twice_makes_one_flag(office: Office) -> None:
    office.noor.command("/flag", office.new_task())
    form = form_of(office.noor, "misfiled")
    for _ in range(2):
        submit_form(office.server.wire, office.noor.envelope, form.view)
    assert len(flags(office)) == 1
