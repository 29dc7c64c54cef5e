"""Who the codes in a file's owner column are."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.intake.report import Problem
from storage.tables import Person


@dataclass(slots=True)
class Roster:
    """Active coworkers by staff code and by Slack id, in small letters. Codes nobody has are remembered with their first line."""

    people: dict[str, int]
    unknown: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, workspace_id: int) -> Roster:
        """Read the coworkers of a workspace."""
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
        return cls(found)

    def find(self, code: str | None, line: int, column: str = "owner") -> int | None:
        """The person with this code; None, and remembered, when there is nobody."""
        if code is None:
            return None
        person = self.people.get(code.lower())
        if person is None:
            self.unknown.setdefault((column, code), []).append(line)
        return person

    def warnings(self) -> list[Problem]:
        """One warning a code that nobody has."""
        told = []
        for (column, code), lines in self.unknown.items():
            times = f", on {len(lines)} lines" if len(lines) > 1 else ""
            told.append(
                Problem(lines[0], column, f"{code} is the staff code of nobody here{times}, so it was left out")
            )
        return told
