"""A supervisor imports the work list of the EHR, again and again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import audit
from bot.actors import Identity, actor
from bot.errors import NotAllowed
from bot.intake.report import ImportReport
from bot.references import looks_like_reference
from bot.reviews.claims import claim_next
from bot.reviews.priority import Urgency
from storage.columns import Base
from storage.database import Database
from storage.tables import AuditEntry, GuardEvent, Person, Record, ReviewTask, TaskHistory, TaskHold, Workspace
from storage.words import HoldReason, PayerClass, Priority, Sensitive, TaskEvent, TaskSetting, TaskState, TaskType
from tests.unit.intake.conftest import NOW, Importer

HEADER = "task_ref,task_type,setting,facility_code,payer_class,working_drg,charges_usd,age_days,bill_hold_days,priority,skill,status,hold_reason,owner"
INPATIENT = "RR-9XJ4M,coding,inpatient,F1,medicare_advantage,065,31250,4,3,high,IP,available,,"
TODAY = date(2026, 11, 23)


def file_of(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *lines]) + "\n"


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.updated, report.unchanged, report.rejected_lines


def task_on(database: Database, record: str) -> ReviewTask:
    with database.read() as session:
        query = sa.select(ReviewTask).join(Record, Record.id == ReviewTask.record_id).where(Record.reference == record)
        return session.scalars(query).one()


def everything(database: Database, *but: str) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as session:
        return {
            name: [tuple(row) for row in session.execute(sa.select(table))]
            for name, table in Base.metadata.tables.items()
            if name not in but
        }


def test_a_new_line_becomes_a_record_a_task_and_its_history(database: Database, import_task_file: Importer) -> None:
    report = import_task_file(file_of(INPATIENT))

    assert counts(report) == (1, 0, 0, 0)
    task = task_on(database, "RR-9XJ4M")
    assert (task.type, task.setting, task.state) == (TaskType.CODING, TaskSetting.INPATIENT, TaskState.AVAILABLE)
    assert (task.facility, task.skill, task.working_drg, task.charges_usd) == ("F1", "IP", "065", 31250)
    assert (task.payer_class, task.priority) == (PayerClass.MEDICARE_ADVANTAGE, Priority.HIGH)
    assert task.aged_from == TODAY - timedelta(days=4)
    assert task.bill_hold_until == TODAY - timedelta(days=1)
    assert task.urgency == Urgency.PAST_BILL_HOLD
    assert task.reference.startswith("RV-")
    assert looks_like_reference(task.reference)
    assert report.references == {2: task.reference}
    with database.read() as session:
        history = session.scalars(sa.select(TaskHistory)).one()
        assert (history.event, history.from_state, history.to_state) == (TaskEvent.IMPORTED, None, TaskState.AVAILABLE)


def test_the_same_file_again_changes_nothing_today_or_tomorrow(database: Database, import_task_file: Importer) -> None:
    text = file_of(INPATIENT, "WQ-77,denial_review,,F2,commercial,,24800,21,0,normal,DEN,on_hold,payer_edit,sp-01")
    import_task_file(text)
    before = everything(database, "audit_entries", "import_runs")

    assert counts(import_task_file(text)) == (0, 0, 2, 0)
    assert counts(import_task_file(text, now=NOW + timedelta(days=1))) == (0, 0, 2, 0)
    assert everything(database, "audit_entries", "import_runs") == before


def test_the_list_of_the_next_day_finds_the_same_tasks(database: Database, import_task_file: Importer) -> None:
    import_task_file(file_of(INPATIENT))
    report = import_task_file(file_of(INPATIENT.replace(",4,3,", ",5,3,")), now=NOW + timedelta(days=1))
    assert counts(report) == (0, 0, 1, 0)
    assert task_on(database, "RR-9XJ4M").aged_from == TODAY - timedelta(days=4)


def test_changed_facts_are_taken_over_and_blank_cells_say_nothing(
    database: Database, import_task_file: Importer
) -> None:
    import_task_file(file_of(INPATIENT))
    report = import_task_file(file_of("RR-9XJ4M,coding,inpatient,,,066,,4,10,urgent,,available,,"))

    assert counts(report) == (0, 1, 0, 0)
    task = task_on(database, "RR-9XJ4M")
    assert (task.working_drg, task.priority, task.priority_rank) == ("066", Priority.URGENT, 1)
    assert (task.facility, task.charges_usd) == ("F1", 31250)
    assert task.bill_hold_until == TODAY + timedelta(days=6)
    assert task.urgency == Urgency.ORDINARY
    with database.read() as session:
        events = session.scalars(sa.select(TaskHistory.event)).all()
    assert events == [TaskEvent.IMPORTED, TaskEvent.IMPORTED]


def test_state_and_owner_belong_to_the_desk_once_a_task_is_here(database: Database, import_task_file: Importer) -> None:
    import_task_file(file_of(INPATIENT))
    with database.write() as session:
        claim_next(session, actor(session, Identity("T1", "U1")), NOW)

    assert counts(import_task_file(file_of(INPATIENT.replace("available,,", "available,,sp-03")))) == (0, 0, 1, 0)
    task = task_on(database, "RR-9XJ4M")
    assert task.state is TaskState.CLAIMED
    with database.read() as session:
        assert session.scalar(sa.select(Person.slack_user_id).where(Person.id == task.owner_id)) == "U1"


def test_owners_are_found_by_staff_code_and_strangers_leave_the_task_in_the_queue(
    database: Database, import_task_file: Importer
) -> None:
    report = import_task_file(
        file_of(
            "RR-2F7KQ,coding,inpatient,F1,medicare,871,86400,6,3,urgent,IP,on_hold,physician_query_open,SP-03",
            "RR-7CKRB,coding,observation,F1,medicare,,9420,4,3,high,OBS,in_progress,,sp-01",
            "RR-3MVZL,coding,same_day_surgery,F2,commercial,,18750,5,3,high,SDS,claimed,,sp-77",
            "RR-HX61R,chart_completion,inpatient,F1,,,0,27,0,urgent,REC,on_hold,missing_discharge_summary,sp-77",
            "RR-ZP09H,retrospective_audit,outpatient,F2,commercial,,5320,35,0,normal,AUD,completed,,au-02",
        )
    )
    held, working, stranger, orphan = (
        task_on(database, name) for name in ("RR-2F7KQ", "RR-7CKRB", "RR-3MVZL", "RR-HX61R")
    )

    assert (held.state, working.state) == (TaskState.ON_HOLD, TaskState.IN_PROGRESS)
    assert held.owner_id != working.owner_id
    assert (working.claimed_at, working.started_at) == (NOW, NOW)
    assert (stranger.state, stranger.owner_id) == (TaskState.AVAILABLE, None)
    assert (orphan.state, orphan.owner_id) == (TaskState.ON_HOLD, None)
    assert task_on(database, "RR-ZP09H").completed_at == NOW
    with database.read() as session:
        reasons = dict(session.execute(sa.select(TaskHold.task_id, TaskHold.reason)).all())
    assert reasons == {held.id: HoldReason.PHYSICIAN_QUERY_OPEN, orphan.id: HoldReason.MISSING_DOCUMENT}
    assert [str(warning) for warning in report.warnings] == [
        "Line 4, owner: sp-77 is the staff code of nobody here, on 2 lines, so it was left out.",
        "Line 6, owner: au-02 is the staff code of nobody here, so it was left out.",
    ]


def test_words_of_other_systems_are_understood(database: Database, import_task_file: Importer) -> None:
    report = import_task_file(
        file_of(
            "RR-JD37F,mpi_duplicate,identity,,,,,1,,,,,,",
            "RR-LN20S,mpi_overlay,identity,,,,,0,,critical,,,,",
            "RR-6YNGT,coding,profee_em,,,,,1,,routine,,,,",
            "RR-WM52V,CDI,inpatient_concurrent,,Blue Cross,,,1,,,,new,,",
        )
    )
    assert counts(report) == (4, 0, 0, 0)
    duplicate, overlay = task_on(database, "RR-JD37F"), task_on(database, "RR-LN20S")
    assert (duplicate.type, duplicate.setting) == (TaskType.MPI_REVIEW, TaskSetting.DUPLICATE)
    assert (overlay.setting, overlay.urgency) == (TaskSetting.OVERLAY, Urgency.PATIENT_SAFETY)
    assert task_on(database, "RR-6YNGT").setting is TaskSetting.CLINIC
    cdi = task_on(database, "RR-WM52V")
    assert (cdi.type, cdi.setting, cdi.payer_class) == (
        TaskType.CDI_REVIEW,
        TaskSetting.INPATIENT,
        PayerClass.COMMERCIAL,
    )


def test_lines_that_cannot_be_used_are_rejected_with_column_and_reason_and_the_others_stay(
    database: Database, import_task_file: Importer
) -> None:
    report = import_task_file(
        file_of(
            INPATIENT,
            "RR-AAAAA,codding,inpatient,F1,medicare,,abc,4,3,high,IP,available,,",
            "RR-BBBBB,coding,inpatient,F1,medicare,,1,4,3,high,IP,on_hold,,sp-01",
            INPATIENT,
            ",coding,inpatient,F1,medicare,,1,4,3,high,IP,available,,",
        )
    )
    assert counts(report) == (1, 0, 0, 4)
    assert [str(problem) for problem in report.rejected] == [
        "Line 3, task_type: is not a word of the list; did you mean coding?",
        "Line 3, charges_usd: must be a number such as 12 or 1,250.00, not negative.",
        "Line 4, hold_reason: is needed for a task on hold.",
        "Line 6, task_ref: names nothing, so the line could not be found again.",
        "Line 5, task_ref: is the same task as on line 2.",
    ]
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReviewTask)) == 1


def test_patient_information_in_a_code_column_is_rejected_and_never_repeated(
    database: Database, import_task_file: Importer
) -> None:
    report = import_task_file(
        file_of("RR-9XJ4M,coding,inpatient,pt Maria Gonzalez,medicare,,1,4,3,high,SSN 219-09-9999,available,,")
    )
    assert [(problem.column, problem.reason) for problem in report.rejected] == [
        ("facility_code", "looks like patient information"),
        ("skill", "looks like patient information"),
    ]
    kept = repr(everything(database)) + repr(report)
    assert "Gonzalez" not in kept
    assert "219-09" not in kept
    with database.read() as session:
        assert session.scalars(sa.select(GuardEvent)).one().labels == {"NAME": 1, "SSN": 1}


def test_a_dry_run_says_the_same_and_stores_nothing(database: Database, import_task_file: Importer) -> None:
    before = everything(database)
    text = file_of(INPATIENT, "WQ-1,coding,ed,F1,medicare,,1,4,3,high,IP,claimed,,sp-77", "WQ-2,nothing,,,,,,,,,,,,")
    planned = import_task_file(text, dry_run=True)
    assert everything(database) == before

    done = import_task_file(text)
    assert counts(planned) == counts(done) == (2, 0, 0, 1)
    assert [str(each) for each in planned.warnings] == [str(each) for each in done.warnings]


def test_the_keys_of_the_ehr_are_kept_only_as_hashes(database: Database, import_task_file: Importer) -> None:
    text = (
        "HAR,CSN,MRN,Patient Name,DOB,Disch Date,Fin Class,Acct Bal,Stop Bill,Coder\n"
        '90000000001,80000000001,00000001,"ZZTEST,ALPHA",01/01/1900,11/17/2026,Medicare,"86,400.00",Coding - Query Outstanding,\n'
    )
    report = import_task_file(text, drop=True)

    assert report.dropped == ("HAR", "CSN", "MRN", "Patient Name", "DOB")
    with database.read() as session:
        record = session.scalars(sa.select(Record)).one()
        task = session.scalars(sa.select(ReviewTask)).one()
    assert len(record.external_key or "") == 64
    assert (task.type, task.state, task.charges_usd) == (TaskType.CODING, TaskState.ON_HOLD, 86400)
    assert (task.aged_from, task.payer_class) == (date(2026, 11, 17), PayerClass.MEDICARE)
    kept = repr(everything(database))
    for secret in ("90000000001", "80000000001", "00000001", "ZZTEST", "1900"):
        assert secret not in kept
    assert counts(import_task_file(text, drop=True)) == (0, 0, 1, 0)


def test_another_workspace_hashes_the_same_key_differently(database: Database, import_task_file: Importer) -> None:
    with database.write() as session:
        session.add(Workspace(team_id="T2", name="Other Clinic", created_at=NOW))
    text = file_of(INPATIENT.replace("RR-9XJ4M", "WQ-1"))
    assert counts(import_task_file(text)) == (1, 0, 0, 0)
    assert counts(import_task_file(text, workspace_id=2)) == (1, 0, 0, 0)
    with database.read() as session:
        keys = session.scalars(sa.select(Record.external_key)).all()
    assert len(set(keys)) == 2


def test_several_tasks_on_one_record_share_it_and_a_given_task_reference_is_kept(
    database: Database, import_task_file: Importer
) -> None:
    report = import_task_file(
        file_of(
            INPATIENT, INPATIENT.replace("coding", "second_level_review"), INPATIENT.replace("RR-9XJ4M", "rv-7hn2k")
        )
    )
    assert counts(report) == (3, 0, 0, 0)
    assert report.references[4] == "RV-7HN2K"
    with database.read() as session:
        on_one = session.scalar(
            sa.select(sa.func.count()).select_from(ReviewTask).join(Record).where(Record.reference == "RR-9XJ4M")
        )
        assert (on_one, session.scalar(sa.select(sa.func.count()).select_from(Record))) == (2, 2)


def test_records_of_vips_never_come_from_the_queue_also_when_it_is_known_late(
    database: Database, import_task_file: Importer
) -> None:
    header = "task_ref,task_type,sensitive_categories"
    import_task_file(file_of("RR-9XJ4M,coding,mental_health", "RR-9XJ4M,denial_review,", header=header))
    assert counts(import_task_file(file_of("RR-9XJ4M,coding,vip", header=header))) == (0, 1, 0, 0)
    with database.read() as session:
        assert session.scalars(sa.select(Record)).one().sensitive == (Sensitive.MENTAL_HEALTH, Sensitive.VIP)
        assert session.scalars(sa.select(ReviewTask.restricted)).all() == [True, True]
    assert counts(import_task_file(file_of("RR-9XJ4M,coding,vip", header=header))) == (0, 0, 1, 0)


def test_a_due_date_near_lifts_a_task(database: Database, import_task_file: Importer) -> None:
    header = "task_ref,task_type,due_date"
    import_task_file(file_of("RR-2F7KQ,denial_review,11/24/2026", "RR-9XJ4M,denial_review,12/24/2026", header=header))
    near, far = task_on(database, "RR-2F7KQ"), task_on(database, "RR-9XJ4M")
    assert (near.urgency, far.urgency) == (Urgency.DUE_SOON, Urgency.ORDINARY)
    assert near.due_at == datetime(2026, 11, 25, 4, 59, tzinfo=UTC)


def test_each_import_is_one_audit_entry_with_its_counts(database: Database, import_task_file: Importer) -> None:
    import_task_file(file_of(INPATIENT))
    with database.read() as session:
        entry = session.scalars(sa.select(AuditEntry)).one()
        assert list(audit.breaks(session, 1)) == []
    assert entry.action == "tasks_imported"
    assert entry.facts == {"new": 1, "updated": 0, "unchanged": 0, "rejected": 0, "dropped_columns": 0}


def test_only_supervisors_import(database: Database, import_task_file: Importer) -> None:
    before = everything(database)
    for dry_run in (True, False):
        with pytest.raises(NotAllowed):
            import_task_file(file_of(INPATIENT), by=Identity("T1", "U1"), dry_run=dry_run)
    assert everything(database) == before
    assert import_task_file(file_of(INPATIENT), by=Identity("T1", "U9")).new == 1


def test_the_sample_export_loads_completely(database: Database, import_task_file: Importer, samples: Path) -> None:
    data = (samples / "review_tasks.csv").read_bytes()
    assert counts(import_task_file(data)) == (20, 0, 0, 0)
    assert counts(import_task_file(data)) == (0, 0, 20, 0)
    with database.read() as session:
        first = claim_next(session, actor(session, Identity("T1", "U1")), NOW)
    assert first.record == "RR-LN20S"


def test_thousands_of_lines_take_seconds(database: Database, import_task_file: Importer) -> None:
    lines = [f"WQ-{number},coding,ed,F1,medicare,,1,{number % 60},3,high,ED,available,," for number in range(3000)]
    started = datetime.now(UTC)
    assert counts(import_task_file(file_of(*lines))) == (3000, 0, 0, 0)
    assert counts(import_task_file(file_of(*lines))) == (0, 0, 3000, 0)
    assert datetime.now(UTC) - started < timedelta(seconds=20)
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count(sa.distinct(ReviewTask.reference)))) == 3000
