"""What PostgreSQL knows of how much there is in a table: the planner goes by it."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.tables import Record, ReviewTask, RoiRequest

#: What a work list fills.
FILLED: Final = (Record, ReviewTask, RoiRequest)


def count_again(session: Session) -> None:
    """Let the planner know how full the tables of work are by now.

    It was told when they were small, and would go on reading all of them for each look-up until the server counts again by itself. SQLite needs none of it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"ANALYZE {', '.join(table.__tablename__ for table in FILLED)}"))
