"""The fixed words of the desk, as DOMAIN names them. Words only: what may follow what is decided in ``bot``."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do; a person may have several, and without any may only look up codes."""

    SPECIALIST = "specialist"
    ROI_SPECIALIST = "roi_specialist"
    AUDITOR = "auditor"
    SUPERVISOR = "supervisor"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"


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


class Sensitive(StrEnum):
    """Categories shown only to those who may act on them."""

    SUD_PART2 = "sud_part2"
    MENTAL_HEALTH = "mental_health"
    PSYCHOTHERAPY_NOTES = "psychotherapy_notes"
    HIV = "hiv"
    REPRODUCTIVE = "reproductive"
    GENETIC = "genetic"
    MINOR = "minor"
    VIP = "vip"
    EMPLOYEE = "employee"


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


class NoticeKind(StrEnum):
    """What a notice is about; the views know how each reads."""

    TASK_ASSIGNED = "task_assigned"
    TASK_TAKEN_BACK = "task_taken_back"
    FLAG_RAISED = "flag_raised"
    FLAG_MOVED = "flag_moved"
    RELEASES_FROZEN = "releases_frozen"
    RELEASE_ASSIGNED = "release_assigned"
    RELEASE_DUE = "release_due"
    RELEASE_OVERDUE = "release_overdue"
    EDITION_IMPORTED = "edition_imported"
    MORNING_DIGEST = "morning_digest"
    PERSON_UNREACHABLE = "person_unreachable"
    WELCOME = "welcome"
    TASK_OFFERED = "task_offered"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    OFFER_EXPIRED = "offer_expired"
    TASK_IDLE = "task_idle"
    TASK_RETURNED_IDLE = "task_returned_idle"
    HOLD_WAKES = "hold_wakes"
    QUERY_OVERDUE = "query_overdue"


class NoticeState(StrEnum):
    """Where a notice stands on its way out. What is carried leaves inside another notice's message."""

    PENDING = "pending"
    SENDING = "sending"
    AMBIGUOUS = "ambiguous"
    CARRIED = "carried"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Subject(StrEnum):
    """What a notice or an audit row is about."""

    TASK = "task"
    FLAG = "flag"
    REQUEST = "request"
    PERSON = "person"
    WORKSPACE = "workspace"
    RECORD = "record"
    CODES = "codes"


class Surface(StrEnum):
    """Where free text came in."""

    COMMAND = "command"
    FORM = "form"
    MESSAGE = "message"
    SHORTCUT = "shortcut"
    IMPORT = "import"


class EditionState(StrEnum):
    """Whether an edition of a code system may be searched."""

    READING = "reading"
    READY = "ready"
    RETIRED = "retired"


class EditionOrigin(StrEnum):
    """Where an edition came from: with the program, or from files somebody imported."""

    SHIPPED = "shipped"
    IMPORTED = "imported"


class ConceptKind(StrEnum):
    """Levels of a code system."""

    CHAPTER = "chapter"
    BLOCK = "block"
    CATEGORY = "category"
    CODE = "code"


class TermKind(StrEnum):
    """Where another word for a concept comes from."""

    INCLUSION = "inclusion"
    INDEX = "index"
    EXTERNAL_CAUSE_INDEX = "external_cause_index"
    NEOPLASM_TABLE = "neoplasm_table"
    DRUG_TABLE = "drug_table"
    SHORT_TITLE = "short_title"


class NoteKind(StrEnum):
    """Instructions under a code. A seventh character is one line each: the character, a space, its meaning."""

    INCLUDES = "includes"
    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    CODE_FIRST = "code_first"
    USE_ADDITIONAL = "use_additional"
    CODE_ALSO = "code_also"
    NOTE = "note"
    SEVENTH_CHARACTER_RULE = "seventh_character_rule"
    SEVENTH_CHARACTER = "seventh_character"
