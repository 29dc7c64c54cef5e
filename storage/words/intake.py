"""The words of imports."""

from __future__ import annotations

from enum import StrEnum


class ImportState(StrEnum):
    """Where an import stands."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
