"""What is wrong with a line, or not as it may be meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one line (or entry) of the file: which, in which column, and what. The cell itself is never repeated."""

    line: int
    column: str
    reason: str
    unit: str = "line"

    def __str__(self) -> str:
        end = "" if self.reason.endswith("?") else "."
        return f"{self.unit.capitalize()} {self.line}, {self.column}: {self.reason}{end}"
