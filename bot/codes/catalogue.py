"""The catalogue of codes: loading an edition once, and asking what stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.codes.errors import NoEdition, NoSuchCode
from bot.codes.official import ICD_10_CM, Entry, Wording
from storage.tables.codes import ROWS_PER_EDITION, CodeConcept, CodeEdition, CodeNote, CodeSystem, CodeTerm, row_key
from storage.words import ConceptKind, EditionOrigin, EditionState, TermKind

#: Told how far a load is: done, total, and what is being done.
Progress = Callable[[int, int, str], None]

CODES = (ConceptKind.CATEGORY, ConceptKind.CODE)
#: Terms that stand in a code list itself; all others come from an index or a table.
PRINTED_TERMS = (TermKind.INCLUSION, TermKind.SHORT_TITLE)


_EDITIONS = "code editions"


@dataclass(frozen=True, slots=True)
class Edition:
    """One published edition of a code system. ``valid_to`` is the last day, or None while there is no end."""

    id: int
    system: str
    slug: str
    title: str
    valid_from: date
    valid_to: date | None
    source_digest: str
    concept_count: int
    system_title: str = ""

    def covers(self, day: date) -> bool:
        """Whether the edition applies on that date of service (for inpatients: of discharge)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Concept:
    """A code of an edition, or a chapter or block above codes."""

    id: int
    parent_id: int | None
    kind: ConceptKind
    code: str
    title: str
    billable: bool
    extended: bool
    position: int
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def is_code(self) -> bool:
        """Whether it is a code or a category of codes, not a chapter or block."""
        return self.kind in CODES

    def covers(self, day: date) -> bool:
        """Whether the code itself may be used on that day, as far as its edition says something about single codes."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(slots=True)
class DatedEntry(Entry):
    """An entry of a system that says from when to when each code may be used. ``valid_to`` is the last day."""

    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What an edition is called, when it applies, and what it was read from."""

    system: str
    system_title: str
    publisher: str
    slug: str
    title: str
    valid_from: date
    valid_to: date | None
    digest: str
    origin: EditionOrigin = EditionOrigin.IMPORTED


def editions(session: Session, system: str | None = None) -> list[Edition]:
    """The editions that may be searched, newest first; of one system when named.

    One answer asks this many times, so the session remembers it; who changes an edition calls :func:`forget_editions`.
    """
    known: list[Edition] | None = session.info.get(_EDITIONS)
    if known is None:
        query = (
            sa.select(CodeEdition, CodeSystem)
            .join(CodeSystem, CodeSystem.id == CodeEdition.system_id)
            .where(CodeEdition.state == EditionState.READY)
            .order_by(CodeEdition.valid_from.desc(), CodeEdition.id.desc())
        )
        known = session.info[_EDITIONS] = [_edition(row, found) for row, found in session.execute(query)]
    return [edition for edition in known if system is None or edition.system == system]


def forget_editions(session: Session) -> None:
    """Let the session read the editions anew: one of them was changed."""
    session.info.pop(_EDITIONS, None)


def latest_edition(session: Session, system: str = ICD_10_CM, today: date | None = None) -> Edition:
    """The newest edition of a system; told the day, the newest that is in force by then, if any is.

    :raises NoEdition: when none is loaded.
    """
    found = editions(session, system)
    if not found:
        raise NoEdition
    return next((edition for edition in found if today is None or edition.valid_from <= today), found[0])


def edition_on(session: Session, system: str, day: date) -> Edition | None:
    """The edition of a system that applies on a date of service (for inpatients: of discharge); None when it is not loaded."""
    return next((edition for edition in editions(session, system) if edition.covers(day)), None)


def system_titles(session: Session) -> dict[str, str]:
    """The code systems that have an edition, by slug: what they are called. ICD-10-CM first, the others by name."""
    found = {edition.system: edition.system_title for edition in editions(session)}
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != ICD_10_CM, pair[0])))


def concept(session: Session, edition: Edition, code: str) -> Concept:
    """The code, or failing that the block or chapter of that name.

    :raises NoSuchCode: when the edition has neither.
    """
    rows = [_concept(row) for row in session.scalars(_concepts().where(CodeConcept.edition_id == edition.id, CodeConcept.code == code))]
    if not rows:
        raise NoSuchCode(code, edition.title)
    return min(rows, key=lambda row: row.kind not in CODES)


def ancestors(session: Session, of: Concept) -> list[Concept]:
    """The entries above, from the chapter down."""
    if of.parent_id is None:
        return []
    above = sa.select(CodeConcept.id, CodeConcept.parent_id).where(CodeConcept.id == of.parent_id).cte("above", recursive=True)
    above = above.union_all(sa.select(CodeConcept.id, CodeConcept.parent_id).join(above, CodeConcept.id == above.c.parent_id))
    query = _concepts().where(CodeConcept.id.in_(sa.select(above.c.id))).order_by(CodeConcept.position)
    return [_concept(row) for row in session.scalars(query)]


def children(session: Session, of: Concept) -> list[Concept]:
    """The entries right below, in the order of the book."""
    return [_concept(row) for row in session.scalars(_concepts().where(CodeConcept.parent_id == of.id).order_by(CodeConcept.position))]


def siblings(session: Session, of: Concept) -> tuple[Concept | None, Concept | None]:
    """The entries before and after this one under the same parent."""
    edition_id = of.id // ROWS_PER_EDITION
    same = _concepts().where(CodeConcept.parent_id == of.parent_id, CodeConcept.edition_id == edition_id)
    before = session.scalar(same.where(CodeConcept.position < of.position).order_by(CodeConcept.position.desc()).limit(1))
    after = session.scalar(same.where(CodeConcept.position > of.position).order_by(CodeConcept.position).limit(1))
    return (_concept(before) if before else None, _concept(after) if after else None)


def notes(session: Session, concepts: Sequence[Concept]) -> dict[int, list[CodeNote]]:
    """The notes printed under each of the given entries, by the entry's id, in the order of the book."""
    return _by_concept(session.scalars(sa.select(CodeNote).where(CodeNote.concept_id.in_([row.id for row in concepts])).order_by(CodeNote.id)))


def terms(session: Session, of: Concept, kind: TermKind = TermKind.INCLUSION) -> list[str]:
    """Other words the edition gives for a code: its inclusion terms."""
    query = sa.select(CodeTerm.text).where(CodeTerm.concept_id == of.id, CodeTerm.kind == kind).order_by(CodeTerm.id)
    return list(session.scalars(query))


def code_dates(session: Session, edition: Edition, codes: Sequence[str]) -> dict[str, tuple[date | None, date | None]]:
    """From when to when codes may be used, those of which the edition says it."""
    query = sa.select(CodeConcept.code, CodeConcept.valid_from, CodeConcept.valid_to).where(
        CodeConcept.edition_id == edition.id,
        CodeConcept.code.in_(codes),
        sa.or_(CodeConcept.valid_from.is_not(None), CodeConcept.valid_to.is_not(None)),
    )
    return {row.code: (row.valid_from, row.valid_to) for row in session.execute(query)}


def stored_entries(session: Session, edition: Edition, without: Sequence[TermKind] = ()) -> Iterator[Entry]:
    """The entries of an edition as they were read, from the tables, with the wordings that indexes and tables gave them.

    :param without: kinds of term to leave out, because they are about to be replaced.
    """
    first, last = row_key(edition.id, 0), row_key(edition.id + 1, 0)
    said: dict[int, list[Any]] = {}
    terms: dict[int, list[str]] = {}
    wordings: dict[int, list[Wording]] = {}
    noted = sa.select(CodeNote.concept_id, CodeNote.kind, CodeNote.text).where(CodeNote.id >= first, CodeNote.id < last)
    for note in session.execute(noted.order_by(CodeNote.id)):
        said.setdefault(note.concept_id, []).append((note.kind, note.text))
    of_edition = sa.select(CodeTerm.concept_id, CodeTerm.kind, CodeTerm.text, CodeTerm.see).where(CodeTerm.id >= first, CodeTerm.id < last)
    of_edition = of_edition.where(CodeTerm.kind.not_in(list(without))) if without else of_edition
    for term in session.execute(of_edition.order_by(CodeTerm.id)):
        if term.kind in PRINTED_TERMS:
            terms.setdefault(term.concept_id, []).append(term.text)
        else:
            wordings.setdefault(term.concept_id, []).append(Wording(term.kind, term.text, term.see))
    table = CodeConcept.__table__.c
    columns = (table.id, table.parent_id, table.kind, table.code, table.title, table.billable, table.extended, table.position)
    for row in session.execute(sa.select(*columns).where(table.edition_id == edition.id).order_by(table.position)):
        above = None if row.parent_id is None else row.parent_id - first
        yield Entry(
            row.position, above, row.kind, row.code, row.title, row.billable, row.extended,
            terms.get(row.id, []), wordings.get(row.id, []), said.get(row.id, []),
        )  # fmt: skip


def tell_nobody(done: int, total: int, what: str) -> None:
    """Progress for callers who do not watch."""


def _concepts() -> sa.Select[CodeConcept]:
    return sa.select(CodeConcept)


def _concept(row: CodeConcept) -> Concept:
    return Concept(
        row.id, row.parent_id, row.kind, row.code, row.title, row.billable, row.extended, row.position, row.valid_from, row.valid_to
    )


def _edition(row: CodeEdition, system: CodeSystem) -> Edition:
    digest = whole_digest(row.source_digest, row.term_digests)
    return Edition(
        row.id, system.slug, row.slug, row.title, row.valid_from, row.valid_to, digest, row.concept_count, system.title
    )


def whole_digest(codes: str, terms: dict[str, str]) -> str:
    """What an edition is known by, so that an index of terms imported beside it makes every process build its search anew."""
    if not terms:
        return codes
    return hashlib.sha256(f"{codes}:{sorted(terms.items())}".encode()).hexdigest()


def _by_concept(rows: Iterable[CodeNote]) -> dict[int, list[CodeNote]]:
    found: dict[int, list[CodeNote]] = {}
    for row in rows:
        found.setdefault(row.concept_id, []).append(row)
    return found
