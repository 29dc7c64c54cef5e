"""Imports that died with their process: who began one is told, once."""

from __future__ import annotations

from bot.desk import Desk
from bot.intake.trail import tell_stopped


def sweep_imports(desk: Desk) -> int:
    """Look for imports that have not moved for minutes; returns how many there were."""
    with desk.database.write() as session:
        return tell_stopped(session, desk.now())
