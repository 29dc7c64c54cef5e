"""Workspaces: one Slack team, one records desk."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, CatalogueText, RosterName, Sealed, SlackId, Slug, UtcDateTime, Zone


class Workspace(Base):
    """A Slack team that uses the desk. Every other row of people's work carries its id.

    Hours of tasks (``nudge_hours``, ``return_hours``) are working hours of the owner, ``query_hours`` hours of the clock, ``chart_days`` days after discharge.
    When flags stand ``education_repeats`` times against somebody within ``education_days`` for one root reason, they get a private note.
    ``queue_channel`` is told how much new work came, at most every ``queue_minutes``; ``queue_told_at`` and ``queue_told_id`` say up to where it was told.
    """

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
    nudge_hours: Mapped[int] = mapped_column(sa.Integer, default=4, server_default="4")
    return_hours: Mapped[int] = mapped_column(sa.Integer, default=8, server_default="8")
    query_hours: Mapped[int] = mapped_column(sa.Integer, default=48, server_default="48")
    chart_days: Mapped[int] = mapped_column(sa.Integer, default=30, server_default="30")
    new_coder_days: Mapped[int] = mapped_column(sa.Integer, default=90, server_default="90")
    sample_percent: Mapped[int] = mapped_column(sa.Integer, default=5, server_default="5")
    education_repeats: Mapped[int] = mapped_column(sa.Integer, default=3, server_default="3")
    education_days: Mapped[int] = mapped_column(sa.Integer, default=30, server_default="30")
    queue_channel: Mapped[str | None] = mapped_column(SlackId)
    queue_minutes: Mapped[int] = mapped_column(sa.Integer, default=15, server_default="15")
    queue_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queue_told_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProcessedRequest(Base):
    """A request that was carried out: its key is committed with its effect, so a repeat finds it and does nothing.

    ``workspace_id`` is no foreign key, for the reason given at :class:`storage.tables.audit.AuditEntry`. Old keys are looked for by reading them all, which is
    seldom; every change writes one.
    """

    __tablename__ = "processed_requests"

    workspace_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(Slug, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Heartbeat(Base):
    """The last sign of life of one process, for ``/readyz`` and ``chartdesk doctor``."""

    __tablename__ = "heartbeats"

    process: Mapped[str] = mapped_column(Slug, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
