"""Who is told about a flag, and when that is no longer true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.flags.freeze import frozen_records
from bot.flags.states import SETTLED, Step
from bot.people import coworkers, names
from storage.tables import AccuracyFlag, Notice, Person, RoiRequest
from storage.tables.roi import OPEN
from storage.words import NoticeKind, Role, Severity, Subject

#: Who hears of a step: the person flagged, who reported it, those who decide next.
_HEARERS: dict[Step, tuple[str, ...]] = {
    Step.REBUT: ("reporter", "supervisors"),
    Step.UPHOLD: ("flagged", "reporter"),
    Step.OVERTURN: ("flagged", "reporter"),
    Step.ESCALATE: ("flagged", "supervisors"),
    Step.CORRECT: ("reporter", "supervisors"),
    Step.VERIFY: ("flagged",),
}


def tell_raised(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag) -> None:
    """Tell the person flagged; where nobody is, the supervisors, so that somebody takes it up."""
    flagged = [person for person in names(session, flag.workspace_id, [flag.flagged_id]).values() if person.active]
    hearers = flagged or coworkers(session, flag.workspace_id, Role.SUPERVISOR)
    _tell(session, actor, now, NoticeKind.FLAG_RAISED, flag, hearers, key="flag_raised")


def tell_critical(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag) -> None:
    """Tell every privacy officer at once, and the owner of each release that stops because of it."""
    officers = coworkers(session, flag.workspace_id, Role.PRIVACY_OFFICER)
    _tell(session, actor, now, NoticeKind.FLAG_RAISED, flag, officers, key="flag_critical", urgent=True)
    stopped = session.scalars(
        sa.select(RoiRequest).where(
            RoiRequest.workspace_id == flag.workspace_id,
            RoiRequest.record_id == flag.record_id,
            RoiRequest.owner_id.is_not(None),
            OPEN,
        )
    ).all()
    owners = names(session, flag.workspace_id, (request.owner_id for request in stopped))
    for request in stopped:
        owner = owners[request.owner_id or 0]
        notices.tell(
            session, owner, now, NoticeKind.RELEASES_FROZEN, Subject.REQUEST, request.id,
            key=f"releases_frozen:{flag.id}:{request.id}:{owner.id}", urgent=True, flag=flag.reference,
        )  # fmt: skip


def tell_moved(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, step: Step) -> None:
    """Tell those whom a step concerns, except who took it."""
    known = names(session, flag.workspace_id, [flag.flagged_id, flag.reported_by_id])
    groups: dict[str, Iterable[Person]] = {
        "flagged": [known[flag.flagged_id]] if flag.flagged_id in known else [],
        "reporter": [known[flag.reported_by_id]],
        "supervisors": coworkers(session, flag.workspace_id, Role.SUPERVISOR),
    }
    hearers = {person.id: person for group in _HEARERS.get(step, ()) for person in groups[group]}
    key = f"flag_moved:{step}:{int(now.timestamp())}"
    _tell(session, actor, now, NoticeKind.FLAG_MOVED, flag, hearers.values(), key=key)


def withdraw_settled(session: Session, flag: AccuracyFlag) -> None:
    """Take back what has not left yet and is no longer true, once a flag is settled."""
    notices.withdraw(session, flag.workspace_id, Subject.FLAG, flag.id, NoticeKind.FLAG_RAISED)


def still_true(session: Session, notice: Notice) -> bool:
    """Whether a notice about a flag is still worth sending: a raised flag must still be open to somebody's action."""
    flag = session.scalars(
        sa.select(AccuracyFlag).where(
            AccuracyFlag.workspace_id == notice.workspace_id, AccuracyFlag.id == notice.subject_id
        )
    ).first()
    if flag is None:
        return False
    return notice.kind is not NoticeKind.FLAG_RAISED or flag.state not in SETTLED


def still_frozen(session: Session, notice: Notice) -> bool:
    """Whether a release its owner is to be told about is still frozen."""
    request = session.scalars(
        sa.select(RoiRequest).where(
            RoiRequest.workspace_id == notice.workspace_id, RoiRequest.id == notice.subject_id, OPEN
        )
    ).first()
    if request is None or request.record_id is None or request.owner_id != notice.recipient_id:
        return False
    return request.record_id in frozen_records(session, notice.workspace_id, [request.record_id])


def _tell(
    session: Session,
    actor: Actor,
    now: datetime,
    kind: NoticeKind,
    flag: AccuracyFlag,
    hearers: Iterable[Person],
    *,
    key: str,
    urgent: bool = False,
) -> None:
    for person in hearers:
        if person.id != actor.person_id and person.active:
            notices.tell(
                session, person, now, kind, Subject.FLAG, flag.id,
                key=f"{key}:{flag.id}:{person.id}", urgent=urgent or flag.severity is Severity.CRITICAL,
                state=flag.state.value,
            )  # fmt: skip
