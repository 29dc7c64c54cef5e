"""From given files to editions: what each file is, which edition it belongs to, and what it brings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from bot.codes.catalogue import DatedEntry, EditionFacts, Progress
from bot.codes.importing.errors import CannotImport
from bot.codes.importing.files import GivenFile
from bot.codes.importing.hcpcs import read_hcpcs_text, read_hcpcs_workbook
from bot.codes.importing.index_xml import IndexTerm, read_index, read_table
from bot.codes.importing.kinds import TERM_FILES, FileKind, recognise
from bot.codes.importing.lists import read_codes, read_order
from bot.codes.importing.naming import EditionName, Wishes, name_edition
from bot.codes.importing.plain_csv import read_csv_list
from bot.codes.importing.tabular import EveryCode, read_tabular_file, read_xml
from bot.codes.official import Entry
from storage.words import TermKind

CM_LISTS = (FileKind.CM_ORDER, FileKind.CM_CODES)
_LIST_READERS: dict[FileKind, Callable[[GivenFile], Sequence[Entry]]] = {
    FileKind.CM_ORDER: partial(read_order, procedures=False),
    FileKind.CM_CODES: partial(read_codes, procedures=False),
    FileKind.PCS_ORDER: partial(read_order, procedures=True),
    FileKind.PCS_CODES: partial(read_codes, procedures=True),
    FileKind.HCPCS_TEXT: read_hcpcs_text,
    FileKind.HCPCS_WORKBOOK: read_hcpcs_workbook,
    FileKind.CSV: read_csv_list,
}


@dataclass(slots=True)
class Bundle:
    """All that was given for one edition. ``entries`` is empty when only terms were given, for an edition that is loaded already."""

    name: EditionName
    entries: list[Entry] = field(default_factory=list)
    digest: str = ""
    terms: dict[TermKind, list[IndexTerm]] = field(default_factory=dict)
    term_digests: dict[str, str] = field(default_factory=dict)
    has_instructions: bool = False

    @property
    def facts(self) -> EditionFacts:
        """The edition as the catalogue keeps it."""
        name = self.name
        return EditionFacts(
            name.system, name.system_title, name.publisher, name.slug, name.title, name.starts, name.ends, self.digest
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from the given files, and the files that were recognised and left out."""

    bundles: tuple[Bundle, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Recognised:
    file: GivenFile
    kind: FileKind


def read_bundles(given: Sequence[GivenFile], wishes: Wishes, tell: Progress) -> Reading:
    """Read every file.

    :raises CannotImport: for the first that is not what it should be, naming file, line and reason.
    """
    known = [_Recognised(file, recognise(file)) for file in given]
    left_out = tuple(one.file.name for one in known if one.kind is FileKind.ADDENDA)
    wanted = _chosen([one for one in known if one.kind is not FileKind.ADDENDA])
    if not wanted and not left_out:
        raise CannotImport("There is no data file in what was given. Nothing was changed.")
    bundles: dict[tuple[str, str], Bundle] = {}
    for place, one in enumerate(wanted):
        tell(place, len(wanted), "reading the files")
        _take(one, wanted, bundles, wishes)
    tell(len(wanted), len(wanted), "reading the files")
    return Reading(tuple(bundles.values()), left_out)


def _chosen(known: list[_Recognised]) -> list[_Recognised]:
    """A plain code list beside an order file of the same system says nothing more; lists come before terms."""
    kinds = {one.kind for one in known}
    needless = {FileKind.CM_CODES} if FileKind.CM_ORDER in kinds else set()
    needless |= {FileKind.PCS_CODES} if FileKind.PCS_ORDER in kinds else set()
    return sorted((one for one in known if one.kind not in needless), key=lambda one: one.kind in TERM_FILES)


def _take(one: _Recognised, all_files: Sequence[_Recognised], bundles: dict[tuple[str, str], Bundle], wishes: Wishes) -> None:
    if one.kind in CM_LISTS and any(other.kind is FileKind.CM_TABULAR for other in all_files):
        return
    if one.kind in TERM_FILES:
        _take_terms(one, _bundle(bundles, name_edition(one.file, one.kind, wishes)))
        return
    entries, digest = _read_list(one, all_files)
    bundle = _bundle(bundles, name_edition(one.file, one.kind, wishes, _first_day(entries)))
    if bundle.entries:
        raise CannotImport(f"{one.file.name} is a second code list for {bundle.name.title}. Give one. Nothing was changed.")
    bundle.entries, bundle.digest = list(entries), digest
    bundle.has_instructions = one.kind is FileKind.CM_TABULAR


def _bundle(bundles: dict[tuple[str, str], Bundle], name: EditionName) -> Bundle:
    return bundles.setdefault((name.system, name.slug), Bundle(name))


def _read_list(one: _Recognised, all_files: Sequence[_Recognised]) -> tuple[Sequence[Entry], str]:
    if one.kind is not FileKind.CM_TABULAR:
        return _LIST_READERS[one.kind](one.file), _digest(one.file)
    listed = next((other for other in all_files if other.kind in CM_LISTS), None)
    if listed is None:
        return read_tabular_file(one.file, EveryCode()), _digest(one.file)
    rows = _LIST_READERS[listed.kind](listed.file)
    valid = frozenset(row.code.replace(".", "") for row in rows if row.billable)
    return read_tabular_file(one.file, valid), _digest(one.file, listed.file)


def _take_terms(one: _Recognised, bundle: Bundle) -> None:
    kind = TERM_FILES[one.kind]
    if one.kind in (FileKind.CM_INDEX, FileKind.CM_EXTERNAL_INDEX):
        found = read_xml(one.file, read_index)
    else:
        found = read_xml(one.file, partial(read_table, site_first=one.kind is FileKind.CM_NEOPLASM_TABLE))
    if not found:
        raise CannotImport(f"{one.file.name} leads to no codes. Nothing was changed.")
    if kind in bundle.terms:
        raise CannotImport(f"{one.file.name} is there twice for {bundle.name.title}. Give it once. Nothing was changed.")
    bundle.terms[kind] = found
    bundle.term_digests[kind.value] = _digest(one.file)


def _first_day(entries: Sequence[Entry]) -> date | None:
    days = [entry.valid_from for entry in entries if isinstance(entry, DatedEntry) and entry.valid_from]
    return min(days, default=None)


def _digest(*files: GivenFile) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(file.data)
    return found.hexdigest()
