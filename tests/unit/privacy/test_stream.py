"""Scanning a file of texts, one JSON string a line, as ``chartdesk privacy scan --json`` does."""

from __future__ import annotations

import json

from bot.privacy.stream import scan_stream


def scanned(lines: list[str]) -> list[dict[str, object]]:
    written: list[str] = []
    scan_stream(lines, written.append)
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in written)
    return [json.loads(line) for line in written]


def test_each_line_gets_its_findings_with_places_in_its_own_characters() -> None:
    assert scanned([json.dumps("é MRN 00482913"), json.dumps("DRG 871")]) == [
        {"findings": [{"start": 6, "end": 14, "label": "MRN", "action": "block"}]},
        {"findings": []},
    ]


def test_a_line_that_is_no_json_string_is_told_by_number_and_the_next_is_read() -> None:
    answers = scanned(["MRN 00482913\n", "{}\n", "\n", json.dumps("ssn 412557810") + "\n"])
    assert [set(answer) for answer in answers] == [{"error"}, {"error"}, {"error"}, {"findings"}]
    assert str(answers[1]["error"]).startswith("Line 2 is not a JSON string.")
    assert "00482913" not in str(answers)


def test_answers_come_line_by_line() -> None:
    written: list[str] = []
    asked: list[int] = []

    def lines() -> object:
        for number in range(3):
            asked.append(len(written))
            yield json.dumps(f"DRG 87{number}")

    scan_stream(lines(), written.append)  # type: ignore[arg-type]
    assert asked == [0, 1, 2]
