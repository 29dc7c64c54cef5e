"""Imports files into the catalogue, all or nothing, one import of a system after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import desk_actor
from bot.codes.catalogue import Edition, Progress, editions, forget_editions, stored_entries, tell_nobody, whole_digest
from bot.codes.importing.errors import CannotImport
from bot.codes.importing.files import read_files
from bot.codes.importing.naming import Wishes
from bot.codes.importing.reading import Bundle, read_bundles
from bot.codes.importing.terms import add_wordings, place_terms
from bot.codes.official import Entry
from bot.codes.search.store import build_parts, keep_parts
from bot.codes.shelf import TOPIC
from bot.codes.storing import PlacedTerm, Staged, keep_system, replace_terms, store_edition, when_free
from bot.codes.telling import workspace_ids
from storage.coordination import Coordinator
from storage.database import Database, Staging
from storage.tables.codes import CodeEdition, CodeNote, row_key
from storage.words import Subject, TermKind


class EditionNotLoaded(CannotImport):
    """An index or a table needs its edition."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did with one edition. ``new_codes`` says that the codes themselves came, not only terms."""

    system: str
    slug: str
    title: str
    codes: int
    terms: int
    terms_without_code: int
    new_codes: bool
    unchanged: bool
    edition: Edition | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, edition by edition, and which files it recognised and left out."""

    editions: tuple[Imported, ...]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Plan:
    """A bundle made ready: its entries, its terms by position, and the search index over both."""

    bundle: Bundle
    entries: list[Entry]
    placed: dict[TermKind, list[PlacedTerm]]
    missing: int
    index: tuple[str, list[bytes]]
    stands_on: Edition | None


def import_files(
    database: Database, paths: Sequence[Path], wishes: Wishes, now: datetime, *, progress: Progress | None = None, dry_run: bool = False
) -> Outcome:
    """Import published files. Everything is one transaction: when anything is wrong, or it is interrupted, the old editions stay as they are.

    The same files again change nothing. A second import waits for the first.

    :raises CannotImport: naming file, line and reason.
    """
    tell = progress or tell_nobody
    reading = read_bundles(read_files(paths), wishes, tell)
    plans, done = [], []
    for bundle in reading.bundles:
        with database.read() as session:
            old = _loaded(session, bundle)
            if old is not None and _same(session, bundle, old):
                done.append(_told(bundle, old.concept_count, 0, 0, old, unchanged=True))
                continue
            _require_fit(session, bundle, old)
        plans.append(_ready(database, bundle, old, tell, build=not dry_run))
    if dry_run:
        done += [_told(plan.bundle, len(plan.entries), _count(plan), plan.missing, None) for plan in plans]
    elif plans:
        done += _store(database, plans, now, tell)
    return Outcome(tuple(done), reading.left_out)


def announce(coordinator: Coordinator) -> None:
    """Tell every running process that the catalogue changed."""
    coordinator.publish(TOPIC, "imported")


def _loaded(session: Session, bundle: Bundle) -> Edition | None:
    return next((one for one in editions(session, bundle.name.system) if one.slug == bundle.name.slug), None)


def _same(session: Session, bundle: Bundle, old: Edition) -> bool:
    """Whether all that was given is what is loaded already."""
    row = session.get_one(CodeEdition, old.id)
    codes = not bundle.entries or (row.source_digest == bundle.digest and row.valid_from == bundle.name.starts and row.valid_to == bundle.name.ends)
    return codes and all(row.term_digests.get(kind) == digest for kind, digest in bundle.term_digests.items())


def _require_fit(session: Session, bundle: Bundle, old: Edition | None) -> None:
    if not bundle.entries and old is None:
        raise EditionNotLoaded(
            f"{bundle.name.title} is not loaded, and an index or a table needs its codes. Give the tabular list or the order file together with it, "
            "or name a loaded edition with --edition. Nothing was changed."
        )
    if bundle.entries and old is not None and not bundle.has_instructions and _has_notes(session, old):
        raise CannotImport(
            f"{old.title} is loaded with its instructions (Excludes, code first), which this list does not hold. Give the tabular XML together with it, "
            "or another --edition. Nothing was changed."
        )


def _has_notes(session: Session, edition: Edition) -> bool:
    rows = sa.select(CodeNote.id).where(CodeNote.id >= row_key(edition.id, 0), CodeNote.id < row_key(edition.id + 1, 0))
    return session.scalars(rows.limit(1)).first() is not None


def _ready(database: Database, bundle: Bundle, old: Edition | None, tell: Progress, *, build: bool) -> _Plan:
    """Everything that takes long, done before the transaction."""
    entries = bundle.entries
    if not entries and old is not None:
        with database.read() as session:
            entries = list(stored_entries(session, old, without=[TermKind(kind) for kind in bundle.term_digests]))
    placed, missing = {}, 0
    for kind, terms in bundle.terms.items():
        placed[kind], lost = place_terms(terms, entries)
        missing += lost
    plan = _Plan(bundle, entries, placed, missing, ("", []), old)
    if build:
        tell(0, 1, "building the search index")
        add_wordings(entries, placed)
        plan.index = build_parts(bundle.name.system, _digest_after(database, bundle, old), entries)
        tell(1, 1, "building the search index")
    return plan


def _digest_after(database: Database, bundle: Bundle, old: Edition | None) -> str:
    """What the edition will be known by once the bundle is in."""
    if bundle.entries or old is None:
        return whole_digest(bundle.digest, bundle.term_digests)
    with database.read() as session:
        row = session.get_one(CodeEdition, old.id)
        return whole_digest(row.source_digest, {**row.term_digests, **bundle.term_digests})


def _store(database: Database, plans: Sequence[_Plan], now: datetime, tell: Progress) -> list[Imported]:
    """Stage every edition, then take all of them over at once. On PostgreSQL the row of the system waits for another import."""
    staged = [Staged(number) for number in range(len(plans))]
    with database.staging() as staging:
        for plan, rows in zip(plans, staged, strict=True):
            rows.fill(staging, plan.bundle.entries, plan.placed, tell)
        return when_free(lambda: _take_over(staging, plans, staged, now))


def _take_over(staging: Staging, plans: Sequence[_Plan], staged: Sequence[Staged], now: datetime) -> list[Imported]:
    with staging.write() as session:
        done = [_write(session, plan, rows, now) for plan, rows in zip(plans, staged, strict=True)]
        _write_down(session, [one for one in done if not one.unchanged], now)
    return done


def _write_down(session: Session, changed: Sequence[Imported], now: datetime) -> None:
    """One audit entry for each edition, in every workspace: they share the code sets, and only an operator brings them in."""
    for workspace_id in workspace_ids(session) if changed else ():
        operator = desk_actor(session, workspace_id, "command line")
        for one in changed:
            audit.record(
                session, operator, now, "codes_imported", Subject.CODES, f"{one.system}:{one.slug}",
                codes=one.codes if one.new_codes else 0, terms=one.terms, terms_without_code=one.terms_without_code,
            )  # fmt: skip


def _write(session: Session, plan: _Plan, staged: Staged, now: datetime) -> Imported:
    bundle = plan.bundle
    system_id = keep_system(session, bundle.facts, now)
    there = _loaded(session, bundle)
    if there is not None and _same(session, bundle, there):
        return _told(bundle, there.concept_count, 0, 0, there, unchanged=True)
    if there != plan.stands_on:
        raise CannotImport(f"{bundle.name.title} was changed by somebody else in the meantime. Start the import again. Nothing was changed.")
    if bundle.entries or there is None:
        edition_id = store_edition(session, system_id, bundle.facts, bundle.entries, staged, now)
    else:
        edition_id = there.id
        replace_terms(session, edition_id, plan.placed, staged)
    row = session.get_one(CodeEdition, edition_id)
    row.term_digests = {**row.term_digests, **bundle.term_digests}
    row.imported_at = now
    session.flush()
    forget_editions(session)
    keep_parts(session, edition_id, *plan.index, now)
    stored = _loaded(session, bundle)
    return _told(bundle, row.concept_count, _count(plan), plan.missing, stored)


def _count(plan: _Plan) -> int:
    return sum(len(placed) for placed in plan.placed.values())


def _told(bundle: Bundle, codes: int, terms: int, missing: int, edition: Edition | None, *, unchanged: bool = False) -> Imported:
    name = bundle.name
    title = edition.title if edition is not None else name.title
    return Imported(name.system, name.slug, title, codes, terms, missing, bool(bundle.entries), unchanged, edition)
