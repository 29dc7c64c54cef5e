"""A supervisor brings a work list in through Slack: sent, checked, matched, imported, and taken out again."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.actors import Identity, whoami
from bot.sandbox.seen import Seen, SeenMessage
from jobs.imports import sweep_imports
from storage.tables import AuditEntry, ColumnMapping, ImportRun, ReviewTask, RoiRequest
from storage.words import ImportState
from tests.scenario.conftest import Office

LIST = "wq item,task_type,setting,days old,priority\n" + "".join(
    f"WQ-{number},coding,ed,{number % 9},normal\n" for number in range(1, 31)
)
OWN_WORDS = "Ticket,What,Rush,Remark\nA-1,coding,high,hello\nA-2,denial_review,normal,\n"
DIRTY = 'HAR,MRN,Patient Name,DOB,Disch Date,Stop Bill\n90000000001,00000001,"ZZTEST,ALPHA",01/01/1900,11/17/2026,Coding Needed\n'
TASK = {
    "resourceType": "Task", "id": "t1", "status": "requested", "intent": "order", "priority": "urgent",
    "code": {"text": "coding"}, "for": {"reference": "Patient/77123"}, "focus": {"reference": "Encounter/88123"},
}  # fmt: skip


def count(office: Office, table: type[ReviewTask | RoiRequest]) -> int:
    with office.desk.database.read() as session:
        rows = sa.select(sa.func.count()).select_from(table).execution_options(all_workspaces=True)
        return session.scalar(rows) or 0


def stored_file(office: Office, seen: Seen) -> str:
    assert isinstance(seen, SeenMessage)
    stored = office.workspace.files.find(seen.message.files[0]["id"])
    assert stored is not None
    return stored.content.decode("utf-8-sig")


def send(office: Office, text: str | bytes, name: str = "list.csv") -> None:
    office.priya.says("", files={name: text if isinstance(text, bytes) else text.encode()})


def test_a_list_is_checked_first_imported_with_one_button_and_changes_nothing_the_second_time(office: Office) -> None:
    send(office, LIST)
    checked = office.priya.sees("Checked 30 lines of review tasks. Nothing is stored yet.")
    assert "*New*\n30" in checked.text
    assert count(office, ReviewTask) == 0

    office.priya.click(checked, "intake_import")
    done = office.priya.sees("Imported: review tasks")
    assert "*New*\n30" in done.text
    assert count(office, ReviewTask) == 30

    mapped = list(csv.reader(io.StringIO(stored_file(office, office.priya.sees("Which line of your file")))))
    assert mapped[0] == ["line", "reference"]
    assert [row[0] for row in mapped[1:]] == [str(number) for number in range(2, 32)]
    assert all(row[1].startswith("RV-") for row in mapped[1:])

    send(office, LIST)
    again = office.priya.sees("There is nothing new in this file.")
    assert "Import" not in again.buttons()
    assert count(office, ReviewTask) == 30
    with office.desk.database.read() as session:
        run = session.scalars(sa.select(ImportRun).execution_options(all_workspaces=True)).one()
        assert (run.state, run.done, run.total, run.new) == (ImportState.FINISHED, 30, 30, 30)
        audited = session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.action == "tasks_imported").execution_options(all_workspaces=True)
        ).all()
        assert audited == ["tasks_imported"]


def test_columns_in_the_houses_own_words_are_matched_once_and_remembered(office: Office) -> None:
    send(office, OWN_WORDS)
    asked = office.priya.sees("names no column this import knows")
    office.priya.click(asked, "intake_match")
    form = office.priya.needs_modal("Match columns")
    form = office.priya.eventually(lambda: (now := office.priya.modal()) and now.submit_label and now)
    assert form is not None
    assert form.choices("column:task_type") == ["Not in this file", "Ticket", "What", "column 3", "Remark"]
    by_name = {one["text"]["text"]: one["value"] for one in form.element("column:task_type")["options"]}

    refused = office.priya.submit(
        form, {"column:external_key": by_name["Ticket"], "column:task_type": by_name["Ticket"]}
    )
    assert "A column can be one thing only" in next(iter(refused.errors.values()))
    office.priya.submit(
        form,
        {"column:external_key": by_name["Ticket"], "column:task_type": by_name["What"], "column:priority": by_name["column 3"]},
    )
    checked = office.priya.sees("Checked 2 lines of review tasks")
    assert "*New*\n2" in checked.text

    send(office, OWN_WORDS.replace("A-", "B-"))
    again = office.priya.eventually(
        lambda: (seen := office.priya.messages()[-1]) and "Checked 2 lines" in seen.text and seen
    )
    assert again, "the second file needs no form any more"
    with office.desk.database.read() as session:
        kept = session.scalars(sa.select(ColumnMapping).execution_options(all_workspaces=True)).all()
        assert {row.field for row in kept} == {"external_key", "task_type", "priority"}
        assert all(len(row.header) == 32 for row in kept), "headers are kept as hashes only"


def test_identifying_columns_refuse_the_file_by_name_until_somebody_leaves_them_out(office: Office) -> None:
    send(office, DIRTY)
    refused = office.priya.sees("look like patient identifiers: HAR, MRN, Patient Name, DOB.")
    assert "I stored nothing" in refused.text
    assert "ZZTEST" not in refused.text

    office.priya.click(refused, "intake_drop")
    checked = office.priya.sees("Checked 1 line of review tasks")
    assert "Left out, because they identify patients: HAR, MRN, Patient Name, DOB." in checked.text
    office.priya.click(checked, "intake_import")
    office.priya.sees("Imported: review tasks")
    assert count(office, ReviewTask) == 1


def test_rejected_lines_are_told_with_line_column_and_reason_and_many_come_as_a_file(office: Office) -> None:
    bad = "".join(f"WQ-9{number},codding,ed,1,normal\n" for number in range(12))
    send(office, LIST + bad)
    checked = office.priya.sees("Checked 42 lines")
    assert "Line 32, task_type: is not a word of the list; did you mean coding?" in checked.text
    assert "And 4 more." in checked.text
    rows = list(csv.reader(io.StringIO(stored_file(office, office.priya.sees("Every rejected line")))))
    assert rows[0] == ["line", "column", "reason"]
    assert len(rows) == 13


def test_releases_come_in_the_same_way(office: Office) -> None:
    send(office, "roi ref,request_type,received_date,state\nX-1,patient_access,2026-11-12,CA\n")
    checked = office.priya.sees("Checked 1 line of releases")
    office.priya.click(checked, "intake_import")
    office.priya.sees("Imported: releases")
    assert count(office, RoiRequest) == 1


def test_a_fhir_bundle_comes_in_and_what_is_wrong_is_told_by_its_path(office: Office) -> None:
    wrong = TASK | {"id": "t2", "restriction": {"period": {"end": "soon"}}}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": TASK}, {"resource": wrong}]}
    send(office, json.dumps(bundle), "tasks.json")
    checked = office.priya.sees("Checked 2 entries of review tasks")
    assert "Entry 2, Task.restriction.period.end: must be a date" in checked.text
    assert "soon" not in checked.text
    assert "77123" not in checked.text
    office.priya.click(checked, "intake_import")
    office.priya.sees("Imported: review tasks")
    assert count(office, ReviewTask) == 1


def test_people_without_the_role_get_a_sentence_and_their_file_is_not_opened(office: Office) -> None:
    office.noor.says("", files={"list.csv": LIST.encode()})
    office.noor.sees("Work lists are brought in by supervisors, so I opened no file.")
    assert not [call for call in office.workspace.calls.last(100) if call.method == "files.info"]
    office.noor.command("/team", "import")
    office.noor.sees("so I opened no file")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("chart.png", b"\x89PNG....", "I don't open pictures, documents or recordings"),
        ("letter.pdf", b"%PDF-1.7", "I don't open pictures, documents or recordings"),
        ("list.xlsx", b"PK\x03\x04", "Save the list as CSV (UTF-8) and send that."),
        ("list.csv", b"PK\x03\x04rest", "this is an Excel workbook"),
        ("list.csv", b"%PDF-1.7", "this is a document or a picture"),
        ("empty.csv", b"", "the file is empty"),
    ],
)
def test_other_files_are_refused_kindly(office: Office, name: str, content: bytes, sentence: str) -> None:
    send(office, content, name)
    office.priya.sees(sentence)
    assert count(office, ReviewTask) == 0


def test_only_who_sent_a_file_brings_it_in_and_only_as_it_was_checked(office: Office) -> None:
    send(office, LIST)
    checked = office.priya.sees("Checked 30 lines")
    stored = next(iter(office.workspace.files._by_id.values()))
    stored.content = LIST.replace("coding", "denial_review").encode()
    office.priya.click(checked, "intake_import")
    office.priya.sees("This is not the file that was checked.")
    stored.user = "U0NOOR001"
    office.clock.move(seconds=10)
    office.priya.says("", files={})
    office.desk.coordinator = type(office.desk.coordinator)()
    office.priya.click(checked, "intake_import")
    office.priya.sees("Only who sent a file can bring it in.")
    assert count(office, ReviewTask) == 0


def test_two_files_at_once_and_a_file_that_is_gone(office: Office) -> None:
    office.priya.says("", files={"a.csv": LIST.encode(), "b.csv": LIST.encode()})
    office.priya.sees("One file at a time, please")
    send(office, LIST)
    checked = office.priya.sees("Checked 30 lines")
    office.workspace.files._by_id.clear()
    office.priya.click(checked, "intake_import")
    office.priya.sees("This file is no longer in Slack.")


def test_open_tasks_leave_as_a_file_and_it_is_written_down(office: Office) -> None:
    send(office, LIST)
    office.priya.click(office.priya.sees("Checked 30 lines"), "intake_import")
    office.priya.sees("Imported: review tasks")
    office.priya.command("/team", "export")
    offer = office.priya.sees("I send you all open review tasks as a file")
    office.priya.click(offer, "export_file:csv")
    rows = list(csv.DictReader(io.StringIO(stored_file(office, office.priya.sees("30 open review tasks")))))
    assert len(rows) == 30
    assert {row["task_type"] for row in rows} == {"coding"}
    office.clock.move(seconds=5)
    office.priya.click(offer, "export_file:fhir")
    bundle = office.priya.eventually(
        lambda: next((one for one in office.priya.messages() if "tasks.fhir.json" in one.text), None)
    )
    assert bundle is not None
    assert len(json.loads(stored_file(office, bundle))["entry"]) == 30
    with office.desk.database.read() as session:
        facts = session.scalars(
            sa.select(AuditEntry.facts).where(AuditEntry.action == "tasks_exported").execution_options(all_workspaces=True)
        ).all()
    assert facts == [{"form": "csv", "tasks": 30}, {"form": "fhir", "tasks": 30}]
    office.noor.command("/team", "export")
    office.noor.sees("This is for the role of supervisor")


@pytest.mark.expects_faults
def test_nothing_of_a_file_is_in_the_log_the_database_or_the_answers(office: Office, tmp_path: Path) -> None:
    canary, number = "ZZCANARY", "412-55-7810"
    files = {
        "columns": f"wq item,task_type,Remark,{canary}\nW-1,coding,{canary} {number},{canary}\n",
        "codes": f"wq item,task_type,facility,owner\nW-2,{canary},{canary} {number},{canary}\nW-3,coding,F1,{number}\n",
        "headerless": f"{canary},{number},coding\nW-4,x,y\n",
        "ragged": f"wq item,task_type\nW-5,coding,{canary} {number}\n",
        "quotes": f'wq item,task_type\nW-6,"{canary} {number}\n',
        "fhir": json.dumps({**TASK, "note": [{"text": f"{canary} {number}"}]}),
        "fhir2": json.dumps({**TASK, canary: number, "status": f"{canary} {number}", "for": {"display": canary}}),
        "fhir3": json.dumps({**TASK, "priority": number, "code": {"text": f"{canary} {number}"}}),
    }
    for name, text in files.items():
        before = len(office.priya.messages())
        send(office, text, f"{name}.csv")
        assert office.priya.eventually(lambda before=before: len(office.priya.messages()) >= before + 2)
        office.delivery.settle()
    said = "\n".join(seen.text for seen in office.priya.everything() if "list" not in seen.text)
    logged = repr(office.logs)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("desk.db*"))
    for secret in (canary, number):
        assert secret not in said
        assert secret not in logged
        assert secret.encode() not in kept


def test_an_import_whose_process_died_is_told_to_who_began_it_and_its_repetition_completes_it(office: Office) -> None:
    send(office, LIST)
    office.priya.click(office.priya.sees("Checked 30 lines"), "intake_import")
    office.priya.sees("Imported: review tasks")
    with office.desk.database.write() as session:
        session.execute(
            sa.update(ImportRun).values(state=ImportState.RUNNING, done=12).execution_options(all_workspaces=True)
        )
    assert sweep_imports(office.desk) == 0, "it may still be at work"
    office.clock.move(minutes=4)
    assert sweep_imports(office.desk) == 1
    assert sweep_imports(office.desk) == 0
    office.deliver_notices()
    office.priya.sees("Your import of review tasks stopped after 12 of 30: the bot was restarted meanwhile.")


def test_a_second_import_waits_for_the_first(office: Office) -> None:
    send(office, LIST)
    checked = office.priya.sees("Checked 30 lines")
    with office.desk.database.write() as session:
        facts = {"kind": "tasks", "digest": "0" * 64, "state": ImportState.RUNNING, "total": 900, "done": 100}
        priya = office.desk.look(Identity(office.workspace.team_id, "U0PRIYA01"), whoami)
        session.add(
            ImportRun(
                workspace_id=priya.workspace_id, started_by_id=priya.person_id, started_at=office.clock(), moved_at=office.clock(),
                new=0, updated=0, unchanged=0, rejected=0, **facts,
            )
        )  # fmt: skip
    office.priya.click(checked, "intake_import")
    office.priya.sees("An import of yours is still at work: 100 of 900 are done.")
    assert count(office, ReviewTask) == 0
