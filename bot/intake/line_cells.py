"""The cells of one line while they are read: what fails is noted under its column, and the reading goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.intake.cells import Unreadable, read_slug, read_word
from bot.intake.problems import Problem
from bot.intake.source import Line
from bot.privacy.findings import Finding
from bot.privacy.guard import Guard
from storage.words import Sensitive

T = TypeVar("T")

#: Different codes a file may have before the guard looks at the same one again.
REMEMBERED = 20_000


@dataclass(slots=True)
class CodeCheck:
    """Lets the PHI guard look at the codes in a file, each once however often it occurs. ``found`` is what it stopped."""

    guard: Guard
    found: list[Finding] = field(default_factory=list)
    _clean: dict[str, bool] = field(default_factory=dict)

    def is_clean(self, text: str) -> bool:
        """Whether the guard finds nothing in a code."""
        known = self._clean.get(text)
        if known is None:
            findings = self.guard.scan(text)
            self.found += findings
            known = not findings
            if len(self._clean) < REMEMBERED:
                self._clean[text] = known
        return known


class Cells:
    """The cells of one line, by column."""

    def __init__(self, line: Line, check: CodeCheck, unit: str = "line") -> None:
        self.line = line
        self.check = check
        self.unit = unit
        self.problems: list[Problem] = []

    def text(self, column: str) -> str:
        """What stands there; empty when nothing does."""
        return self.line.cells.get(column, "")

    def failed(self, column: str) -> bool:
        """Whether something was wrong in this column."""
        return any(problem.column == self._called(column) for problem in self.problems)

    def wrong(self, column: str, reason: str) -> None:
        """Note what is wrong; ``reason`` never repeats the cell."""
        self.problems.append(self.problem(column, reason))

    def problem(self, column: str, reason: str) -> Problem:
        """Something about this line, in the file's own words for the column."""
        return Problem(self.line.number, self._called(column), reason, self.unit)

    def _called(self, column: str) -> str:
        return self.line.called.get(column, column)

    def take(self, column: str, read: Callable[[str], T]) -> T | None:
        """The cell as ``read`` understands it; None when it is blank or cannot be read."""
        text = self.line.cells.get(column)
        if text is None:
            return None
        try:
            return read(text)
        except Unreadable as error:
            self.wrong(column, str(error))
            return None

    def slug(self, column: str) -> str | None:
        """A short code, which must not look like patient information."""
        found = self.take(column, read_slug)
        if found is not None and not self.check.is_clean(found):
            self.wrong(column, "looks like patient information")
            return None
        return found

    def external_key(self, reference_column: str, *, foreign: bool) -> str | None:
        """What finds the line again: the key column, a reference of another system, or the key among the identifiers that were left out."""
        if stated := self.text("external_key"):
            return f"external_key:{stated}"
        reference = self.text(reference_column)
        return f"{reference_column}:{reference}" if reference and foreign else self.line.row_key


def read_sensitive(text: str) -> tuple[Sensitive, ...]:
    """Read sensitive categories, separated by spaces, commas, semicolons or bars.

    :raises Unreadable: for an unknown one.
    """
    parts = [part for part in text.replace("|", " ").replace(",", " ").replace(";", " ").split() if part]
    return tuple(sorted({read_word(part, Sensitive) for part in parts}))
