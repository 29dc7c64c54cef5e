"""Keeping an audit in order while it runs: dealing again what lies with somebody who is away or with nobody, and ending it early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit, notices
from bot.actors import Actor
from bot.audits.dealing import at_work, dealt, open_load, tell_dealt
from bot.audits.population import CodedTask
from bot.audits.samples import find_sample
from bot.errors import BadInput, Refusal
from bot.spoken import has_words
from storage.columns import CleanText
from storage.tables import AuditCase, AuditSample
from storage.words import CaseState, NoticeKind, Role, Subject


class AuditOver(Refusal):
    """This audit is over: every chart is finished, or it was cancelled. /team audits shows how each stands."""


class NothingToDeal(Refusal):
    """Every open chart of this audit lies with an auditor who is at work, so there is nothing to deal again."""


class NobodyToDealTo(Refusal):
    """No auditor who is at work may audit these charts. Give somebody the role of auditor, or audit them yourself."""


class CancelReasonNeeded(BadInput):
    """Say why the audit ends early, so that its figures can be understood later."""


@dataclass(frozen=True, slots=True)
class DealtAgain:
    """What dealing again came to. ``left``: open cases that still nobody at work may audit."""

    number: int
    cases: int
    auditors: int
    left: int


def deal_again(session: Session, actor: Actor, now: datetime, number: int) -> DealtAgain:
    """Deal the open cases of a sample that lie with nobody, or with somebody who is on leave or no auditor any more, to the auditors at work.

    :raises NotAllowed: unless a supervisor does it.
    :raises NoSuchSample, AuditOver: when there is no such running audit.
    :raises NothingToDeal, NobodyToDealTo: when nothing can be moved.
    """
    actor.require(Role.SUPERVISOR)
    sample = _running(session, actor, number)
    auditors = at_work(session, actor, now)
    stuck = _stuck(session, sample, auditors)
    if not stuck:
        raise NothingToDeal
    tasks = [CodedTask(case.id, str(case.id), case.coder_id) for case in stuck]
    chosen = dealt(auditors, tasks, open_load(session, actor))
    moved = {case_id: auditor for case_id, auditor in chosen.items() if auditor is not None}
    if not moved:
        raise NobodyToDealTo
    for case in stuck:
        case.auditor_id = moved.get(case.id, case.auditor_id)
    tell_dealt(session, actor, now, sample, moved.values(), again=f":{int(now.timestamp())}")
    audit.record(session, actor, now, "audit_dealt_again", Subject.SAMPLE, str(number), cases=len(moved))
    return DealtAgain(number, len(moved), len(set(moved.values())), len(stuck) - len(moved))


def cancel_sample(session: Session, actor: Actor, now: datetime, number: int, why: CleanText | None) -> int:
    """End an audit early: its open cases are withdrawn, its finished ones keep counting. Returns how many were withdrawn.

    :raises NotAllowed: unless a supervisor does it.
    :raises NoSuchSample, AuditOver: when there is no such running audit.
    :raises CancelReasonNeeded: without a reason.
    """
    actor.require(Role.SUPERVISOR)
    sample = _running(session, actor, number)
    if not has_words(why):
        raise CancelReasonNeeded(field="note")
    sample.cancelled_at, sample.cancel_note = now, why
    withdrawn = session.scalars(
        sa.update(AuditCase)
        .where(
            AuditCase.workspace_id == sample.workspace_id, AuditCase.sample_id == sample.id, AuditCase.state == CaseState.OPEN
        )
        .values(state=CaseState.WITHDRAWN)
        .returning(AuditCase.id)
    ).all()
    notices.withdraw(session, sample.workspace_id, Subject.SAMPLE, sample.id, NoticeKind.AUDITS_WAIT)
    audit.record(session, actor, now, "sample_cancelled", Subject.SAMPLE, str(number), withdrawn=len(withdrawn))
    return len(withdrawn)


def _running(session: Session, actor: Actor, number: int) -> AuditSample:
    """The sample, locked so that two people do not change it at once."""
    sample = find_sample(session, actor, number, lock=True)
    left = session.scalar(
        sa.select(sa.func.count()).where(
            AuditCase.workspace_id == sample.workspace_id, AuditCase.sample_id == sample.id, AuditCase.state == CaseState.OPEN
        )
    )
    if not left:
        raise AuditOver
    return sample


def _stuck(session: Session, sample: AuditSample, auditors: list[int]) -> list[AuditCase]:
    """The open cases nobody at work has, locked."""
    return list(
        session.scalars(
            sa.select(AuditCase)
            .where(
                AuditCase.workspace_id == sample.workspace_id,
                AuditCase.sample_id == sample.id,
                AuditCase.state == CaseState.OPEN,
                sa.or_(AuditCase.auditor_id.is_(None), AuditCase.auditor_id.not_in(auditors)),
            )
            .order_by(AuditCase.id)
            .with_for_update(key_share=True)
        )
    )
