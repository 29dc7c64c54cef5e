"""Writing down what happened to a request: its history and the audit trail, in the transaction of the change."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from storage.columns import CleanText
from storage.tables import RequestHistory, RoiRequest
from storage.words import PendReason, RequestState, Subject


def write_down(
    session: Session,
    actor: Actor,
    now: datetime,
    request: RoiRequest,
    action: str,
    before: RequestState | None,
    *,
    reason: PendReason | None = None,
    note: CleanText | None = None,
    **facts: str | bool | None,
) -> None:
    """Add one row to the history of a request, after its change, and one to the audit trail. ``facts`` are words."""
    session.add(
        RequestHistory(
            workspace_id=request.workspace_id,
            request_id=request.id,
            actor_id=actor.person_id,
            from_state=before,
            to_state=request.state,
            reason=reason,
            note=note,
            at=now,
        )
    )
    said = {"state": request.state.value, "reason": reason.value if reason else None, **facts}
    audit.record(session, actor, now, action, Subject.REQUEST, request.reference, **said)


def moved_last(session: Session, actor: Actor, request: RoiRequest, to: RequestState) -> bool:
    """Whether this person's was the step that brought the request to where it is, and it is there: a second click."""
    if request.state is not to or actor.person_id is None:
        return False
    last = session.scalars(
        sa.select(RequestHistory)
        .where(
            RequestHistory.workspace_id == request.workspace_id,
            RequestHistory.request_id == request.id,
            RequestHistory.to_state != RequestHistory.from_state,
        )
        .order_by(RequestHistory.id.desc())
        .limit(1)
    ).first()
    return last is not None and last.actor_id == actor.person_id
