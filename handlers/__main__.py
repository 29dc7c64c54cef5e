"""``python -m handlers``: serve Slack, by Socket Mode with SLACK_APP_TOKEN and by HTTP without."""

from __future__ import annotations

import os
import sys

from bot.errors import Refusal
from bot.logs import set_up_logs
from bot.settings import load_settings, require_slack
from handlers import counts
from handlers.serve import make_ready, serve_http
from handlers.socket_mode import serve_socket_mode

#: Bolt reads these by itself and would go its own way; here the settings decide.
BOLT_READS = ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET")


def main() -> int:
    """Serve until asked to stop; a refusal to start is one sentence and exit code 2."""
    try:
        settings = load_settings()
        set_up_logs(settings.chartdesk_log_level, as_json=settings.chartdesk_log_json)
        require_slack(settings)
        counts.share(settings)
        for name in BOLT_READS:
            os.environ.pop(name, None)
        make_ready(settings)
        if settings.slack_app_token:
            serve_socket_mode(settings)
        else:
            serve_http(settings)
    except Refusal as refusal:
        print(refusal.sentence, file=sys.stderr)  # noqa: T201 - the console is where the operator looks
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
