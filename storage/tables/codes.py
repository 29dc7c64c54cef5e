"""Code systems, their editions, and what an edition says about each code. Shared by all workspaces: published reference data.

Rows below an edition get their keys from the loader (:func:`row_key`), so that a hundred thousand rows with their parents go in without asking the
database for a key in between.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, CatalogueText, CodeSigns, Digest, Facts, Slug, UtcDateTime, Word
from storage.words import ConceptKind, EditionOrigin, EditionState, NoteKind, TermKind

#: Rows of one kind an edition may have. The largest published system has some 100,000 codes and 250,000 index entries.
ROWS_PER_EDITION = 10_000_000


def row_key(edition_id: int, position: int) -> int:
    """The key of the row at ``position`` (from 0) among an edition's concepts, terms or notes."""
    return edition_id * ROWS_PER_EDITION + position


class CodeSystem(Base):
    """One code system: ICD-10-CM, ICD-10-PCS, HCPCS Level II, or a customer's own list."""

    __tablename__ = "code_systems"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(Slug, unique=True)
    title: Mapped[str] = mapped_column(CatalogueText)
    publisher: Mapped[str] = mapped_column(CatalogueText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CodeEdition(Base):
    """One published edition of a system. Only a ``ready`` one is searched; a half-read one never is.

    ``term_digests`` says for each kind of term that was imported beside the codes (an index, a table) from which file: kind to SHA-256.
    """

    __tablename__ = "code_editions"
    __table_args__ = (sa.UniqueConstraint("system_id", "slug"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    system_id: Mapped[int] = mapped_column(sa.ForeignKey("code_systems.id"), index=True)
    slug: Mapped[str] = mapped_column(Slug)
    title: Mapped[str] = mapped_column(CatalogueText)
    valid_from: Mapped[date] = mapped_column(sa.Date)
    valid_to: Mapped[date | None] = mapped_column(sa.Date)
    state: Mapped[EditionState] = mapped_column(Word(EditionState))
    origin: Mapped[EditionOrigin] = mapped_column(Word(EditionOrigin), default=EditionOrigin.SHIPPED)
    source_digest: Mapped[str] = mapped_column(Digest)
    term_digests: Mapped[dict[str, str]] = mapped_column(Facts, default=dict)
    concept_count: Mapped[int] = mapped_column(sa.Integer)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CodeConcept(Base):
    """One code of an edition, or a chapter or block above codes.

    ``parent_id`` is the row above, never a code, because 39 blocks are named like a category. ``position`` counts the whole edition in the order of
    the printed book. ``extended`` marks a code made of its parent and a 7th character.
    """

    __tablename__ = "code_concepts"
    __table_args__ = (
        sa.UniqueConstraint("edition_id", "kind", "code"),
        sa.Index("ix_code_concepts_edition_id_code", "edition_id", "code"),
        sa.Index("ix_code_concepts_parent_id", "parent_id", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("code_editions.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("code_concepts.id", ondelete="CASCADE"))
    kind: Mapped[ConceptKind] = mapped_column(Word(ConceptKind))
    code: Mapped[str] = mapped_column(CodeSigns)
    title: Mapped[str] = mapped_column(CatalogueText)
    billable: Mapped[bool] = mapped_column(sa.Boolean)
    extended: Mapped[bool] = mapped_column(sa.Boolean)
    position: Mapped[int] = mapped_column(sa.Integer)
    valid_from: Mapped[date | None] = mapped_column(sa.Date)
    valid_to: Mapped[date | None] = mapped_column(sa.Date)


class CodeTerm(Base):
    """Other words for a concept that a search may use: an inclusion term, an index entry. ``see`` is the reference an index entry followed to get here."""

    __tablename__ = "code_terms"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    concept_id: Mapped[int] = mapped_column(sa.ForeignKey("code_concepts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[TermKind] = mapped_column(Word(TermKind))
    text: Mapped[str] = mapped_column(CatalogueText)
    see: Mapped[str | None] = mapped_column(CatalogueText)
    position: Mapped[int] = mapped_column(sa.Integer)


class CodeNote(Base):
    """An instruction under a concept: Excludes1, code first, the 7th characters, and the like, one line a row."""

    __tablename__ = "code_notes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    concept_id: Mapped[int] = mapped_column(sa.ForeignKey("code_concepts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NoteKind] = mapped_column(Word(NoteKind))
    text: Mapped[str] = mapped_column(CatalogueText)
    position: Mapped[int] = mapped_column(sa.Integer)


class CodeSearchPart(Base):
    """A piece of the packed search index of an edition. ``fingerprint`` says what it was built from; another one is never read."""

    __tablename__ = "code_search_parts"

    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("code_editions.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Digest, primary_key=True)
    position: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    parts: Mapped[int] = mapped_column(sa.Integer)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary)
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
