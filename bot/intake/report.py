"""What an import did, or would do, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.intake.problems import Problem
from bot.intake.source import Source

#: Problems and notes a report keeps with their lines; of more only the number is known.
MOST_KEPT = 10_000


@dataclass(slots=True)
class ImportReport:
    """New, updated and unchanged count lines.

    ``references`` gives by line what people call it now, until it is handed on; neither the desk nor this report keeps that list. ``total`` is how many
    lines there are, ``done`` how many were gone through.
    """

    kind: str
    digest: str
    unit: str = "line"
    total: int = 0
    dry_run: bool = False
    done: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected_lines: int = 0
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    more_warnings: int = 0
    dropped: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    encoding: str = "utf-8"
    references: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source, *, dry_run: bool) -> ImportReport:
        """The report of an import that has not begun."""
        return cls(
            source.columns.kind, source.digest, unit=source.unit, total=source.total, dry_run=dry_run,
            dropped=source.dropped, ignored=source.ignored, encoding=source.encoding,
        )  # fmt: skip

    def reject(self, problems: Iterable[Problem]) -> None:
        """Take note of everything that is wrong with one line."""
        self.rejected_lines += 1
        for problem in problems:
            if len(self.rejected) < MOST_KEPT:
                self.rejected.append(problem)
            else:
                self.more_problems += 1

    def warn(self, warning: Problem) -> None:
        """Take note of something that is not as the file may mean it."""
        if len(self.warnings) < MOST_KEPT:
            self.warnings.append(warning)
        else:
            self.more_warnings += 1

    def hand_on(self, take: Callable[[int, str], None]) -> None:
        """Give away which line became which reference, and forget it."""
        for line, reference in sorted(self.references.items()):
            take(line, reference)
        self.references.clear()

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
            "problems_not_listed": self.more_problems,
            "warnings_not_listed": self.more_warnings,
            "dropped_columns": list(self.dropped),
            "ignored_columns": list(self.ignored),
            "encoding": self.encoding,
        }


def _as_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [{problem.unit: problem.line, "column": problem.column, "reason": problem.reason} for problem in problems]
