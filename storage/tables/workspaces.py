"""Workspaces: one Slack team, one records desk."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, CatalogueText, RosterName, Sealed, SlackId, Slug, UtcDateTime, Zone


class Workspace(Base):
    """A Slack team that uses the desk. Every other row of people's work carries its id."""

    __tablename__ = "workspaces"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId, unique=True)
    name: Mapped[str] = mapped_column(RosterName)
    bot_user_id: Mapped[str | None] = mapped_column(SlackId)
    bot_token: Mapped[bytes | None] = mapped_column(Sealed)
    bot_scopes: Mapped[str | None] = mapped_column(CatalogueText)
    installed_by: Mapped[str | None] = mapped_column(SlackId)
    active: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    legal_zone: Mapped[str] = mapped_column(Zone, default="America/New_York")
    legal_state: Mapped[str | None] = mapped_column(Slug)
    active_task_limit: Mapped[int] = mapped_column(sa.Integer, default=5)
    daily_push_limit: Mapped[int] = mapped_column(sa.Integer, default=4)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProcessedRequest(Base):
    """A request that was carried out: its key is committed with its effect, so a repeat finds it and does nothing."""

    __tablename__ = "processed_requests"

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Slug, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Heartbeat(Base):
    """The last sign of life of one process, for ``/readyz`` and ``chartdesk doctor``."""

    __tablename__ = "heartbeats"

    process: Mapped[str] = mapped_column(Slug, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
