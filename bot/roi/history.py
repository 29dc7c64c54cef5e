"""Writing down what happened to a request: its history and the audit trail, in the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.people import names
from storage.columns import CleanText
from storage.tables import RequestHistory, RoiRequest
from storage.words import PendReason, RequestState, Subject

#: How many steps people see at once; the audit trail has all.
LATEST = 20


@dataclass(frozen=True, slots=True)
class Happening:
    """One step of a request: ``before`` is None when it was logged, ``by`` a Slack id, None for the clock and the command line."""

    at: datetime
    before: RequestState | None
    state: RequestState
    reason: PendReason | None
    note: CleanText | None
    by: str | None


def request_history(session: Session, workspace_id: int, request_id: int) -> list[Happening]:
    """What happened to a request, the newest first."""
    rows = session.scalars(
        sa.select(RequestHistory)
        .where(RequestHistory.workspace_id == workspace_id, RequestHistory.request_id == request_id)
        .order_by(RequestHistory.id.desc())
        .limit(LATEST)
    ).all()
    people = names(session, workspace_id, (row.actor_id for row in rows))
    return [
        Happening(
            row.at, row.from_state, row.to_state, row.reason, row.note,
            people[row.actor_id].slack_user_id if row.actor_id else None,
        )
        for row in rows
    ]  # fmt: skip


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
