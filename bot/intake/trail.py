"""What an import leaves behind beside the work itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.guard_events import count_guarded
from bot.intake.line_cells import CodeCheck
from bot.intake.report import ImportReport
from storage.words import Subject, Surface


def note_import(session: Session, actor: Actor, now: datetime, report: ImportReport, check: CodeCheck) -> None:
    """Write down that there was an import: one audit entry with its counts, and what the guard stopped."""
    audit.record(
        session, actor, now, f"{report.kind}_imported", Subject.WORKSPACE, f"import:{report.digest[:16]}",
        **report.counts(), dropped_columns=len(report.dropped),
    )  # fmt: skip
    if check.found:
        count_guarded(session, actor, now, Surface.IMPORT, check.found)
    session.flush()
