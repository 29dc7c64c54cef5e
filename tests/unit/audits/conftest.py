"""A clinic with the shipped code set, coders who finished charts, and auditors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.actors import Identity
from bot.audits.cases import waiting_cases
from bot.audits.population import Span, Which
from bot.audits.samples import SampleDrawn, Size, draw_sample
from bot.reviews import work
from storage.words import Role, TaskType
from tests.clinic import Clinic, copied, open_clinic
from tests.desk_fixtures import StandingClock

LONG_AGO = timedelta(days=400)


@dataclass
class Ward:
    """People whose coding is audited, and those who audit."""

    clinic: Clinic
    noor: Identity
    tomas: Identity
    ana: Identity
    priya: Identity

    def coded(self, who: Identity, *codes: str, **facts: Any) -> str:
        """A chart this person has coded; its reference."""
        task = self.clinic.owned_task(who, type=TaskType.CODING, **facts)
        self.clinic.desk.change(who, work.start, None, task)
        self.clinic.desk.change(who, work.complete, None, task, codes or ("I10",), looked_at=True)
        return task

    @property
    def this_month(self) -> Which:
        today = self.clinic.clock().date()
        return Which(Span(today - timedelta(days=30), today))

    def drawn(self, size: Size, seed: str = "a seed", by: Identity | None = None) -> SampleDrawn:
        return self.clinic.desk.change(by or self.priya, draw_sample, None, self.this_month, size, seed)

    def case_of(self, auditor: Identity) -> int:
        """The first case that waits for this auditor."""
        return self.clinic.desk.look(auditor, waiting_cases).sheets[0].id


@pytest.fixture
def ward(code_set: Path, tmp_path: Path, clock: StandingClock) -> Iterator[Ward]:
    """Noor codes; Tomas codes and audits; Ana audits; Priya supervises."""
    with open_clinic(copied(code_set, tmp_path), clock) as clinic:
        clinic.allow_active(500)
        since = {"created_at": clock() - LONG_AGO}
        yield Ward(
            clinic,
            noor=clinic.person("Noor", Role.SPECIALIST, **since),
            ana=clinic.person("Ana", Role.AUDITOR, **since),
            tomas=clinic.person("Tomas", Role.SPECIALIST, Role.AUDITOR, **since),
            priya=clinic.person("Priya", Role.SUPERVISOR, **since),
        )
