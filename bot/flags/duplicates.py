"""The same problem reported twice: noticed by its record and code, or by its type where no code tells more, and joined to the first flag."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.flags.about import About
from bot.flags.involved_codes import InvolvedCodes
from bot.flags.states import SETTLED
from storage.tables import AccuracyFlag, FlagReporter
from storage.words import ErrorType


def same_problem(session: Session, about: About, error_type: ErrorType, codes: InvolvedCodes) -> AccuracyFlag | None:
    """The oldest open flag that reports this already, locked; None when there is none.

    On one record the same code is the same problem, whatever it is called. Without a code in common, the same type is, unless both name codes:
    two wrong diagnoses are two problems. What is about two people's work is never one.
    """
    open_here = session.scalars(
        sa.select(AccuracyFlag)
        .where(
            AccuracyFlag.workspace_id == about.record.workspace_id,
            AccuracyFlag.record_id == about.record.id,
            AccuracyFlag.state.not_in(SETTLED),
        )
        .order_by(AccuracyFlag.id)
        .with_for_update(key_share=True)
    ).all()
    return next((flag for flag in open_here if _is_same(flag, about, error_type, codes)), None)


def add_reporter(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag) -> bool:
    """Note that this person reported it too; False when they had reported it before."""
    key = (flag.workspace_id, flag.id, actor.id)
    if flag.reported_by_id == actor.id or session.get(FlagReporter, key) is not None:
        return False
    session.add(FlagReporter(workspace_id=flag.workspace_id, flag_id=flag.id, person_id=actor.id, at=now))
    session.flush()
    return True


def joined_reporters(session: Session, workspace_id: int, flag_ids: list[int]) -> dict[int, tuple[int, ...]]:
    """The keys of those who reported each flag after the first one, in their order."""
    rows = session.execute(
        sa.select(FlagReporter.flag_id, FlagReporter.person_id)
        .where(FlagReporter.workspace_id == workspace_id, FlagReporter.flag_id.in_(flag_ids))
        .order_by(FlagReporter.at, FlagReporter.person_id)
    )
    found: dict[int, tuple[int, ...]] = {}
    for flag_id, person_id in rows:
        found[flag_id] = (*found.get(flag_id, ()), person_id)
    return found


def _is_same(flag: AccuracyFlag, about: About, error_type: ErrorType, codes: InvolvedCodes) -> bool:
    if None not in {flag.flagged_id, about.worker_id} and flag.flagged_id != about.worker_id:
        return False
    theirs = InvolvedCodes(flag.code_before, flag.code_after)
    if _names_any(theirs) and _names_any(codes):
        return _shares_code(theirs, codes)
    return flag.error_type is error_type


def _names_any(codes: InvolvedCodes) -> bool:
    return codes.before is not None or codes.after is not None


def _shares_code(one: InvolvedCodes, other: InvolvedCodes) -> bool:
    """The code that is wrong tells; where one of them does not name it, the code that is right does."""
    if one.before is not None and other.before is not None:
        return one.before == other.before
    return one.after is not None and one.after == other.after
