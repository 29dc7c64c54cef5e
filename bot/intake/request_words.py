"""What other systems call our columns and words, for releases. Data only."""

from __future__ import annotations

from bot.intake.columns import ColumnSet
from storage.words import (
    AuthorizationStatus,
    ClockStart,
    DeliveryMethod,
    PendReason,
    Priority,
    Purpose,
    RequestState,
    RequestType,
)

REQUEST_COLUMNS = ColumnSet(
    kind="requests",
    aliases={
        "request_ref": ("ref", "reference", "request reference", "roi ref", "request"),
        "external_key": ("row key", "row id", "source key", "source id", "request id", "roi id", "tracking id", "log id"),
        "record_ref": ("record", "record reference"),
        "request_type": ("type", "roi type", "request category", "category"),
        "requester_type": ("requester", "requestor type", "requestor", "requester category"),
        "purpose": ("purpose of request", "purpose of disclosure", "reason for request"),
        "facility": ("facility code", "hospital", "site", "location"),
        "state": ("legal state", "jurisdiction"),
        "clock_start_event": ("clock start", "clock event"),
        "clock_start_date": ("start date", "clock date"),
        "received_date": ("received", "received on", "date received", "receipt date", "logged date"),
        "letter_date": ("letter", "letter on", "date of letter"),
        "authorization_date": ("authorization valid on", "auth date", "date of authorization"),
        "due_rule": ("rule", "due date rule"),
        "letter_due_date": ("letter due", "return date", "requested by", "date the letter names"),
        "due_date": ("due", "due on", "date due"),
        "effective_due_date": ("effective due",),
        "internal_target_date": ("internal target", "target date"),
        "status": ("request status", "roi status"),
        "pend_reason": ("pending reason", "hold reason", "reason"),
        "authorization_status": ("authorization", "auth status"),
        "authorization_expires": ("authorization expiration", "auth expires", "auth expiration", "authorization expires on"),
        "sensitive_categories": ("sensitive", "confidential"),
        "sensitive_authorized": ("sensitive authorization",),
        "accounting_required": ("accounting", "aod", "aod required"),
        "delivery_method": ("delivery", "method", "send by"),
        "owner": ("assigned", "assigned to", "assignee", "specialist"),
        "priority": ("prio", "urgency"),
        "page_estimate": ("pages", "page count", "estimated pages"),
        "extension_used": ("extended", "extension"),
        "promised_date": ("promised on", "extended to", "extension date"),
    },
    required=("request_ref|external_key", "request_type", "received_date|clock_start_date|letter_date"),
    references=("request_ref", "record_ref"),
)  # fmt: skip

REQUEST_TYPES: dict[str, RequestType] = {
    "patient": RequestType.PATIENT_ACCESS,
    "right_of_access": RequestType.PATIENT_ACCESS,
    "third_party": RequestType.PATIENT_DIRECTED_THIRD_PARTY,
    "coc": RequestType.CONTINUITY_OF_CARE,
    "adr": RequestType.PAYER_ADR,
    "payer": RequestType.PAYER_REQUEST,
    "pull_list_hedis": RequestType.PULL_LIST,
    "pull_list_risk_adjustment": RequestType.PULL_LIST,
    "hedis": RequestType.PULL_LIST,
    "ssa": RequestType.DISABILITY_SSA,
    "disability": RequestType.DISABILITY_SSA,
    "workers_compensation": RequestType.WORKERS_COMP,
    "medical_examiner": RequestType.CORONER,
}

#: "Extended" is no state of ours: such a request waits, with its extension in use.
EXTENDED = "extended"
STATES: dict[str, RequestState] = {
    EXTENDED: RequestState.PENDING,
    "new": RequestState.LOGGED,
    "received": RequestState.LOGGED,
    "auth_review": RequestState.AUTHORIZATION_REVIEW,
    "ready": RequestState.READY_TO_FULFILL,
    "retrieving": RequestState.RETRIEVAL,
    "qa": RequestState.QA_REVIEW,
    "on_hold": RequestState.HOLD,
    "pended": RequestState.PENDING,
    "returned": RequestState.RETURNED_TO_REQUESTER,
    "sent": RequestState.DELIVERED,
    "released": RequestState.DELIVERED,
    "complete": RequestState.CLOSED,
    "completed": RequestState.CLOSED,
    "canceled": RequestState.CANCELLED,
}

CLOCK_STARTS: dict[str, ClockStart] = {
    "receipt": ClockStart.RECEIVED,
    "received_date": ClockStart.RECEIVED,
    "letter_date": ClockStart.LETTER,
    "authorization": ClockStart.VALID_AUTHORIZATION,
}

PEND_REASONS: dict[str, PendReason] = {
    "offsite": PendReason.RECORDS_OFFSITE,
    "payment": PendReason.AWAITING_PAYMENT,
    "certification": PendReason.AWAITING_CERTIFICATION,
    "privacy_review": PendReason.PRIVACY_OFFICER_REVIEW,
    "duplicate": PendReason.DUPLICATE_REQUEST,
    "no_records": PendReason.NO_RECORDS_FOUND,
}

AUTHORIZATIONS: dict[str, AuthorizationStatus] = {
    "n_a": AuthorizationStatus.NOT_REQUIRED,
    "na": AuthorizationStatus.NOT_REQUIRED,
    "pending": AuthorizationStatus.UNCHECKED,
    "irb_waiver": AuthorizationStatus.WAIVER,
}

DELIVERY: dict[str, DeliveryMethod] = {
    "email": DeliveryMethod.SECURE_EMAIL,
    "e_mail": DeliveryMethod.SECURE_EMAIL,
    "direct": DeliveryMethod.DIRECT_MESSAGE,
    "mychart": DeliveryMethod.PORTAL,
    "patient_portal": DeliveryMethod.PORTAL,
    "pickup": DeliveryMethod.IN_PERSON,
    "pick_up": DeliveryMethod.IN_PERSON,
}

PURPOSES: dict[str, Purpose] = {
    "personal": Purpose.PERSONAL_USE,
    "patient_request": Purpose.PERSONAL_USE,
    "at_the_request_of_the_individual": Purpose.PERSONAL_USE,
    "treatment": Purpose.CONTINUED_CARE,
    "continuing_care": Purpose.CONTINUED_CARE,
    "continuity_of_care": Purpose.CONTINUED_CARE,
    "billing": Purpose.PAYMENT,
    "insurance": Purpose.INSURANCE_APPLICATION,
    "life_insurance": Purpose.INSURANCE_APPLICATION,
    "legal": Purpose.LEGAL_CASE,
    "litigation": Purpose.LEGAL_CASE,
    "disability": Purpose.DISABILITY_DETERMINATION,
    "workers_comp": Purpose.WORK_INJURY,
    "workers_compensation": Purpose.WORK_INJURY,
    "hedis": Purpose.QUALITY_MEASURES,
    "quality": Purpose.QUALITY_MEASURES,
    "research": Purpose.RESEARCH_STUDY,
    "operations": Purpose.HOSPITAL_OPERATIONS,
}

PRIORITIES: dict[str, Priority] = {
    "stat": Priority.CRITICAL,
    "routine": Priority.NORMAL,
    "medium": Priority.NORMAL,
    "standard": Priority.NORMAL,
}
