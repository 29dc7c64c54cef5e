"""What other systems call our columns and words, for review tasks. Data only."""

from __future__ import annotations

from bot.intake.columns import ColumnSet
from storage.words import HoldReason, PayerClass, Priority, TaskSetting, TaskState, TaskType

TASK_COLUMNS = ColumnSet(
    kind="tasks",
    aliases={
        "task_ref": ("ref", "reference", "task reference", "record ref", "record reference", "record"),
        "external_key": (
            "row key",
            "row id",
            "source key",
            "source id",
            "work item",
            "work item id",
            "wq item",
            "item id",
            "task id",
        ),
        "task_type": ("type", "work type", "review type", "task"),
        "setting": (
            "patient class",
            "pt class",
            "patient type",
            "encounter type",
            "visit type",
            "care setting",
            "service type",
        ),
        "facility_code": ("facility", "fac", "hospital", "site", "location", "entity"),
        "payer_class": (
            "payer",
            "payor",
            "payor class",
            "financial class",
            "fin class",
            "primary payer",
            "primary payor",
        ),
        "working_drg": ("drg", "ms drg", "msdrg", "drg code"),
        "charges_usd": (
            "charges",
            "total charges",
            "tot chgs",
            "acct bal",
            "account balance",
            "acct balance",
            "balance",
        ),
        "age_days": ("days old", "days since discharge", "dnfb days", "days in queue", "days in wq", "aging days"),
        "discharge_date": (
            "disch date",
            "discharged",
            "discharge",
            "dc date",
            "disch dt",
            "discharge dt",
            "date of discharge",
        ),
        "bill_hold_days": ("hold days", "min days", "minimum days", "min hold days", "suspense days"),
        "bill_hold_until": ("bill hold date", "hold until", "bill hold"),
        "due_date": ("due", "due on", "date due"),
        "priority": ("prio", "urgency"),
        "skill": ("skill code", "skill set", "required skill"),
        "status": ("state", "task status", "work status"),
        "hold_reason": ("hold", "hold code", "pend reason"),
        "stop_bill": ("stop bill reason", "stop bills", "dnb", "dnb reason"),
        "owner": ("coder", "assigned", "assigned to", "assignee", "assigned user", "specialist", "reviewer"),
        "worked_by": ("coded by", "first coder", "original coder"),
        "second_review_required": ("second review", "second level", "2nd level"),
        "sensitive_categories": ("sensitive", "confidential", "restricted"),
    },
    required=("task_ref|external_key", "task_type|stop_bill"),
    references=("task_ref",),
)

#: A type may bring its setting with it.
TASK_TYPES: dict[str, TaskType] = {
    "code": TaskType.CODING,
    "coding_review": TaskType.CODING,
    "prebill": TaskType.PREBILL_REVIEW,
    "pre_bill_review": TaskType.PREBILL_REVIEW,
    "second_level": TaskType.SECOND_LEVEL_REVIEW,
    "2nd_level_review": TaskType.SECOND_LEVEL_REVIEW,
    "cdi": TaskType.CDI_REVIEW,
    "deficiency": TaskType.DEFICIENCY_ANALYSIS,
    "mpi": TaskType.MPI_REVIEW,
    "mpi_duplicate": TaskType.MPI_REVIEW,
    "mpi_overlap": TaskType.MPI_REVIEW,
    "mpi_overlay": TaskType.MPI_REVIEW,
    "denial": TaskType.DENIAL_REVIEW,
    "denials": TaskType.DENIAL_REVIEW,
    "insurance": TaskType.INSURANCE_VERIFICATION,
    "hcc": TaskType.HCC_REVIEW,
    "retro_audit": TaskType.RETROSPECTIVE_AUDIT,
    "audit": TaskType.RETROSPECTIVE_AUDIT,
    "data_quality": TaskType.DATA_QUALITY_CHECK,
}
SETTING_OF_TYPE = {
    "mpi_duplicate": TaskSetting.DUPLICATE,
    "mpi_overlap": TaskSetting.OVERLAP,
    "mpi_overlay": TaskSetting.OVERLAY,
}

#: None: the word names no setting of ours, and says nothing else that is needed.
SETTINGS: dict[str, TaskSetting | None] = {
    "ip": TaskSetting.INPATIENT,
    "inpatient_concurrent": TaskSetting.INPATIENT,
    "obs": TaskSetting.OBSERVATION,
    "sds": TaskSetting.SAME_DAY_SURGERY,
    "surgery": TaskSetting.SAME_DAY_SURGERY,
    "outpatient_surgery": TaskSetting.SAME_DAY_SURGERY,
    "er": TaskSetting.ED,
    "emergency": TaskSetting.ED,
    "emergency_department": TaskSetting.ED,
    "profee_em": TaskSetting.CLINIC,
    "profee": TaskSetting.CLINIC,
    "professional": TaskSetting.CLINIC,
    "office": TaskSetting.CLINIC,
    "outpatient": TaskSetting.CLINIC,
    "op": TaskSetting.CLINIC,
    "anc": TaskSetting.ANCILLARY,
    "identity": None,
    "registration": None,
}

PAYERS: dict[str, PayerClass] = {
    "ma": PayerClass.MEDICARE_ADVANTAGE,
    "managed_medicare": PayerClass.MEDICARE_ADVANTAGE,
    "medicare_hmo": PayerClass.MEDICARE_ADVANTAGE,
    "managed_medicaid": PayerClass.MEDICAID,
    "medicaid_hmo": PayerClass.MEDICAID,
    "bcbs": PayerClass.COMMERCIAL,
    "blue_cross": PayerClass.COMMERCIAL,
    "hmo": PayerClass.COMMERCIAL,
    "ppo": PayerClass.COMMERCIAL,
    "workers_compensation": PayerClass.WORKERS_COMP,
    "wc": PayerClass.WORKERS_COMP,
    "selfpay": PayerClass.SELF_PAY,
    "uninsured": PayerClass.SELF_PAY,
}

PRIORITIES: dict[str, Priority] = {
    "stat": Priority.CRITICAL,
    "routine": Priority.NORMAL,
    "medium": Priority.NORMAL,
    "standard": Priority.NORMAL,
}

STATES: dict[str, TaskState] = {
    "open": TaskState.AVAILABLE,
    "new": TaskState.AVAILABLE,
    "ready": TaskState.AVAILABLE,
    "returned": TaskState.AVAILABLE,
    "unassigned": TaskState.AVAILABLE,
    "assigned": TaskState.CLAIMED,
    "working": TaskState.IN_PROGRESS,
    "started": TaskState.IN_PROGRESS,
    "hold": TaskState.ON_HOLD,
    "held": TaskState.ON_HOLD,
    "pending": TaskState.ON_HOLD,
    "done": TaskState.COMPLETED,
    "closed": TaskState.COMPLETED,
    "complete": TaskState.COMPLETED,
    "canceled": TaskState.CANCELLED,
}

#: Parts of a hold or stop-bill reason, the first that fits counts.
HOLD_PARTS: tuple[tuple[str, HoldReason], ...] = (
    ("query", HoldReason.PHYSICIAN_QUERY_OPEN),
    ("unsigned", HoldReason.UNSIGNED_NOTE),
    ("signature", HoldReason.UNSIGNED_NOTE),
    ("missing", HoldReason.MISSING_DOCUMENT),
    ("late_charge", HoldReason.LATE_CHARGES),
    ("registration", HoldReason.REGISTRATION_OR_INSURANCE),
    ("insurance", HoldReason.REGISTRATION_OR_INSURANCE),
    ("patient_class", HoldReason.WRONG_PATIENT_CLASS),
    ("combin", HoldReason.COMBINED_ACCOUNT),
    ("second_review", HoldReason.AWAITING_SECOND_REVIEW),
    ("second_level", HoldReason.AWAITING_SECOND_REVIEW),
    ("edit", HoldReason.PAYER_EDIT),
    ("identity", HoldReason.PATIENT_IDENTITY),
    ("overlay", HoldReason.PATIENT_IDENTITY),
    ("interface", HoldReason.SYSTEM),
)
