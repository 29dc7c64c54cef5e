"""The enemy's tour: damaged CSV files. Each is refused with a sentence, or read as it is meant; nothing half-done stays, nothing of a cell is repeated."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from bot.actors import desk_actor
from bot.errors import Refusal
from bot.intake.columns import Headings, understand
from bot.intake.mapping import header_hash, headings, remember
from bot.intake.task_words import TASK_COLUMNS
from bot.privacy.guard import Guard
from storage.database import Database
from storage.tables import ReviewTask
from tests.unit.intake.conftest import NOW, SECRET, Importer
from tests.unit.intake.test_task_import import counts, everything

PLAIN = "wq item,task_type,discharge_date\nW-1,coding,11/17/2026\nW-2,denial_review,11/18/2026\n"
CANARY = "ZZCANARY 412-55-7810"

READ = {
    "a byte order mark": PLAIN.encode("utf-8-sig"),
    "Windows line ends": PLAIN.replace("\n", "\r\n").encode(),
    "old Mac line ends": PLAIN.replace("\n", "\r").encode(),
    "semicolons": PLAIN.replace(",", ";").encode(),
    "semicolons said by Excel": ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
    "tabs": PLAIN.replace(",", "\t").encode(),
    "UTF-16": PLAIN.encode("utf-16"),
    "UTF-16 big-endian": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "Windows letters": PLAIN.replace("W-", "W\u2013").encode("cp1252"),
    "Excel dates": PLAIN.replace("11/17/2026", "46343").replace("11/18/2026", "46344.5").encode(),
    "blank lines and empty cells at the end": ("\n\n" + PLAIN.replace("\n", ",,\n") + "\n,,,,\n").encode(),
    "a header twice": PLAIN.replace("task_type", "task_type,Task Type").replace("coding,", "coding,x,").replace("review,", "review,y,").encode(),
    "formula cells in a column nobody needs": PLAIN.replace("_date\n", "_date,Remark\n").replace("2026\n", "2026,=cmd|' /C calc'!A0\n").encode(),
}  # fmt: skip

REFUSED = {
    "empty": (b"", "the file is empty"),
    "only blank lines": (b"\r\n\r\n", "the file is empty"),
    "no header": (b"W-1,coding,11/17/2026\n", "names no column"),
    "a line too short": (PLAIN.encode() + b"W-3,coding\n", "line 4 has 2 cells, but the header has 3"),
    "a line too long": (PLAIN.encode() + f"W-3,coding,11/18/2026,{CANARY}\n".encode(), "line 4 has 4 cells"),
    "a quotation mark without its partner": (PLAIN.encode() + f'W-3,"{CANARY}\n'.encode(), "line 4 is broken"),
    "a quotation mark in the middle": (PLAIN.encode() + f'W-3,"co"{CANARY},x\n'.encode(), "line 4 is broken"),
    "a cell of ten megabytes": (PLAIN.encode() + b"W-3,coding," + b"9" * 10_000_000 + b"\n", "line 4 is broken"),
    "NUL bytes": (PLAIN.encode() + b"W-3,cod\x00ing,x\n", "no text file"),
    "UTF-16 without its mark": (PLAIN.encode("utf-16-le"), "no text file"),
    "letters of no encoding": (PLAIN.encode() + b"W-3,\x81\x8d,x\n", "letters cannot be read"),
    "half a letter of UTF-16": (PLAIN.encode("utf-16") + b"\x00", "letters cannot be read"),
    "an Excel workbook": (b"PK\x03\x04" + CANARY.encode(), "Excel workbook"),
    "an old Excel workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "document or a picture"),
    "a PDF": (b"%PDF-1.7 " + CANARY.encode(), "document or a picture"),
    "a page of HTML": (b"<html><body>" + CANARY.encode() + b"</body></html>", "names no column"),
    "identifying columns": (f"MRN,Patient Name,wq item,task_type\n1,{CANARY},W-1,coding\n".encode(), "MRN, Patient Name"),
}  # fmt: skip


@pytest.mark.parametrize("damage", READ)
def test_it_is_read_as_it_is_meant(database: Database, import_task_file: Importer, damage: str) -> None:
    assert counts(import_task_file(READ[damage])) == (2, 0, 0, 0)
    with database.read() as session:
        days = set(session.scalars(sa.select(ReviewTask.aged_from)))
    assert days == {date(2026, 11, 17), date(2026, 11, 18)}


@pytest.mark.parametrize("damage", REFUSED)
@pytest.mark.parametrize("dry_run", [True, False])
def test_it_is_refused_with_a_sentence_and_nothing_changes(
    database: Database, import_task_file: Importer, damage: str, *, dry_run: bool
) -> None:
    data, sentence = REFUSED[damage]
    before = everything(database)
    with pytest.raises(Refusal, match=sentence) as refused:
        import_task_file(data, dry_run=dry_run)
    assert refused.value.sentence.endswith((".", "?"))
    assert len(refused.value.sentence) < 400
    assert "CANARY" not in refused.value.sentence
    assert everything(database) == before


def test_headers_without_lines_are_a_file_with_nothing_in_it(import_task_file: Importer) -> None:
    assert counts(import_task_file(PLAIN.partition("\n")[0])) == (0, 0, 0, 0)


def test_patient_information_in_a_column_of_free_text_is_never_kept(database: Database, import_task_file: Importer) -> None:
    text = PLAIN.replace("_date\n", "_date,Comment\n").replace("2026\n", f"2026,{CANARY}\n")
    report = import_task_file(text)
    assert counts(report) == (2, 0, 0, 0)
    assert report.ignored == ("Comment",)
    assert "CANARY" not in repr(everything(database))
    assert "CANARY" not in repr(report)


def test_a_header_that_may_be_a_name_is_not_repeated(guard: Guard, database: Database) -> None:
    with database.read() as session:
        known = headings(session, 1, TASK_COLUMNS, SECRET, guard)
    header = understand(["wq item", "Whitlock", "Remark", "412-55-7810", "x" * 80, "type", "Patient Name"], TASK_COLUMNS, known)
    assert header.ignored == ("column 2", "Remark", "column 4", "column 5")
    assert header.identifiers == ("Patient Name",)


def test_what_a_header_means_is_remembered_for_the_workspace_and_the_kind(guard: Guard, database: Database) -> None:
    said = {"Ticket": "external_key", "Patient Name": "facility_code", "status": ""}
    meanings = {header_hash(SECRET, 1, header): field for header, field in said.items()}
    with database.write() as session:
        remember(session, desk_actor(session, 1, "tests"), NOW, TASK_COLUMNS, meanings)
        remember(session, desk_actor(session, 1, "tests"), NOW, TASK_COLUMNS, meanings)
    with database.read() as session:
        known = headings(session, 1, TASK_COLUMNS, SECRET, guard)
    header = understand(["TICKET", "type", "Status", "Patient Name"], TASK_COLUMNS, known)
    assert header.places == {"external_key": 0, "task_type": 1}
    assert header.ignored == ("Status",)
    assert header.identifiers == ("Patient Name",), "an identifying column stays one whatever was said"
    assert understand(["TICKET", "type"], TASK_COLUMNS, Headings()).places == {"task_type": 1}


def test_one_record_named_by_its_key_and_by_its_reference_stays_one_over_many_parts(
    database: Database, import_task_file: Importer
) -> None:
    filler = [f"W-{number},,coding" for number in range(2500)]
    text = "\n".join(["row key,task_ref,task_type", "K-1,RR-2F7KQ,coding", *filler, "K-1,,denial_review", "K-1,,coding"])
    assert counts(import_task_file(text, dry_run=True)) == (2502, 0, 0, 1)
    report = import_task_file(text)
    assert counts(report) == (2502, 0, 0, 1)
    assert str(report.rejected[0]) == "Line 2504, task_ref: is the same task as on line 2."
    assert len(report.references) == 2502
    with database.read() as session:
        shared = session.scalar(sa.select(sa.func.count(ReviewTask.id)).group_by(ReviewTask.record_id).order_by(sa.func.count().desc()).limit(1))
    assert shared == 2
