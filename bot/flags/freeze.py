"""The freeze: while a critical flag is open on a record, nothing from that record is delivered. It is never stored, always read from the flags."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.flags.states import SETTLED
from storage.tables import AccuracyFlag
from storage.words import Severity


def frozen_records(session: Session, workspace_id: int, record_ids: Iterable[int | None]) -> dict[int, str]:
    """Which of these records are frozen, each with the reference of the oldest flag that freezes it."""
    wanted = {key for key in record_ids if key is not None}
    if not wanted:
        return {}
    rows = session.execute(
        sa.select(AccuracyFlag.record_id, AccuracyFlag.reference)
        .where(
            AccuracyFlag.workspace_id == workspace_id,
            AccuracyFlag.record_id.in_(wanted),
            AccuracyFlag.severity == Severity.CRITICAL,
            AccuracyFlag.state.not_in(SETTLED),
        )
        .order_by(AccuracyFlag.id.desc())
    )
    return dict(rows.all())
