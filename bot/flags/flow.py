"""What becomes of a flag: the person it is about answers, somebody else decides, it is corrected, verified and closed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.errors import BadInput, NotAllowed, Refusal, Stale
from bot.flags.cards import FlagCard, card, find_flag, require_sight
from bot.flags.states import ANSWERS, DECIDERS, RULINGS, SETTLED, STEPS, Step, is_party, steps_for, steps_from
from bot.flags.telling import tell_moved, withdraw_settled
from bot.people import names
from storage.columns import CleanText
from storage.tables import AccuracyFlag, FlagHistory
from storage.words import FlagState, Role, Subject


class OwnWork(Refusal):
    """This flag is about your own work, so somebody else decides, verifies and closes it."""


class OwnReport(Refusal):
    """You reported this flag, so somebody else decides about the answer to it. You can escalate it to a supervisor."""


class NotFlagged(NotAllowed):
    """The person whose work this is about answers it. You can decide once they have."""


class NothingToRebut(Refusal):
    """Nobody's work is flagged here, so there is nobody to disagree. Accept it and put it right."""


class ForSupervisor(NotAllowed):
    """This flag was escalated, so a supervisor decides it."""


class CommentNeeded(BadInput):
    """Say in a few words why you disagree, so that somebody else can decide."""


def take_step(
    session: Session, actor: Actor, now: datetime, reference: str, step: Step, note: CleanText | None = None
) -> FlagCard:
    """Move a flag one step on. The same step by the same person again changes nothing.

    :raises NoSuchFlag: when there is none.
    :raises NotYourFlag: for somebody it does not concern.
    :raises CommentNeeded: for a rebuttal without a comment.
    :raises Stale: when the flag has moved on and the step is not possible any more.
    :raises OwnWork, OwnReport, NotFlagged, NothingToRebut, ForSupervisor, NotAllowed: when somebody else must do it.
    """
    flag = find_flag(session, actor.workspace_id, reference, lock=True)
    require_sight(actor, flag)
    if _did_this(session, actor, flag, step):
        return card(session, actor, now, flag)
    _require_step(session, actor, flag, step)
    if step is Step.REBUT and note is None:
        raise CommentNeeded(field="note")
    before, flag.state, flag.changed_at = flag.state, STEPS[step][1], now
    if step is Step.CORRECT:
        flag.corrected_by_id = actor.person_id
    _write_history(session, actor, now, flag, before, note)
    audit.record(session, actor, now, f"flag_{flag.state}", Subject.FLAG, flag.reference)
    if flag.state in SETTLED:
        withdraw_settled(session, flag)
    tell_moved(session, actor, now, flag, step)
    session.flush()
    return card(session, actor, now, flag)


def _did_this(session: Session, actor: Actor, flag: AccuracyFlag, step: Step) -> bool:
    """Whether this person took this very step last: a second click."""
    if flag.state is not STEPS[step][1]:
        return False
    last = session.scalars(
        sa.select(FlagHistory)
        .where(
            FlagHistory.workspace_id == flag.workspace_id,
            FlagHistory.flag_id == flag.id,
            FlagHistory.to_state != FlagHistory.from_state,
        )
        .order_by(FlagHistory.id.desc())
        .limit(1)
    ).first()
    return last is not None and last.actor_id == actor.person_id


def _require_step(session: Session, actor: Actor, flag: AccuracyFlag, step: Step) -> None:
    vacant = _is_vacant(session, flag)
    if step in steps_for(actor, flag, vacant=vacant):
        return
    _require_person(actor, flag, step, vacant=vacant)
    if step not in steps_from(flag.state):
        raise Stale(f"{flag.reference} is {flag.state} now, so that is not possible. Open it again to see what is.")
    if step in ANSWERS:
        raise NothingToRebut
    if flag.reported_by_id == actor.person_id:
        raise OwnReport
    raise ForSupervisor


def _is_vacant(session: Session, flag: AccuracyFlag) -> bool:
    """Whether nobody is there to answer: nobody is flagged, or they have left the desk."""
    flagged = names(session, flag.workspace_id, [flag.flagged_id]).get(flag.flagged_id or 0)
    return flagged is None or not flagged.active


def _require_person(actor: Actor, flag: AccuracyFlag, step: Step, *, vacant: bool) -> None:
    """Whether this person may take such a step at all, whatever the state of the flag."""
    if step in ANSWERS:
        if vacant:
            actor.require(*DECIDERS)
        elif flag.flagged_id != actor.person_id:
            raise NotFlagged
        return
    if is_party(actor, flag):
        raise OwnWork
    actor.require(*DECIDERS)
    if step in RULINGS and flag.state is FlagState.ESCALATED and not actor.has(Role.SUPERVISOR):
        raise ForSupervisor


def _write_history(
    session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, before: FlagState, note: CleanText | None
) -> None:
    session.add(
        FlagHistory(
            workspace_id=flag.workspace_id,
            flag_id=flag.id,
            actor_id=actor.person_id,
            from_state=before,
            to_state=flag.state,
            note=note,
            at=now,
        )
    )
