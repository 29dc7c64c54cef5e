"""Files as they come: from Excel, from EHRs, from half a download."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.errors import BrokenFile, IdentifiersFound, WrongColumns
from bot.intake.sheet import Sheet, read_sheet
from bot.intake.source import GivenFile, Line
from bot.intake.task_words import TASK_COLUMNS

PLAIN = "task_ref,task_type,facility_code\nRR-2F7KQ,coding,F1\nRR-9XJ4M,denial_review,F2\n"


def read(data: bytes | str, *, drop: bool = False) -> Sheet:
    return read_sheet(GivenFile.of(data if isinstance(data, bytes) else data.encode()), TASK_COLUMNS, drop_identifiers=drop)


def cells(sheet: Sheet) -> list[dict[str, str]]:
    return [line.cells for line in sheet.lines()]


def first(sheet: Sheet) -> Line:
    return next(sheet.lines())


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.encode("utf-16"),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        PLAIN.replace("F1", '"F1"').replace("coding", ' "coding" ').replace(' "coding" ', ' "coding"').encode(),
        ("\n" + PLAIN + "\n,,\n\n").encode(),
        PLAIN.replace("F1", " F1 ").encode(),
    ],
    ids=[
        "plain",
        "bom",
        "crlf",
        "cr",
        "semicolons",
        "tabs",
        "bars",
        "utf-16",
        "sep",
        "quotes",
        "blank-lines",
        "spaces",
    ],
)
def test_one_table_in_many_dresses(data: bytes) -> None:
    assert cells(read(data)) == [
        {"task_ref": "RR-2F7KQ", "task_type": "coding", "facility_code": "F1"},
        {"task_ref": "RR-9XJ4M", "task_type": "denial_review", "facility_code": "F2"},
    ]


def test_line_numbers_are_those_of_an_editor() -> None:
    assert [line.number for line in read("\n" + PLAIN.replace("RR-9", "\n\nRR-9")).lines()] == [3, 6]
    assert [line.number for line in read("sep=,\n" + PLAIN).lines()] == [3, 4]
    assert [line.number for line in read(PLAIN.replace("F1", '"F\n1"')).lines()] == [2, 4]


def test_windows_letters_are_tolerated_and_mentioned() -> None:
    sheet = read("task_ref,task_type,facility_code\nRR-2F7KQ,coding,Hôpital\n".encode("cp1252"))
    assert (sheet.encoding, first(sheet).cells["facility_code"]) == ("cp1252", "Hôpital")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"task_ref,task_type\nRR-2F7KQ,\x00coding\n", "no text file"),
        (b"task_ref,task_type\nRR-2F7KQ,\x81coding\n", "letters cannot be read"),
        (PLAIN.encode() + b'RR-3MVZL,"coding,F1\n', "line 4 is broken"),
        (PLAIN.encode() + b"RR-3MVZL,cod", "line 4 has 2 cells, but the header has 3"),
        (PLAIN.encode() + b"RR-3MVZL,coding,F1,surplus\n", "line 4 has 4 cells, but the header has 3"),
    ],
)
def test_a_broken_file_is_refused_whole_naming_the_line(data: bytes, sentence: str) -> None:
    with pytest.raises(BrokenFile, match=sentence) as refused:
        read(data)
    assert refused.value.sentence.startswith("Nothing was imported")


def test_identifying_columns_refuse_the_file_by_name() -> None:
    dirty = 'HAR,MRN,Patient Name,Disch Date,Stop Bill\n9,1,"ZZTEST,ALPHA",11/17/2026,Coding Needed\n'
    with pytest.raises(IdentifiersFound) as refused:
        read(dirty)
    assert refused.value.columns == ("HAR", "MRN", "Patient Name")
    assert "HAR, MRN, Patient Name" in refused.value.sentence
    assert "--drop-identifiers" in refused.value.sentence
    assert "ZZTEST" not in refused.value.sentence


def test_dropped_identifiers_are_in_no_cell_and_named() -> None:
    sheet = read('HAR,MRN,Patient Name,Stop Bill,Comment\n9,1,"ZZTEST,ALPHA",Coding Needed,hello\n', drop=True)
    assert sheet.dropped == ("HAR", "MRN", "Patient Name")
    assert sheet.ignored == ("Comment",)
    assert first(sheet).cells == {"stop_bill": "Coding Needed"}
    assert first(sheet).row_key == "har:9"


@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_sentence(data: bytes) -> None:
    try:
        sheet = read(b"task_ref,task_type\n" + data)
    except (BrokenFile, WrongColumns, IdentifiersFound) as refused:
        said = refused.sentence
    else:
        said = f"{sheet.total} lines."
    assert said.endswith(".")


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12), min_size=3, max_size=3)),
    st.sampled_from(",;\t|"),
)
def test_what_a_spreadsheet_writes_is_what_is_read(rows: list[list[str]], separator: str) -> None:
    told = io.StringIO()
    writer = csv.writer(told, delimiter=separator)
    writer.writerow(("task_ref", "task_type", "facility_code"))
    writer.writerows(rows)
    wanted = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    found = [
        [line.cells.get(name, "") for name in ("task_ref", "task_type", "facility_code")]
        for line in read(told.getvalue()).lines()
    ]
    assert found == wanted
