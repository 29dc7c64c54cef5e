"""Cards in Slack that show how a task or a flag was. Noted in the transaction of the change; the clock brings them up to date afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.columns import UtcDateTime
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


def mark_where_shown(changed: sa.CTE, subject: Subject) -> Any:  # noqa: ANN401 - PostgreSQL's insert
    """The same as a part of another statement, for PostgreSQL: for the thing in ``changed``, if it has cards. Its parameter: ``stale_from``."""
    word: sa.ColumnClause[str] = sa.literal_column(f"'{subject.value}'")
    shows = (
        Notice.workspace_id == changed.c.workspace_id, Notice.subject == word, Notice.subject_id == changed.c.id, Notice.message_ts.is_not(None)
    )  # fmt: skip
    # One step down the index of notices, whatever the planner knows about them; a join might read many.
    one = sa.select(sa.true()).where(*shows).limit(sa.literal_column("1")).scalar_subquery()
    begins = sa.bindparam("stale_from", type_=UtcDateTime())
    values = sa.select(changed.c.workspace_id, word, changed.c.id, sa.literal_column("1"), begins).where(one)
    return _upsert("postgresql").from_select(
        ["workspace_id", "subject", "subject_id", "version", "not_before"], values, include_defaults=False
    )


def has_cards(
    workspace: sa.ColumnElement[int], subject_id: sa.ColumnElement[int], subject: Subject | sa.ColumnElement[Subject] = Subject.TASK
) -> sa.Exists:
    """Whether a message in Slack shows this thing, as a part of another statement."""
    return sa.exists().where(
        Notice.workspace_id == workspace,
        Notice.subject == subject,
        Notice.subject_id == subject_id,
        Notice.message_ts.is_not(None),
    )


@cache
def _has_cards() -> sa.Select[Any]:
    workspace: sa.BindParameter[int] = sa.bindparam("workspace")
    key: sa.BindParameter[int] = sa.bindparam("key")
    subject: sa.BindParameter[Subject] = sa.bindparam("subject", type_=Notice.subject.type)
    return sa.select(sa.literal(1)).where(has_cards(workspace, key, subject))


@cache
def _upsert(dialect: str) -> Any:  # noqa: ANN401 - one of two dialects' insert
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table: Any = StaleCard.__table__
    return insert(table).on_conflict_do_update(
        index_elements=["workspace_id", "subject", "subject_id"], set_={"version": table.c.version + 1}
    )
