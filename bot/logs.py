"""Logs: one structured line an event, to standard error. Ids and words only; never what people typed."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

#: The only keys a log line may carry. Anything else is dropped before it is written.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "exception", "reference", "team", "user", "error", "process", "address", "count",
        "notice", "kind", "seconds", "attempts", "state", "mode", "edition", "key", "outage", "port", "signal",
    }
)  # fmt: skip


#: Loggers of libraries, and the lowest level each may print at.
QUIET = {
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    # That a tick takes longer than a second is no trouble: the next one goes on where it ended.
    "apscheduler": logging.ERROR,
    "httpx": logging.WARNING,
    "websocket": logging.WARNING,
}


def set_up_logs(level: str = "INFO", *, as_json: bool = False) -> None:
    """Configure logging for a process.

    Of what libraries log only that gets through which lies above the levels at which they print what was typed: for most DEBUG, for Bolt also
    INFO (the body of a request that is not signed) and WARNING (what was typed into a menu no listener is for).
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutValues("%(levelname)s %(name)s %(message)s"))
    # On the handler, because Bolt gives each of its loggers the level of the root.
    handler.addFilter(_is_wanted)
    logging.basicConfig(level=level, handlers=[handler], force=True)
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


def _is_wanted(record: logging.LogRecord) -> bool:
    return record.levelno >= QUIET.get(record.name.partition(".")[0], logging.NOTSET)


def _traceback_without_values(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The files and lines of a traceback and the kind of error, without its message: a message may quote what somebody typed."""
    if not event.pop("exc_info", None):
        return event
    kind, _, trace = sys.exc_info()
    event["exception"] = _places(kind, trace)
    return event


def _places(kind: type[BaseException] | None, trace: TracebackType | None) -> str:
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return " < ".join([kind.__name__ if kind else "?", *reversed(lines)])


class _WithoutValues(logging.Formatter):
    """The same for what libraries log."""

    def formatException(self, ei: Any) -> str:  # noqa: N802, ANN401 - the base class's signature
        """The kind of error and where it was."""
        kind, _, trace = ei
        return _places(kind, trace)


def _allowed_keys(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}
