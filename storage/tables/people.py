"""People: coworkers of the desk, their roles and their settings. Never patients."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId, RosterName, SlackId, Slug, Slugs, UtcDateTime, Words, Zone
from storage.words import Role


class Person(Base):
    """A coworker in one workspace. Working hours are minutes after local midnight; workdays are ISO weekday numbers (1 is Monday).

    A leave lasts from ``away_from`` (at once, when there is none) until ``away_until``. ``works_restricted``: may see and work restricted records.
    ``digest`` and ``weekly_report``: wants the morning digest; wants, as a supervisor, the report on the week that is over.
    """

    __tablename__ = "people"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "slack_user_id"),
        sa.UniqueConstraint("workspace_id", "staff_code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    slack_user_id: Mapped[str] = mapped_column(SlackId)
    name: Mapped[str] = mapped_column(RosterName)
    zone: Mapped[str] = mapped_column(Zone, default="UTC")
    roles: Mapped[tuple[Role, ...]] = mapped_column(Words(Role), default=())
    staff_code: Mapped[str | None] = mapped_column(Slug)
    skills: Mapped[tuple[str, ...]] = mapped_column(Slugs, default=())
    facilities: Mapped[tuple[str, ...]] = mapped_column(Slugs, default=())
    active: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    hours_start: Mapped[int] = mapped_column(sa.Integer, default=8 * 60)
    hours_end: Mapped[int] = mapped_column(sa.Integer, default=17 * 60)
    workdays: Mapped[tuple[str, ...]] = mapped_column(Slugs, default=("1", "2", "3", "4", "5"))
    works_holidays: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    digest: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    weekly_report: Mapped[bool] = mapped_column(sa.Boolean, default=True, server_default=sa.true())
    works_restricted: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    away_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    away_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    profile_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
