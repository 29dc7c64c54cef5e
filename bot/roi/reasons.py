"""Which reasons go with which state, so that a hold, a wait and an exception are told apart: whose turn it is differs."""

from __future__ import annotations

from storage.words import PendReason, RequestState

R, S = PendReason, RequestState

#: What each state beside the way means, as people read it when they choose.
MEANINGS: dict[RequestState, str] = {
    S.HOLD: "You pause it. It stays in your hands, and its clock goes on.",
    S.PENDING: "It waits for somebody outside. You are reminded every three business days.",
    S.EXCEPTION: "It needs somebody who knows more: privacy, legal, a lead.",
    S.RETURNED_TO_REQUESTER: "It went back to who asked. Its clock is at rest until it comes again.",
    S.AWAITING_PAYMENT: "The fee was asked for and is not here.",
    S.AWAITING_CERTIFICATION: "The custodian has to certify the copies.",
    S.DENIED: "It ends: the release is refused.",
    S.CANCELLED: "It ends: nobody wants it any more.",
}
_OUTSIDE = (
    R.AWAITING_REQUESTER, R.RECORDS_OFFSITE, R.RECORD_INCOMPLETE, R.AWAITING_SIGNATURE_ATTESTATION, R.AUTHORIZATION_MISSING_EXPIRATION,
    R.AUTHORIZATION_INVALID, R.AUTHORIZATION_EXPIRED, R.AWAITING_SATISFACTORY_ASSURANCES, R.IRB_DOCUMENTATION_MISSING,
)  # fmt: skip
REASONS: dict[RequestState, tuple[PendReason, ...]] = {
    S.HOLD: (R.OWNER_AWAY, R.RECORD_INCOMPLETE, R.RECORDS_OFFSITE),
    S.PENDING: _OUTSIDE,
    S.EXCEPTION: (
        R.PRIVACY_OFFICER_REVIEW, R.AUTHORIZATION_INVALID, R.AWAITING_SATISFACTORY_ASSURANCES, R.IRB_DOCUMENTATION_MISSING, R.NO_RECORDS_FOUND,
        R.NOT_PERMITTED, R.DUPLICATE_REQUEST,
    ),
    S.RETURNED_TO_REQUESTER: (
        R.AUTHORIZATION_INVALID, R.AUTHORIZATION_MISSING_EXPIRATION, R.AUTHORIZATION_EXPIRED, R.AWAITING_REQUESTER, R.NO_RECORDS_FOUND,
    ),
    S.AWAITING_PAYMENT: (R.AWAITING_PAYMENT,),
    S.AWAITING_CERTIFICATION: (R.AWAITING_CERTIFICATION,),
    S.DENIED: (R.NOT_PERMITTED, R.NO_RECORDS_FOUND, R.AUTHORIZATION_INVALID, R.AUTHORIZATION_EXPIRED),
    S.CANCELLED: (R.WITHDRAWN, R.DUPLICATE_REQUEST, R.NO_RECORDS_FOUND),
}  # fmt: skip


def fits(state: RequestState, reason: PendReason) -> bool:
    """Whether a reason can be why a request is in this state."""
    return reason in REASONS.get(state, ())
