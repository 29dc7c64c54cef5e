"""Finishing a case: the reviewer agrees with the coder's codes, or says which ones they would have assigned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import Actor
from bot.audits.cases import (
    NotYourAudit,
    OwnWorkAudited,
    Worksheet,
    coded_as,
    did_review,
    find_case,
    may_work,
    sheets_of,
    titled,
)
from bot.audits.comparison import Comparison, compare
from bot.audits.samples import AUDITORS
from bot.errors import BadInput, Refusal
from bot.moments import local_day
from bot.people import names
from bot.reviews.assigned_codes import AssignedCode, checked_codes
from storage.columns import CleanText
from storage.tables import AuditCase, AuditCode, AuditSample, ReviewTask
from storage.words import CaseState, NoticeKind, RootReason, Subject


class NothingChanged(BadInput):
    """These are the coder's own codes. Press Agree, or change what you would have assigned."""


class CodesNeeded(BadInput):
    """Choose the codes you would have assigned, the principal one first."""


class ReasonNeeded(BadInput):
    """Choose why the codes differ, so that it can be learned from."""


class AuditCancelled(Refusal):
    """This audit was cancelled meanwhile, so nothing is to be done with this chart. /tasks audits shows yours."""


class FinishedMeanwhile(Refusal):
    """Somebody else finished this chart meanwhile. Open it again to see what they found."""


def agree(session: Session, actor: Actor, now: datetime, case_id: int, seen: CaseState | None = None) -> Worksheet:
    """Find the whole case right. A second click changes nothing.

    :param seen: the state the case had when its button was shown.
    :raises NoSuchCase, NotYourAudit, OwnWorkAudited, AuditCancelled: when it is not this person's to finish.
    :raises FinishedMeanwhile: when somebody else finished it since it was shown.
    """
    case = _case_to_work(session, actor, case_id, seen)
    if case.state is not CaseState.AGREED:
        finish_agreed(session, actor, now, case)
    return titled(session, now, sheets_of(session, actor, [case])[0])


def edit(  # noqa: PLR0913 - the answers of one form
    session: Session,
    actor: Actor,
    now: datetime,
    case_id: int,
    codes: Sequence[str],
    root_reason: RootReason | None,
    note: CleanText | None = None,
    *,
    looked_at: bool = False,
    seen: CaseState | None = None,
) -> Worksheet:
    """Say which codes the reviewer would have assigned, the principal one first, and why they differ.

    A finished case can be changed by the same means, such as after its coder convinced the auditor; every version is in the audit trail.

    :param looked_at: the codes stay as they are although there was something to look at.
    :param seen: the state the case had when its form was opened.
    :raises NoSuchCase, NotYourAudit, OwnWorkAudited, AuditCancelled: when it is not this person's to finish.
    :raises FinishedMeanwhile: when somebody else finished it since the form was opened.
    :raises CodesNeeded, NothingChanged, ReasonNeeded: naming what is missing.
    :raises UnknownCode, NotBillable, CodesConflict, LookAgain: from the check of the codes.
    """
    case = _case_to_work(session, actor, case_id, seen)
    task = session.scalars(
        sa.select(ReviewTask).where(ReviewTask.workspace_id == actor.workspace_id, ReviewTask.id == case.task_id)
    ).one()
    finish_edited(session, actor, now, case, task, codes, root_reason, note, looked_at=looked_at)
    return titled(session, now, sheets_of(session, actor, [case])[0])


def sheet_to_edit(session: Session, reader: Actor, now: datetime, case_id: int, seen: CaseState | None = None) -> Worksheet:
    """The case somebody wants to change, before they say how. Raises what :func:`agree` raises."""
    case = _case_to_work(session, reader, case_id, seen, lock=False)
    return titled(session, now, sheets_of(session, reader, [case])[0])


def _case_to_work(session: Session, actor: Actor, case_id: int, seen: CaseState | None, *, lock: bool = True) -> AuditCase:
    case = find_case(session, actor, case_id, lock=lock)
    if not did_review(actor, case):
        actor.require(*AUDITORS)
    if case.coder_id == actor.id:
        raise OwnWorkAudited
    if case.state is CaseState.WITHDRAWN:
        raise AuditCancelled
    if seen is CaseState.OPEN and case.state is not seen and case.auditor_id != actor.id:
        raise FinishedMeanwhile
    if not may_work(actor, case):
        raise NotYourAudit
    return case


def finish_agreed(session: Session, actor: Actor, now: datetime, case: AuditCase) -> None:
    """End a case with nothing to change. Who may do so is for the caller to check."""
    codes = coded_as(session, actor, [case.task_id])[case.task_id]
    case.root_reason = case.note = None
    _finish(session, actor, now, case, CaseState.AGREED, (), compare(codes, codes))


def finish_edited(  # noqa: PLR0913 - the answers of one form
    session: Session,
    actor: Actor,
    now: datetime,
    case: AuditCase,
    task: ReviewTask,
    codes: Sequence[str],
    root_reason: RootReason | None,
    note: CleanText | None,
    *,
    looked_at: bool,
) -> None:
    """End a case about ``task`` with the codes the reviewer would have assigned. Who may do so is for the caller to check.

    :raises CodesNeeded, NothingChanged, ReasonNeeded: naming what is missing.
    :raises UnknownCode, NotBillable, CodesConflict, LookAgain: from the check of the codes.
    """
    if not codes:
        raise CodesNeeded(field="codes")
    reviewer = checked_codes(session, task, codes, local_day(now, actor.legal_zone), looked_at=looked_at)
    found = compare(coded_as(session, actor, [task.id])[task.id], reviewer)
    if found.case_right:
        raise NothingChanged(field="codes")
    if root_reason is None:
        raise ReasonNeeded(field="root_reason")
    case.root_reason, case.note = root_reason, note
    _finish(session, actor, now, case, CaseState.EDITED, reviewer, found)


def _finish(
    session: Session,
    actor: Actor,
    now: datetime,
    case: AuditCase,
    state: CaseState,
    reviewer: Sequence[AssignedCode],
    found: Comparison,
) -> None:
    """Keep the comparison and the reviewer's codes, write it down, and tell the coder."""
    again = case.state is not CaseState.OPEN
    case.state, case.finished_at, case.auditor_id = state, case.finished_at or now, case.auditor_id or actor.id
    case.reviewer_codes, case.agreed, case.moved = found.reviewer_codes, len(found.agreed), len(found.moved)
    case.added, case.removed = len(found.added), len(found.removed)
    session.execute(
        sa.delete(AuditCode).where(AuditCode.workspace_id == case.workspace_id, AuditCode.case_id == case.id)
    )
    session.add_all(
        AuditCode(workspace_id=case.workspace_id, case_id=case.id, system=one.system, code=one.code, position=position)
        for position, one in enumerate(reviewer)
    )
    session.flush()
    audit.record(
        session, actor, now, "audit_changed" if again else "audit_finished", Subject.AUDIT_CASE, str(case.id),
        state=state.value, reviewer_codes=found.reviewer_codes, errors=found.errors, removed=len(found.removed),
    )  # fmt: skip
    _tell_coder(session, now, case)
    _tell_finished(session, actor, now, case)


def _tell_coder(session: Session, now: datetime, case: AuditCase) -> None:
    """The coder reads what was found, once for each version; that a case was right is told in their report, not one by one."""
    coder = names(session, case.workspace_id, [case.coder_id])[case.coder_id]
    if case.state is CaseState.EDITED and coder.active:
        notices.tell(
            session, coder, now, NoticeKind.AUDIT_FINISHED, Subject.AUDIT_CASE, case.id,
            key=f"audit_finished:{case.id}:{int(now.timestamp())}",
        )  # fmt: skip


def _tell_finished(session: Session, actor: Actor, now: datetime, case: AuditCase) -> None:
    """Whoever drew a sample hears when its last case is finished, once."""
    if case.sample_id is None:
        return
    left = session.scalar(
        sa.select(sa.func.count()).where(
            AuditCase.workspace_id == case.workspace_id, AuditCase.sample_id == case.sample_id, AuditCase.state == CaseState.OPEN
        )
    )
    if left:
        return
    sample = session.scalars(
        sa.select(AuditSample).where(AuditSample.workspace_id == case.workspace_id, AuditSample.id == case.sample_id)
    ).one()
    drawer = names(session, case.workspace_id, [sample.drawn_by_id])[sample.drawn_by_id]
    if drawer.active and drawer.id != actor.person_id:
        notices.tell(
            session, drawer, now, NoticeKind.SAMPLE_FINISHED, Subject.SAMPLE, sample.id, key=f"sample_finished:{sample.id}"
        )
