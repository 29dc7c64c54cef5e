"""The small checklists that insurance verification and deficiency analysis end with: statuses only, never a number or a name."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.errors import BadInput
from bot.spoken import spoken
from storage.tables import ReviewTask, TaskCheck
from storage.words import CheckItem, PayerClass, TaskType

YES_NO = ("yes", "no")
PRESENCE = ("present", "missing", "not_needed")
#: The lines of each checklist, and what each may be answered with.
CHECKLISTS: dict[TaskType, dict[CheckItem, tuple[str, ...]]] = {
    TaskType.INSURANCE_VERIFICATION: {
        CheckItem.PAYER_CLASS: tuple(payer.value for payer in PayerClass),
        CheckItem.PLAN_ACTIVE: YES_NO,
        CheckItem.AUTHORIZATION_ON_FILE: (*YES_NO, "not_needed"),
        CheckItem.BENEFITS_COORDINATED: YES_NO,
    },
    TaskType.DEFICIENCY_ANALYSIS: {
        CheckItem.HISTORY_AND_PHYSICAL: PRESENCE,
        CheckItem.OPERATIVE_REPORT: PRESENCE,
        CheckItem.DISCHARGE_SUMMARY: PRESENCE,
        CheckItem.PROGRESS_NOTES: PRESENCE,
        CheckItem.SIGNATURES: PRESENCE,
    },
}


class ChecksNeeded(BadInput):
    """Answer every line of the checklist."""


def keep_checks(session: Session, task: ReviewTask, answers: Mapping[CheckItem, str]) -> None:
    """Store the checklist of a task that has one; the payer class is taken over into the task.

    :raises ChecksNeeded: naming the first line that has no answer, or one that is not offered.
    """
    offered = CHECKLISTS.get(task.type, {})
    for item, choices in offered.items():
        if answers.get(item) not in choices:
            line = spoken(item)
            raise ChecksNeeded(f"Choose an answer for “{line}”.", field=item.value)
    for item in offered:
        session.add(TaskCheck(workspace_id=task.workspace_id, task_id=task.id, item=item, answer=answers[item]))
    if CheckItem.PAYER_CLASS in offered:
        task.payer_class = PayerClass(answers[CheckItem.PAYER_CLASS])
