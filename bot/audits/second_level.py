"""The worksheet of a second-level review: whoever has the review agrees with the codes of somebody else's chart, or says which ones they would have assigned.

It ends the review. What was found is kept like a case of an audit but belongs to no sample: which charts get a second review is decided by rule (a new
coder, a changed DRG, a request), so these figures stand by themselves and estimate nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.audits.cases import OwnWorkAudited, Worksheet, coded_as, sheets_of, titled
from bot.audits.worksheets import finish_agreed, finish_edited
from bot.errors import NotFound
from bot.people import names
from bot.reviews.states import Step
from bot.reviews.tasks import find_task
from bot.reviews.work import complete, require_step
from storage.columns import CleanText
from storage.tables import AuditCase, Record, ReviewTask
from storage.words import CaseState, RootReason, SampleBasis, TaskState


class NoWorksheet(NotFound):
    """This task is no second-level review of coding, so it has no worksheet."""


def review_sheet(session: Session, reader: Actor, now: datetime, reference: str) -> Worksheet:
    """The worksheet of a second-level review that is in this reader's hands, or that they finished.

    :raises NoSuchTask, NoWorksheet: when there is none.
    :raises NotYours, Stale: when somebody else has the review, or it is not under way.
    :raises OwnWorkAudited: for the coder of the chart.
    """
    review = find_task(session, reader.workspace_id, reference)
    case = _finished_case(session, reader, review)
    if case is not None:
        return titled(session, now, sheets_of(session, reader, [case])[0])
    return titled(session, now, _open_sheet(session, reader, review, _reviewed(session, reader, review)))


def agree_with_review(session: Session, actor: Actor, now: datetime, reference: str) -> Worksheet:
    """Find the whole chart right, and end the review. A second click changes nothing. Raises what :func:`review_sheet` raises, and StillWaiting."""
    review = find_task(session, actor.workspace_id, reference, lock=True)
    case = _finished_case(session, actor, review)
    if case is None:
        case = _new_case(session, actor, review, _reviewed(session, actor, review))
        finish_agreed(session, actor, now, case)
        complete(session, actor, now, review.reference)
    return titled(session, now, sheets_of(session, actor, [case])[0])


def change_in_review(
    session: Session,
    actor: Actor,
    now: datetime,
    reference: str,
    codes: Sequence[str],
    root_reason: RootReason | None,
    note: CleanText | None = None,
    *,
    looked_at: bool = False,
) -> Worksheet:
    """Say which codes the reviewer would have assigned, the principal one first, and why they differ, and end the review.

    Raises what :func:`review_sheet` and :func:`bot.audits.worksheets.edit` raise, and StillWaiting.
    """
    review = find_task(session, actor.workspace_id, reference, lock=True)
    reviewed = _reviewed(session, actor, review)
    case = _new_case(session, actor, review, reviewed)
    finish_edited(session, actor, now, case, reviewed, codes, root_reason, note, looked_at=looked_at)
    complete(session, actor, now, review.reference)
    return titled(session, now, sheets_of(session, actor, [case])[0])


def _finished_case(session: Session, reader: Actor, review: ReviewTask) -> AuditCase | None:
    """What this person found in the review, when they have finished it."""
    if review.state is not TaskState.COMPLETED or review.owner_id != reader.person_id:
        return None
    return session.scalars(
        sa.select(AuditCase).where(AuditCase.workspace_id == reader.workspace_id, AuditCase.review_id == review.id)
    ).first()


def _reviewed(session: Session, actor: Actor, review: ReviewTask) -> ReviewTask:
    """The chart that is reviewed, for whoever may end the review now."""
    if review.reviewed_id is None:
        raise NoWorksheet
    require_step(actor, review, Step.COMPLETE)
    reviewed = session.scalars(
        sa.select(ReviewTask).where(ReviewTask.workspace_id == actor.workspace_id, ReviewTask.id == review.reviewed_id)
    ).one()
    if reviewed.owner_id == actor.person_id:
        raise OwnWorkAudited
    return reviewed


def _new_case(session: Session, actor: Actor, review: ReviewTask, reviewed: ReviewTask) -> AuditCase:
    case = AuditCase(
        workspace_id=review.workspace_id, review_id=review.id, task_id=reviewed.id, coder_id=reviewed.owner_id,
        auditor_id=actor.id, state=CaseState.OPEN,
    )  # fmt: skip
    session.add(case)
    session.flush()
    return case


def _open_sheet(session: Session, reader: Actor, review: ReviewTask, reviewed: ReviewTask) -> Worksheet:
    record = session.scalars(
        sa.select(Record.reference).where(Record.workspace_id == reader.workspace_id, Record.id == reviewed.record_id)
    ).one()
    coder = names(session, reader.workspace_id, [reviewed.owner_id]).get(reviewed.owner_id or 0)
    codes = coded_as(session, reader, [reviewed.id])[reviewed.id]
    return Worksheet(
        id=0, sample=None, review=review.reference, basis=SampleBasis.SECOND_LEVEL, task=reviewed.reference, record=record,
        setting=reviewed.setting, facility=reviewed.facility, coder=coder.slack_user_id if coder else None, auditor=reader.slack_user_id,
        state=CaseState.OPEN, codes=codes, reviewer=codes, root_reason=None, note=None, finished_at=None, may_work=True,
    )  # fmt: skip
