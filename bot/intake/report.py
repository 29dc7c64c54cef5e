"""What an import did, or would do, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.intake.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one line of the file: which, in which column, and what. The cell itself is never repeated."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        end = "" if self.reason.endswith("?") else "."
        return f"Line {self.line}, {self.column}: {self.reason}{end}"


@dataclass(slots=True)
class ImportReport:
    """New, updated and unchanged count lines. ``references`` gives by line what people call it now; the desk does not keep that list."""

    kind: str
    digest: str
    dry_run: bool = False
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    dropped: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    encoding: str = "utf-8"
    references: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sheet: Sheet, *, dry_run: bool) -> ImportReport:
        """The report of an import that has not begun."""
        return cls(
            sheet.columns.kind,
            sheet.digest,
            dry_run=dry_run,
            dropped=sheet.dropped,
            ignored=sheet.ignored,
            encoding=sheet.encoding,
        )

    @property
    def rejected_lines(self) -> int:
        """How many lines were rejected, however many problems each has."""
        return len({problem.line for problem in self.rejected})

    @property
    def changes(self) -> bool:
        """Whether anything is stored by it."""
        return bool(self.new or self.updated)

    def counts(self) -> dict[str, int]:
        """The four counts by name."""
        return {
            "new": self.new,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected_lines,
        }

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "kind": self.kind,
            "dry_run": self.dry_run,
            **self.counts(),
            "rejected_lines": _as_rows(self.rejected),
            "warnings": _as_rows(self.warnings),
            "dropped_columns": list(self.dropped),
            "ignored_columns": list(self.ignored),
            "encoding": self.encoding,
        }


def _as_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [{"line": problem.line, "column": problem.column, "reason": problem.reason} for problem in problems]
