"""What an edition added, deleted and revised against the one before it in the same code system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from bot.actors import Actor
from bot.codes.catalogue import CODES, Edition, editions
from bot.codes.errors import NoEdition
from bot.codes.note_codes import CodeSpan, named_codes
from bot.codes.official import ICD_10_CM
from bot.codes.standing import choose_system
from storage.tables import ReviewTask, TaskCode
from storage.tables.codes import CodeConcept
from storage.words import ConceptKind

ELSEWHERE = "Other codes"


class ChangeKind(StrEnum):
    """What happened to a code."""

    DELETED = "deleted"
    REVISED = "revised"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One code that changed. ``before`` is its title in the edition before, when that is another one; ``used`` says the reader has assigned it."""

    kind: ChangeKind
    code: str
    title: str
    before: str | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class ChapterChanges:
    """How much changed in one chapter."""

    title: str
    added: int
    deleted: int
    revised: int


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """What is new in an edition; ``before`` is None when there is no earlier one to compare with."""

    edition: Edition
    before: Edition | None
    changes: tuple[CodeChange, ...]
    chapters: tuple[ChapterChanges, ...]

    def count(self, kind: ChangeKind) -> int:
        """How many codes of one kind."""
        return sum(change.kind is kind for change in self.changes)


def newest_changes(session: Session, actor: Actor, _now: datetime, system: str | None = None) -> EditionChanges:
    """What the newest loaded edition of a system (ICD-10-CM when none is named) changed, the codes this person assigned first.

    :raises UnknownSystem: for a system that is not loaded.
    :raises NoEdition: when none is loaded.
    """
    found = editions(session, choose_system(session, system) if system else ICD_10_CM)
    if not found:
        raise NoEdition
    return edition_changes(session, found[0], used_codes(session, actor.workspace_id, actor.person_id))


def edition_changes(session: Session, edition: Edition, used: Collection[str] = ()) -> EditionChanges:
    """What an edition changed against the newest one that began before it: codes in ``used`` first, then what went, was reworded, and came."""
    before = next((one for one in editions(session, edition.system) if one.valid_from < edition.valid_from), None)
    if before is None:
        return EditionChanges(edition, None, (), ())
    changes = [
        *_only_in(session, before, edition, ChangeKind.DELETED),
        *_revised(session, before, edition),
        *_only_in(session, edition, before, ChangeKind.ADDED),
    ]
    mine = set(used)
    marked = (CodeChange(one.kind, one.code, one.title, one.before, one.code in mine) for one in changes)
    ordered = tuple(sorted(marked, key=lambda one: not one.used))
    return EditionChanges(edition, before, ordered, tuple(_by_chapter(session, (edition, before), ordered)))


def used_codes(session: Session, workspace_id: int, person_id: int | None) -> set[str]:
    """The codes a person has assigned."""
    query = (
        sa.select(TaskCode.code)
        .join(ReviewTask, ReviewTask.id == TaskCode.task_id)
        .where(TaskCode.workspace_id == workspace_id, ReviewTask.workspace_id == workspace_id, ReviewTask.owner_id == person_id)
        .distinct()
    )
    return set(session.scalars(query)) if person_id is not None else set()


def _only_in(session: Session, edition: Edition, other: Edition, kind: ChangeKind) -> list[CodeChange]:
    there = aliased(CodeConcept)
    twin = sa.exists().where(there.edition_id == other.id, there.code == CodeConcept.code, there.kind.in_(CODES))
    query = (
        sa.select(CodeConcept.code, CodeConcept.title)
        .where(CodeConcept.edition_id == edition.id, CodeConcept.kind.in_(CODES), ~twin)
        .order_by(CodeConcept.position)
    )
    return [CodeChange(kind, row.code, row.title) for row in session.execute(query)]


def _revised(session: Session, before: Edition, edition: Edition) -> list[CodeChange]:
    """Codes whose words changed, or whether they can be billed."""
    old = aliased(CodeConcept)
    query = (
        sa.select(CodeConcept.code, CodeConcept.title, old.title.label("before"))
        .join(old, sa.and_(old.code == CodeConcept.code, old.edition_id == before.id, old.kind.in_(CODES)))
        .where(CodeConcept.edition_id == edition.id, CodeConcept.kind.in_(CODES))
        .where(sa.or_(old.title != CodeConcept.title, old.billable != CodeConcept.billable))
        .order_by(CodeConcept.position)
    )
    return [
        CodeChange(ChangeKind.REVISED, row.code, row.title, row.before if row.before != row.title else None)
        for row in session.execute(query)
    ]


def _by_chapter(session: Session, pair: Sequence[Edition], changes: Iterable[CodeChange]) -> list[ChapterChanges]:
    """Counted by the ranges in the titles of the chapters; lists without chapters borrow those of the other edition."""
    chapters = _chapters(session, pair)
    counts: dict[str, Counter[ChangeKind]] = {}
    for change in changes:
        title = next((name for name, spans in chapters if any(span.holds(change.code) for span in spans)), ELSEWHERE)
        counts.setdefault(title, Counter())[change.kind] += 1
    order = {title: place for place, (title, _) in enumerate(chapters)}
    return [
        ChapterChanges(title, count[ChangeKind.ADDED], count[ChangeKind.DELETED], count[ChangeKind.REVISED])
        for title, count in sorted(counts.items(), key=lambda one: order.get(one[0], len(order)))
    ]


def _chapters(session: Session, pair: Sequence[Edition]) -> list[tuple[str, tuple[CodeSpan, ...]]]:
    for edition in pair:
        query = (
            sa.select(CodeConcept.title)
            .where(CodeConcept.edition_id == edition.id, CodeConcept.kind == ConceptKind.CHAPTER)
            .order_by(CodeConcept.position)
        )
        if titles := list(session.scalars(query)):
            return [(title, named_codes(title)) for title in titles]
    return []
