"""Puts the wordings of an index or a table beside the codes of an edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.codes.catalogue import CODES
from bot.codes.importing.index_xml import IndexTerm
from bot.codes.official import Entry, Wording
from bot.codes.storing import STARTS, PlacedTerm
from storage.words import TermKind


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


def _aim(code: str) -> str:
    """A code as the index prints it (``V86.09-``, ``T14.-``) as it stands in the list."""
    return code.rstrip("-–").rstrip(".")
