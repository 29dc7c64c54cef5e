"""FHIR's words for ours, in both directions. Data only.

HL7 FHIR R4 (4.0.1) Task, read and written with the models of R4B (4.3.0), whose Task has the same elements.
"""

from __future__ import annotations

from storage.words import Priority, TaskState

#: Where our own words stand in a CodeableConcept or an identifier.
TASK_REFERENCE = "urn:chartdesk:task-reference"
RECORD_REFERENCE = "urn:chartdesk:record-reference"
STAFF_CODE = "urn:chartdesk:staff-code"
TASK_TYPE = "urn:chartdesk:task-type"
HOLD_REASON = "urn:chartdesk:hold-reason"
TASK_FACT = "urn:chartdesk:task-fact"

#: Every code of the value set task-status; None for a draft, which is no work yet.
STATES: dict[str, TaskState | None] = {
    "draft": None,
    "requested": TaskState.AVAILABLE,
    "received": TaskState.AVAILABLE,
    "ready": TaskState.AVAILABLE,
    "rejected": TaskState.AVAILABLE,
    "accepted": TaskState.CLAIMED,
    "in-progress": TaskState.IN_PROGRESS,
    "on-hold": TaskState.ON_HOLD,
    "completed": TaskState.COMPLETED,
    "cancelled": TaskState.CANCELLED,
    "failed": TaskState.CANCELLED,
    "entered-in-error": TaskState.CANCELLED,
}
STATUSES: dict[TaskState, str] = {
    TaskState.AVAILABLE: "ready",
    TaskState.CLAIMED: "accepted",
    TaskState.IN_PROGRESS: "in-progress",
    TaskState.ON_HOLD: "on-hold",
    TaskState.COMPLETED: "completed",
    TaskState.CANCELLED: "cancelled",
}
#: Every code of the value set request-priority, in the same order as ours.
PRIORITIES: dict[str, Priority] = {
    "routine": Priority.NORMAL,
    "urgent": Priority.HIGH,
    "asap": Priority.URGENT,
    "stat": Priority.CRITICAL,
}
PRIORITY_CODES: dict[Priority, str] = {ours: code for code, ours in PRIORITIES.items()} | {Priority.LOW: "routine"}

#: Facts that stand in ``Task.input``, by our column.
INPUTS = (
    "setting", "facility_code", "payer_class", "working_drg", "charges_usd", "age_days", "discharge_date", "bill_hold_days",
    "bill_hold_until", "skill", "worked_by", "second_review_required", "sensitive_categories",
)  # fmt: skip
#: Where each of our columns stands in a Task, for the answer.
PATHS: dict[str, str] = {
    "task_ref": "Task.identifier",
    "external_key": "Task.focus",
    "task_type": "Task.code",
    "status": "Task.status",
    "hold_reason": "Task.statusReason",
    "priority": "Task.priority",
    "due_date": "Task.restriction.period.end",
    "owner": "Task.owner",
} | {name: f"Task.input ({name})" for name in INPUTS}

#: Elements with free text or people in them: a file that has them is refused unless somebody chooses to leave them out.
IDENTIFYING = ("contained", "text", "description", "note")
#: References to people and visits. They are never stored; of the focus, or else the encounter, a keyed hash finds the record again.
REFERENCES = ("for", "focus", "encounter", "requester", "basedOn", "partOf", "insurance", "relevantHistory", "location", "reasonReference")
