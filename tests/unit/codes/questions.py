"""Lines with the codes that are right for them, and who is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.codes.entry import plain_code
from bot.codes.search.codetable import CodeTable

DATA = Path(__file__).parent / "data"
OWN_SETS = tuple(f"fresh_{letter}" for letter in "abcdefghij")
#: The answer of a line that must find nothing.
NOTHING = "NONE"


@dataclass(frozen=True)
class Question:
    """A line, the codes that answer it, and what kind of line it is."""

    line: str
    answers: tuple[str, ...]
    kind: str


def read_questions(path: Path) -> list[Question]:
    """The questions of a file: line, codes parted by commas, kind."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [Question(line, tuple(codes.split(",")), kind) for line, codes, kind in rows]


def own_questions(name: str) -> list[Question]:
    """One of the collections beside this file."""
    return read_questions(DATA / f"{name}.tsv")


class Judge:
    """Says whether a found code answers: a billable answer must be met exactly; one that cannot be billed also by its parent, a child, or a 7th character."""

    def __init__(self, table: CodeTable) -> None:
        self.table = table

    def is_right(self, code: str, answers: Sequence[str]) -> bool:
        """Whether the code is one of the answers, or near enough to one that cannot be billed."""
        return code in answers or any(self._near(code, answer) for answer in answers)

    def rank(self, found: Sequence[str], question: Question) -> int:
        """The place of the first right code, from 1; 0 when there is none."""
        if question.answers == (NOTHING,):
            return 0 if found else 1
        return next((place for place, code in enumerate(found, 1) if self.is_right(code, question.answers)), 0)

    def recall(self, search: Callable[[str], Sequence[str]], questions: Sequence[Question]) -> tuple[float, float]:
        """Percent answered by the first code, and among the first five."""
        ranks = [self.rank(search(question.line)[:5], question) for question in questions]
        return tuple(100 * sum(0 < rank <= most for rank in ranks) / len(ranks) for most in (1, 5))  # type: ignore[return-value]

    def _near(self, code: str, answer: str) -> bool:
        found, wanted = (self.table.find(plain_code(one)) for one in (code, answer))
        if found is None or wanted is None or self.table.billable[wanted]:
            return False
        above = int(self.table.parent[found])
        if wanted == above or int(self.table.parent[wanted]) == found:
            return True
        return bool(self.table.extended[found]) and wanted == int(self.table.parent[above])
