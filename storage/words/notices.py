"""The fixed words of notices, and of what they and the audit trail are about."""

from __future__ import annotations

from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice is about; the views know how each reads."""

    TASK_ASSIGNED = "task_assigned"
    TASK_TAKEN_BACK = "task_taken_back"
    TASK_CANCELLED = "task_cancelled"
    FLAG_RAISED = "flag_raised"
    FLAG_MOVED = "flag_moved"
    FLAG_COMMENTED = "flag_commented"
    FLAG_WAITS = "flag_waits"
    EDUCATION = "education"
    RELEASES_FROZEN = "releases_frozen"
    RELEASES_FREED = "releases_freed"
    RELEASE_ASSIGNED = "release_assigned"
    RELEASE_DUE = "release_due"
    RELEASE_OVERDUE = "release_overdue"
    EDITION_IMPORTED = "edition_imported"
    MORNING_DIGEST = "morning_digest"
    IMPORT_STOPPED = "import_stopped"
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
    AUDITS_WAIT = "audits_wait"
    AUDIT_FINISHED = "audit_finished"
    SAMPLE_FINISHED = "sample_finished"
    WEEKLY_REPORT = "weekly_report"
    TASKS_ASSIGNED = "tasks_assigned"
    TASKS_TAKEN_BACK = "tasks_taken_back"
    ASSIGNMENT_UNDONE = "assignment_undone"
    URGENT_WORK = "urgent_work"
    BILL_HOLDS_PASSING = "bill_holds_passing"
    TASK_RETURNED_TWICE = "task_returned_twice"


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
    IMPORT = "import"
    SAMPLE = "sample"
    AUDIT_CASE = "audit_case"
    ASSIGNMENT = "assignment"


class Surface(StrEnum):
    """Where free text came in."""

    COMMAND = "command"
    FORM = "form"
    MESSAGE = "message"
    SHORTCUT = "shortcut"
    IMPORT = "import"
