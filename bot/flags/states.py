"""The states of an accuracy flag, and who may move it from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.actors import Actor
from storage.tables import AccuracyFlag
from storage.words import FlagOutcome, FlagState, Role

#: The problem is decided or gone: such a flag presses on nobody and freezes nothing.
SETTLED = (FlagState.OVERTURNED, FlagState.VERIFIED, FlagState.CLOSED)
#: The person flagged is to act; where nobody is, or they have left, who decides about flags.
TURN_OF_FLAGGED = (FlagState.OPEN, FlagState.ACKNOWLEDGED, FlagState.ACCEPTED, FlagState.UPHELD)
#: The roles that decide about flags.
DECIDERS = (Role.AUDITOR, Role.SUPERVISOR)


class Step(StrEnum):
    """What people do with a flag."""

    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    REBUT = "rebut"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    ESCALATE = "escalate"
    CORRECT = "correct"
    VERIFY = "verify"
    CLOSE = "close"
    REOPEN = "reopen"


#: From which states a step may be taken, and where it leads.
STEPS: dict[Step, tuple[tuple[FlagState, ...], FlagState]] = {
    Step.ACKNOWLEDGE: ((FlagState.OPEN,), FlagState.ACKNOWLEDGED),
    Step.ACCEPT: ((FlagState.ACKNOWLEDGED,), FlagState.ACCEPTED),
    Step.REBUT: ((FlagState.ACKNOWLEDGED,), FlagState.REBUTTED),
    Step.UPHOLD: ((FlagState.REBUTTED, FlagState.ESCALATED), FlagState.UPHELD),
    Step.OVERTURN: ((FlagState.REBUTTED, FlagState.ESCALATED), FlagState.OVERTURNED),
    Step.ESCALATE: ((FlagState.REBUTTED,), FlagState.ESCALATED),
    Step.CORRECT: ((FlagState.ACCEPTED, FlagState.UPHELD), FlagState.CORRECTED),
    Step.VERIFY: ((FlagState.CORRECTED,), FlagState.VERIFIED),
    Step.CLOSE: ((FlagState.VERIFIED, FlagState.OVERTURNED), FlagState.CLOSED),
    Step.REOPEN: ((FlagState.CORRECTED, FlagState.VERIFIED, FlagState.OVERTURNED, FlagState.CLOSED), FlagState.OPEN),
}
#: Steps that others must be able to understand: they need a few words.
NEED_WORDS = (Step.REBUT, Step.REOPEN)

#: The person flagged answers; where nobody is, or they have left, a decider does all of these but rebut.
ANSWERS = (Step.ACKNOWLEDGE, Step.ACCEPT, Step.REBUT, Step.CORRECT)
#: A rebuttal is decided by somebody who did not report the flag.
RULINGS = (Step.UPHOLD, Step.OVERTURN)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the steps of a flag depend on besides its row: the keys of all who reported it, and whether the person flagged has left the desk."""

    reporters: frozenset[int] = frozenset()
    vacant: bool = False


def steps_from(state: FlagState) -> frozenset[Step]:
    """What can be done with a flag in this state, whoever does it."""
    return frozenset(step for step, (sources, _) in STEPS.items() if state in sources)


def is_party(reader: Actor, flag: AccuracyFlag) -> bool:
    """Whether the flag is about this person's own work: what they did, or what they put right."""
    return reader.person_id is not None and reader.person_id in {flag.flagged_id, flag.corrected_by_id}


def must_not_rule(reader: Actor, flag: AccuracyFlag, step: Step, standing: Standing) -> bool:
    """Whether a step would decide about this person's own report: a ruling, or opening again what fell."""
    rules = step in RULINGS or (step is Step.REOPEN and flag.outcome is FlagOutcome.FELL)
    return rules and reader.person_id in standing.reporters


def steps_for(reader: Actor, flag: AccuracyFlag, standing: Standing) -> frozenset[Step]:
    """What this reader may do with this flag now."""
    possible = steps_from(flag.state)
    return frozenset(step for step in possible if _may(reader, flag, step, standing))


def _may(reader: Actor, flag: AccuracyFlag, step: Step, standing: Standing) -> bool:
    if step in ANSWERS:
        if flag.flagged_id is not None and not standing.vacant:
            return flag.flagged_id == reader.person_id
        return step is not Step.REBUT and reader.has(*DECIDERS)
    if not reader.has(*DECIDERS) or is_party(reader, flag) or must_not_rule(reader, flag, step, standing):
        return False
    return step not in RULINGS or flag.state is not FlagState.ESCALATED or reader.has(Role.SUPERVISOR)
