"""The states of a request for release of information, and which may follow which."""

from __future__ import annotations

from storage.words import NoticeKind, RequestState

S = RequestState

#: The way of a request that nothing stands in the way of.
PATH = (
    S.LOGGED, S.AUTHORIZATION_REVIEW, S.READY_TO_FULFILL, S.RETRIEVAL, S.QA_REVIEW, S.READY_TO_SEND, S.DELIVERED, S.CLOSED,
)  # fmt: skip
#: Where work goes on.
WORKED = PATH[:6]
#: Beside the way; a request goes back from here to where it was.
BESIDE = (
    S.HOLD, S.PENDING, S.EXCEPTION, S.RETURNED_TO_REQUESTER, S.AWAITING_PAYMENT, S.AWAITING_CERTIFICATION,
)  # fmt: skip
#: Ended without delivery.
GIVEN_UP = (S.DENIED, S.CANCELLED)
#: Nothing can happen to these any more.
ENDED = (S.CLOSED, *GIVEN_UP)
#: Nothing is left to be delivered here.
DONE = (S.DELIVERED, *ENDED)
#: The clock runs and reminders are called for.
RUNNING = tuple(state for state in RequestState if state not in {*DONE, S.RETURNED_TO_REQUESTER})
#: What people are told of a due date: untrue when it moves, and when the clock no longer runs.
DUE_NOTICES = (NoticeKind.RELEASE_DUE, NoticeKind.RELEASE_OVERDUE)
#: All that is only true while the clock runs.
RUNNING_NOTICES = (*DUE_NOTICES, NoticeKind.RELEASES_FROZEN)
#: States nobody enters without saying why.
NEED_REASON = (S.PENDING, S.EXCEPTION, S.RETURNED_TO_REQUESTER, *GIVEN_UP)

#: Steps along the way and back; steps aside are the same for all (see :func:`next_states`).
_ALONG: dict[RequestState, tuple[RequestState, ...]] = {
    S.LOGGED: (S.AUTHORIZATION_REVIEW, S.READY_TO_FULFILL),
    S.AUTHORIZATION_REVIEW: (S.READY_TO_FULFILL,),
    S.READY_TO_FULFILL: (S.RETRIEVAL, S.AUTHORIZATION_REVIEW),
    S.RETRIEVAL: (S.QA_REVIEW,),
    S.QA_REVIEW: (S.READY_TO_SEND, S.RETRIEVAL),
    S.READY_TO_SEND: (S.DELIVERED, S.QA_REVIEW, S.RETRIEVAL),
    S.DELIVERED: (S.CLOSED,),
}


def next_states(state: RequestState, resumes_to: RequestState | None) -> tuple[RequestState, ...]:
    """The states that may follow, the usual one first.

    :param resumes_to: where a request beside the way came from.
    """
    if state in WORKED:
        return (*_ALONG[state], *BESIDE, *GIVEN_UP)
    if state in BESIDE:
        others = tuple(beside for beside in BESIDE if beside is not state)
        return (resumes_to or S.LOGGED, *others, *GIVEN_UP)
    return _ALONG.get(state, ())


def usual_next(state: RequestState, resumes_to: RequestState | None) -> RequestState | None:
    """The state that usually comes next; None at the end."""
    return next(iter(next_states(state, resumes_to)), None)
