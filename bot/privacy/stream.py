"""Scanning texts line by line, for ``chartdesk privacy scan --json``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from bot.privacy.guard import Guard


def scan_stream(lines: Iterable[str], write: Callable[[str], None], guard: Guard | None = None) -> None:
    """Read one JSON string a line, write ``{"findings": [{"start", "end", "label", "action"}]}`` a line, each as soon as it is known.

    A line that is not a JSON string gets ``{"error": ...}`` with its number, and the next line is read. No text is written.

    :param write: called once a line, with the newline; the caller flushes.
    :param guard: the guard to use; a new one without a roster when left out.
    """
    guard = guard or Guard.load()
    for number, line in enumerate(lines, start=1):
        write(json.dumps(_answer(line, number, guard)) + "\n")


def _answer(line: str, number: int, guard: Guard) -> dict[str, object]:
    try:
        text = json.loads(line)
    except (ValueError, RecursionError):
        text = None
    if not isinstance(text, str):
        return {"error": f"Line {number} is not a JSON string. Write each text as one JSON string on its own line."}
    try:
        findings = guard.scan(text)
    except Exception:  # noqa: BLE001 - one text must not stop the others, and its words must not reach a traceback
        return {"error": f"Line {number} could not be checked. Treat it as holding patient information."}
    return {
        "findings": [
            {"start": one.start, "end": one.end, "label": one.label.value, "action": one.action.value}
            for one in findings
        ]
    }
