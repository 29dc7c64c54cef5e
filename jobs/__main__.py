"""``python -m jobs``: the clock process. Any number of them may run."""

from __future__ import annotations

import signal
import sys
import threading

from bot.database_trouble import database_trouble
from bot.desk import Desk
from bot.errors import Refusal
from bot.installations import require_same_key
from bot.logs import set_up_logs
from bot.settings import load_settings
from jobs import page
from jobs.clock import Clock


def main() -> int:
    """Tick until asked to stop; a refusal to start is one sentence and exit code 2."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = load_settings()
        set_up_logs(settings.chartdesk_log_level, as_json=settings.chartdesk_log_json)
        with database_trouble(settings):
            desk = Desk.open(settings)
            require_same_key(desk.database, settings)
        with page.serving(desk):
            Clock(desk).run(stop)
    except Refusal as refusal:
        print(refusal.sentence, file=sys.stderr)  # noqa: T201 - the console is where the operator looks
        return 2
    desk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
