"""Putting an edition into the tables: rows are staged where nobody waits for them, one short transaction takes them over, and what they replace is removed
later, piece by piece. When the process is killed, nothing of a half-read edition stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.codes.catalogue import CODES, DatedEntry, EditionFacts, Progress, forget_editions
from bot.codes.official import Entry
from storage.columns import Base
from storage.database import Database, Staging
from storage.tables.codes import CodeConcept, CodeEdition, CodeNote, CodeSystem, CodeTerm, row_key
from storage.words import EditionState, TermKind

T = TypeVar("T")

ROWS_AT_ONCE = 5_000
#: How long somebody waits for another one who is writing, in seconds.
PATIENCE = 180.0
#: Where the rows of each kind of term start among an edition's terms; inclusion terms stand before all of them.
STARTS = {
    TermKind.INDEX: 1_000_000,
    TermKind.EXTERNAL_CAUSE_INDEX: 3_000_000,
    TermKind.NEOPLASM_TABLE: 5_000_000,
    TermKind.DRUG_TABLE: 7_000_000,
}
#: The columns of a staged row that count from the beginning of its edition.
_KEYS = {CodeConcept: ("id", "parent_id"), CodeTerm: ("id", "concept_id"), CodeNote: ("id", "concept_id")}


@dataclass(frozen=True, slots=True)
class PlacedTerm:
    """A wording, the position of the entry it leads to, and the reference that was followed to get there."""

    text: str
    position: int
    see: str | None = None


class Staged:
    """The rows of one edition in temporary tables, keyed as if they were those of edition 0."""

    def __init__(self, number: int) -> None:
        """Name the tables; ``number`` tells the editions of one import apart."""
        self._tables = {row: sa.Table(f"staged_{number}_{_table(row).name}", sa.MetaData(), *_columns(row)) for row in _KEYS}

    def fill(self, staging: Staging, entries: Sequence[Entry], placed: Mapping[TermKind, Sequence[PlacedTerm]], tell: Progress) -> None:
        """Put the entries and the wordings that lead to them into the temporary tables. No entries: only wordings are stored."""
        with staging.fill() as connection:
            for row, table in self._tables.items():
                source = _table(row).name
                connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {table.name} AS SELECT * FROM {source} WHERE 1 = 0")
            self._insert(connection, CodeConcept, _concept_rows(entries), lambda done: tell(done, len(entries), "storing the code set"))
            self._insert(connection, CodeTerm, _term_rows(entries))
            self._insert(connection, CodeNote, _note_rows(entries))
            for kind, terms in placed.items():
                self._insert(connection, CodeTerm, _wording_rows(kind, terms))

    def _insert(
        self, connection: sa.Connection, row: type[Base], rows: Iterable[dict[str, Any]], told: Callable[[int], None] | None = None
    ) -> None:
        statement, left, done = sa.insert(self._tables[row]), iter(rows), 0
        while batch := list(islice(left, ROWS_AT_ONCE)):
            connection.execute(statement, batch)
            done += len(batch)
            if told:
                told(done)

    def take_over(self, session: Session, edition_id: int) -> None:
        """Copy the staged rows behind the keys of an edition."""
        for row, table in self._tables.items():
            keys = _KEYS[row]
            chosen: list[sa.ColumnElement[Any]] = []
            for column in table.c:
                if column.name == "edition_id":
                    chosen.append(sa.literal(edition_id))
                else:
                    chosen.append(column + row_key(edition_id, 0) if column.name in keys else column)
            staged = sa.select(*chosen).order_by(table.c.id)
            session.execute(sa.insert(_table(row)).from_select([column.name for column in table.c], staged))


def store_edition(session: Session, system_id: int, facts: EditionFacts, entries: Sequence[Entry], staged: Staged, now: datetime) -> int:
    """Put a staged edition in the place of the one of its name, if there is one; returns its key. The caller holds the system (:func:`keep_system`)."""
    retired = sa.literal("retired-") + sa.cast(CodeEdition.id, sa.Text)
    old = sa.and_(CodeEdition.system_id == system_id, CodeEdition.slug == facts.slug)
    session.execute(sa.update(CodeEdition).where(old).values(state=EditionState.RETIRED, slug=retired).execution_options(synchronize_session=False))
    row = CodeEdition(
        system_id=system_id,
        slug=facts.slug,
        title=facts.title,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        state=EditionState.READY,
        origin=facts.origin,
        source_digest=facts.digest,
        term_digests={},
        concept_count=sum(entry.kind in CODES for entry in entries),
        imported_at=now,
    )
    session.add(row)
    session.flush()
    staged.take_over(session, row.id)
    forget_editions(session)
    return row.id


def replace_terms(session: Session, edition_id: int, kinds: Iterable[TermKind], staged: Staged) -> None:
    """Put the staged wordings in the place of those of their kinds."""
    mine = CodeTerm.id >= row_key(edition_id, 0), CodeTerm.id < row_key(edition_id + 1, 0)
    session.execute(sa.delete(CodeTerm).where(CodeTerm.kind.in_(list(kinds)), *mine).execution_options(synchronize_session=False))
    staged.take_over(session, edition_id)


def keep_system(session: Session, facts: EditionFacts, now: datetime) -> int:
    """The system's row, made if needed, and locked until the transaction ends, so that two loads of one system follow each other.

    On PostgreSQL this waits for another load; SQLite has one writer anyway.
    """
    values = {"slug": facts.system, "title": facts.system_title, "publisher": facts.publisher, "created_at": now}
    if session.get_bind().dialect.name == "postgresql":
        from_dialect: Any = postgresql.insert(CodeSystem)
    else:
        from_dialect = sqlite.insert(CodeSystem)
    session.execute(from_dialect.values(**values).on_conflict_do_nothing(index_elements=["slug"]))
    return session.scalars(sa.select(CodeSystem.id).where(CodeSystem.slug == facts.system).with_for_update()).one()


def when_free(write: Callable[[], T]) -> T:
    """Write when nobody else does: SQLite refuses after a moment of waiting and is asked again.

    :raises sqlalchemy.exc.OperationalError: when nobody let go for three minutes.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return write()
        except sa.exc.OperationalError:
            if time.monotonic() > end:
                raise
        time.sleep(0.2)


def remove_retired(database: Database) -> int:
    """Remove editions that others have replaced, in pieces so small that nobody waits; returns how many. Going on where a killed process stopped is safe."""
    with database.read() as session:
        retired = list(session.scalars(sa.select(CodeEdition.id).where(CodeEdition.state == EditionState.RETIRED)))
    for edition_id in retired:
        for row in (CodeNote, CodeTerm, CodeConcept):
            while when_free(lambda row=row, edition_id=edition_id: _remove_last(database, row, edition_id)):  # type: ignore[misc]
                pass
        when_free(lambda edition_id=edition_id: _remove_edition(database, edition_id))  # type: ignore[misc]
    return len(retired)


def _remove_last(database: Database, row: type[Base], edition_id: int) -> int:
    """The last rows of an edition: codes below others go before those above them."""
    key = _table(row).c.id
    mine = sa.and_(key >= row_key(edition_id, 0), key < row_key(edition_id + 1, 0))
    with database.write() as session:
        last = sa.select(key).where(mine).order_by(key.desc()).limit(ROWS_AT_ONCE).subquery()
        first = session.scalar(sa.select(sa.func.min(last.c.id)))
        if first is None:
            return 0
        removed: Any = session.execute(sa.delete(_table(row)).where(mine, key >= first))
        return int(removed.rowcount)


def _remove_edition(database: Database, edition_id: int) -> None:
    with database.write() as session:
        session.execute(sa.delete(CodeEdition).where(CodeEdition.id == edition_id, CodeEdition.state == EditionState.RETIRED))


def _table(row: type[Base]) -> sa.Table:
    table = row.__table__
    assert isinstance(table, sa.Table)  # noqa: S101 - every mapped class of ours has one
    return table


def _columns(row: type[Base]) -> Iterator[sa.Column[Any]]:
    return (sa.Column(column.name, column.type) for column in _table(row).c)


def _concept_rows(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        yield {
            "id": entry.position,
            "edition_id": 0,
            "parent_id": entry.parent,
            "kind": entry.kind,
            "code": entry.code,
            "title": entry.title,
            "billable": entry.billable,
            "extended": entry.extended,
            "position": entry.position,
            "valid_from": entry.valid_from if isinstance(entry, DatedEntry) else None,
            "valid_to": entry.valid_to if isinstance(entry, DatedEntry) else None,
        }


def _term_rows(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    lines = ((entry, at, text) for entry in entries for at, text in enumerate(entry.terms))
    for key, (entry, at, text) in enumerate(lines):
        yield {"id": key, "concept_id": entry.position, "kind": TermKind.INCLUSION, "text": text, "see": None, "position": at}


def _note_rows(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    lines = ((entry, at, kind, text) for entry in entries for at, (kind, text) in enumerate(entry.notes))
    for key, (entry, at, kind, text) in enumerate(lines):
        yield {"id": key, "concept_id": entry.position, "kind": kind, "text": text, "position": at}


def _wording_rows(kind: TermKind, terms: Sequence[PlacedTerm]) -> Iterator[dict[str, Any]]:
    for at, term in enumerate(terms):
        yield {"id": STARTS[kind] + at, "concept_id": term.position, "kind": kind, "text": term.text, "see": term.see, "position": at}
