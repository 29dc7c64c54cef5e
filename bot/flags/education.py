"""The education loop: when errors stand against somebody again and again for the same root reason, a private note shows the way to the instructions.

Nothing of it is public. Supervisors see how many notes there were, never whose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.flags.catalogue import kind_of
from storage.tables import AccuracyFlag, EducationNote, Notice, Person, Workspace
from storage.words import ErrorType, FlagOutcome, NoticeKind, Role, RootReason, Subject


@dataclass(frozen=True, slots=True)
class Education:
    """What a note says: ``flags`` in ``days``, their most frequent kind (``label``), the code whose instructions help, and guideline sections they named."""

    label: str
    root_reason: RootReason
    flags: int
    days: int
    code: str | None
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EducationCount:
    """How many notes were given about one root reason, by the kind of error it led to most often."""

    error_type: ErrorType
    label: str
    root_reason: RootReason
    notes: int


def consider(session: Session, now: datetime, flag: AccuracyFlag) -> bool:
    """Give the person flagged a private note when this flag makes it often enough; True when one was given.

    Counted are flags that stand, of one root reason whatever the kind of error, decided within the workspace's span and since the last note, so that each
    threshold is told once.
    The person's row is locked: two flags decided at the same moment are counted one after the other.
    """
    if flag.outcome is not FlagOutcome.STANDS or flag.flagged_id is None or flag.root_reason is None:
        return False
    person = session.scalars(
        sa.select(Person)
        .where(Person.workspace_id == flag.workspace_id, Person.id == flag.flagged_id)
        .with_for_update(key_share=True)
    ).one()
    workspace = session.scalars(sa.select(Workspace).where(Workspace.id == flag.workspace_id)).one()
    since = now - timedelta(days=workspace.education_days)
    repeated = _repeated(session, flag, max(since, _last_note(session, flag) or since))
    if len(repeated) < workspace.education_repeats or not person.active:
        return False
    note = EducationNote(
        workspace_id=flag.workspace_id, person_id=person.id, error_type=_kind_of(repeated), root_reason=flag.root_reason,
        flags=len(repeated), code=_code_of(repeated), at=now,
    )  # fmt: skip
    session.add(note)
    session.flush()
    return notices.tell(
        session, person, now, NoticeKind.EDUCATION, Subject.PERSON, person.id,
        key=f"education:{note.id}", note=note.id, days=workspace.education_days, citations=_citations(repeated),
    )  # fmt: skip


def education_of(session: Session, notice: Notice) -> Education | None:
    """What a notice of this kind says; None when its note is gone."""
    note = session.scalars(
        sa.select(EducationNote).where(
            EducationNote.workspace_id == notice.workspace_id,
            EducationNote.id == notice.facts.get("note"),
            EducationNote.person_id == notice.recipient_id,
        )
    ).first()
    if note is None:
        return None
    label = kind_of(note.error_type).label
    citations = tuple(str(one) for one in notice.facts.get("citations", ()))
    return Education(label, note.root_reason, note.flags, int(notice.facts.get("days", 0)), note.code, citations)


def education_counts(session: Session, actor: Actor, now: datetime) -> tuple[EducationCount, ...]:
    """For supervisors: how many notes there were within the workspace's span, most frequent first. No names.

    :raises NotAllowed: for anybody else.
    """
    actor.require(Role.SUPERVISOR)
    workspace = session.scalars(sa.select(Workspace).where(Workspace.id == actor.workspace_id)).one()
    number = sa.func.count()
    rows = session.execute(
        sa.select(EducationNote.error_type, EducationNote.root_reason, number)
        .where(
            EducationNote.workspace_id == actor.workspace_id,
            EducationNote.at > now - timedelta(days=workspace.education_days),
        )
        .group_by(EducationNote.error_type, EducationNote.root_reason)
        .order_by(number.desc(), EducationNote.error_type, EducationNote.root_reason)
    )
    return tuple(EducationCount(kind, kind_of(kind).label, reason, count) for kind, reason, count in rows)


def _last_note(session: Session, flag: AccuracyFlag) -> datetime | None:
    return session.scalar(
        sa.select(EducationNote.at)
        .where(
            EducationNote.workspace_id == flag.workspace_id,
            EducationNote.person_id == flag.flagged_id,
            EducationNote.root_reason == flag.root_reason,
        )
        .order_by(EducationNote.at.desc())
        .limit(1)
    )


def _repeated(session: Session, flag: AccuracyFlag, since: datetime) -> Sequence[AccuracyFlag]:
    return session.scalars(
        sa.select(AccuracyFlag)
        .where(
            AccuracyFlag.workspace_id == flag.workspace_id,
            AccuracyFlag.flagged_id == flag.flagged_id,
            sa.literal_column("accuracy_flags.outcome = 'stands'", sa.Boolean),
            AccuracyFlag.decided_at > since,
            AccuracyFlag.root_reason == flag.root_reason,
        )
        .order_by(AccuracyFlag.decided_at.desc(), AccuracyFlag.id.desc())
    ).all()


def _kind_of(flags: Sequence[AccuracyFlag]) -> ErrorType:
    """The kind of error these flags have most often; the latest of equals."""
    return Counter(flag.error_type for flag in flags).most_common(1)[0][0]


def _code_of(flags: Sequence[AccuracyFlag]) -> str | None:
    """The code these flags name most often as the right one, or else as the wrong one; the latest of equals."""
    named = [code for code in (flag.code_after or flag.code_before for flag in flags) if code]
    return Counter(named).most_common(1)[0][0] if named else None


def _citations(flags: Sequence[AccuracyFlag]) -> list[str]:
    return list(dict.fromkeys(flag.citation for flag in flags if flag.citation))[:5]
