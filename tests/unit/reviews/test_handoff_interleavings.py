"""Any order of hand-overs, steps and time: one owner at most, one open offer at most, and everything as a small model says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot import audit
from bot.errors import Refusal
from bot.reviews import handoff, work
from bot.reviews.claims import claim
from bot.reviews.holds import change_reasons, open_reasons
from bot.reviews.queries import QueryStep, move_query
from bot.team.assign import assign
from jobs.leases import sweep_leases
from storage.tables import ReviewTask, TaskOffer
from storage.words import CancelReason, HoldReason, OfferState, QueryCategory, ReturnReason, Role, TaskState
from tests.clinic import Clinic

PEOPLE = ("Noor", "Tomas", "Priya")
person = st.sampled_from(PEOPLE)
reasons = st.lists(st.sampled_from([HoldReason.SYSTEM, HoldReason.LATE_CHARGES]), min_size=1, max_size=2, unique=True)
ENDED = {TaskState.COMPLETED, TaskState.CANCELLED}
ACTIVE = {TaskState.CLAIMED, TaskState.IN_PROGRESS}


class Handing(RuleBasedStateMachine):
    """One task, two specialists and a supervisor who never stop working, so that only time makes a task idle."""

    def __init__(self, clinic: Clinic) -> None:
        super().__init__()
        self.desk = clinic.neighbour()
        all_day: dict[str, Any] = {"hours_start": 0, "hours_end": 0, "workdays": tuple("1234567"), "works_holidays": True}
        roles = {"Noor": Role.SPECIALIST, "Tomas": Role.AUDITOR, "Priya": Role.SUPERVISOR}
        self.people = {name: self.desk.person(name, role, **all_day) for name, role in roles.items()}
        self.task = self.desk.task()
        self.state, self.owner, self.asked, self.query = TaskState.AVAILABLE, "", "", False
        self.holds: set[HoldReason] = set()
        self.touched = self.offered = self.begun = self.desk.clock()
        self.nudged: Any = None

    def moved(self, state: TaskState, owner: str, *, keeps_offer: bool = False) -> None:
        self.state, self.owner = state, owner
        self.asked = self.asked if keeps_offer else ""
        self.touched, self.nudged = self.desk.clock(), None

    def attempt(self, who: str, allowed: bool, step: Callable[..., Any], *told: Any) -> bool:
        """Do it; it must be allowed exactly when the model says so, and leave no trace when it is not."""
        before, refusal = self.traces(), None
        try:
            self.desk.desk.change(self.people[who], step, None, *told)
        except Refusal as found:
            refusal = found
        assert allowed is (refusal is None), f"{step.__name__} by {who} in {self.state}: {refusal}"
        assert allowed or self.traces() == before
        return allowed

    def traces(self) -> tuple[Any, ...]:
        """What any change would leave behind."""
        return self.desk.row(self.task), len(self.desk.audit()), len(self.desk.notices())

    @rule(who=person)
    def claim(self, who: str) -> None:
        again = self.owner == who and self.state in ACTIVE
        free = self.state is TaskState.AVAILABLE
        if self.attempt(who, free or again, claim, self.task) and free:
            self.moved(TaskState.CLAIMED, who)

    @rule(who=person)
    def start(self, who: str) -> None:
        mine = self.owner == who and self.state in ACTIVE
        if self.attempt(who, mine, work.start, self.task) and self.state is TaskState.CLAIMED:
            self.moved(TaskState.IN_PROGRESS, who, keeps_offer=True)

    @rule(who=person, why=reasons)
    def hold(self, who: str, why: list[HoldReason]) -> None:
        if self.attempt(who, self.owner == who and self.state in ACTIVE, work.hold, self.task, why):
            self.holds = set(why)
            self.moved(TaskState.ON_HOLD, who, keeps_offer=True)

    @rule(who=person, settled=reasons)
    def settle(self, who: str, settled: list[HoldReason]) -> None:
        mine = self.owner == who and self.state is TaskState.ON_HOLD
        if self.attempt(who, mine and bool(self.holds & set(settled)), change_reasons, self.task, settled):
            self.holds -= set(settled)
            self.moved(TaskState.ON_HOLD, who, keeps_offer=True)

    @rule(who=person)
    def resume(self, who: str) -> None:
        if self.attempt(who, self.owner == who and self.state is TaskState.ON_HOLD, work.resume, self.task):
            self.holds = set()
            self.moved(TaskState.IN_PROGRESS, who, keeps_offer=True)

    @rule(who=person)
    def give_back(self, who: str) -> None:
        may = bool(self.owner) and self.state is not TaskState.COMPLETED and who in {self.owner, "Priya"}
        if self.attempt(who, may, work.return_task, self.task, ReturnReason.END_OF_SHIFT):
            self.holds = set()
            self.moved(TaskState.AVAILABLE, "")

    @rule(who=person, to=person)
    def offer(self, who: str, to: str) -> None:
        mine = self.owner == who and self.state is not TaskState.COMPLETED
        if self.attempt(who, mine and to != who and not self.asked, handoff.offer, self.task, self.people[to].user_id):
            self.moved(self.state, who)
            self.asked, self.offered = to, self.desk.clock()

    @rule(who=person)
    def accept(self, who: str) -> None:
        mine = self.owner == who and self.state is not TaskState.COMPLETED
        stands = self.asked == who and self.desk.clock() < self.offered + timedelta(hours=8)
        if self.attempt(who, mine or stands, handoff.accept, self.task) and not mine:
            self.moved(TaskState.CLAIMED if self.state in ACTIVE else self.state, who)

    @rule(who=person)
    def decline(self, who: str) -> None:
        stands = self.asked == who and self.desk.clock() < self.offered + timedelta(hours=8)
        if self.attempt(who, stands, handoff.decline, self.task):
            self.asked = ""

    @rule(who=person, to=person)
    def assign(self, who: str, to: str) -> None:
        theirs = self.owner == to and self.state is not TaskState.ON_HOLD
        may = who == "Priya" and (theirs or self.state not in ENDED)
        if self.attempt(who, may, assign, self.task, self.people[to].user_id) and not theirs:
            self.holds = set()
            self.moved(TaskState.CLAIMED, to)

    @rule(who=person, step=st.sampled_from([QueryStep.SENT, QueryStep.NO_RESPONSE]))
    def ask_physician(self, who: str, step: QueryStep) -> None:
        mine = self.owner == who and self.state is not TaskState.COMPLETED
        begins = self.query is (step is QueryStep.NO_RESPONSE)
        if self.attempt(who, mine and begins, move_query, self.task, step, QueryCategory.OTHER):
            self.query = not self.query
            self.moved(self.state, who, keeps_offer=True)

    @rule(who=person)
    def complete(self, who: str) -> None:
        mine = self.owner == who
        may = self.state is TaskState.IN_PROGRESS and not self.query
        if self.attempt(who, mine and (may or self.state is TaskState.COMPLETED), work.complete, self.task) and may:
            self.moved(TaskState.COMPLETED, who)

    @precondition(lambda self: self.desk.clock() >= self.begun + timedelta(hours=24))
    @rule(who=person)
    def cancel(self, who: str) -> None:
        over = self.state is TaskState.CANCELLED
        if self.attempt(who, who == "Priya" and self.state is not TaskState.COMPLETED, work.cancel, self.task, CancelReason.DUPLICATE) and not over:
            self.holds, self.query = set(), False
            self.moved(TaskState.CANCELLED, "")

    @rule(hours=st.sampled_from([1, 3, 5, 9]))
    def time_passes(self, hours: int) -> None:
        now = self.desk.clock.move(hours=hours)
        sweep_leases(self.desk.desk)
        if self.state in ACTIVE:
            self.grow_idle(now)
        if self.asked and now >= self.offered + timedelta(hours=8):
            self.asked = ""

    def grow_idle(self, now: Any) -> None:
        if self.nudged is None:
            self.nudged = now if now >= self.touched + timedelta(hours=4) else None
        elif now >= max(self.touched + timedelta(hours=8), self.nudged + timedelta(hours=4)):
            self.holds = set()
            self.moved(TaskState.AVAILABLE, "")

    @invariant()
    def everything_stands_as_the_model_says(self) -> None:
        row = self.desk.row(self.task)
        owner = self.desk.key_of(self.people[self.owner]) if self.owner else None
        assert (row["state"], row["owner_id"]) == (self.state, owner)
        with self.desk.database.read() as session:
            offers = session.query(TaskOffer).filter_by(workspace_id=self.desk.workspace_id, state=OfferState.OPEN).all()
            task = session.query(ReviewTask).filter_by(workspace_id=self.desk.workspace_id, reference=self.task).one()
            assert set(open_reasons(session, task)) == self.holds
            assert list(audit.breaks(session, self.desk.workspace_id)) == []
        assert [one.taker_id for one in offers] == ([self.desk.key_of(self.people[self.asked])] if self.asked else [])


def test_every_interleaving_is_as_the_model_says(clinic: Clinic) -> None:
    run_state_machine_as_test(
        cast("type[Handing]", lambda: Handing(clinic)), settings=settings(max_examples=15, stateful_step_count=25, deadline=None)
    )
