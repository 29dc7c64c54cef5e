"""The edition that comes with the bot: read into the tables at the first start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.codes.catalogue import Edition, EditionFacts, Progress, editions, tell_nobody
from bot.codes.official import Entry, Source, read_entries, shipped_source
from bot.codes.search.store import build_parts, keep_parts
from bot.codes.storing import ROWS_AT_ONCE, Staged, keep_system, store_edition, when_free
from storage.database import Database, Staging
from storage.tables.codes import CodeEdition, CodeSystem
from storage.words import EditionOrigin, EditionState

#: Entries the shipped files have; only the progress bar uses it.
EXPECTED_ENTRIES = 98_505


def load_shipped_edition(database: Database, now: datetime, progress: Progress | None = None, source: Source | None = None) -> Edition:
    """Read the shipped edition into the tables, with its search index; once, however often and from however many processes it is called.

    All or nothing: an interrupted load leaves no row behind. A second starter waits for the first.

    :param progress: told (done, total, what) from time to time.
    :raises OfficialFilesMissing: when the package with the files is broken.
    """
    source, tell = source or shipped_source(), progress or tell_nobody
    facts = _facts(source)
    with database.read() as session:
        if found := _loaded(session, facts):
            return found
    entries = _read(source, tell)
    tell(len(entries), len(entries), "building the search index")
    index = build_parts(facts.system, facts.digest, entries)
    staged = Staged(0)
    with database.staging() as staging:
        staged.fill(staging, entries, {}, tell)
        return when_free(lambda: _store(staging, facts, entries, staged, index, now))


def _store(
    staging: Staging, facts: EditionFacts, entries: Sequence[Entry], staged: Staged, index: tuple[str, list[bytes]], now: datetime
) -> Edition:
    """Store it, unless somebody else did so in the meantime."""
    with staging.write() as session:
        system_id = keep_system(session, facts, now)
        if found := _loaded(session, facts):
            return found
        keep_parts(session, store_edition(session, system_id, facts, entries, staged, now), *index, now)
        session.flush()
        return next(edition for edition in editions(session, facts.system) if edition.slug == facts.slug)


def _loaded(session: Session, facts: EditionFacts) -> Edition | None:
    """The shipped edition where it is loaded; one that somebody imported under its name stays in its place."""
    query = sa.select(CodeEdition).join(CodeSystem, CodeSystem.id == CodeEdition.system_id).where(
        CodeSystem.slug == facts.system, CodeEdition.slug == facts.slug, CodeEdition.state == EditionState.READY,
        sa.or_(CodeEdition.source_digest == facts.digest, CodeEdition.origin == EditionOrigin.IMPORTED),
    )  # fmt: skip
    row = session.scalars(query).first()
    return next((edition for edition in editions(session, facts.system) if row is not None and edition.id == row.id), None)


def _facts(source: Source) -> EditionFacts:
    return EditionFacts(
        source.system, source.system_title, source.publisher, source.edition, source.edition_title,
        source.valid_from, source.valid_to, source.digest(), EditionOrigin.SHIPPED,
    )  # fmt: skip


def _read(source: Source, tell: Progress) -> list[Entry]:
    entries: list[Entry] = []
    reader = read_entries(source)
    while batch := list(islice(reader, ROWS_AT_ONCE)):
        entries += batch
        tell(len(entries), max(EXPECTED_ENTRIES, len(entries)), "reading the code set")
    return entries
