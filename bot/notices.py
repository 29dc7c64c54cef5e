"""Notices: what is to be said to whom, and when. Written in the transaction of the change; senders deliver them afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.calendar import FEDERAL, WorkingHours, next_working_moment
from bot.people import coworkers, is_away
from storage.tables import Notice, Person
from storage.words import NoticeKind, NoticeState, Role, Subject

#: So many rows go into one statement; SQLite and PostgreSQL both take no more than some ten thousand values at once.
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to be said to one person, once for its ``key`` in their workspace; ``facts`` are words and numbers.

    It leaves in the person's working hours. An ``urgent`` one (critical, or a legal deadline today) leaves at once, but only to somebody on shift.
    """

    person: Person
    kind: NoticeKind
    subject: Subject
    subject_id: int
    key: str
    urgent: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def tell(
    session: Session,
    person: Person,
    now: datetime,
    kind: NoticeKind,
    subject: Subject,
    subject_id: int,
    *,
    key: str,
    urgent: bool = False,
    **facts: Any,  # noqa: ANN401 - words and numbers
) -> bool:
    """Put a notice into the outbox, see :class:`Telling`; False when it was there before."""
    return bool(tell_all(session, now, [Telling(person, kind, subject, subject_id, key, urgent, facts)]))


def tell_all(session: Session, now: datetime, tellings: Sequence[Telling]) -> list[Telling]:
    """Put many into the outbox, a few hundred with one statement; returns those that were not there before."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    written: set[tuple[int, str]] = set()
    for at in range(0, len(tellings), ROWS_AT_ONCE):
        rows = [_row(telling, now) for telling in tellings[at : at + ROWS_AT_ONCE]]
        found = session.execute(
            insert(Notice)
            .values(rows)
            .on_conflict_do_nothing(index_elements=["workspace_id", "dedupe_key"])
            .returning(Notice.workspace_id, Notice.dedupe_key)
        )
        written |= {(row.workspace_id, row.dedupe_key) for row in found}
    return [one for one in tellings if (one.person.workspace_id, one.key) in written]


def _row(telling: Telling, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": telling.person.workspace_id, "recipient_id": telling.person.id, "kind": telling.kind, "subject": telling.subject,
        "subject_id": telling.subject_id, "facts": telling.facts, "dedupe_key": telling.key, "breaks_through": telling.urgent,
        "state": NoticeState.PENDING, "not_before": leaves_at(telling.person, now), "attempts": 0, "created_at": now,
    }  # fmt: skip


def leaves_at(person: Person, now: datetime) -> datetime:
    """The first moment a notice may reach this person: now, the start of their next working time, or the end of their leave."""
    at = next_working_moment(now, working_hours(person), person.zone)
    if person.away_until is not None and is_away(person, at):
        return next_working_moment(person.away_until, working_hours(person), person.zone)
    return at


def misses(person: Person, now: datetime, by: datetime | None = None) -> bool:
    """Whether what is said now comes too late for this person: they have left, are on leave at their next working time, or do not work again until ``by``.

    A ``by`` that is past counts no more: then only leave does.
    """
    at = leaves_at(person, now)
    on_leave = at != next_working_moment(now, working_hours(person), person.zone)
    return not person.active or on_leave or (by is not None and now <= by < at)


def next_day_at(person: Person, now: datetime) -> datetime:
    """The start of this person's next working day: the first moment tomorrow, in their zone, at which a notice may reach them."""
    place = ZoneInfo(person.zone)
    tomorrow = now.astimezone(place).date() + timedelta(days=1)
    return leaves_at(person, datetime.combine(tomorrow, time(), place).astimezone(UTC))


def tell_unreachable(session: Session, missed: Person, now: datetime) -> int:
    """Tell every supervisor that somebody cannot be reached, once until a message reaches that person again; returns how many were told."""
    reached = session.scalar(
        sa.select(sa.func.max(Notice.id)).where(
            Notice.workspace_id == missed.workspace_id,
            Notice.recipient_id == missed.id,
            Notice.state == NoticeState.SENT,
        )
    )
    return sum(
        tell(
            session, supervisor, now, NoticeKind.PERSON_UNREACHABLE, Subject.PERSON, missed.id,
            key=f"unreachable:{missed.id}:{supervisor.id}:{reached or 0}",
        )
        for supervisor in coworkers(session, missed.workspace_id, Role.SUPERVISOR)
        if supervisor.id != missed.id
    )  # fmt: skip


def working_hours(person: Person) -> WorkingHours:
    """A person's working hours as the calendar counts them."""
    holidays = None if person.works_holidays else FEDERAL
    return WorkingHours.of_minutes(person.hours_start, person.hours_end, person.workdays, holidays)


def withdraw(session: Session, workspace_id: int, subject: Subject, subject_id: int, *kinds: NoticeKind) -> None:
    """Take back what has not left yet, because it is no longer true."""
    session.execute(
        sa.update(Notice)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.subject == subject,
            Notice.subject_id == subject_id,
            Notice.state == NoticeState.PENDING,
            Notice.kind.in_(kinds),
        )
        .values(state=NoticeState.CANCELLED)
    )
