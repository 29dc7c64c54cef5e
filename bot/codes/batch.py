"""Many questions in one go, for programs: one line in, one JSON object out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from bot.codes.search.index import Hit


class Searches(Protocol):
    """Something that answers a line with codes."""

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """The codes most likely meant, best first."""


def answer_batch(index: Searches, lines: Iterable[str], write: Callable[[str], None], limit: int = 10) -> int:
    """Answer each line as it comes: ``{"query", "results": [{"code", "title", "billable", "score"}], "ms"}``, a JSON object and a line end.

    Every line is answered, whatever is in it; what is not a question has no results.

    :param write: takes one finished line and passes it on at once.
    :returns: how many lines were answered.
    """
    count = 0
    for line in lines:
        write(json.dumps(_answer(index, line.rstrip("\r\n"), limit)) + "\n")
        count += 1
    return count


def _answer(index: Searches, query: str, limit: int) -> dict[str, Any]:
    start = time.perf_counter()
    hits = index.search(query, limit)
    spent = (time.perf_counter() - start) * 1000
    results = [{"code": hit.code, "title": hit.title, "billable": hit.billable, "score": hit.score} for hit in hits]
    return {"query": query, "results": results, "ms": round(spent, 3)}
