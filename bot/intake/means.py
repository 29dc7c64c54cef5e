"""What an import works with beside the file itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.privacy.guard import Guard


def _tell_nobody(done: int, total: int, what: str) -> None:
    """Progress for callers who do not watch."""


def _keep_nothing(line: int, reference: str) -> None:
    """For callers who do not ask which line became what."""


@dataclass(frozen=True, slots=True)
class Means:
    """The PHI guard that looks at the codes in a file, and the installation's secret: the EHR's own keys are kept only as hashes made with it.

    With ``dry_run`` the report says what would happen and nothing is stored. ``tell`` hears of the progress: done, total, and what is being done.
    ``mapped`` is given which line became which reference once that is stored; the desk keeps no such list.
    """

    guard: Guard
    secret: bytes
    dry_run: bool = False
    tell: Callable[[int, int, str], None] = _tell_nobody
    mapped: Callable[[int, str], None] = _keep_nothing
