"""What becomes of a flag: the person it is about answers, somebody else decides, it is corrected, verified and closed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.errors import BadInput, NotAllowed, Refusal, Stale
from bot.flags import education
from bot.flags.cards import FlagCard, card, find_flag, require_sight, standing_of
from bot.flags.history import write_history
from bot.flags.states import (
    ANSWERS,
    DECIDERS,
    NEED_WORDS,
    RULINGS,
    SETTLED,
    STEPS,
    Standing,
    Step,
    is_party,
    must_not_rule,
    steps_for,
    steps_from,
)
from bot.flags.telling import tell_critical, tell_moved, tell_released, withdraw_settled
from bot.spoken import has_words
from bot.stale import note_stale
from storage.columns import CleanText
from storage.tables import AccuracyFlag, FlagHistory
from storage.words import FlagEvent, FlagOutcome, FlagState, Role, Severity, Subject

#: What a state says about the flag from then on; a reopened one is open in every respect.
_DECIDES = {
    FlagState.ACCEPTED: FlagOutcome.STANDS,
    FlagState.UPHELD: FlagOutcome.STANDS,
    FlagState.OVERTURNED: FlagOutcome.FELL,
}


class OwnWork(Refusal):
    """This flag is about your own work, so somebody else decides, verifies and closes it."""


class OwnReport(Refusal):
    """You reported this flag, so somebody else decides about the answer to it. You can escalate it to a supervisor."""


class OwnFallen(Refusal):
    """You reported this flag and it was overturned, so somebody else decides whether to open it again. You can add a comment to it."""


class NotFlagged(NotAllowed):
    """The person whose work this is about answers it. You can decide once they have."""


class NothingToRebut(Refusal):
    """Nobody's work is flagged here, so there is nobody to disagree. Accept it and put it right."""


class ForSupervisor(NotAllowed):
    """This flag was escalated, so a supervisor decides it."""


class CommentNeeded(BadInput):
    """Say in a few words why, so that everybody it concerns can understand it."""


_ASKED = {
    Step.REBUT: "Say in a few words why you disagree, so that somebody else can decide.",
    Step.REOPEN: "Say in a few words why it is opened again, so that everybody it concerns can understand it.",
}


def take_step(
    session: Session, actor: Actor, now: datetime, reference: str, step: Step, note: CleanText | None = None
) -> FlagCard:
    """Move a flag one step on. The same step by the same person again changes nothing.

    :raises NoSuchFlag: when there is none.
    :raises NotYourFlag: for somebody it does not concern.
    :raises CommentNeeded: for a rebuttal without a comment, or a flag reopened without a reason.
    :raises Stale: when the flag has moved on and the step is not possible any more.
    :raises OwnWork, OwnReport, OwnFallen, NotFlagged, NothingToRebut, ForSupervisor, NotAllowed: when somebody else must do it.
    """
    flag = find_flag(session, actor.workspace_id, reference, lock=True)
    require_sight(session, actor, flag)
    if _did_this(session, actor, flag, step):
        return card(session, actor, now, flag)
    _require_step(actor, flag, step, standing_of(session, flag))
    if step in NEED_WORDS and not has_words(note):
        raise CommentNeeded(_ASKED[step], field="note")
    before = _enter(actor, now, flag, step)
    entry = write_history(session, actor, now, flag, FlagEvent.MOVED, before, note)
    audit.record(session, actor, now, _audited(flag, step), Subject.FLAG, flag.reference)
    tell_moved(session, actor, now, flag, step, entry)
    _follow_freeze(session, actor, now, flag, before, entry)
    note_stale(session, flag.workspace_id, Subject.FLAG, flag.id, now)
    session.flush()
    if step in {Step.ACCEPT, Step.UPHOLD}:
        education.consider(session, now, flag)
    return card(session, actor, now, flag)


def _audited(flag: AccuracyFlag, step: Step) -> str:
    return "flag_reopened" if step is Step.REOPEN else f"flag_{flag.state}"


def _enter(actor: Actor, now: datetime, flag: AccuracyFlag, step: Step) -> FlagState:
    """Set the new state with all that belongs to it; returns the one before."""
    before, flag.state, flag.changed_at = flag.state, STEPS[step][1], now
    if step is Step.REOPEN:
        flag.outcome = flag.decided_at = flag.corrected_by_id = None
    if flag.state in _DECIDES:
        flag.outcome, flag.decided_at = _DECIDES[flag.state], now
    if step is Step.CORRECT:
        flag.corrected_by_id = actor.person_id
    flag.quiet_since = flag.remind_at = None if flag.state in SETTLED else now
    return before


def _follow_freeze(
    session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, before: FlagState, entry: int
) -> None:
    """What a settled flag said is taken back; the owners of its releases learn that a freeze is over, or that it is back."""
    settled, was_settled = flag.state in SETTLED, before in SETTLED
    if settled and not was_settled:
        withdraw_settled(session, flag)
    if flag.severity is not Severity.CRITICAL or settled is was_settled:
        return
    session.flush()
    if settled:
        tell_released(session, actor, now, flag, entry)
    else:
        tell_critical(session, actor, now, flag, entry)


def _did_this(session: Session, actor: Actor, flag: AccuracyFlag, step: Step) -> bool:
    """Whether this person took this very step last: a second click."""
    if flag.state is not STEPS[step][1]:
        return False
    last = session.scalars(
        sa.select(FlagHistory)
        .where(
            FlagHistory.workspace_id == flag.workspace_id,
            FlagHistory.flag_id == flag.id,
            FlagHistory.event == FlagEvent.MOVED,
        )
        .order_by(FlagHistory.id.desc())
        .limit(1)
    ).first()
    return last is not None and last.actor_id == actor.person_id


def _require_step(actor: Actor, flag: AccuracyFlag, step: Step, standing: Standing) -> None:
    if step in steps_for(actor, flag, standing):
        return
    _require_person(actor, flag, step, vacant=standing.vacant)
    if step not in steps_from(flag.state):
        raise Stale(f"{flag.reference} is {flag.state} now, so that is not possible. Open it again to see what is.")
    if step in ANSWERS:
        raise NothingToRebut
    if must_not_rule(actor, flag, step, standing):
        raise OwnFallen if step is Step.REOPEN else OwnReport
    raise ForSupervisor


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
