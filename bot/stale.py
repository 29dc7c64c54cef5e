"""Cards in Slack that show how a task or a flag was. Noted in the transaction of the change; the clock brings them up to date afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.tables import Notice, StaleCard
from storage.words import Subject

#: Changes within this time are shown by one update.
COALESCE = timedelta(seconds=3)


def note_stale(session: Session, workspace_id: int, subject: Subject, subject_id: int, now: datetime) -> None:
    """Note that the cards of a thing must be brought up to date, once however often it changes; nothing where no message shows it."""
    told = {"workspace": workspace_id, "subject": subject, "key": subject_id}
    if session.connection().execute(_has_cards(), told).first() is not None:
        mark(session, workspace_id, subject, subject_id, now)


def mark(session: Session, workspace_id: int, subject: Subject, subject_id: int, now: datetime) -> None:
    """The same for a thing that is known to have cards."""
    values = {
        "workspace_id": workspace_id, "subject": subject, "subject_id": subject_id, "version": 1, "not_before": now + COALESCE
    }  # fmt: skip
    session.connection().execute(_upsert(session.get_bind().dialect.name), values)


def shown_in_slack(workspace: sa.ColumnElement[int], task_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a message shows this task, as a part of a statement of PostgreSQL: one step down the index, whatever the planner knows about notices."""
    shown = _shown(workspace, sa.literal_column(f"'{Subject.TASK.value}'"), task_id)
    return shown.limit(sa.literal_column("1")).scalar_subquery().is_not(None)


@cache
def _has_cards() -> sa.Select[Any]:
    key: sa.BindParameter[int] = sa.bindparam("key")
    return _shown(sa.bindparam("workspace", type_=sa.Integer), sa.bindparam("subject", type_=Notice.subject.type), key).limit(1)


def _shown(workspace: sa.ColumnElement[int], subject: sa.ColumnElement[Any], subject_id: sa.ColumnElement[int]) -> sa.Select[Any]:
    """A row for each message that shows this thing."""
    return sa.select(sa.literal_column("1", sa.Integer)).where(
        Notice.workspace_id == workspace, Notice.subject == subject, Notice.subject_id == subject_id, Notice.message_ts.is_not(None)
    )


@cache
def _upsert(dialect: str) -> Any:  # noqa: ANN401 - one of two dialects' insert
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table: Any = StaleCard.__table__
    return insert(table).on_conflict_do_update(
        index_elements=["workspace_id", "subject", "subject_id"], set_={"version": table.c.version + 1}
    )
