"""The fixed words of review tasks."""

from __future__ import annotations

from enum import StrEnum


class TaskType(StrEnum):
    """Kinds of review task."""

    CODING = "coding"
    PREBILL_REVIEW = "prebill_review"
    SECOND_LEVEL_REVIEW = "second_level_review"
    CDI_REVIEW = "cdi_review"
    DEFICIENCY_ANALYSIS = "deficiency_analysis"
    CHART_COMPLETION = "chart_completion"
    MPI_REVIEW = "mpi_review"
    DENIAL_REVIEW = "denial_review"
    INSURANCE_VERIFICATION = "insurance_verification"
    HCC_REVIEW = "hcc_review"
    RETROSPECTIVE_AUDIT = "retrospective_audit"
    DATA_QUALITY_CHECK = "data_quality_check"


class TaskSetting(StrEnum):
    """Where the care took place, or for an MPI review what is wrong with the identity."""

    INPATIENT = "inpatient"
    OBSERVATION = "observation"
    SAME_DAY_SURGERY = "same_day_surgery"
    ED = "ed"
    CLINIC = "clinic"
    ANCILLARY = "ancillary"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    OVERLAY = "overlay"


class TaskState(StrEnum):
    """Where a review task stands."""

    AVAILABLE = "available"
    CLAIMED = "claimed"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TaskEvent(StrEnum):
    """What can happen to a review task; one row of its history each."""

    CREATED = "created"
    IMPORTED = "imported"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    STARTED = "started"
    HELD = "held"
    RESUMED = "resumed"
    RETURNED = "returned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    OFFERED = "offered"
    HANDED_OVER = "handed_over"
    OFFER_DECLINED = "offer_declined"
    OFFER_EXPIRED = "offer_expired"
    WAITS_CHANGED = "waits_changed"
    ASSIGNMENT_UNDONE = "assignment_undone"


class Priority(StrEnum):
    """How pressing a task is by itself."""

    CRITICAL = "critical"
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class HoldReason(StrEnum):
    """Why the owner cannot go on."""

    MISSING_DOCUMENT = "missing_document"
    UNSIGNED_NOTE = "unsigned_note"
    PHYSICIAN_QUERY_OPEN = "physician_query_open"
    LATE_CHARGES = "late_charges"
    REGISTRATION_OR_INSURANCE = "registration_or_insurance"
    WRONG_PATIENT_CLASS = "wrong_patient_class"
    COMBINED_ACCOUNT = "combined_account"
    AWAITING_SECOND_REVIEW = "awaiting_second_review"
    PAYER_EDIT = "payer_edit"
    PATIENT_IDENTITY = "patient_identity"
    SYSTEM = "system"


class ReturnReason(StrEnum):
    """Why a task goes back to the queue."""

    NOT_MY_SKILL = "not_my_skill"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    END_OF_SHIFT = "end_of_shift"
    TAKEN_BY_MISTAKE = "taken_by_mistake"
    WAITING_ON_OTHERS = "waiting_on_others"
    IDLE = "idle"


class CancelReason(StrEnum):
    """Why a task is taken out of the work before it is done."""

    DUPLICATE = "duplicate"
    ENTERED_BY_MISTAKE = "entered_by_mistake"
    ENCOUNTER_CANCELLED = "encounter_cancelled"
    DONE_ELSEWHERE = "done_elsewhere"
    NO_LONGER_NEEDED = "no_longer_needed"


class OfferState(StrEnum):
    """Where the offer of a task to a named person stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class QueryState(StrEnum):
    """Where a physician query stands. Its text is never here."""

    DRAFT = "draft"
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class QueryOutcome(StrEnum):
    """What a physician query came to."""

    AGREE = "agree"
    DISAGREE = "disagree"
    NO_OPINION = "no_opinion"
    NO_RESPONSE = "no_response"


class QueryCategory(StrEnum):
    """What a physician query is about, as a class; never the question."""

    CLARIFY_DIAGNOSIS = "clarify_diagnosis"
    SPECIFICITY = "specificity"
    CONFLICTING_DOCUMENTATION = "conflicting_documentation"
    CLINICAL_VALIDATION = "clinical_validation"
    PRESENT_ON_ADMISSION = "present_on_admission"
    PROCEDURE_DETAIL = "procedure_detail"
    OTHER = "other"


class CheckItem(StrEnum):
    """The lines of the small checklists some kinds of task end with."""

    PAYER_CLASS = "payer_class"
    PLAN_ACTIVE = "plan_active"
    AUTHORIZATION_ON_FILE = "authorization_on_file"
    BENEFITS_COORDINATED = "benefits_coordinated"
    HISTORY_AND_PHYSICAL = "history_and_physical"
    OPERATIVE_REPORT = "operative_report"
    DISCHARGE_SUMMARY = "discharge_summary"
    PROGRESS_NOTES = "progress_notes"
    SIGNATURES = "signatures"


class PayerClass(StrEnum):
    """Who pays, as a class; never a plan or a member number."""

    MEDICARE = "medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    MEDICAID = "medicaid"
    COMMERCIAL = "commercial"
    WORKERS_COMP = "workers_comp"
    SELF_PAY = "self_pay"
    OTHER = "other"
