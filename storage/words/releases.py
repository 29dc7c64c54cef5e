"""The fixed words of requests for release of information."""

from __future__ import annotations

from enum import StrEnum


class RequestType(StrEnum):
    """Kinds of request for release of information."""

    PATIENT_ACCESS = "patient_access"
    PATIENT_DIRECTED_THIRD_PARTY = "patient_directed_third_party"
    CONTINUITY_OF_CARE = "continuity_of_care"
    PAYER_REQUEST = "payer_request"
    PAYER_ADR = "payer_adr"
    PULL_LIST = "pull_list"
    ATTORNEY = "attorney"
    SUBPOENA = "subpoena"
    COURT_ORDER = "court_order"
    DISABILITY_SSA = "disability_ssa"
    WORKERS_COMP = "workers_comp"
    PUBLIC_HEALTH = "public_health"
    RESEARCH = "research"
    LAW_ENFORCEMENT = "law_enforcement"
    HEALTH_OVERSIGHT = "health_oversight"
    CORONER = "coroner"
    BUSINESS_OFFICE = "business_office"
    LIFE_INSURANCE = "life_insurance"


class Purpose(StrEnum):
    """What the records are asked for. It is told apart from the type of the request."""

    PERSONAL_USE = "personal_use"
    CONTINUED_CARE = "continued_care"
    PAYMENT = "payment"
    INSURANCE_APPLICATION = "insurance_application"
    LEGAL_CASE = "legal_case"
    DISABILITY_DETERMINATION = "disability_determination"
    WORK_INJURY = "work_injury"
    QUALITY_MEASURES = "quality_measures"
    RISK_ADJUSTMENT = "risk_adjustment"
    AUDIT = "audit"
    PUBLIC_HEALTH = "public_health"
    INVESTIGATION = "investigation"
    RESEARCH_STUDY = "research_study"
    DEATH_INVESTIGATION = "death_investigation"
    HOSPITAL_OPERATIONS = "hospital_operations"
    OTHER = "other"


class Requester(StrEnum):
    """Kinds of requester a form offers. A file may bring others; the rules know some of them by name."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"
    PROVIDER = "provider"
    FACILITY = "facility"
    INSURER = "insurer"
    MAC = "mac"
    RAC = "rac"
    SMRC = "smrc"
    UPIC = "upic"
    CERT = "cert"
    ATTORNEY = "attorney"
    COURT = "court"
    GOVERNMENT_AGENCY = "government_agency"
    LAW_ENFORCEMENT = "law_enforcement"
    EMPLOYER = "employer"
    RESEARCHER = "researcher"
    OTHER = "other"


class ExtensionReason(StrEnum):
    """Why a release takes longer, as the letter to the person says it."""

    RECORDS_OFFSITE = "records_offsite"
    RECORDS_INCOMPLETE = "records_incomplete"
    LARGE_VOLUME = "large_volume"
    SYSTEM_OUTAGE = "system_outage"
    LEGAL_REVIEW = "legal_review"
    STAFF_SHORTAGE = "staff_shortage"


class RequestState(StrEnum):
    """Where a request for release of information stands."""

    LOGGED = "logged"
    AUTHORIZATION_REVIEW = "authorization_review"
    READY_TO_FULFILL = "ready_to_fulfill"
    RETRIEVAL = "retrieval"
    QA_REVIEW = "qa_review"
    READY_TO_SEND = "ready_to_send"
    DELIVERED = "delivered"
    CLOSED = "closed"
    HOLD = "hold"
    PENDING = "pending"
    EXCEPTION = "exception"
    RETURNED_TO_REQUESTER = "returned_to_requester"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_CERTIFICATION = "awaiting_certification"
    DENIED = "denied"
    CANCELLED = "cancelled"


class PendReason(StrEnum):
    """Why a request waits, is an exception, went back, or ended without delivery."""

    RECORDS_OFFSITE = "records_offsite"
    AWAITING_SIGNATURE_ATTESTATION = "awaiting_signature_attestation"
    AUTHORIZATION_MISSING_EXPIRATION = "authorization_missing_expiration"
    AUTHORIZATION_INVALID = "authorization_invalid"
    AUTHORIZATION_EXPIRED = "authorization_expired"
    AWAITING_SATISFACTORY_ASSURANCES = "awaiting_satisfactory_assurances"
    PRIVACY_OFFICER_REVIEW = "privacy_officer_review"
    IRB_DOCUMENTATION_MISSING = "irb_documentation_missing"
    AWAITING_REQUESTER = "awaiting_requester"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_CERTIFICATION = "awaiting_certification"
    RECORD_INCOMPLETE = "record_incomplete"
    OWNER_AWAY = "owner_away"
    NO_RECORDS_FOUND = "no_records_found"
    WITHDRAWN = "withdrawn"
    DUPLICATE_REQUEST = "duplicate_request"
    NOT_PERMITTED = "not_permitted"


class AuthorizationStatus(StrEnum):
    """What the authorization checklist came to."""

    NOT_REQUIRED = "not_required"
    UNCHECKED = "unchecked"
    VALID = "valid"
    INVALID = "invalid"
    EXPIRED = "expired"
    WAIVER = "waiver"


class ClockStart(StrEnum):
    """What starts a deadline."""

    RECEIVED = "received"
    LETTER = "letter"
    VALID_AUTHORIZATION = "valid_authorization"


class DeliveryMethod(StrEnum):
    """How records leave."""

    PORTAL = "portal"
    SECURE_EMAIL = "secure_email"
    MAIL = "mail"
    CERTIFIED_MAIL = "certified_mail"
    FAX = "fax"
    DIRECT_MESSAGE = "direct_message"
    ESMD = "esmd"
    PAYER_PORTAL = "payer_portal"
    ERE = "ere"
    SFTP = "sftp"
    IN_PERSON = "in_person"
