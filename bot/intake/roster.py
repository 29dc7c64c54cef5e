"""Who the codes in a file's owner column are."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.intake.problems import Problem
from storage.tables import Person


@dataclass(slots=True)
class Roster:
    """Active coworkers by staff code and by Slack id, in small letters. Codes nobody has are remembered with their first line and how many they are on."""

    people: dict[str, int]
    unknown: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, workspace_id: int, unknown: dict[tuple[str, str], list[int]] | None = None) -> Roster:
        """Read the coworkers of a workspace. ``unknown`` are codes that nobody had so far."""
        rows = session.execute(
            sa.select(Person.id, Person.staff_code, Person.slack_user_id).where(
                Person.workspace_id == workspace_id, Person.active
            )
        )
        found = {}
        for row in rows:
            found[row.slack_user_id.lower()] = row.id
            if row.staff_code:
                found[row.staff_code.lower()] = row.id
        return cls(found, {} if unknown is None else unknown)

    def find(self, code: str | None, line: int, column: str = "owner") -> int | None:
        """The person with this code; None, and remembered, when there is nobody."""
        if code is None:
            return None
        person = self.people.get(code.lower())
        if person is None:
            first_and_count = self.unknown.setdefault((column, code), [line, 0])
            first_and_count[1] += 1
        return person

    def warnings(self, unit: str = "line") -> list[Problem]:
        """One warning a code that nobody has."""
        told = []
        for (column, code), (first, count) in self.unknown.items():
            times = f", on {count} {'lines' if unit == 'line' else 'entries'}" if count > 1 else ""
            told.append(
                Problem(first, column, f"{_shown(code)} is the staff code of nobody here{times}, so it was left out", unit)
            )
        return told


def _shown(code: str) -> str:
    """A code with a digit in it may be repeated; a bare word may be anybody's name."""
    return code if any(sign.isdigit() for sign in code) else "what stands there"
