"""Several people act on one flag, or on one chart, at the same moment on PostgreSQL: one step is taken, the others read how it stands."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from bot import audit
from bot.actors import Identity
from bot.errors import Refusal, Stale
from bot.flags.cards import FlagCard
from bot.flags.flow import take_step
from bot.flags.reporting import Problem, report
from bot.flags.states import Step
from storage.tables import AccuracyFlag, FlagHistory
from storage.words import ErrorType, FlagEvent, FlagState, Role, Severity
from tests.clinic import Clinic, clean


@pytest.fixture
def clinic(postgres_clinic: Clinic) -> Clinic:
    """Noor is flagged, Tomas reports, two auditors and two supervisors decide."""
    postgres_clinic.person("Noor", Role.SPECIALIST)
    postgres_clinic.person("Tomas", Role.SPECIALIST)
    for name in ("Ana", "Ben"):
        postgres_clinic.person(name, Role.AUDITOR)
    for name in ("Priya", "Raj"):
        postgres_clinic.person(name, Role.SUPERVISOR)
    return postgres_clinic


def together(*jobs: Callable[[], FlagCard]) -> list[FlagCard | Refusal]:
    """What each gets who begins at the same moment."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], FlagCard]) -> FlagCard | Refusal:
        gate.wait(10)
        try:
            return job()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def rebutted(clinic: Clinic) -> str:
    noor, tomas = clinic.people["Noor"], clinic.people["Tomas"]
    reference = clinic.desk.change(tomas, report, None, clinic.owned_task(noor), Problem(ErrorType.UNITS)).reference
    clinic.desk.change(noor, take_step, None, reference, Step.ACKNOWLEDGE)
    clinic.desk.change(noor, take_step, None, reference, Step.REBUT, clean("No"))
    return reference


def step_of(clinic: Clinic, who: Identity, reference: str, step: Step) -> Callable[[], FlagCard]:
    return lambda: clinic.desk.change(who, take_step, None, reference, step, clean("Looked at it"))


def moves(clinic: Clinic, reference: str) -> list[FlagState]:
    with clinic.database.read() as session:
        return list(
            session.scalars(
                sa.select(FlagHistory.to_state)
                .join(AccuracyFlag, AccuracyFlag.id == FlagHistory.flag_id)
                .where(
                    FlagHistory.workspace_id == clinic.workspace_id, AccuracyFlag.reference == reference, FlagHistory.event == FlagEvent.MOVED
                )
                .order_by(FlagHistory.id)
            )
        )


def test_one_ruling_of_two_stands_and_the_other_reads_how_it_was_decided(clinic: Clinic) -> None:
    for _ in range(5):
        reference = rebutted(clinic)
        got = together(
            step_of(clinic, clinic.people["Ana"], reference, Step.UPHOLD), step_of(clinic, clinic.people["Ben"], reference, Step.OVERTURN)
        )
        [loser] = [one for one in got if isinstance(one, Refusal)]
        [winner] = [one for one in got if isinstance(one, FlagCard)]
        assert isinstance(loser, Stale)
        assert f"{reference} is {winner.state} now" in loser.sentence
        assert moves(clinic, reference)[2:] == [winner.state]
    with clinic.database.read() as session:
        assert list(audit.breaks(session, clinic.workspace_id)) == []


def test_four_people_verify_at_once_and_it_is_verified_once(clinic: Clinic) -> None:
    reference = rebutted(clinic)
    clinic.desk.change(clinic.people["Ana"], take_step, None, reference, Step.UPHOLD)
    clinic.desk.change(clinic.people["Noor"], take_step, None, reference, Step.CORRECT)
    got = together(*(step_of(clinic, clinic.people[name], reference, Step.VERIFY) for name in ("Ana", "Ben", "Priya", "Raj")))
    assert sum(isinstance(one, FlagCard) for one in got) == 1
    assert moves(clinic, reference).count(FlagState.VERIFIED) == 1
    assert len(clinic.audit(action="flag_verified", reference=reference)) == 1


def test_two_reports_of_one_problem_at_once_are_one_flag_with_two_reporters(clinic: Clinic) -> None:
    task = clinic.owned_task(clinic.people["Noor"])
    problem = Problem(ErrorType.WRONG_PATIENT, None, Severity.CRITICAL)
    first, second = together(
        *(lambda who=who: clinic.desk.change(clinic.people[who], report, None, task, problem) for who in ("Tomas", "Ana"))
    )
    assert isinstance(first, FlagCard)
    assert isinstance(second, FlagCard)
    assert first.reference == second.reference
    assert sorted((first.joined, second.joined)) == [False, True]
