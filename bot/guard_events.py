"""Counting what the PHI guard stopped: kinds and numbers, so that false alarms get fixed. Never the text, its place, or a hash of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.privacy.findings import Finding
from storage.tables import GuardEvent
from storage.words import Surface


def count_guarded(
    session: Session, actor: Actor, now: datetime, surface: Surface, findings: Sequence[Finding], confirmed: str = ""
) -> None:
    """Write that a text was stopped on a surface, or let in for one of the fixed reasons."""
    session.add(
        GuardEvent(
            workspace_id=actor.workspace_id,
            person_id=actor.person_id,
            surface=surface,
            labels=dict(Counter(str(finding.label) for finding in findings)),
            action="confirmed" if confirmed else "stopped",
            confirm_reason=confirmed or None,
            length_bucket=max((finding.end for finding in findings), default=0) // 50 * 50,
            at=now,
        )
    )
