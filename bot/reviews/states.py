"""The states of a review task and who may move it from one to the next."""

from __future__ import annotations

from enum import StrEnum

from storage.words import TaskState

#: Work in somebody's hands; holds are not counted against the limit.
ACTIVE = (TaskState.CLAIMED, TaskState.IN_PROGRESS)
#: What somebody owns.
OWNED = (*ACTIVE, TaskState.ON_HOLD)
#: Nothing can happen to these any more.
ENDED = (TaskState.COMPLETED, TaskState.CANCELLED)

#: No workspace asks about an idle task sooner, in working hours of its owner: until then nobody needs to look.
SOONEST_NUDGE_HOURS = 1


class Step(StrEnum):
    """What people do with a task."""

    CLAIM = "claim"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    RETURN = "return"
    COMPLETE = "complete"
    ASSIGN = "assign"
    CANCEL = "cancel"
    OFFER = "offer"


#: From which states a step may be taken, and where it leads. An offer leads there when it is accepted.
STEPS: dict[Step, tuple[tuple[TaskState, ...], TaskState]] = {
    Step.CLAIM: ((TaskState.AVAILABLE,), TaskState.CLAIMED),
    Step.START: ((TaskState.CLAIMED,), TaskState.IN_PROGRESS),
    Step.HOLD: (ACTIVE, TaskState.ON_HOLD),
    Step.RESUME: ((TaskState.ON_HOLD,), TaskState.IN_PROGRESS),
    Step.RETURN: (OWNED, TaskState.AVAILABLE),
    Step.COMPLETE: ((TaskState.IN_PROGRESS,), TaskState.COMPLETED),
    Step.ASSIGN: ((TaskState.AVAILABLE, *OWNED), TaskState.CLAIMED),
    Step.CANCEL: ((TaskState.AVAILABLE, *OWNED), TaskState.CANCELLED),
    Step.OFFER: (OWNED, TaskState.CLAIMED),
}

#: Steps the owner takes; a supervisor may also return, assign and cancel.
OWNER_STEPS = (Step.START, Step.HOLD, Step.RESUME, Step.RETURN, Step.COMPLETE, Step.OFFER)
SUPERVISOR_STEPS = (Step.ASSIGN, Step.RETURN, Step.CANCEL)


def steps_from(state: TaskState) -> frozenset[Step]:
    """What can be done with a task in this state, whoever does it."""
    return frozenset(step for step, (sources, _) in STEPS.items() if state in sources)
