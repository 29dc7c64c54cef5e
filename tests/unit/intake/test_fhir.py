"""FHIR Tasks: in as bundles, one by one or line by line; wrong types by their path; out again and back without a change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.task import Task
from hypothesis import given
from hypothesis import strategies as st

from bot.actors import desk_actor
from bot.exports.asked import pages
from bot.exports.files import written
from bot.exports.tasks import ExportedTask, ExportFormat, tasks_after
from bot.intake import fhir_words as words
from bot.intake.errors import BrokenFile, IdentifiersFound
from bot.intake.fhir_file import read_fhir
from bot.intake.fhir_task import TaskReader
from bot.intake.source import GivenFile, Line
from storage.database import Database
from storage.tables import Record, ReviewTask, TaskHold
from storage.words import HoldReason, Priority, TaskSetting, TaskState, TaskType
from tests.unit.intake.conftest import NOW, Importer
from tests.unit.intake.test_task_import import counts, everything

CANARY = "ZZCANARY"


def task(**changes: Any) -> dict[str, Any]:
    resource = {
        "resourceType": "Task", "id": "t1", "status": "requested", "intent": "order", "priority": "asap",
        "code": {"coding": [{"system": words.TASK_TYPE, "code": "coding"}]}, "focus": {"reference": "Encounter/88123"},
        "for": {"reference": "Patient/77123", "display": CANARY}, "authoredOn": "2026-11-20",
        "restriction": {"period": {"end": "2026-12-02T03:00:00Z"}},
        "input": [
            {"type": {"coding": [{"code": "setting"}]}, "valueString": "inpatient"}, {"type": {"text": "DRG"}, "valueString": "871"},
            {"type": {"text": "charges"}, "valueInteger": 86400}, {"type": {"text": "second review"}, "valueBoolean": True},
            {"type": {"text": "shoe size"}, "valueString": CANARY},
        ],
    }  # fmt: skip
    return {name: value for name, value in {**resource, **changes}.items() if value is not None}


def bundle(*resources: Any, **changes: Any) -> str:
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": one} for number, one in enumerate(resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **changes})


def the_task(database: Database) -> ReviewTask:
    with database.read() as session:
        return session.scalars(sa.select(ReviewTask)).one()


@pytest.mark.parametrize(
    "text",
    [
        bundle(task()), json.dumps(task()), json.dumps(task()) + "\n", json.dumps(task(), indent=2), "\ufeff" + bundle(task()),
        json.dumps({"entry": [{"resource": task()}], "resourceType": "Bundle"}, indent=1),
    ],
    ids=["bundle", "one", "ndjson", "pretty", "bom", "type-last"],
)  # fmt: skip
def test_a_task_comes_in_from_every_form(database: Database, import_task_file: Importer, text: str) -> None:
    report = import_task_file(text)

    assert counts(report) == (1, 0, 0, 0)
    found = the_task(database)
    assert (found.type, found.setting, found.state) == (TaskType.CODING, TaskSetting.INPATIENT, TaskState.AVAILABLE)
    assert (found.priority, found.working_drg, found.charges_usd, found.second_review) == (Priority.URGENT, "871", 86400, True)
    assert found.aged_from == date(2026, 11, 20)
    assert found.due_at == datetime(2026, 12, 2, 4, 59, tzinfo=UTC), "the evening of December 1 in New York"
    assert counts(import_task_file(text)) == (0, 0, 1, 0)
    assert {"Task.focus", "Task.for"} <= set(report.dropped)


def test_neither_patient_nor_visit_is_kept_and_the_visit_finds_the_record_again(
    database: Database, import_task_file: Importer
) -> None:
    import_task_file(bundle(task(), task(id="t2", code={"text": "denial review"})))
    kept = repr(everything(database))
    for secret in ("88123", "77123", CANARY, "Encounter", "Patient"):
        assert secret not in kept
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Record)) == 1
    assert counts(import_task_file(bundle(task(id="other"), task(id="x", focus={"reference": "Patient/77123"})))) == (1, 0, 1, 0)


@pytest.mark.parametrize("status", [status for status, state in words.STATES.items() if state])
def test_every_status_of_fhir_means_one_of_ours(database: Database, import_task_file: Importer, status: str) -> None:
    reason = {"coding": [{"code": "physician_query_open"}]}
    report = import_task_file(bundle(task(status=status, owner={"identifier": {"value": "sp-01"}}, statusReason=reason)))
    assert counts(report) == (1, 0, 0, 0)
    assert the_task(database).state is words.STATES[status]


def test_what_is_on_hold_says_why(database: Database, import_task_file: Importer) -> None:
    report = import_task_file(bundle(task(status="on-hold"), task(id="t2", focus=None, status="on-hold", statusReason={"text": "unsigned note"})))
    assert [str(one) for one in report.rejected] == ["Entry 1, Task.statusReason: is needed for a task on hold."]
    with database.read() as session:
        assert session.scalars(sa.select(TaskHold.reason)).all() == [HoldReason.UNSIGNED_NOTE]


DATE = "must be a date or a time with its zone, such as 2026-12-01 or 2026-12-01T17:00:00-05:00"
DRG = {"type": {"text": "DRG"}, "valueString": "871"}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"status": 5}, "Task.status", "must be text"),
    ({"status": None}, "Task.status", "is missing"),
    ({"intent": None}, "Task.intent", "is missing"),
    ({"status": CANARY}, "Task.status", "is no status of a FHIR task"),
    ({"status": "draft"}, "Task.status", "is draft, which is no work yet"),
    ({"priority": ["stat"]}, "Task.priority", "must be text"),
    ({"priority": CANARY}, "Task.priority", "must be one of: routine, urgent, asap, stat"),
    ({"restriction": {"period": {"end": CANARY}}}, "Task.restriction.period.end", DATE),
    ({"restriction": CANARY}, "Task.restriction", "must be an object"),
    ({"code": {"coding": [{"code": {CANARY: 1}}]}}, "Task.code.coding[0].code", "must be text"),
    ({"code": {"text": CANARY}}, "Task.code", "must be one of"),
    ({"code": None}, "Task.code", "is empty"),
    ({CANARY: CANARY}, "Task", "has an element that FHIR R4 does not know"),
    ({"code": {CANARY: 1}}, "Task.code", "has an element that FHIR R4 does not know"),
    ({"input": [DRG, {"type": {"text": "age days"}, "valueString": CANARY}]}, "Task.input (age_days)", "must be a number"),
    ({"input": [DRG, {"type": {"text": 5}, "valueString": "1"}]}, "Task.input[1].type.text", "must be text"),
    ({"input": CANARY}, "Task.input", ""),
    ({"authoredOn": CANARY}, "Task.authoredOn", DATE),
    ({"authoredOn": "2031-01-01"}, "Task.input (discharge_date)", "is in the future"),
    ({"input": [{"type": {"text": "facility"}, "valueString": f"{CANARY} 412-55-7810"}]}, "Task.input (facility_code)", "looks like patient information"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "reason"), WRONG, ids=[f"{path}-{number}" for number, (_, path, _) in enumerate(WRONG)])
def test_what_is_wrong_is_told_by_its_path_and_never_repeated(
    database: Database, import_task_file: Importer, changes: dict[str, Any], path: str, reason: str
) -> None:
    good = task(id="good", focus={"reference": "Encounter/1"})
    report = import_task_file(bundle(task(id="first", focus={"reference": "Encounter/2"}), task(**changes), good))

    assert counts(report) == (2, 0, 0, 1), "the others come in"
    told = [(one.line, one.column, one.reason) for one in report.rejected]
    assert any(line == 2 and column == path and reason in why for line, column, why in told), told
    for secret in (CANARY, "412-55"):
        assert secret not in repr(report)
        assert secret not in repr(everything(database))


def test_an_id_or_a_task_that_comes_twice_is_rejected(import_task_file: Importer) -> None:
    report = import_task_file(bundle(task(), task(focus={"reference": "Encounter/9"}), task(id="t3")))
    assert counts(report) == (1, 0, 0, 2)
    assert sorted(str(one) for one in report.rejected) == [
        "Entry 2, Task.id: is the id of entry 1 too.",
        "Entry 3, Task.identifier: is the same task as entry 1.",
    ]


def nested(depth: int) -> str:
    return '{"resourceType":"Task","x":' + "[" * depth + "]" * depth + "}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "no complete JSON"),
        ('{"resourceType": "Bundle"', "no complete JSON"),
        (bundle(task())[:-30], "no complete JSON"),
        ('{"resourceType": "Patient"}', "no FHIR task in it"),
        ('{"resourceType": "Patient",\n "id": "1"}', "no FHIR Bundle of tasks"),
        ('{"hello": "ZZCANARY"}', "no FHIR task in it"),
        (json.dumps([task()]), "no FHIR Bundle of tasks"),
        (bundle(), "no FHIR task in it"),
        (bundle(entry=None), "no FHIR task in it"),
        (bundle(entry="ZZCANARY"), "no FHIR task in it"),
        (bundle(5, None, "ZZCANARY", [task()]), "no FHIR task in it"),
        (json.dumps(task()) + "\n{ZZCANARY\n", "line 2 is no complete JSON"),
        (json.dumps(task()) + "\n" + nested(200_000) + "\n", "nested deeper than any FHIR resource"),
        ('{"resourceType": "Bundle", "entry": [{"resource": ' + nested(200_000) + "}]}", "nested deeper than any FHIR resource"),
        (bundle(task(note=[{"text": "x" * 3_000_000}])), "longer than a task can be"),
        (bundle(task()).encode("utf-16").decode("utf-16") + "}", "no complete JSON"),
    ],
    ids=[f"broken-{number}" for number in range(16)],
)
def test_a_broken_file_is_refused_whole_with_a_sentence(
    database: Database, import_task_file: Importer, text: str, sentence: str
) -> None:
    before = everything(database)
    with pytest.raises(BrokenFile, match=sentence) as refused:
        import_task_file(text, drop=True)
    assert CANARY not in refused.value.sentence
    assert everything(database) == before


def test_a_deeply_nested_element_is_rejected_by_itself(import_task_file: Importer) -> None:
    deep: Any = "x"
    for _ in range(80):
        deep = [deep]
    report = import_task_file(bundle(task(code=deep), task(id="t2")))
    assert counts(report) == (1, 0, 0, 1)


def test_free_text_and_people_refuse_the_file_until_they_are_left_out(database: Database, import_task_file: Importer) -> None:
    patient = {"resourceType": "Patient", "id": "77123", "name": [{"family": CANARY}]}
    told = task(note=[{"text": CANARY}], description=CANARY, input=[{"type": {"text": "MRN"}, "valueString": "00000001"}])
    with pytest.raises(IdentifiersFound) as refused:
        import_task_file(bundle(patient, told))
    assert refused.value.columns == ("Bundle.entry (Patient)", "Task.description", "Task.input", "Task.note")
    assert CANARY not in refused.value.sentence

    assert counts(import_task_file(bundle(patient, told), drop=True)) == (1, 0, 0, 0)
    assert CANARY not in repr(everything(database))


def test_what_passed_the_library_once_is_not_asked_again_and_what_did_not_is_never_let_in() -> None:
    """The reader remembers elements that passed; a wrong one beside right ones keeps its own path."""
    reader = TaskReader()
    assert isinstance(reader.read(1, task(), ""), Line)
    right = task()["input"]
    for attempt in range(3):
        found = reader.read(attempt, task(input=[*right, {"type": {"text": {}}, "valueString": "x"}]), "")
        assert isinstance(found, list)
        assert found[0].column == f"Task.input[{len(right)}].type.text"
    assert isinstance(reader.read(9, task(), ""), Line)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
ELEMENTS = "status intent priority code focus for input restriction identifier owner id statusReason authoredOn x".split()  # noqa: SIM905


@given(st.dictionaries(st.sampled_from(ELEMENTS), json_values, max_size=6))
def test_whatever_stands_in_a_task_it_is_a_line_or_problems(changes: dict[str, Any]) -> None:
    found = TaskReader().read(1, {**task(), **changes}, "")
    assert isinstance(found, Line) or all(problem.column.startswith("Task") for problem in found)
    assert len(list(read_fhir(GivenFile.of(bundle({**task(), **changes}).encode()), drop_identifiers=True).lines())) == 1


def exported(database: Database, form: ExportFormat) -> bytes:
    def page(after: int) -> list[ExportedTask]:
        with database.write() as session:
            return tasks_after(session, desk_actor(session, 1, "tests"), NOW, after, ended=True)

    def found() -> Iterator[list[ExportedTask]]:
        yield from pages(page)

    return b"".join(written(found(), form))


LIST = """row key,task_type,setting,facility,payer,drg,charges,age_days,bill_hold_days,due_date,priority,skill,status,hold_reason,owner,second_review
A-1,coding,inpatient,=F1,medicare,065,31250,4,3,2026-12-02,high,IP,available,,,N
A-2,mpi_overlay,,F2,,,,1,,,critical,,on_hold,patient_identity,sp-01,Y
A-3,denial_review,,-2,commercial,,12,30,,,low,DEN,in_progress,,sp-03,N
A-4,cdi_review,ed,F1,other,,0,0,0,,urgent,,completed,,sp-01,N
"""


@pytest.mark.parametrize("form", ExportFormat)
def test_what_leaves_comes_back_without_a_change(database: Database, import_task_file: Importer, form: ExportFormat) -> None:
    header, *lines = LIST.splitlines()
    plain = [line.replace("=F1", "F1").replace(",-2,", ",F-2,") for line in lines]
    assert counts(import_task_file("\n".join([header, *plain]))) == (4, 0, 0, 0)
    before = everything(database, "audit_entries", "import_runs")

    content = exported(database, form)
    report = import_task_file(content)

    assert [str(one) for one in report.rejected] == []
    # A priority of low is FHIR's routine, which is normal with us.
    low = 1 if form is not ExportFormat.CSV else 0
    assert counts(report) == (0, low, 4 - low, 0)
    assert low or everything(database, "audit_entries", "import_runs") == before
    assert exported(database, form).count(b"RV-") == content.count(b"RV-")


def test_an_exported_bundle_is_what_the_library_of_fhir_takes(database: Database, import_task_file: Importer) -> None:
    import_task_file(LIST.replace("=F1", "F1").replace(",-2,", ",F-2,"))
    whole = json.loads(exported(database, ExportFormat.FHIR))
    assert Bundle.model_validate(whole).type == "collection"
    lines = exported(database, ExportFormat.NDJSON).decode().splitlines()
    assert [Task.model_validate_json(line).status for line in lines] == ["ready", "on-hold", "in-progress", "completed"]
    assert len(whole["entry"]) == 4


def test_an_export_of_nothing_is_still_a_file(database: Database) -> None:
    assert json.loads(exported(database, ExportFormat.FHIR)) == {"resourceType": "Bundle", "type": "collection", "entry": []}
    assert exported(database, ExportFormat.CSV).decode("utf-8-sig").startswith("task_ref,record_ref,task_type")
    assert exported(database, ExportFormat.NDJSON) == b""
