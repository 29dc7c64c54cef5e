"""A team: a supervisor, two specialists and one who releases information."""

from __future__ import annotations

import pytest

from storage.words import Role
from tests.clinic import Clinic


@pytest.fixture
def team(clinic: Clinic) -> Clinic:
    """Priya supervises; Noor and Tomas code, Grace releases."""
    clinic.person("Priya", Role.SUPERVISOR)
    clinic.person("Noor", Role.SPECIALIST)
    clinic.person("Tomas", Role.SPECIALIST)
    clinic.person("Grace", Role.ROI_SPECIALIST)
    clinic.allow_active(100)
    return clinic
