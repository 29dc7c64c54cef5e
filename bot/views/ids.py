"""Every action, callback and block id the bot uses, in one place. A test holds this list, the manifest and the listeners together."""

from __future__ import annotations

from enum import StrEnum


class ActionId(StrEnum):
    """What a button, menu or picker is called when Slack tells us it was used."""

    TASK_CLAIM_NEXT = "task_claim_next"
    TASK_CLAIM = "task_claim"
    TASK_OPEN = "task_open"
    TASK_MORE = "task_more"
    TASK_START = "task_start"
    TASK_HOLD = "task_hold"
    TASK_RESUME = "task_resume"
    TASK_RETURN = "task_return"
    TASK_COMPLETE = "task_complete"
    TASK_ASSIGN = "task_assign"
    TASK_FLAG = "task_flag"
    TASK_PAGE = "task_page"

    CODE_DETAIL = "code_detail"
    CODE_PAGE = "code_page"
    CODE_SHARE = "code_share"

    FLAG_OPEN = "flag_open"
    FLAG_STEP = "flag_step"

    ROI_OPEN = "roi_open"
    ROI_STEP = "roi_step"
    ROI_TAKE = "roi_take"
    ROI_PAGE = "roi_page"
    ROI_MORE = "roi_more"
    ROI_AUTHORIZATION = "roi_authorization"
    ROI_ACCOUNTING = "roi_accounting"
    ROI_ASSIGN = "roi_assign"
    REMINDER_SNOOZE = "reminder_snooze"

    SETTINGS_OPEN = "settings_open"


class CallbackId(StrEnum):
    """What a form or a shortcut is called when Slack tells us it was submitted."""

    TASK_HOLD_FORM = "task_hold_form"
    TASK_RETURN_FORM = "task_return_form"
    TASK_COMPLETE_FORM = "task_complete_form"
    ASSIGN_FORM = "assign_form"
    FLAG_FORM = "flag_form"
    FLAG_STEP_FORM = "flag_step_form"
    ROI_STEP_FORM = "roi_step_form"
    ROI_AUTHORIZATION_FORM = "roi_authorization_form"
    ROI_ACCOUNTING_FORM = "roi_accounting_form"
    ROI_ASSIGN_FORM = "roi_assign_form"
    SETTINGS_FORM = "settings_form"
    FLAG_MESSAGE = "flag_message"
    LOOK_UP_CODE = "look_up_code"
    LOOK_UP_FORM = "look_up_form"


class Field(StrEnum):
    """The inputs of forms. The block and the element of an input both carry this word, so a refusal finds its place."""

    TASK = "task"
    PERSON = "person"
    REASONS = "reasons"
    REASON = "reason"
    WAKE = "wake"
    NOTE = "note"
    CODES = "codes"
    RECORD = "record"
    ERROR_TYPE = "error_type"
    ROOT_REASON = "root_reason"
    SEVERITY = "severity"
    CODE_BEFORE = "code_before"
    CODE_AFTER = "code_after"
    STATE = "state"
    AUTHORIZATION = "authorization"
    AUTHORIZATION_EXPIRES = "authorization_expires"
    ACCOUNTING = "accounting"
    SENSITIVE_AUTHORIZED = "sensitive_authorized"
    HOURS_START = "hours_start"
    HOURS_END = "hours_end"
    WORKDAYS = "workdays"
    DIGEST = "digest"
    QUERY = "query"
    CONFIRM = "confirm"
