"""The due date of a stored request: reckoned by the rules from what is known, and kept with the rule that set it."""

from __future__ import annotations

from bot.roi.due_dates import DueDate, due_date
from bot.roi.due_rules import RuleBook
from storage.tables import RoiRequest


def reckon(rulebook: RuleBook, request: RoiRequest) -> DueDate:
    """Work out the due date of a request from its own dates.

    :raises MissingClockStart: when a rule that must be used has no date to count from.
    :raises NoExtension: when it is extended though none of its rules has an extension.
    :raises BadInput: when its legal state is none.
    """
    return due_date(
        rulebook,
        request.type,
        request.legal_state,
        request.received_on,
        request.letter_on,
        request.authorization_valid_on,
        request.letter_due_on,
        request.extended,
        promised_on=request.promised_on,
        requester_type=request.requester_type,
    )


def keep(request: RoiRequest, due: DueDate) -> None:
    """Store a due date with the rule of the version that set it."""
    request.due_rule, request.due_rule_version = due.rule_id, due.rule_version
    request.due_source, request.due_verified = due.rule.source, due.rule.verified
    request.due_on, request.effective_due_on = due.due_on, due.effective_due_on
    request.internal_target_on, request.extend_by = due.internal_target_on, due.extend_by
