"""Headers: what we take, what identifies a patient, what nobody needs."""

from __future__ import annotations

import pytest

from bot.intake.columns import looks_identifying, require, understand
from bot.intake.errors import WrongColumns
from bot.intake.request_words import REQUEST_COLUMNS
from bot.intake.task_words import TASK_COLUMNS


@pytest.mark.parametrize(
    "header",
    [
        "HAR", "CSN", "MRN", "Patient Name", "DOB", "PatientName", "PATIENT_NAME", "Pt Name", "Name", "Last Name", "First Name", "LastName",
        "Date of Birth", "BirthDate", "MR #", "MR#", "Medical Record No.", "FIN", "FIN NBR", "Acct #", "Account Number", "account_no",
        "Hospital Account ID", "Visit Number", "Encounter ID", "encounter_nbr", "Contact Serial Number", "Home Phone", "Phone", "Cell",
        "E-Mail", "email_address", "Address Line 1", "Street", "ZIP Code", "City", "SSN", "Social Security #", "Member ID", "MemberID",
        "Subscriber", "Policy Number", "Group #", "Guarantor", "Guarantor Name", "Emergency Contact", "Next of Kin", "MBI", "Medicaid ID",
        "Patient", "patient_id", "Fax", "Date of Death", "Driver's License", "Mother's Name", "Device Serial Number", "IP Address", "EMPI",
    ],
)  # fmt: skip
def test_identifying_columns_are_recognised(header: str) -> None:
    assert looks_identifying(header)
    assert TASK_COLUMNS.field_of(header) is None
    assert REQUEST_COLUMNS.field_of(header) is None


@pytest.mark.parametrize(
    "header",
    [
        "Fin Class", "Acct Bal", "Account Balance", "Disch Date", "Stop Bill", "Coder", "Facility Name", "Payer Name", "DRG Name", "Patient Class",
        "Work Queue Name", "Days Old", "Priority", "Status", "DRG", "Total Charges", "Provider Name", "Account Class",
    ],
)  # fmt: skip
def test_harmless_columns_are_not(header: str) -> None:
    assert TASK_COLUMNS.field_of(header) or not looks_identifying(header)


def test_every_column_and_alias_of_ours_is_harmless_and_means_one_thing() -> None:
    for columns in (TASK_COLUMNS, REQUEST_COLUMNS):
        names = [(name, field) for field, aliases in columns.aliases.items() for name in (field, *aliases)]
        for name, field in names:
            assert columns.field_of(name) == field
            assert not looks_identifying(name) or name in {"acct bal", "acct balance", "account balance", "fin class"}


def test_the_name_of_a_column_itself_wins_over_an_alias() -> None:
    header = understand(["State", "task_ref", "status", "task type"], TASK_COLUMNS)
    assert header.places == {"task_ref": 1, "status": 2, "task_type": 3}
    assert header.ignored == ("State",)


def test_what_finds_a_row_again_is_the_account_before_the_visit() -> None:
    header = understand(["CSN", "HAR", "MRN", "Stop Bill"], TASK_COLUMNS)
    assert header.row_key == (1, "har")
    require(header, TASK_COLUMNS)


def test_a_file_without_a_header_is_told_so_and_not_repeated() -> None:
    with pytest.raises(WrongColumns, match="names no column this import knows") as refused:
        understand(["ZZTEST,ALPHA", "01/01/1900", "Medicare"], TASK_COLUMNS)
    assert "ZZTEST" not in refused.value.sentence


def test_missing_columns_are_named() -> None:
    with pytest.raises(WrongColumns, match=r"lacks the column task_type or stop_bill\."):
        require(understand(["task_ref", "owner"], TASK_COLUMNS), TASK_COLUMNS)
    with pytest.raises(WrongColumns, match="task_ref or external_key"):
        require(understand(["task_type", "MRN"], TASK_COLUMNS), TASK_COLUMNS)
