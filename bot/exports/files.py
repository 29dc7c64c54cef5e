"""Writing exported tasks as a file, piece by piece: CSV that no spreadsheet calculates, a FHIR Bundle, or FHIR line by line.

Each can be imported again. FHIR's words and places are those of ``bot.intake.fhir_words``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.csv_file import Cell, csv_bytes
from bot.exports.tasks import ExportedTask, ExportFormat
from bot.intake import fhir_words as words

#: The columns of the CSV, as an import reads them.
HEADING = (
    "task_ref", "record_ref", "task_type", "setting", "facility_code", "payer_class", "working_drg", "charges_usd", "age_days", "bill_hold_until",
    "due_date", "priority", "skill", "status", "hold_reason", "owner", "second_review_required",
)  # fmt: skip
#: The name of the file in each form.
FILE_NAMES = {ExportFormat.CSV: "tasks.csv", ExportFormat.FHIR: "tasks.fhir.json", ExportFormat.NDJSON: "tasks.ndjson"}


def written(pages: Iterable[list[ExportedTask]], form: ExportFormat) -> Iterator[bytes]:
    """The file in pieces, one or more for each page."""
    match form:
        case ExportFormat.CSV:
            yield from _csv(pages)
        case ExportFormat.NDJSON:
            for page in pages:
                yield "".join(f"{_json(task_resource(task))}\n" for task in page).encode()
        case ExportFormat.FHIR:
            yield from _bundle(pages)


def _csv(pages: Iterable[list[ExportedTask]]) -> Iterator[bytes]:
    yield csv_bytes(HEADING, ())
    for page in pages:
        # The writer begins every file with a heading and a byte order mark; only the rows are wanted here.
        yield csv_bytes((), (_row(task) for task in page)).partition(b"\r\n")[2]


def _bundle(pages: Iterable[list[ExportedTask]]) -> Iterator[bytes]:
    yield b'{"resourceType":"Bundle","type":"collection","entry":['
    between = ""
    for page in pages:
        entries = []
        for task in page:
            entries.append(f'{between}{{"fullUrl":"urn:chartdesk:task:{task.reference}","resource":{_json(task_resource(task))}}}')
            between = ","
        yield "".join(entries).encode()
    yield b"]}\n"


def task_resource(task: ExportedTask) -> dict[str, Any]:
    """A task as FHIR's Task: no person but the owner's staff code, and no reference to the EHR."""
    inputs = [_input(name, value) for name, value in _facts(task).items() if value is not None]
    optional = {
        "statusReason": _concept(words.HOLD_REASON, task.hold) if task.hold else None,
        "restriction": {"period": {"end": task.due_on.isoformat()}} if task.due_on else None,
        "owner": {"identifier": {"system": words.STAFF_CODE, "value": task.owner}} if task.owner else None,
        "input": inputs or None,
    }
    return {
        "resourceType": "Task",
        "id": task.reference,
        "identifier": [
            {"system": words.TASK_REFERENCE, "value": task.reference},
            {"system": words.RECORD_REFERENCE, "value": task.record},
        ],
        "status": words.STATUSES[task.state],
        "intent": "order",
        "priority": words.PRIORITY_CODES[task.priority],
        "code": _concept(words.TASK_TYPE, task.type),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _row(task: ExportedTask) -> tuple[Cell, ...]:
    return (
        task.reference, task.record, task.type, task.setting, task.facility, task.payer_class, task.working_drg, task.charges_usd, task.age_days,
        task.bill_hold_until.isoformat() if task.bill_hold_until else None, task.due_on.isoformat() if task.due_on else None, task.priority,
        task.skill, task.state, task.hold, task.owner, "Y" if task.second_review else "N",
    )  # fmt: skip


def _facts(task: ExportedTask) -> dict[str, str | int | bool | None]:
    return {
        "setting": task.setting,
        "facility_code": task.facility,
        "payer_class": task.payer_class,
        "working_drg": task.working_drg,
        "charges_usd": task.charges_usd,
        "age_days": task.age_days,
        "bill_hold_until": task.bill_hold_until.isoformat() if task.bill_hold_until else None,
        "skill": task.skill,
        "second_review_required": task.second_review,
    }


def _input(name: str, value: str | int | bool) -> dict[str, Any]:
    kind = "valueBoolean" if isinstance(value, bool) else "valueInteger" if isinstance(value, int) else "valueString"
    return {"type": {"coding": [{"system": words.TASK_FACT, "code": name}]}, kind: value}


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": str(code)}]}


def _json(resource: dict[str, Any]) -> str:
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
