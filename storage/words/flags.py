"""The fixed words of accuracy flags."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much harm a flagged problem can do."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ErrorType(StrEnum):
    """What is wrong: the first axis of an accuracy flag."""

    WRONG_PRINCIPAL_DIAGNOSIS = "wrong_principal_diagnosis"
    SYMPTOM_AS_PRINCIPAL = "symptom_as_principal"
    WRONG_DIAGNOSIS = "wrong_diagnosis"
    MISSED_DIAGNOSIS = "missed_diagnosis"
    MISSED_CC_MCC = "missed_cc_mcc"
    UNJUSTIFIED_DIAGNOSIS = "unjustified_diagnosis"
    UNSPECIFIED_DIAGNOSIS = "unspecified_diagnosis"
    LATERALITY = "laterality"
    SEVENTH_CHARACTER = "seventh_character"
    EXCLUDES1 = "excludes1"
    MISSING_INSTRUCTED_CODE = "missing_instructed_code"
    INVALID_FOR_DATE = "invalid_for_date"
    WRONG_PROCEDURE = "wrong_procedure"
    MISSING_PROCEDURE = "missing_procedure"
    UNJUSTIFIED_PROCEDURE = "unjustified_procedure"
    MODIFIER = "modifier"
    UNBUNDLED = "unbundled"
    UNITS = "units"
    POA_INDICATOR = "poa_indicator"
    DISCHARGE_DISPOSITION = "discharge_disposition"
    ADMIT_SOURCE = "admit_source"
    ABSTRACT_DATES = "abstract_dates"
    ABSTRACT_PROVIDER = "abstract_provider"
    DRG_APC_CHANGE = "drg_apc_change"
    WRONG_PATIENT = "wrong_patient"
    MISFILED = "misfiled"
    MISSING_DOCUMENT = "missing_document"
    MISSING_SIGNATURE = "missing_signature"
    CONFLICTING_DOCUMENTATION = "conflicting_documentation"
    COPY_FORWARD = "copy_forward"
    DEMOGRAPHIC = "demographic"
    INSURANCE = "insurance"
    PATIENT_CLASS = "patient_class"
    DUPLICATE_ACCOUNT = "duplicate_account"
    WRONG_RECIPIENT = "wrong_recipient"
    OVER_DISCLOSURE = "over_disclosure"
    SENSITIVE_NOT_AUTHORIZED = "sensitive_not_authorized"


class ErrorGroup(StrEnum):
    """Groups of error types, as a form offers them."""

    SEQUENCING = "sequencing"
    DIAGNOSIS = "diagnosis"
    PROCEDURE = "procedure"
    ABSTRACT = "abstract"
    GROUPING = "grouping"
    RECORD_INTEGRITY = "record_integrity"
    REGISTRATION = "registration"
    RELEASE = "release"


class RootReason(StrEnum):
    """Why it went wrong: the second axis, never merged with the first."""

    STANDARD_NOT_FOLLOWED = "standard_not_followed"
    DOCUMENTATION_MISSED = "documentation_missed"
    OTHER_CODER_ERROR = "other_coder_error"
    POOR_SOURCE_DOCUMENTATION = "poor_source_documentation"
    LOCAL_RULE_OR_SYSTEM = "local_rule_or_system"


class FlagState(StrEnum):
    """Where an accuracy flag stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    REBUTTED = "rebutted"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    ESCALATED = "escalated"
    CORRECTED = "corrected"
    VERIFIED = "verified"
    CLOSED = "closed"


class FlagOutcome(StrEnum):
    """What was decided about a flag: it stands (accepted or upheld), or it fell (overturned)."""

    STANDS = "stands"
    FELL = "fell"


class FlagEvent(StrEnum):
    """What an entry in the history of a flag is: only ``moved`` changes its state."""

    REPORTED = "reported"
    JOINED = "joined"
    MOVED = "moved"
    COMMENTED = "commented"
