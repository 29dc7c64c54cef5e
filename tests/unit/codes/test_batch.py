"""Many lines in, one answer each, as they come."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.codes.batch import answer_batch
from bot.codes.search.index import CodeIndex


def test_each_line_is_answered_before_the_next_is_read(code_index: CodeIndex) -> None:
    written: list[str] = []
    seen: list[int] = []

    def lines() -> Iterator[str]:
        for line in ("htn\n", "E11.9\r\n", "no such thing at all qqqq\n"):
            seen.append(len(written))
            yield line

    assert answer_batch(code_index, lines(), written.append, 3) == 3
    assert seen == [0, 1, 2]
    first, second, _ = (json.loads(line) for line in written)
    assert set(first) == {"query", "results", "ms"}
    assert set(first["results"][0]) == {"code", "title", "billable", "score"}
    assert (first["query"], first["results"][0]["code"]) == ("htn", "I10")
    assert (second["query"], second["results"][0]["code"], len(second["results"])) == ("E11.9", "E11.9", 1)
    assert 0 <= first["ms"] < 1000


def test_odd_lines_are_answered_too(code_index: CodeIndex) -> None:
    written: list[str] = []
    odd = ["", "x" * 3000, "😀", "\x00\x01\x1b", "\ud800", "'; DROP TABLE code_concepts; --", "ñ" * 50]
    assert answer_batch(code_index, odd, written.append, 10) == len(odd)
    answers = [json.loads(line) for line in written]
    assert [answer["query"] for answer in answers] == odd
    assert all(answers[at]["results"] == [] for at in (0, 1, 2, 3, 4))
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in written)
