"""Published files are recognised by what stands in them, read whole, or refused with file, line and reason."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given as for_any
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from bot.codes.catalogue import tell_nobody
from bot.codes.importing.errors import CannotImport
from bot.codes.importing.files import GivenFile, read_files
from bot.codes.importing.index_xml import read_index, read_table
from bot.codes.importing.kinds import FileKind, recognise
from bot.codes.importing.naming import Wishes, name_edition, read_wishes
from bot.codes.importing.reading import Reading, read_bundles
from storage.words import NoteKind, TermKind
from tests.unit.codes.importing import samples
from tests.unit.codes.importing.samples import given, hcpcs_line, order_line

OFFICIAL = Path(__file__).parents[5] / "shared" / "data" / "official"
OCTOBER = Wishes(starts=date(2026, 10, 1))


def read(*files: GivenFile, wishes: Wishes | None = None) -> Reading:
    return read_bundles(files, wishes or Wishes(), tell_nobody)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("icd10cm_order_2027.txt", samples.ORDER, FileKind.CM_ORDER),
        ("renamed.dat", samples.ORDER, FileKind.CM_ORDER),
        ("icd10cm_codes_2027.txt", "R0581   Cough of the morning\n", FileKind.CM_CODES),
        ("tabular.xml", samples.TABULAR, FileKind.CM_TABULAR),
        ("index.xml", samples.INDEX, FileKind.CM_INDEX),
        ("eindex.xml", samples.INDEX.replace("INDEX TO DISEASES", "EXTERNAL CAUSE of"), FileKind.CM_EXTERNAL_INDEX),
        ("neoplasm.xml", samples.NEOPLASMS, FileKind.CM_NEOPLASM_TABLE),
        ("drug.xml", samples.DRUGS, FileKind.CM_DRUG_TABLE),
        ("icd10pcs_order_2027.txt", samples.PCS_ORDER, FileKind.PCS_ORDER),
        ("order.txt", samples.PCS_ORDER, FileKind.PCS_ORDER),
        ("HCPC2026_OCT_ANWEB.txt", samples.HCPCS, FileKind.HCPCS_TEXT),
        ("cpt.csv", samples.CSV, FileKind.CSV),
        ("order_addenda_2027.txt", "Add R05.9 Cough\n", FileKind.ADDENDA),
        ("icd10cm-tabular-addenda-2027.xml", samples.TABULAR, FileKind.ADDENDA),
    ],
)
def test_a_file_is_recognised(name: str, text: str, kind: FileKind) -> None:
    assert recognise(given(name, text)) is kind


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("letter.txt", "Dear colleague,\n", "letter.txt: line 1 is not the beginning of any code file."),
        ("page.xml", "<?xml version='1.0'?><html/>", "page.xml: line 1: this XML is no ICD-10-CM"),
        ("evil.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities in files are never read"),
        ("noise.bin", b"\x81\x8d\x8f\x90\x9d", "line 1: there are letters that are neither UTF-8 nor Windows-1252."),
    ],
)
def test_anything_else_is_refused(name: str, text: str | bytes, told: str) -> None:
    with pytest.raises(CannotImport) as refused:
        recognise(given(name, text))
    assert told in refused.value.sentence
    assert refused.value.sentence.endswith("Nothing was changed.")


def test_an_order_file_gives_codes_titles_and_what_stands_above_them() -> None:
    bundle = read(given("icd10cm_order_2027.txt", samples.ORDER)).bundles[0]
    rows = [(entry.code, entry.billable, entry.extended, entry.parent) for entry in bundle.entries]
    assert rows == [
        ("R05", False, False, None),
        ("R05.81", True, False, 0),
        ("R05.82", True, False, 0),
        ("S02.2", False, False, None),
        ("S02.2XXA", True, True, 3),
        ("S02.2XXD", True, True, 3),
    ]
    assert (bundle.name.slug, bundle.name.title) == ("2026-10", "ICD-10-CM FY2027")
    assert (bundle.name.starts, bundle.name.ends) == (date(2026, 10, 1), date(2027, 9, 30))


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (order_line(7, "R06", "2", "Breath"), "line 7: column 15 must be 0 or 1, not “2”."),
        (order_line(7, "R06", 1, ""), "line 7: R06 has no title."),
        (order_line(7, "R05", 0, "Cough again"), "line 7: R05 is there twice."),
        (order_line(7, "?!", 0, "Odd"), "line 7: “?!” is no code."),
        ("and so on\n", "line 7: columns 1 to 5 hold no order number."),
    ],
)
def test_one_broken_line_refuses_the_whole_file(broken: str, told: str) -> None:
    with pytest.raises(CannotImport) as refused:
        read(given("icd10cm_order_2027.txt", samples.ORDER + broken))
    assert refused.value.sentence == f"icd10cm_order_2027.txt, {told} Nothing was changed."


def test_procedures_have_no_dot() -> None:
    bundle = read(given("icd10pcs_order_2027.txt", samples.PCS_ORDER)).bundles[0]
    assert [entry.code for entry in bundle.entries] == ["0DT", "0DTJ0ZZ", "0DTJ4ZZ"]
    assert bundle.name.system == "icd-10-pcs"


def test_a_tabular_list_with_its_order_file_brings_instructions_and_only_valid_7th_characters() -> None:
    alone = read(given("icd10cm-tabular-2027.xml", samples.TABULAR)).bundles[0]
    order = samples.ORDER.replace(samples.ORDER.splitlines(keepends=True)[5], "")
    both = read(given("icd10cm-tabular-2027.xml", samples.TABULAR), given("icd10cm_order_2027.txt", order)).bundles[0]
    assert [entry.code for entry in alone.entries if entry.extended] == ["S02.2XXA", "S02.2XXD"]
    assert [entry.code for entry in both.entries if entry.extended] == ["S02.2XXA"]
    cough = next(entry for entry in both.entries if entry.code == "R05")
    assert cough.notes == [(NoteKind.EXCLUDES1, "barking of a seal (S02.2-)")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (samples.TABULAR.replace("</chapter>", ""), "the XML is broken here."),
        (samples.TABULAR.replace("<ICD10CM.tabular>", '<!DOCTYPE x [<!ENTITY lol "ha">]>\n<ICD10CM.tabular>'), "line 2: it declares a document type"),
        ("<ICD10CM.tabular></ICD10CM.tabular>", "line 1: there are no codes in it."),
    ],
)
def test_xml_that_is_not_what_it_should_be_is_refused(text: str, told: str) -> None:
    with pytest.raises(CannotImport) as refused:
        read(given("icd10cm-tabular-2027.xml", text))
    assert told in refused.value.sentence


def test_an_index_follows_its_references_and_survives_circles() -> None:
    found = {(term.text, term.code) for term in read_index(io.BytesIO(samples.INDEX.encode()))}
    assert ("Bark, barking", "R05.82") in found
    assert ("Broken, nose", "S02.2-") in found
    assert ("Cough, evening", "R05.82") in found
    assert not any(text.startswith(("Circle", "Broken, heart")) for text, _ in found)


def test_tables_give_one_wording_for_each_column() -> None:
    drugs = [(term.text, term.code) for term in read_table(io.BytesIO(samples.DRUGS.encode()), site_first=False)]
    assert drugs == [
        ("Moonshine, poisoning accidental (unintentional)", "R05.81"),
        ("White lightning, poisoning accidental (unintentional)", "R05.81"),
    ]
    sites = [(term.text, term.code) for term in read_table(io.BytesIO(samples.NEOPLASMS.encode()), site_first=True)]
    assert ("nose, malignant primary neoplasm", "R05.81") in sites
    assert ("nose, tip, benign neoplasm", "R05.8-") in sites


@pytest.mark.parametrize(
    ("file", "kind", "wording", "code"),
    [
        ("icd10cm-eindex-April-1-2026.xml", TermKind.EXTERNAL_CAUSE_INDEX, "Accident, bus", "V79.9"),
        ("icd10cm-neoplasm-April-1-2026.xml", TermKind.NEOPLASM_TABLE, "abdomen, abdominal, cavity, malignant primary neoplasm", "C76.2"),
        ("icd10cm-drug-April-1-2026.xml", TermKind.DRUG_TABLE, "Aspirin, adverse effect", "T39.015"),
    ],
)
def test_the_official_files_of_april_2026(file: str, kind: TermKind, wording: str, code: str) -> None:
    if not (OFFICIAL / file).is_file():
        pytest.skip("the official files of April 2026 are not on this machine")
    bundle = read(*read_files([OFFICIAL / file])).bundles[0]
    assert (bundle.name.slug, list(bundle.terms)) == ("2026-04", [kind])
    terms = {(term.text.split(" NEC")[0], term.code.rstrip("-")) for term in bundle.terms[kind]}
    assert (wording, code) in terms, sorted(term for term in terms if term[0].startswith(wording[:12]))[:10]


def test_hcpcs_joins_continued_texts_and_knows_dates_and_modifiers() -> None:
    bundle = read(given("HCPC2026_OCT_ANWEB.txt", samples.HCPCS)).bundles[0]
    told = [(entry.code, entry.title, entry.billable) for entry in bundle.entries]
    assert told == [
        ("A0001", "Wooden crutch, with a handle that glows in the dark", True),
        ("A0002", "Paper wheelchair", True),
        ("ZZ", "On a Tuesday", True),
    ]
    assert getattr(bundle.entries[1], "valid_to", None) == date(2026, 3, 31)
    assert bundle.name.title == "HCPCS Level II, October 2026"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (hcpcs_line("A0003", 10, "4", "goes on"), "line 5: the kind of record (column 11) is “4”: it continues a code"),
        (hcpcs_line("A0003", 10, "3", ""), "line 5: A0003 has no text."),
        (hcpcs_line("A0001", 10, "3", "Again"), "line 5: A0001 is there twice."),
        (hcpcs_line("A0003", 10, "3", "Odd end", ends="20261399"), "line 5: “20261399” is no day"),
    ],
)
def test_a_broken_hcpcs_line_is_named(broken: str, told: str) -> None:
    with pytest.raises(CannotImport) as refused:
        read(given("HCPC2026_OCT_ANWEB.txt", samples.HCPCS + broken))
    assert told in refused.value.sentence


def test_the_hcpcs_spreadsheet_says_the_same() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Published as an example"])
    sheet.append(["HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "ADD DT", "TERM DT"])
    sheet.append(["A0001", 10, 3, "Wooden crutch, with a handle that", "Wooden crutch", 20200101, None])
    sheet.append(["A0001", 20, 4, "glows in the dark", None, None, None])
    sheet.append(["A0002", 10, 3, "Paper wheelchair", "Paper wheelchair", 20200101, 20260331])
    packed = io.BytesIO()
    book.save(packed)
    found = read(given("HCPC2026_OCT_ANWEB.xlsx", packed.getvalue())).bundles[0].entries
    assert [(entry.code, entry.title) for entry in found] == [
        ("A0001", "Wooden crutch, with a handle that glows in the dark"),
        ("A0002", "Paper wheelchair"),
    ]
    sheet.delete_rows(2)
    bare = io.BytesIO()
    book.save(bare)
    with pytest.raises(CannotImport, match="no line of headings"):
        read(given("HCPC2026_OCT_ANWEB.xlsx", bare.getvalue()))


def test_a_customers_list_needs_the_name_of_its_system() -> None:
    with pytest.raises(CannotImport, match="say which code system it is, such as --system cpt"):
        read(given("list.csv", samples.CSV))
    bundle = read(given("list.csv", samples.CSV), wishes=read_wishes("CPT", None, None, None, date(2026, 11, 23))).bundles[0]
    assert (bundle.name.system, bundle.name.system_title, bundle.name.starts) == ("cpt", "CPT", date(2026, 1, 1))
    assert [entry.code for entry in bundle.entries] == ["90001", "90002"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code;title\n90001;One\n90001;Two\n", "line 3: 90001 is there twice."),
        ("code,title\n,Nothing\n", "line 2: “” is no code."),
        ("code,title\nÄ1,Umlaut\n", "line 2: “Ä1” is no code."),
        ("code,title\n--,Dashes\n", "line 2: “--” is no code."),
        ("code,title\n90001,\n", "line 2: 90001 has no title"),
        ("code,title,valid_from\n90001,One,2026-02-30\n", "line 2: “2026-02-30” is no date."),
        ("code,title,valid_from,valid_to\n90001,One,2026-02-03,2026-01-01\n", "line 2: 90001 ends before it begins."),
        ("code,title\n", "line 1: there are no codes under the headings."),
    ],
)
def test_a_broken_line_of_a_customers_list_is_named(text: str, told: str) -> None:
    with pytest.raises(CannotImport) as refused:
        read(given("list.csv", text), wishes=Wishes(system="cpt", starts=date(2026, 1, 1)))
    assert told in refused.value.sentence


def test_windows_letters_are_read() -> None:
    text = order_line(1, "H81", 0, "Ménière's disease").encode("cp1252")
    assert read(given("icd10cm_order_2027.txt", text)).bundles[0].entries[0].title == "Ménière's disease"


def test_a_zip_is_opened_and_what_lies_beside_the_data_is_left(tmp_path: Path) -> None:
    path = tmp_path / "april-1-2026-code-descriptions.zip"
    path.write_bytes(samples.zipped(icd10cm_order_2026__txt=samples.ORDER, guide__pdf="%PDF", order_addenda_2026__txt="Add R05.9\n"))
    reading = read(*read_files([path]))
    assert [bundle.name.slug for bundle in reading.bundles] == ["2026-04"]
    assert reading.left_out == ("order_addenda_2026.txt",)


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "is empty."), (b"   \n", "is empty."), (b"PK\x03\x04 torn", "is a zip file that cannot be opened.")],
)
def test_files_that_hold_nothing_are_refused(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "given.zip").write_bytes(data)
    with pytest.raises(CannotImport) as refused:
        read_files([tmp_path / "given.zip"])
    assert told in refused.value.sentence
    with pytest.raises(CannotImport, match="cannot be read"):
        read_files([tmp_path / "missing.txt"])


def test_a_zip_that_unpacks_to_more_than_any_code_file_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.codes.importing.files.MOST_BYTES", 1_000_000)
    for name, text in (("icd10cm_order_2027.txt", "0" * 1_000_001), ("xl/workbook.xml", " " * 1_000_001)):
        with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(name, text)
        with pytest.raises(CannotImport, match=r"bomb.zip unpacks to more than any code file has"):
            read_files([tmp_path / "bomb.zip"])


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    packed = samples.zipped(icd10cm_order_2027__txt=samples.ORDER * 50)
    true = len(samples.ORDER * 50).to_bytes(4, "little")
    (tmp_path / "lying.zip").write_bytes(packed.replace(true, (10).to_bytes(4, "little")))
    with pytest.raises(CannotImport, match="cannot be opened"):
        read_files([tmp_path / "lying.zip"])


@pytest.mark.parametrize("at", range(30, 330, 20))
def test_a_zip_that_was_damaged_on_its_way_is_refused_or_read_whole(tmp_path: Path, at: int) -> None:
    packed = bytearray(samples.zipped(icd10cm_order_2027__txt=samples.ORDER))
    packed[at % len(packed)] ^= 0xFF
    (tmp_path / "torn.zip").write_bytes(packed)
    try:
        assert {file.text for file in read_files([tmp_path / "torn.zip"])} == {samples.ORDER}
    except CannotImport as refused:
        assert refused.sentence.endswith("Nothing was changed.")  # noqa: PT017 - either is right


def test_names_inside_a_zip_lead_nowhere(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "paths.zip", "w") as packed:
        packed.writestr("../../outside/icd10cm_order_2027.txt", samples.ORDER)
    assert [file.name for file in read_files([tmp_path / "paths.zip"])] == ["icd10cm_order_2027.txt"]
    assert not (tmp_path.parent / "outside").exists()


def test_entities_are_never_expanded() -> None:
    bomb = "".join(f'<!ENTITY lol{at} "{f"&lol{at - 1};" * 10}">' for at in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY lol0 "lol">{bomb}<!ENTITY file SYSTEM "file:///etc/hostname">]>\n'
    for text in (samples.TABULAR, samples.INDEX, samples.DRUGS):
        with pytest.raises(CannotImport, match="entities"):
            read(given("icd10cm-2027.xml", head + text.partition("\n")[2].replace("Cough", "&lol9;&file;")))


def test_other_encodings_are_refused_with_their_line() -> None:
    with pytest.raises(CannotImport, match=r"is not the beginning of any code file|neither UTF-8 nor Windows-1252"):
        read(given("icd10cm-tabular-2027.xml", samples.TABULAR.encode("utf-16")))
    with pytest.raises(CannotImport, match="line 3: there are letters that are neither UTF-8 nor Windows-1252"):
        read(given("icd10cm_order_2027.txt", "".join(samples.ORDER.splitlines(keepends=True)[:2]).encode() + b"\x81\x8d\n"))


def test_a_workbook_with_broken_or_hostile_sheets_is_refused() -> None:
    book = openpyxl.Workbook()
    packed = io.BytesIO()
    book.save(packed)
    for sheet in (b"<worksheet>", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>', b"\x00\x01"):
        hostile = io.BytesIO()
        with zipfile.ZipFile(packed) as source, zipfile.ZipFile(hostile, "w") as target:
            for name in source.namelist():
                target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
        with pytest.raises(CannotImport, match="spreadsheet"):
            read(given("HCPC2026_OCT_ANWEB.xlsx", hostile.getvalue()))


@pytest.mark.parametrize(
    ("name", "inside", "slug", "title"),
    [
        ("icd10cm_order_2026.txt", "", "2025-10", "ICD-10-CM FY2026"),
        ("icd10cm_order_2026.txt", "april-1-2026-order.zip", "2026-04", "ICD-10-CM, April 2026"),
        ("icd10cm-tabular-April-1-2026.xml", "", "2026-04", "ICD-10-CM, April 2026"),
        ("order.txt", "2027-release.zip", "2026-10", "ICD-10-CM FY2027"),
    ],
)
def test_the_name_of_a_file_says_which_edition_it_is(name: str, inside: str, slug: str, title: str) -> None:
    named = name_edition(given(name, samples.ORDER, inside), FileKind.CM_ORDER, Wishes())
    assert (named.slug, named.title) == (slug, title)


def test_what_the_person_says_comes_first() -> None:
    named = name_edition(given("order.txt", samples.ORDER), FileKind.CM_ORDER, OCTOBER)
    assert (named.slug, named.starts) == ("2026-10", date(2026, 10, 1))
    with pytest.raises(CannotImport, match="say from which day it applies"):
        name_edition(given("order.txt", samples.ORDER), FileKind.CM_ORDER, Wishes())
    with pytest.raises(CannotImport, match="is a file of ICD-10-CM, not of cpt"):
        name_edition(given("order_2027.txt", samples.ORDER), FileKind.CM_ORDER, Wishes(system="cpt"))
    with pytest.raises(CannotImport, match="--to lies before --from"):
        read_wishes(None, None, "2026-10-01", "2026-09-01", date(2026, 11, 23))


@with_settings(max_examples=200, deadline=None)
@for_any(text=st.text(max_size=400))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    for name in ("icd10cm_order_2027.txt", "icd10cm_codes_2027.txt", "HCPC2026_OCT_ANWEB.txt", "list.csv"):
        for beginning in ("", samples.ORDER[:120], samples.CSV[:40], samples.HCPCS[:321]):
            try:
                assert read(given(name, beginning + text), wishes=Wishes(system="cpt" if "csv" in name else None)).bundles
            except CannotImport as refused:
                assert refused.sentence.endswith(".")  # noqa: PT017 - either is right
