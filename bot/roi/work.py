"""Working a request: take it, give it to somebody, move it from state to state."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import RELEASERS, Actor
from bot.errors import BadInput, NotAllowed, Refusal, Stale
from bot.moments import local_day
from bot.people import is_away, names, person_named
from bot.roi.blocks import authorization_block
from bot.roi.cards import RoiCard, card
from bot.roi.delivery import deliver
from bot.roi.hands import can_act, can_check, next_for
from bot.roi.history import moved_last, write_down
from bot.roi.reasons import REASONS, fits
from bot.roi.requests import find_request
from bot.roi.states import BESIDE, DONE, NEED_REASON, RUNNING, RUNNING_NOTICES, WORKED, next_states
from bot.spoken import spoken
from storage.columns import CleanText
from storage.tables import Person, RoiRequest
from storage.words import NoticeKind, PendReason, RequestState, Role, Subject

S = RequestState


class TakenByOther(Refusal):
    """Somebody else has this request."""


class NotYourRequest(NotAllowed):
    """This request is in somebody else's hands, or in nobody's. Take it first, or ask a supervisor to give it to you."""


class OwnQa(Refusal):
    """You prepared this release, so somebody else does its QA."""


class ReasonNeeded(BadInput):
    """Choose the reason, so that others know what the request waits for."""


class OtherReason(BadInput):
    """That reason belongs to another state. Choose one that says whose turn it is."""


class AuthorizationFirst(Refusal):
    """Check the authorization and record the result first."""


class CannotTakeRequests(Refusal):
    """This person has no role that works on releases. An admin can give them one."""


def take(session: Session, actor: Actor, now: datetime, reference: str) -> RoiCard:
    """Take a request nobody has, by one conditional statement. A second click changes nothing.

    :raises TakenByOther: with who has it.
    :raises NoSuchRequest, NotAllowed, Stale: as the rules say.
    """
    actor.require(*RELEASERS)
    wanted = find_request(session, actor.workspace_id, reference, lock=True)
    taken = session.scalars(
        sa.update(RoiRequest)
        .where(
            RoiRequest.workspace_id == actor.workspace_id,
            RoiRequest.id == wanted.id,
            RoiRequest.owner_id.is_(None),
            RoiRequest.state.not_in(DONE),
        )
        .values(owner_id=actor.id)
        .returning(RoiRequest)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if taken is None:
        return _explain(session, actor, now, wanted)
    look_again(taken, now)
    write_down(session, actor, now, taken, "request_taken", taken.state)
    session.flush()
    return card(session, actor, now, taken)


def give(session: Session, actor: Actor, now: datetime, reference: str, slack_user_id: str) -> RoiCard:
    """Put a request into somebody's hands; its owner may, and a supervisor. Both sides are told.

    :raises NoSuchRequest, NoSuchPerson: when there is none.
    :raises CannotTakeRequests: when the person does not work on releases.
    :raises NotYourRequest: for anybody else.
    :raises Stale: when nothing is left to do.
    """
    actor.require(*RELEASERS)
    request = find_request(session, actor.workspace_id, reference, lock=True)
    if request.owner_id != actor.person_id and not actor.has(Role.SUPERVISOR):
        raise NotYourRequest
    person = person_named(session, actor.workspace_id, slack_user_id)
    if request.owner_id == person.id:
        return card(session, actor, now, request)
    require_open(request)
    require_takes(person, now)
    former = names(session, actor.workspace_id, [request.owner_id]).values()
    request.owner_id = person.id
    look_again(request, now)
    write_down(session, actor, now, request, "request_assigned", request.state, to=person.slack_user_id)
    for hearer in (person, *former):
        if hearer.id != actor.person_id:
            notices.tell(
                session, hearer, now, NoticeKind.RELEASE_ASSIGNED, Subject.REQUEST, request.id,
                key=f"release_assigned:{request.id}:{hearer.id}:{int(now.timestamp())}", by=actor.slack_user_id,
            )  # fmt: skip
    session.flush()
    return card(session, actor, now, request)


def move(
    session: Session,
    actor: Actor,
    now: datetime,
    reference: str,
    to: RequestState,
    reason: PendReason | None = None,
    note: CleanText | None = None,
) -> RoiCard:
    """Move a request to another state; a request beside the way goes back to where it was. A second click changes nothing.

    :raises Stale: when that state cannot follow the one it is in.
    :raises ReasonNeeded: where a state is entered only with its reason.
    :raises OtherReason: for a reason that belongs to another state.
    :raises AuthorizationFirst: before the authorization was found valid.
    :raises OwnQa: when the QA would be passed by who prepared it.
    :raises DeliveryBlocked: on the way to *delivered*, naming what blocks.
    :raises NotYourRequest, NotAllowed, NoSuchRequest: as the rules say.
    """
    if to is S.DELIVERED:
        return deliver(session, actor, now, reference)
    actor.require(*RELEASERS)
    request = find_request(session, actor.workspace_id, reference, lock=True)
    if moved_last(session, actor, request, to):
        return card(session, actor, now, request)
    _require_move(actor, request, to)
    _require_reason(to, reason)
    if to is S.READY_TO_FULFILL and request.state in {S.LOGGED, S.AUTHORIZATION_REVIEW}:
        _require_authorization(actor, request, now)
    before = enter(session, actor, request, now, to, reason)
    write_down(session, actor, now, request, f"request_{to}", before, reason=reason, note=note)
    session.flush()
    return card(session, actor, now, request)


def enter(
    session: Session, actor: Actor, request: RoiRequest, now: datetime, to: RequestState, reason: PendReason | None
) -> RequestState:
    """Change the state and what goes with it; returns the state before. Checks nothing."""
    before = request.state
    if to in BESIDE and before in WORKED:
        request.resumes_to = before
    elif to not in BESIDE:
        request.resumes_to = None
    request.pend_reason = reason if to in (*BESIDE, *NEED_REASON) else None
    _note_hands(actor, request, before, to)
    request.state, request.changed_at = to, now
    if to in RUNNING:
        look_again(request, now)
    else:
        notices.withdraw(session, request.workspace_id, Subject.REQUEST, request.id, *RUNNING_NOTICES)
    return before


def look_again(request: RoiRequest, now: datetime) -> None:
    """Let the clock look at a request again at once, because what its reminders depend on has changed."""
    request.remind_at = min(request.remind_at, now)


def _note_hands(actor: Actor, request: RoiRequest, before: RequestState, to: RequestState) -> None:
    """Who prepared it, and who checked it; work taken up again must be checked again."""
    if before is S.RETRIEVAL and to is S.QA_REVIEW:
        request.prepared_by_id = request.owner_id or actor.person_id
    if to in {S.RETRIEVAL, S.QA_REVIEW}:
        request.checked_by_id = None
    if before is S.QA_REVIEW and to is S.READY_TO_SEND:
        request.checked_by_id = actor.person_id


def _require_move(actor: Actor, request: RoiRequest, to: RequestState) -> None:
    if to in next_for(actor, request):
        return
    if to not in next_states(request.state, request.resumes_to):
        stands = spoken(request.state)
        raise Stale(f"{request.reference} is {stands} now, so that is not possible. Open it again to see what is.")
    if request.state is S.QA_REVIEW and to is S.READY_TO_SEND and not can_check(actor, request):
        raise OwnQa
    raise NotYourRequest


def _require_reason(to: RequestState, reason: PendReason | None) -> None:
    if to in NEED_REASON and reason is None:
        raise ReasonNeeded(field="reason")
    if reason is not None and to in REASONS and not fits(to, reason):
        raise OtherReason(f"“{spoken(reason)}” does not go with “{spoken(to)}”. Choose one that says whose turn it is.", field="reason")


def _require_authorization(actor: Actor, request: RoiRequest, now: datetime) -> None:
    block = authorization_block(request, local_day(now, actor.legal_zone))
    if block is not None:
        raise AuthorizationFirst(block.sentence)


def require_hands(actor: Actor, request: RoiRequest) -> None:
    """Let only those pass who may work on this request, while there is something to do.

    :raises NotYourRequest: for anybody else.
    :raises Stale: when it was delivered or has ended.
    """
    actor.require(*RELEASERS)
    if not can_act(actor, request):
        raise NotYourRequest
    require_open(request)


def require_open(request: RoiRequest) -> None:
    """Let nothing be done about a request any more when it was delivered or has ended.

    :raises Stale: with how it stands.
    """
    if request.state in DONE:
        raise Stale(f"{request.reference} is {request.state}, so nothing is left to do. /roi shows what is open.")


def require_takes(person: Person, now: datetime) -> None:
    """Let only somebody own a request who can work on it now.

    :raises CannotTakeRequests: without the role, or on leave.
    """
    if set(RELEASERS).isdisjoint(person.roles):
        raise CannotTakeRequests(f"{person.name} has no role that works on releases. An admin can give them one.", field="person")
    if is_away(person, now):
        raise CannotTakeRequests(f"{person.name} is on leave. Choose somebody else.", field="person")


def _explain(session: Session, actor: Actor, now: datetime, request: RoiRequest) -> RoiCard:
    """Say why a request could not be taken; a second click of its owner is simply answered with the card."""
    require_open(request)
    if request.owner_id == actor.person_id:
        return card(session, actor, now, request)
    owner = names(session, actor.workspace_id, [request.owner_id])[request.owner_id or 0]
    raise TakenByOther(f"{owner.name} has {request.reference}. /roi shows yours.")
