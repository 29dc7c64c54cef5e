"""Where the packed index of an edition is kept: in the database, beside the edition, in pieces.

In the database and not in a file, because then it is there for every machine, belongs to the same transaction and the same backup as the edition, and
cannot be out of step with it. The fingerprint covers the edition's files, the knowledge files and the layout; a process that expects another one builds
its own from the stored catalogue.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.codes.official import ICD_10_CM, Entry
from bot.codes.search.build import build_arrays
from bot.codes.search.knowledge import Knowledge
from bot.codes.search.pack import pack, slices
from storage.tables.codes import CodeSearchPart

#: Raise it when what is built from the same files changes.
LAYOUT = 13
PART_BYTES = 4 * 1024 * 1024
#: Indexes of one edition kept side by side: the newest, and the one that older processes still read while a new release rolls out.
KEPT = 2


def fingerprint(source_digest: str, knowledge: Knowledge) -> str:
    """What an index of these files, with this knowledge, in this layout is known by."""
    return hashlib.sha256(f"{LAYOUT}:{source_digest}:{knowledge.digest}".encode()).hexdigest()


def knowledge_of(system: str) -> Knowledge:
    """What is known beside the book of a system: the files name codes of ICD-10-CM; to other systems only their words apply."""
    return Knowledge.shipped(diagnoses=system == ICD_10_CM)


def build_parts(system: str, source_digest: str, entries: Sequence[Entry], knowledge: Knowledge | None = None) -> tuple[str, list[bytes]]:
    """Build the index of an edition: its fingerprint and the pieces to keep.

    :param source_digest: what the edition was read from, its code files and every index and table beside them.
    """
    knowledge = knowledge or knowledge_of(system)
    return fingerprint(source_digest, knowledge), list(slices(pack(build_arrays(entries, knowledge)), PART_BYTES))


def keep_parts(session: Session, edition_id: int, mark: str, parts: Sequence[bytes], now: datetime) -> None:
    """Store an index beside its edition, and drop those that no release uses any more."""
    mine = sa.and_(CodeSearchPart.edition_id == edition_id, CodeSearchPart.fingerprint == mark)
    session.execute(sa.delete(CodeSearchPart).where(mine))
    rows = [
        {"edition_id": edition_id, "fingerprint": mark, "position": at, "parts": len(parts), "data": part, "built_at": now}
        for at, part in enumerate(parts)
    ]
    session.execute(sa.insert(CodeSearchPart), rows)
    _drop_old(session, edition_id)


def kept_parts(session: Session, edition_id: int, mark: str) -> bytes | None:
    """The whole stored index, or None when there is none with that fingerprint."""
    query = (
        sa.select(CodeSearchPart.parts, CodeSearchPart.data)
        .where(CodeSearchPart.edition_id == edition_id, CodeSearchPart.fingerprint == mark)
        .order_by(CodeSearchPart.position)
    )
    rows = session.execute(query).all()
    return b"".join(row.data for row in rows) if rows and len(rows) == rows[0].parts else None


def _drop_old(session: Session, edition_id: int) -> None:
    marks = session.scalars(
        sa.select(CodeSearchPart.fingerprint)
        .where(CodeSearchPart.edition_id == edition_id)
        .group_by(CodeSearchPart.fingerprint)
        .order_by(sa.func.max(CodeSearchPart.built_at).desc())
    ).all()
    if old := marks[KEPT:]:
        session.execute(sa.delete(CodeSearchPart).where(CodeSearchPart.edition_id == edition_id, CodeSearchPart.fingerprint.in_(old)))
