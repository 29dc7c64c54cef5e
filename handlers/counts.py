"""Counts of several web workers in one place, so that ``/metrics`` tells the sums whichever of them answers."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

from prometheus_client.multiprocess import mark_process_dead

from bot.metrics import SHARED_COUNTS
from bot.settings import Settings

#: Set where we made the folder ourselves, so that we take it away again.
_OURS = "CHARTDESK_COUNTS_ARE_OURS"


def share(settings: Settings) -> None:
    """Let the workers keep their counts in one folder, a new one unless the operator named one.

    The library chooses between memory and files when it is imported, and the workers are forks of this process; so it begins anew with the folder in
    its environment, and comes back here with nothing left to do.
    """
    alone = settings.chartdesk_web_workers == 1 or settings.slack_app_token is not None
    if alone or os.environ.get(SHARED_COUNTS):
        return
    os.environ[SHARED_COUNTS] = tempfile.mkdtemp(prefix="chartdesk-counts-")
    os.environ[_OURS] = "1"
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "handlers"])  # noqa: S606 - our own module


def forget_worker(pid: int) -> None:
    """A worker has ended: what it counted stays, what it measured at the moment goes."""
    if os.environ.get(SHARED_COUNTS):
        mark_process_dead(pid)  # type: ignore[no-untyped-call]  # the library has no types here


def clear_away() -> None:
    """Take away the folder when all workers have ended, if it is ours."""
    if os.environ.get(_OURS):
        shutil.rmtree(os.environ[SHARED_COUNTS], ignore_errors=True)
