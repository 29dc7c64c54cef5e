"""Puts the wordings of an index or a table beside the codes of an edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.codes.catalogue import CODES, insert_rows
from bot.codes.importing.index_xml import IndexTerm
from bot.codes.official import Entry, Wording
from storage.tables.codes import CodeTerm, row_key
from storage.words import TermKind

#: Where the rows of each kind of term start among an edition's terms; inclusion terms stand before all of them.
STARTS = {
    TermKind.INDEX: 1_000_000,
    TermKind.EXTERNAL_CAUSE_INDEX: 3_000_000,
    TermKind.NEOPLASM_TABLE: 5_000_000,
    TermKind.DRUG_TABLE: 7_000_000,
}


@dataclass(frozen=True, slots=True)
class PlacedTerm:
    """A wording, the position of the entry it leads to, and the reference that was followed to get there."""

    text: str
    position: int
    see: str | None = None


def place_terms(terms: Iterable[IndexTerm], entries: Sequence[Entry]) -> tuple[list[PlacedTerm], int]:
    """The wordings with the entries they lead to, each pair once, and how many name a code the edition lacks."""
    places = {entry.code: entry.position for entry in entries if entry.kind in CODES}
    placed: dict[tuple[str, int], PlacedTerm] = {}
    missing = 0
    for term in terms:
        position = places.get(_aim(term.code))
        if position is None:
            missing += 1
        else:
            placed.setdefault((term.text, position), PlacedTerm(term.text, position, term.see))
    return list(placed.values()), missing


def add_wordings(entries: Sequence[Entry], placed: Mapping[TermKind, Sequence[PlacedTerm]]) -> None:
    """Put the wordings beside the entries they lead to, as the search reads them back."""
    by_position = {entry.position: entry for entry in entries}
    for kind in STARTS:
        for term in placed.get(kind, ()):
            by_position[term.position].wordings.append(Wording(kind, term.text, term.see))


def store_terms(session: Session, edition_id: int, kind: TermKind, placed: Sequence[PlacedTerm]) -> None:
    """Put one kind of term in the place of what was there of it."""
    first = row_key(edition_id, 0)
    session.execute(
        sa.delete(CodeTerm).where(CodeTerm.kind == kind, CodeTerm.id >= first, CodeTerm.id < row_key(edition_id + 1, 0))
    )
    rows: Iterable[dict[str, Any]] = (
        {
            "id": row_key(edition_id, STARTS[kind] + at),
            "concept_id": row_key(edition_id, term.position),
            "kind": kind,
            "text": term.text,
            "see": term.see,
            "position": at,
        }
        for at, term in enumerate(placed)
    )
    insert_rows(session, sa.insert(CodeTerm), rows)


def _aim(code: str) -> str:
    """A code as the index prints it (``V86.09-``, ``T14.-``) as it stands in the list."""
    return code.rstrip("-–").rstrip(".")
