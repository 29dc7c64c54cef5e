"""A supervisor imports the log of release requests."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import audit
from bot.intake.errors import IdentifiersFound
from bot.intake.report import ImportReport
from storage.columns import Base
from storage.database import Database
from storage.tables import AuditEntry, Person, Record, RequestHistory, RoiRequest
from storage.words import (
    AuthorizationStatus,
    DeliveryMethod,
    PendReason,
    Priority,
    Purpose,
    RequestState,
    RequestType,
    Sensitive,
)
from tests.unit.intake.conftest import NOW, Importer

HEADER = (
    "request_ref,request_type,requester_type,state,clock_start_event,clock_start_date,due_rule,due_date,status,pend_reason,"
    "authorization_status,sensitive_categories,accounting_required,delivery_method,owner,priority,page_estimate,extension_used"
)
ACCESS = "ROI-7K3QX,patient_access,patient,CA,received,2026-11-12,CA-15C,2026-11-27,ready_to_fulfill,,not_required,,N,portal,sp-03,routine,120,N"


def file_of(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *lines]) + "\n"


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.updated, report.unchanged, report.rejected_lines


def request(database: Database, reference: str) -> RoiRequest:
    with database.read() as session:
        return session.scalars(sa.select(RoiRequest).where(RoiRequest.reference == reference)).one()


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as session:
        return {
            name: [tuple(row) for row in session.execute(sa.select(table))]
            for name, table in Base.metadata.tables.items()
            if name not in {"audit_entries", "import_runs"}
        }


def test_a_line_becomes_a_request_with_its_due_date(database: Database, import_request_file: Importer) -> None:
    report = import_request_file(file_of(ACCESS))

    assert counts(report) == (1, 0, 0, 0)
    assert report.warnings == []
    found = request(database, "ROI-7K3QX")
    assert (found.type, found.state) == (RequestType.PATIENT_ACCESS, RequestState.READY_TO_FULFILL)
    assert (found.due_on, found.effective_due_on) == (date(2026, 11, 27), date(2026, 11, 27))
    assert (found.priority, found.pages, found.delivery_method) == (Priority.NORMAL, 120, DeliveryMethod.PORTAL)
    with database.read() as session:
        assert session.scalar(sa.select(Person.staff_code).where(Person.id == found.owner_id)) == "sp-03"
        record = session.scalars(sa.select(Record)).one()
        assert record.reference.startswith("RR-")
        assert session.scalars(sa.select(RequestHistory)).one().request_id == found.id
        assert list(audit.breaks(session, 1)) == []


def test_the_same_file_again_changes_nothing(database: Database, import_request_file: Importer) -> None:
    text = file_of(ACCESS, ACCESS.replace("ROI-7K3QX", "X-1"))
    import_request_file(text)
    before = everything(database)
    assert counts(import_request_file(text)) == (0, 0, 2, 0)
    assert counts(import_request_file(text, now=NOW + timedelta(days=2))) == (0, 0, 2, 0)
    assert everything(database) == before


def test_an_extended_request_waits_with_its_extension_in_use(database: Database, import_request_file: Importer) -> None:
    line = (
        "ROI-2WNVJ,patient_directed_third_party,attorney,OH,received,2026-10-22,HIPAA-30C,2026-12-21,extended,records_offsite,"
        "not_required,,N,mail,,high,640,Y"
    )
    assert counts(import_request_file(file_of(line))) == (1, 0, 0, 0)
    found = request(database, "ROI-2WNVJ")
    assert (found.state, found.extended, found.pend_reason) == (
        RequestState.PENDING,
        True,
        PendReason.RECORDS_OFFSITE,
    )
    assert found.due_on == date(2026, 12, 21)


def test_a_letter_starts_its_own_clock(database: Database, import_request_file: Importer) -> None:
    line = (
        "ROI-3PYEK,payer_adr,medicare_mac,IL,letter_date,2026-10-14,CMS-ADR-45C,2026-11-28,retrieval,awaiting_signature_attestation,"
        "not_required,sud_part2 hiv,N,esmd,,urgent,410,N"
    )
    import_request_file(file_of(line))
    found = request(database, "ROI-3PYEK")
    assert (found.letter_on, found.due_on, found.effective_due_on) == (
        date(2026, 10, 14),
        date(2026, 11, 28),
        date(2026, 11, 27),
    )
    assert found.sensitive == (Sensitive.HIV, Sensitive.SUD_PART2)


def test_a_due_date_that_differs_from_our_rule_is_mentioned(database: Database, import_request_file: Importer) -> None:
    report = import_request_file(file_of(ACCESS.replace("2026-11-27", "2026-12-12")))
    assert [str(each) for each in report.warnings] == [
        "Line 2, due_date: our rule CA-15C gives 2026-11-27, so that date counts."
    ]
    assert request(database, "ROI-7K3QX").due_on == date(2026, 11, 27)


def test_what_the_source_owns_is_updated_and_the_state_is_not(
    database: Database, import_request_file: Importer
) -> None:
    import_request_file(file_of(ACCESS))
    changed = (
        ACCESS.replace("routine,120", "stat,260").replace("ready_to_fulfill", "delivered").replace("portal", "mail")
    )
    assert counts(import_request_file(file_of(changed))) == (0, 1, 0, 0)
    found = request(database, "ROI-7K3QX")
    assert (found.priority, found.pages, found.delivery_method) == (Priority.CRITICAL, 260, DeliveryMethod.MAIL)
    assert found.state is RequestState.READY_TO_FULFILL


def test_lines_that_cannot_be_used_leave_nothing_behind(database: Database, import_request_file: Importer) -> None:
    report = import_request_file(
        file_of(
            ACCESS.replace("ROI-7K3QX", "ROI-AAAAA").replace(",CA,", ",ZZ,"),
            ACCESS.replace("ROI-7K3QX", "ROI-BBBBB").replace("2026-11-12", "2027-11-12"),
            ACCESS.replace("ROI-7K3QX", "ROI-CCCCC").replace("patient_access", "patient_acess"),
            ACCESS.replace("ROI-7K3QX", "ROI-DDDDD").replace("2026-11-12", ""),
            ACCESS,
            ACCESS,
        )
    )
    assert counts(report) == (1, 0, 0, 5)
    assert [(problem.line, problem.column) for problem in report.rejected] == [
        (3, "clock_start_date"),
        (4, "request_type"),
        (5, "clock_start_date"),
        (2, "state"),
        (7, "request_ref"),
    ]
    with database.read() as session:
        assert session.scalars(sa.select(RoiRequest.reference)).all() == ["ROI-7K3QX"]
        assert session.scalar(sa.select(sa.func.count()).select_from(Record)) == 1


def test_a_dry_run_stores_nothing(database: Database, import_request_file: Importer) -> None:
    before = everything(database)
    assert counts(import_request_file(file_of(ACCESS), dry_run=True)) == (1, 0, 0, 0)
    assert everything(database) == before
    with database.read() as session:
        assert session.scalars(sa.select(AuditEntry)).all() == []


def test_identifiers_refuse_the_file_or_are_dropped_and_hashed(
    database: Database, import_request_file: Importer
) -> None:
    text = 'CSN,Patient Name,Type,Received\n80000000001,"ZZTEST,ALPHA",patient_access,11/12/2026\n'
    with pytest.raises(IdentifiersFound, match="CSN, Patient Name"):
        import_request_file(text)
    assert counts(import_request_file(text, drop=True)) == (1, 0, 0, 0)
    assert counts(import_request_file(text, drop=True)) == (0, 0, 1, 0)
    kept = repr(everything(database))
    assert "80000000001" not in kept
    assert "ZZTEST" not in kept


def test_the_sample_log_loads_completely_and_every_due_date_agrees(
    database: Database, import_request_file: Importer, samples: Path
) -> None:
    data = (samples / "roi_requests.csv").read_bytes()
    report = import_request_file(data)
    assert counts(report) == (20, 0, 0, 0)
    assert {warning.column for warning in report.warnings} == {"owner"}
    assert counts(import_request_file(data)) == (0, 0, 20, 0)
    waiver = request(database, "ROI-X1LGR")
    assert (waiver.authorization, waiver.type) == (AuthorizationStatus.WAIVER, RequestType.RESEARCH)
    assert request(database, "ROI-C4NZU").type is RequestType.PULL_LIST


def test_a_file_may_bring_what_the_form_asks_too(import_request_file: Importer, database: Database) -> None:
    header = "request id,type,received,purpose,facility,letter due,letter date,promised on,extended"
    lines = (
        "A-1,patient_access,2026-11-02,legal,F1,,,,",
        "A-2,subpoena,2026-11-10,anything at all,F2,2026-12-07,2026-11-09,,",
        "A-3,patient_access,2026-11-02,,,,,2026-12-15,Y",
        "A-4,subpoena,2026-11-10,,,2026-11-02,2026-11-09,,",
        "A-5,payer_adr,2026-11-10,,,,2027-01-09,,",
    )
    report = import_request_file(file_of(*lines, header=header))
    assert counts(report) == (3, 0, 0, 2)
    with database.read() as session:
        rows = session.scalars(sa.select(RoiRequest).order_by(RoiRequest.id)).all()
        told = [(row.purpose, row.facility, row.due_on) for row in rows]
    assert told == [
        (Purpose.LEGAL_CASE, "F1", date(2026, 12, 2)), (Purpose.OTHER, "F2", date(2026, 12, 7)), (None, None, date(2026, 12, 15)),
    ]  # fmt: skip
    assert "is before the day of the letter" in report.rejected[0].reason
    assert "is still to come" in report.rejected[1].reason
