"""Notices: what is to be said to whom, and when. Written in the transaction of the change; senders deliver them afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.calendar import FEDERAL, WorkingHours, next_working_moment
from storage.tables import Notice, Person
from storage.words import NoticeKind, NoticeState, Subject


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
    """Put a notice into the outbox, once for its ``key`` in this workspace; False when it was there before.

    It leaves in the person's working hours. An ``urgent`` one (critical, or a legal deadline today) leaves at once, but only to somebody on shift.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    written = session.execute(
        insert(Notice)
        .values(
            workspace_id=person.workspace_id,
            recipient_id=person.id,
            kind=kind,
            subject=subject,
            subject_id=subject_id,
            facts=facts,
            dedupe_key=key,
            breaks_through=urgent,
            state=NoticeState.PENDING,
            not_before=leaves_at(person, now),
            attempts=0,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "dedupe_key"])
        .returning(Notice.id)
    )
    return written.first() is not None


def leaves_at(person: Person, now: datetime) -> datetime:
    """The first moment a notice may reach this person: now, the start of their next working time, or the end of their leave."""
    earliest = max(now, person.away_until) if person.away_until else now
    return next_working_moment(earliest, working_hours(person), person.zone)


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
