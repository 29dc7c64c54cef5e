"""Test texts with their identifiers marked in braces, as ``pt {NAME:john hall} dob {DOB:3/4/62}``, and how well findings cover them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.privacy.findings import Finding

DATA = Path(__file__).parent / "data"
_MARK = re.compile(r"\{([A-Z0-9_]+):([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, the spans that must be found, and those that may be found or not (a provider's or coworker's name)."""

    text: str
    spans: list[Span]
    either: list[Span]


def marked(line: str) -> Marked:
    text, spans, end = "", [], 0
    for match in _MARK.finditer(line):
        text += line[end : match.start()]
        spans.append(Span(len(text), len(text) + len(match.group(2)), match.group(1)))
        text += match.group(2)
        end = match.end()
    text += line[end:]
    return Marked(text, [one for one in spans if one.label != "OK"], [one for one in spans if one.label == "OK"])


def read_set(name: str) -> list[Marked]:
    lines = (DATA / f"{name}.txt").read_text(encoding="utf8").splitlines()
    return [marked(line) for line in lines if line and not line.startswith("#")]


@dataclass(slots=True)
class Score:
    """Counts over a set; the measures are shares between 0 and 1."""

    spans: int = 0
    found: int = 0
    messages: int = 0
    clean: int = 0
    told: int = 0
    right: int = 0
    harmless: int = 0
    alarms: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.spans)

    @property
    def clean_share(self) -> float:
        return self.clean / max(1, self.messages)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.told)

    @property
    def alarm_rate(self) -> float:
        return self.alarms / max(1, self.harmless)


def covered(span: Span, findings: Sequence[Finding]) -> float:
    """The share of the span's characters that redacting would hide."""
    hidden = {at for one in findings for at in range(max(one.start, span.start), min(one.end, span.end))}
    return len(hidden) / (span.end - span.start)


def score(texts: Iterable[tuple[Marked, Sequence[Finding]]]) -> Score:
    """Recall counts spans hidden to 60 %, clean counts messages whose every span is hidden to 90 %."""
    total = Score()
    for text, findings in texts:
        if not text.spans and not text.either:
            total.harmless += 1
            total.alarms += bool(findings)
            continue
        shares = [covered(span, findings) for span in text.spans]
        total.spans += len(shares)
        total.found += sum(share >= 0.6 for share in shares)
        total.messages += 1
        total.clean += all(share > 0.9 for share in shares)
        total.missed += [
            f"{span.label} in {text.text!r}" for span, share in zip(text.spans, shares, strict=True) if share < 0.6
        ]
        for one in findings:
            if any(one.start < span.end and span.start < one.end for span in text.spans):
                total.right += 1
                total.told += 1
            elif not any(one.start < span.end and span.start < one.end for span in text.either):
                total.told += 1
    return total


def house_set(path: Path) -> list[Marked]:
    """A set of the house: one JSON object a line with ``text``, ``spans`` and ``ignore``."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]
    return [Marked(row["text"], _spans(row["spans"]), _spans(row.get("ignore", []))) for row in rows]


def _spans(rows: list[dict[str, Any]]) -> list[Span]:
    return [Span(row["start"], row["end"], str(row["label"])) for row in rows]
