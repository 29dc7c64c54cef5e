"""Who is told about a flag, and when that is no longer true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.flags.duplicates import joined_reporters
from bot.flags.freeze import frozen_records
from bot.flags.states import SETTLED, Step
from bot.people import coworkers, names
from storage.tables import AccuracyFlag, FlagHistory, Notice, Person, RoiRequest
from storage.tables.roi import OPEN
from storage.words import FlagEvent, NoticeKind, NoticeState, Role, Severity, Subject

#: Who hears of a step, whoever else follows the conversation: the person flagged, who reported it, those who decide next.
_HEARERS: dict[Step, tuple[str, ...]] = {
    Step.REBUT: ("reporters", "supervisors"),
    Step.UPHOLD: ("flagged", "reporters"),
    Step.OVERTURN: ("flagged", "reporters"),
    Step.ESCALATE: ("flagged", "supervisors"),
    Step.CORRECT: ("reporters", "supervisors"),
    Step.VERIFY: ("flagged", "reporters"),
    Step.REOPEN: ("flagged", "reporters", "supervisors"),
}
#: What is said about one flag to one person, one under the other.
CONVERSATION = (NoticeKind.FLAG_RAISED, NoticeKind.FLAG_MOVED, NoticeKind.FLAG_COMMENTED)


def tell_raised(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag) -> None:
    """Tell the person flagged; where nobody is, the supervisors, so that somebody takes it up."""
    flagged = _active(names(session, flag.workspace_id, [flag.flagged_id]).values())
    hearers = flagged or coworkers(session, flag.workspace_id, Role.SUPERVISOR)
    _tell(session, actor, now, NoticeKind.FLAG_RAISED, flag, hearers, key="flag_raised")


def tell_critical(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, entry: int = 0) -> None:
    """Tell every privacy officer at once, and the owner of each release that stops because of it.

    :param entry: the key of the step that opened it again, so that it is told again.
    """
    officers = coworkers(session, flag.workspace_id, Role.PRIVACY_OFFICER)
    _tell(session, actor, now, NoticeKind.FLAG_RAISED, flag, officers, key=_round("flag_critical", entry), urgent=True)
    _tell_owners(session, now, NoticeKind.RELEASES_FROZEN, flag, _round("releases_frozen", entry), urgent=True)


def tell_released(session: Session, _actor: Actor, now: datetime, flag: AccuracyFlag, entry: int) -> None:
    """Tell the owner of each release that waited for this flag that it waits no longer, unless another flag still stops it."""
    if not frozen_records(session, flag.workspace_id, [flag.record_id]):
        _tell_owners(session, now, NoticeKind.RELEASES_FREED, flag, _round("releases_freed", entry))


def tell_moved(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, step: Step, entry: int) -> None:
    """Tell those whom a step concerns and those who follow the conversation, except who took it."""
    people = _concerned(session, flag)
    groups = {
        "flagged": [people[flag.flagged_id]] if flag.flagged_id in people else [],
        "reporters": [people[key] for key in _reporters(session, flag)],
        "supervisors": coworkers(session, flag.workspace_id, Role.SUPERVISOR),
    }
    hearers = {person.id: person for group in _HEARERS.get(step, ()) for person in groups[group]}
    hearers |= {key: people[key] for key in _followers(session, flag) if key in people}
    _tell_entry(session, actor, now, NoticeKind.FLAG_MOVED, flag, hearers.values(), entry)


def tell_joined(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, entry: int) -> None:
    """Tell those who follow the conversation that somebody else saw the same."""
    people = _concerned(session, flag)
    hearers = [people[key] for key in _followers(session, flag) if key in people]
    _tell_entry(session, actor, now, NoticeKind.FLAG_COMMENTED, flag, hearers, entry)


def tell_commented(session: Session, actor: Actor, now: datetime, flag: AccuracyFlag, entry: int) -> list[Person]:
    """Tell all whom a flag concerns what somebody wrote; returns whom."""
    hearers = [person for person in _active(_concerned(session, flag).values()) if person.id != actor.person_id]
    _tell_entry(session, actor, now, NoticeKind.FLAG_COMMENTED, flag, hearers, entry)
    return hearers


def withdraw_settled(session: Session, flag: AccuracyFlag) -> None:
    """Take back what has not left yet and is no longer true, once a flag is settled."""
    notices.withdraw(session, flag.workspace_id, Subject.FLAG, flag.id, NoticeKind.FLAG_RAISED, NoticeKind.FLAG_WAITS)


def still_true(session: Session, notice: Notice) -> bool:
    """Whether a notice about a flag is still worth sending: a raised flag must be open to somebody's action, a silent one must still be silent."""
    flag = session.scalars(
        sa.select(AccuracyFlag).where(
            AccuracyFlag.workspace_id == notice.workspace_id, AccuracyFlag.id == notice.subject_id
        )
    ).first()
    if flag is None:
        return False
    match notice.kind:
        case NoticeKind.FLAG_RAISED:
            return flag.state not in SETTLED
        case NoticeKind.FLAG_WAITS:
            return flag.quiet_since is not None and notice.facts.get("quiet_since") == flag.quiet_since.isoformat()
        case _:
            return True


def still_frozen(session: Session, notice: Notice) -> bool:
    """Whether what a release's owner is to be told about a freeze still holds: it is frozen, or it is free again."""
    request = session.scalars(
        sa.select(RoiRequest).where(
            RoiRequest.workspace_id == notice.workspace_id, RoiRequest.id == notice.subject_id, OPEN
        )
    ).first()
    if request is None or request.record_id is None or request.owner_id != notice.recipient_id:
        return False
    frozen = request.record_id in frozen_records(session, notice.workspace_id, [request.record_id])
    return frozen is (notice.kind is NoticeKind.RELEASES_FROZEN)


def _reporters(session: Session, flag: AccuracyFlag) -> tuple[int, ...]:
    return (flag.reported_by_id, *joined_reporters(session, flag.workspace_id, [flag.id]).get(flag.id, ()))


def _concerned(session: Session, flag: AccuracyFlag) -> dict[int, Person]:
    """The person flagged, those who reported it, and everybody who took part so far, by their keys."""
    took_part = session.scalars(
        sa.select(FlagHistory.actor_id)
        .where(
            FlagHistory.workspace_id == flag.workspace_id,
            FlagHistory.flag_id == flag.id,
            FlagHistory.event.in_((FlagEvent.MOVED, FlagEvent.COMMENTED)),
        )
        .distinct()
    )
    return names(session, flag.workspace_id, [flag.flagged_id, *_reporters(session, flag), *took_part])


def _followers(session: Session, flag: AccuracyFlag) -> list[int]:
    """The keys of those who were told about this flag, or are about to be: its card stands in their conversation."""
    return list(
        session.scalars(
            sa.select(Notice.recipient_id)
            .where(
                Notice.workspace_id == flag.workspace_id,
                Notice.subject == Subject.FLAG,
                Notice.subject_id == flag.id,
                Notice.kind.in_(CONVERSATION),
                Notice.state.not_in((NoticeState.CANCELLED, NoticeState.FAILED)),
            )
            .distinct()
            .order_by(Notice.recipient_id)
        )
    )


def _active(people: Iterable[Person]) -> list[Person]:
    return [person for person in people if person.active]


def _round(word: str, entry: int) -> str:
    return f"{word}.{entry}" if entry else word


def _tell_owners(
    session: Session, now: datetime, kind: NoticeKind, flag: AccuracyFlag, key: str, *, urgent: bool = False
) -> None:
    """Tell the owners of the releases that are open on the flag's record."""
    waiting = session.scalars(
        sa.select(RoiRequest).where(
            RoiRequest.workspace_id == flag.workspace_id,
            RoiRequest.record_id == flag.record_id,
            RoiRequest.owner_id.is_not(None),
            OPEN,
        )
    ).all()
    owners = names(session, flag.workspace_id, (request.owner_id for request in waiting))
    for request in waiting:
        owner = owners[request.owner_id or 0]
        notices.tell(
            session, owner, now, kind, Subject.REQUEST, request.id,
            key=f"{key}:{flag.id}:{request.id}:{owner.id}", urgent=urgent, flag=flag.reference,
        )  # fmt: skip


def _tell_entry(
    session: Session, actor: Actor, now: datetime, kind: NoticeKind, flag: AccuracyFlag, hearers: Iterable[Person], entry: int
) -> None:
    _tell(session, actor, now, kind, flag, hearers, key=f"flag_entry.{entry}", entry=entry)


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
    **facts: int,
) -> None:
    raised = kind is NoticeKind.FLAG_RAISED
    for person in _active(hearers):
        if person.id != actor.person_id:
            notices.tell(
                session, person, now, kind, Subject.FLAG, flag.id,
                key=f"{key}:{flag.id}:{person.id}", urgent=urgent or (raised and flag.severity is Severity.CRITICAL),
                state=flag.state.value, **facts,
            )  # fmt: skip
