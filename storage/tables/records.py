"""Records: references to patient encounters in the EHR. The record itself is never here."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, Digest, Reference, Slug, UtcDateTime, Words
from storage.words import Sensitive


class Record(Base):
    """One patient encounter, known by a random reference. ``external_key`` is the keyed hash of the EHR's own key, to find the row again at the next import."""

    __tablename__ = "records"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "reference"),
        sa.UniqueConstraint("workspace_id", "external_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    reference: Mapped[str] = mapped_column(Reference)
    facility: Mapped[str | None] = mapped_column(Slug)
    sensitive: Mapped[tuple[Sensitive, ...]] = mapped_column(Words(Sensitive), default=())
    external_key: Mapped[str | None] = mapped_column(Digest)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
