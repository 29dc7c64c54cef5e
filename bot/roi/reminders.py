"""Reminding of releases. A reminder is a row: each request carries the moment the clock looks at it again, and what is said is a notice with its own key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import RELEASERS, Actor
from bot.flags.telling import still_frozen
from bot.moments import local_day
from bot.notices import Telling
from bot.people import names
from bot.roi.blocks import is_expired
from bot.roi.cards import RoiCard, card
from bot.roi.due_rules import Level, ReminderKind, RuleBook
from bot.roi.hearers import Hearer, Roster, hearers
from bot.roi.history import write_down
from bot.roi.points import START_OF_DAY, Moment, moments
from bot.roi.requests import find_request
from bot.roi.rule_versions import rules_of
from bot.roi.states import DUE_NOTICES, RUNNING, WORKED
from bot.roi.work import enter, require_hands
from storage.columns import FAR_FUTURE
from storage.tables import Notice, Person, RoiRequest
from storage.tables.roi import OPEN
from storage.words import NoticeKind, NoticeState, PendReason, RequestState, Role, Subject

BATCH = 50
#: A snoozed reminder comes after the regular ones of its morning, which take its place.
AFTER_REGULAR = timedelta(minutes=1)
SNOOZED = "snoozed"
#: How long a request that could not be looked at waits for the next try.
PUT_OFF = timedelta(hours=1)


def due_reminders(session: Session, clock: Actor, now: datetime, limit: int = BATCH) -> Sequence[RoiRequest]:
    """The requests the clock has to look at now, locked for this transaction; those another clock holds are left to it."""
    return session.scalars(
        sa.select(RoiRequest)
        .where(RoiRequest.workspace_id == clock.workspace_id, OPEN, RoiRequest.remind_at <= now)
        .order_by(RoiRequest.remind_at, RoiRequest.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def remind_due(session: Session, clock: Actor, now: datetime, rulebook: RuleBook, limit: int = BATCH) -> int:
    """Remind of every request whose moment has come, up to ``limit``; returns how many were looked at.

    What is to be said is written with a few statements for the whole batch.
    """
    found = due_reminders(session, clock, now, limit)
    roster = Roster.of(session, clock.workspace_id) if found else Roster({})
    due = [telling for request in found for telling in remind(session, clock, now, rulebook, roster, request)]
    _make_room(session, now, notices.tell_all(session, now, due))
    return len(found)


def remind(
    session: Session, clock: Actor, now: datetime, rulebook: RuleBook, roster: Roster, request: RoiRequest
) -> list[Telling]:
    """What is due to be said about one request, and to whom; sets the moment of the next look.

    Points missed while the clock stood still collapse into the latest one for each person.
    """
    place = ZoneInfo(clock.legal_zone)
    today = now.astimezone(place).date()
    if request.state in WORKED and is_expired(request, today):
        _pend_expired(session, clock, now, request)
    owner = roster.owner_of(request)
    zone = owner.zone if owner else clock.legal_zone
    rules = rules_of(session, request, rulebook)
    laid_out = moments(rules, request, zone, now)
    due = [one.point for one in laid_out if request.remind_at <= one.at <= now]
    urgent = request.effective_due_on == today and _is_legal(rules, request)
    ends = datetime.combine(request.effective_due_on, time.max, place)
    _look_next(request, laid_out, now)
    return [_telling(request, hearer, urgent=urgent) for hearer in hearers(roster, request, due, now, ends)]


def _look_next(request: RoiRequest, laid_out: Iterable[Moment], now: datetime) -> None:
    """Set when the clock looks at a request again: at its next point, or never when its state no longer calls for reminders."""
    coming = (one.at for one in laid_out if one.at > now)
    request.remind_at = min(coming, default=FAR_FUTURE) if request.state in RUNNING else FAR_FUTURE


def put_off(session: Session, clock: Actor, now: datetime) -> None:
    """Let the clock look at the first request that is due later instead, because looking at it now failed; the others go on."""
    for request in due_reminders(session, clock, now, 1):
        request.remind_at = now + PUT_OFF


def snooze(session: Session, actor: Actor, now: datetime, reference: str) -> tuple[RoiCard, datetime]:
    """Remind this person of a request again tomorrow morning; returns the card and that moment. Again changes nothing.

    The legal clock goes on: regular reminders still come.

    :raises NotYourRequest, NotAllowed, NoSuchRequest, Stale: as the rules say.
    """
    actor.require(*RELEASERS)
    request = find_request(session, actor.workspace_id, reference, lock=True)
    require_hands(actor, request)
    place = ZoneInfo(actor.zone)
    tomorrow = now.astimezone(place).date() + timedelta(days=1)
    person = names(session, actor.workspace_id, [actor.id])[actor.id]
    at = notices.leaves_at(person, (datetime.combine(tomorrow, START_OF_DAY, place) + AFTER_REGULAR).astimezone(UTC))
    overdue = request.effective_due_on < local_day(now, actor.legal_zone)
    notices.tell(
        session, person, at, NoticeKind.RELEASE_OVERDUE if overdue else NoticeKind.RELEASE_DUE,
        Subject.REQUEST, request.id, key=f"release_snoozed:{request.id}:{person.id}:{tomorrow}",
        point=SNOOZED, effective_due_on=request.effective_due_on.isoformat(),
    )  # fmt: skip
    return card(session, actor, now, request), at


def pass_on(session: Session, now: datetime, unread: Iterable[Notice], absent: Person) -> None:
    """Tell others of reminders that somebody will not read in time, because they went on leave, have left or cannot be reached.

    Nobody is told twice of the same point, in whoever's place they hear it.
    """
    reminders = [notice for notice in unread if notice.kind in DUE_NOTICES and still_true(session, notice)]
    others = Roster.of(session, absent.workspace_id).stand_ins(absent, now) if reminders else ()
    for notice in reminders:
        for other in others:
            what, request, _, point = notice.dedupe_key.split(":", 3)
            notices.tell(
                session, other, now, notice.kind, notice.subject, notice.subject_id, key=f"{what}:{request}:{other.id}:{point}",
                urgent=notice.breaks_through, **{**notice.facts, "instead_of": absent.slack_user_id},
            )  # fmt: skip


def still_true(session: Session, notice: Notice) -> bool:
    """Whether a notice about a request is still worth sending: not when it was delivered, ended, extended, or is somebody else's by now."""
    if notice.kind in {NoticeKind.RELEASES_FROZEN, NoticeKind.RELEASES_FREED}:
        return still_frozen(session, notice)
    request = session.scalars(
        sa.select(RoiRequest).where(
            RoiRequest.workspace_id == notice.workspace_id, RoiRequest.id == notice.subject_id
        )
    ).first()
    if request is None or request.state not in RUNNING:
        return False
    if notice.kind not in DUE_NOTICES:
        return True
    return _still_due(session, notice, request)


def _still_due(session: Session, notice: Notice, request: RoiRequest) -> bool:
    if notice.facts.get("effective_due_on") != request.effective_due_on.isoformat():
        return False
    point = notice.facts.get("point")
    if point == ReminderKind.UNASSIGNED and request.owner_id is not None:
        return False
    if point in {ReminderKind.STILL_PENDING, ReminderKind.PENDING_LONG} and request.state is not RequestState.PENDING:
        return False
    reader = names(session, notice.workspace_id, [notice.recipient_id]).get(notice.recipient_id)
    if reader is None:
        return False
    return request.owner_id == reader.id or not {Role.SUPERVISOR, Role.PRIVACY_OFFICER}.isdisjoint(reader.roles)


def _pend_expired(session: Session, clock: Actor, now: datetime, request: RoiRequest) -> None:
    """On expiry of its authorization a request becomes pending, and its clock goes on."""
    reason = PendReason.AUTHORIZATION_EXPIRED
    before = enter(session, clock, request, now, RequestState.PENDING, reason)
    write_down(session, clock, now, request, "request_pending", before, reason=reason)


def _is_legal(rulebook: RuleBook, request: RoiRequest) -> bool:
    """Whether somebody outside set the deadline; the desk's own promise breaks through nobody's evening."""
    level = next((rule.level for rule in rulebook.rules if rule.id == request.due_rule), None)
    return level is not Level.POLICY


def _telling(request: RoiRequest, hearer: Hearer, *, urgent: bool) -> Telling:
    point, person = hearer.point, hearer.person
    facts = {"point": point.kind.value, "effective_due_on": request.effective_due_on.isoformat()}
    if hearer.instead_of:
        facts["instead_of"] = hearer.instead_of
    kind = NoticeKind.RELEASE_OVERDUE if point.kind is ReminderKind.OVERDUE else NoticeKind.RELEASE_DUE
    key = f"release:{request.id}:{person.id}:{request.effective_due_on}:{point.kind}:{point.on}"
    return Telling(person, kind, Subject.REQUEST, request.id, key, urgent, facts)


def _make_room(session: Session, now: datetime, told: Sequence[Telling]) -> None:
    """A reminder that has not left yet, because its reader is off or snoozed it to this morning, makes room for the newer one."""
    newer = {(one.person.id, one.subject_id): one for one in told}
    gone = [
        notice.id
        for notice in _unsent(session, told)
        if (one := newer.get((notice.recipient_id, notice.subject_id)))
        and notice.dedupe_key != one.key
        and notice.not_before <= notices.leaves_at(one.person, now) + AFTER_REGULAR
    ]
    if gone:
        here = (Notice.workspace_id == told[0].person.workspace_id, Notice.id.in_(gone), Notice.state == NoticeState.PENDING)
        session.execute(sa.update(Notice).where(*here).values(state=NoticeState.CANCELLED))


def _unsent(session: Session, told: Sequence[Telling]) -> Sequence[Notice]:
    """Reminders of the same requests that wait in the outbox, those just written among them."""
    if not told:
        return ()
    return session.scalars(
        sa.select(Notice).where(
            Notice.workspace_id == told[0].person.workspace_id,
            Notice.subject == Subject.REQUEST,
            Notice.subject_id.in_({one.subject_id for one in told}),
            Notice.kind.in_(DUE_NOTICES),
            Notice.state == NoticeState.PENDING,
        )
    ).all()
