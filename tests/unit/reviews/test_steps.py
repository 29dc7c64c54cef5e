"""Whatever people try with a task, in whatever order: it stands as a small model says, and what is refused leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.errors import Refusal
from bot.reviews import handoff, leases, work
from bot.reviews.assigned_codes import NotBillable, UnknownCode
from bot.reviews.claims import claim, claim_next
from bot.reviews.work import CodesNeeded, NoHoldReason, WakeInThePast
from bot.team.assign import assign
from storage.tables import CodeConcept, CodeEdition, CodeSystem, TaskCode, TaskHold
from storage.words import CancelReason, ConceptKind, EditionState, HoldReason, ReturnReason, Role, TaskState, TaskType
from tests.clinic import Clinic
from tests.desk_fixtures import MONDAY

ACTIVE = {TaskState.CLAIMED, TaskState.IN_PROGRESS}
OWNED = ACTIVE | {TaskState.ON_HOLD}
WORKERS = ("Noor", "Tomas", "Priya")
PEOPLE = (*WORKERS, "Grace")
person = st.sampled_from(PEOPLE)


class Steps(RuleBasedStateMachine):
    """One task and four people: two specialists, a supervisor, and a release specialist who has no business here."""

    def __init__(self, clinic: Clinic) -> None:
        super().__init__()
        self.desk = clinic.neighbour()
        roles = {"Noor": Role.SPECIALIST, "Tomas": Role.AUDITOR, "Priya": Role.SUPERVISOR, "Grace": Role.ROI_SPECIALIST}
        self.people = {name: self.desk.person(name, role) for name, role in roles.items()}
        self.task = self.desk.task()
        self.state, self.owner = TaskState.AVAILABLE, ""
        self.offered_to = ""
        self.done = 1
        self.holds = 0

    @rule(who=person)
    def claim(self, who: str) -> None:
        free = self.state is TaskState.AVAILABLE and who in WORKERS
        again = self.owner == who and self.state in ACTIVE
        self.expect(who, (TaskState.CLAIMED, who) if free else None, claim, self.task, quiet=again)

    @rule(who=person)
    def claim_next(self, who: str) -> None:
        free = self.state is TaskState.AVAILABLE and who in WORKERS
        self.expect(who, (TaskState.CLAIMED, who) if free else None, claim_next)

    @rule(who=person)
    def start(self, who: str) -> None:
        mine = self.owner == who
        ends = (TaskState.IN_PROGRESS, who) if mine and self.state is TaskState.CLAIMED else None
        self.expect(who, ends, work.start, self.task, quiet=mine and self.state is TaskState.IN_PROGRESS)

    @rule(who=person, reasons=st.lists(st.sampled_from(list(HoldReason)), max_size=3))
    def hold(self, who: str, reasons: list[HoldReason]) -> None:
        may = bool(reasons) and self.owner == who and self.state in ACTIVE
        if may:
            self.holds = len(set(reasons))
        self.expect(who, (TaskState.ON_HOLD, who) if may else None, work.hold, self.task, reasons)

    @rule(who=person)
    def resume(self, who: str) -> None:
        may = self.owner == who and self.state is TaskState.ON_HOLD
        self.holds = 0 if may else self.holds
        self.expect(who, (TaskState.IN_PROGRESS, who) if may else None, work.resume, self.task)

    @rule(who=person)
    def give_back(self, who: str) -> None:
        may = self.state in OWNED and who in {self.owner, "Priya"}
        self.holds = 0 if may else self.holds
        self.offered_to = "" if may else self.offered_to
        ends = (TaskState.AVAILABLE, "") if may else None
        self.expect(who, ends, work.return_task, self.task, ReturnReason.END_OF_SHIFT)

    @rule(who=person)
    def complete(self, who: str) -> None:
        mine = self.owner == who
        ends = (TaskState.COMPLETED, who) if mine and self.state is TaskState.IN_PROGRESS else None
        self.offered_to = "" if ends else self.offered_to
        self.expect(who, ends, work.complete, self.task, quiet=mine and self.state is TaskState.COMPLETED)

    @rule(who=st.sampled_from([*PEOPLE, "Priya"]))
    def cancel(self, who: str) -> None:
        supervises, over = who == "Priya", self.state is TaskState.CANCELLED
        may = supervises and self.state in OWNED | {TaskState.AVAILABLE}
        self.holds = 0 if may else self.holds
        self.offered_to = "" if may else self.offered_to
        ends = (TaskState.CANCELLED, "") if may else None
        self.expect(who, ends, work.cancel, self.task, CancelReason.DUPLICATE, quiet=supervises and over)

    @rule(who=person, to=person)
    def assign(self, who: str, to: str) -> None:
        open_yet = self.state in OWNED | {TaskState.AVAILABLE}
        quiet = who == "Priya" and self.owner == to and self.state is not TaskState.ON_HOLD
        may = who == "Priya" and open_yet and to in WORKERS and not quiet
        self.holds = 0 if may else self.holds
        self.offered_to = "" if may else self.offered_to
        self.expect(who, (TaskState.CLAIMED, to) if may else None, assign, self.task, self.people[to].user_id, quiet=quiet)

    @rule(who=person, to=person)
    def offer(self, who: str, to: str) -> None:
        may = self.owner == who and self.state in OWNED and to in WORKERS and to != who and not self.offered_to
        self.offered_to = to if may else self.offered_to
        self.expect(who, (self.state, who) if may else None, handoff.offer, self.task, self.people[to].user_id)

    @rule(who=person)
    def accept(self, who: str) -> None:
        may = self.offered_to == who
        ends = (TaskState.CLAIMED if self.state in ACTIVE else self.state, who) if may else None
        self.offered_to = "" if may else self.offered_to
        self.expect(who, ends, handoff.accept, self.task, quiet=self.owner == who and self.state in OWNED)

    @rule(who=person)
    def decline(self, who: str) -> None:
        may = self.offered_to == who
        self.offered_to = "" if may else self.offered_to
        self.expect(who, (self.state, self.owner) if may else None, handoff.decline, self.task)

    @rule()
    def let_a_week_pass(self) -> None:
        """Whoever was asked did not answer; then the clock ends the offer."""
        self.desk.clock.move(days=7)
        ended = self.sweep(handoff.expire_offers)
        assert ended == bool(self.offered_to)
        self.offered_to = ""
        self.done += ended

    @rule()
    def leave_it_alone(self) -> None:
        """A week of no work is asked about; after another the task is in the queue again. A hold has no lease."""
        self.let_a_week_pass()
        self.sweep(leases.look_at_idle)
        self.desk.clock.move(days=7)
        self.sweep(leases.look_at_idle)
        if self.state in ACTIVE:
            self.state, self.owner, self.holds = TaskState.AVAILABLE, "", 0
            self.done += 1

    def sweep(self, job: Callable[..., int]) -> int:
        return self.desk.desk.run_as_desk(self.desk.workspace_id, "clock", job)

    def expect(
        self, who: str, ends: tuple[TaskState, str] | None, step: Callable[..., Any], *told: Any, quiet: bool = False
    ) -> None:
        """Take a step: it leads where the model says, or it is refused, or (``quiet``) it is answered and changes nothing."""
        before, refusal = self.everything(), None
        try:
            self.desk.desk.change(self.people[who], step, None, *told)
        except Refusal as found:
            refusal = found
        if refusal is not None:
            assert ends is None, f"{step.__name__} by {who} was refused: {refusal}"
            assert not quiet, f"{step.__name__} again by {who} was refused: {refusal}"
            assert refusal.sentence.endswith(".")
            assert self.everything() == before
            return
        if quiet:
            assert self.everything() == before
            return
        assert ends is not None, f"{step.__name__} by {who} should have been refused in {self.state}"
        self.state, self.owner = ends
        self.done += 1
        last, entry = self.desk.history(self.task)[-1], self.desk.audit()[-1]
        acting = self.desk.key_of(self.people[who])
        assert (last.to_state, last.actor_id, entry.actor_id, entry.reference) == (self.state, acting, acting, self.task)

    def everything(self) -> tuple[Any, ...]:
        """The row, its history, its holds and the audit, to see whether anything moved."""
        history = [(row.id, row.event, row.to_state) for row in self.desk.history(self.task)]
        return self.desk.row(self.task), history, [entry.hash for entry in self.desk.audit()], self.open_holds()

    def open_holds(self) -> int:
        with self.desk.database.read() as session:
            rows = sa.select(TaskHold).filter_by(workspace_id=self.desk.workspace_id, closed_at=None)
            return len(session.scalars(rows).all())

    @invariant()
    def the_task_stands_as_the_model_says(self) -> None:
        row = self.desk.row(self.task)
        owner = self.desk.key_of(self.people[self.owner]) if self.owner else None
        assert (row["state"], row["owner_id"]) == (self.state, owner)
        assert self.open_holds() == self.holds

    @invariant()
    def every_step_has_one_row_of_history_and_one_entry_of_audit(self) -> None:
        assert len(self.desk.history(self.task)) == self.done
        assert len(self.desk.audit()) == self.done


def test_every_path_through_a_task_is_as_the_model_says(clinic: Clinic) -> None:
    run_state_machine_as_test(
        lambda: Steps(clinic), settings=settings(max_examples=12, stateful_step_count=20, deadline=None)
    )


def test_a_hold_asks_for_a_reason_and_a_day_to_come(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor)
    with pytest.raises(NoHoldReason) as told:
        clinic.desk.change(noor, work.hold, None, task, [])
    assert told.value.field == "reasons"
    with pytest.raises(WakeInThePast) as told:
        clinic.desk.change(noor, work.hold, None, task, [HoldReason.SYSTEM], MONDAY.date())
    assert told.value.field == "wake"
    assert len(clinic.history(task)) == 2


def test_a_coding_task_ends_with_codes_that_exist_and_can_be_billed(clinic: Clinic, code_tables: None) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    task = clinic.owned_task(noor, type=TaskType.CODING)
    clinic.desk.change(noor, work.start, None, task)
    for codes, refusal in (((), CodesNeeded), (("Z99.9",), UnknownCode), (("E11.9", "E11"), NotBillable)):
        with pytest.raises(refusal) as told:
            clinic.desk.change(noor, work.complete, None, task, codes)
        assert told.value.field == "codes"
        assert clinic.row(task)["state"] is TaskState.IN_PROGRESS
        assert assigned(clinic) == []

    clinic.desk.change(noor, work.complete, None, task, ("I10", "E11.9", "I10"))
    assert assigned(clinic) == ["I10", "E11.9"]


def assigned(clinic: Clinic) -> list[str]:
    with clinic.database.read() as session:
        rows = sa.select(TaskCode.code).filter_by(workspace_id=clinic.workspace_id).order_by(TaskCode.position)
        return list(session.scalars(rows))


@pytest.fixture
def code_tables(clinic: Clinic) -> None:
    """A code set of three."""
    with clinic.database.write() as session:
        session.add(CodeSystem(id=1, slug="icd-10-cm", title="ICD-10-CM", publisher="Example", created_at=MONDAY))
        session.flush()
        session.add(
            CodeEdition(
                id=1, system_id=1, slug="e", title="Example", valid_from=MONDAY.date(), state=EditionState.READY,
                source_digest="d", concept_count=3, imported_at=MONDAY,
            )
        )  # fmt: skip
        session.flush()
        rows = (("E11", False, ConceptKind.CATEGORY), ("E11.9", True, ConceptKind.CODE), ("I10", True, ConceptKind.CATEGORY))
        for at, (code, billable, kind) in enumerate(rows):
            session.add(
                CodeConcept(
                    id=at + 1, edition_id=1, parent_id=None, kind=kind, code=code, title="Example",
                    billable=billable, extended=False, position=at,
                )
            )  # fmt: skip
