"""The history of a flag: its report, every step, every comment, and who joined; each with who and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.flags.cards import find_flag, require_sight
from bot.people import names
from storage.columns import CleanText
from storage.tables import AccuracyFlag, FlagHistory
from storage.words import FlagEvent, FlagState

#: How many of the latest entries are shown.
LATEST = 20


@dataclass(frozen=True, slots=True)
class FlagEntry:
    """One entry: ``by`` is a Slack id, None for the clock; ``state`` is how the flag stood afterwards."""

    event: FlagEvent
    by: str | None
    at: datetime
    state: FlagState
    note: CleanText | None
    reopened: bool = False


def write_history(
    session: Session,
    actor: Actor,
    now: datetime,
    flag: AccuracyFlag,
    event: FlagEvent,
    before: FlagState | None,
    note: CleanText | None = None,
) -> int:
    """Write one entry; returns its key, which also tells one round of a flag from the next."""
    entry = FlagHistory(
        workspace_id=flag.workspace_id,
        flag_id=flag.id,
        actor_id=actor.person_id,
        event=event,
        from_state=before,
        to_state=flag.state,
        note=note,
        at=now,
    )
    session.add(entry)
    session.flush()
    return entry.id


def flag_history(session: Session, reader: Actor, _now: datetime, reference: str) -> tuple[FlagEntry, ...]:
    """The latest entries of a flag, newest first.

    :raises NoSuchFlag: when there is none.
    :raises NotYourFlag: for somebody it does not concern.
    """
    flag = find_flag(session, reader.workspace_id, reference)
    require_sight(session, reader, flag)
    rows = session.scalars(
        sa.select(FlagHistory)
        .where(FlagHistory.workspace_id == reader.workspace_id, FlagHistory.flag_id == flag.id)
        .order_by(FlagHistory.id.desc())
        .limit(LATEST)
    ).all()
    return read_entries(session, reader.workspace_id, rows)


def read_entries(session: Session, workspace_id: int, rows: Sequence[FlagHistory]) -> tuple[FlagEntry, ...]:
    """Rows of the history as people read them."""
    people = names(session, workspace_id, [row.actor_id for row in rows])
    return tuple(
        FlagEntry(
            row.event,
            people[row.actor_id].slack_user_id if row.actor_id in people else None,
            row.at,
            row.to_state,
            row.note,
            reopened=row.to_state is FlagState.OPEN and row.event is FlagEvent.MOVED,
        )
        for row in rows
    )
