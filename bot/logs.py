"""Logs: one structured line an event, to standard error. Ids and words only; never what people typed."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: The only keys a log line may carry. Anything else is dropped before it is written.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "exception", "reference", "team", "user", "error", "process", "address", "count",
        "notice", "kind", "seconds", "attempts", "state", "mode", "edition", "key", "outage", "port", "signal",
    }
)  # fmt: skip


def set_up_logs(level: str = "INFO", *, as_json: bool = False) -> None:
    """Configure logging for a process. Slack's and SQLAlchemy's own loggers stay above DEBUG, where they would print request bodies."""
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True)
    for noisy in ("slack_bolt", "slack_sdk", "sqlalchemy", "apscheduler", "httpx", "websocket"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _traceback_without_values,
            _allowed_keys,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _traceback_without_values(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The files and lines of a traceback and the kind of error, without its message: a message may quote what somebody typed."""
    if not event.pop("exc_info", None):
        return event
    kind, _, trace = sys.exc_info()
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    event["exception"] = " < ".join([kind.__name__ if kind else "?", *reversed(lines)])
    return event


def _allowed_keys(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}
