"""The codes a coding task ended with: checked side by side first, then kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.codes.catalogue import editions
from bot.codes.check import CodeFinding, FindingKind, Severity, check_codes
from bot.codes.standing import find_code
from bot.errors import BadInput
from bot.moments import local_day
from bot.reviews.tasks import find_task
from storage.tables import ReviewTask, TaskCode

#: Findings one refusal names; the next ones come after these are put right.
NAMED = 3
#: Nobody can put these right, so nobody is asked; they are told afterwards.
ONLY_TOLD = frozenset({FindingKind.EDITION_NOT_LOADED})


class UnknownCode(BadInput):
    """This code is not in the code set."""


class NotBillable(BadInput):
    """This code needs more characters before it can be used."""


class CodesConflict(BadInput):
    """These codes cannot be reported together as they are."""


class LookAgain(BadInput):
    """Something about these codes should be looked at before the task ends."""


_REFUSALS: dict[FindingKind, type[BadInput]] = {
    FindingKind.UNKNOWN: UnknownCode,
    FindingKind.NOT_BILLABLE: NotBillable,
    FindingKind.SEVENTH_CHARACTER: NotBillable,
}


class AssignedCode(NamedTuple):
    """A code and the system it is from."""

    system: str
    code: str


def keep_codes(session: Session, task: ReviewTask, codes: Sequence[str], today: date, *, looked_at: bool = False) -> None:
    """Check and store the codes of a task in their order, once each; the first is the principal one.

    :param looked_at: the person has seen what may stand (warnings, and Excludes1 of unrelated conditions) and keeps the codes.
    :raises UnknownCode, NotBillable, CodesConflict: naming the code, when one cannot be assigned.
    :raises LookAgain: once, with what should be looked at.
    """
    for position, one in enumerate(checked_codes(session, task, codes, today, looked_at=looked_at)):
        session.add(
            TaskCode(workspace_id=task.workspace_id, task_id=task.id, system=one.system, code=one.code, position=position)
        )


def checked_codes(
    session: Session, task: ReviewTask, codes: Sequence[str], today: date, *, looked_at: bool = False
) -> tuple[AssignedCode, ...]:
    """The codes somebody would assign to a task, side by side and once each, as the code set spells them.

    The day a coding task became work is the day of discharge, so codes must be valid on it. Raises what :func:`keep_codes` raises.
    """
    once = tuple(dict.fromkeys(codes))
    if not once:
        return ()
    _require_checked(check_codes(session, once, task.aged_from, today), looked_at=looked_at)
    systems = list(dict.fromkeys(edition.system for edition in editions(session)))
    return tuple(dict.fromkeys(_found(session, code, task.aged_from, today, systems) for code in once))


def _found(session: Session, code: str, on: date, today: date, systems: Sequence[str]) -> AssignedCode:
    found = find_code(session, code, on, today, systems)
    if found is None:
        raise UnknownCode(f"{code} is not in the code set. Choose it from the list.", field="codes")
    return AssignedCode(found.edition.system, found.concept.code)


def told_afterwards(session: Session, actor: Actor, now: datetime, reference: str) -> tuple[str, ...]:
    """What is still to be said about the codes a task was completed with: findings that were kept, and an edition that is not loaded.

    :raises NotFound: when there is no such task.
    """
    task = find_task(session, actor.workspace_id, reference)
    query = (
        sa.select(TaskCode.code)
        .where(TaskCode.workspace_id == task.workspace_id, TaskCode.task_id == task.id)
        .order_by(TaskCode.position)
    )
    codes = list(session.scalars(query))
    return tuple(one.sentence for one in check_codes(session, codes, task.aged_from, local_day(now, actor.legal_zone))) if codes else ()


def _require_checked(found: Sequence[CodeFinding], *, looked_at: bool) -> None:
    wrong = [one for one in found if not one.may_stand]
    if wrong:
        refusal = _REFUSALS.get(wrong[0].kind, CodesConflict)
        raise refusal(_sentences(wrong), field="codes")
    open_yet = [one for one in found if one.kind not in ONLY_TOLD]
    if open_yet and not looked_at:
        raise LookAgain(f"{_sentences(open_yet)} Change the codes, or tick “Keep these codes” below.", field="codes")


def _sentences(found: Sequence[CodeFinding]) -> str:
    ordered = sorted(found, key=lambda one: one.severity is Severity.WARNING)
    more = f" And {len(ordered) - NAMED} more." if len(ordered) > NAMED else ""
    return " ".join(one.sentence for one in ordered[:NAMED]) + more
